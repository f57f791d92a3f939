"""The acts on an account itself: a new way in, no more waits, sessions ended, contact details, suspended (issue 5)."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F

from accounts import access, codes, contact, letters, sign_in, throttling
from accounts.fields import EmailAddressField, PhoneField
from accounts.forms.access import PlainForm
from accounts.identity.email import Email
from accounts.identity.phone import Phone, PhoneKind
from accounts.models import Account, Channel, Code, CorrectionRequest, Member
from accounts.support.file import acts, corrections
from accounts.support.file.acts import ASKED, SAFETY
from accounts.support.file.consultations import account_of
from accounts.support.roles import May
from accounts.throttling import EMAIL_PROOF, PASSWORD_AGAIN

# Whoever had the address changed on the telephone waits as long as the old address may say no, or takes a letter.
AFTER_A_NEW_ADDRESS = timedelta(hours=72)


def held(member: Member) -> Account:
    account = account_of(member)
    assert account is not None
    return account


def is_active(member: Member) -> bool:
    return held(member).is_active and not member.deceased


# A new temporary password, never shown ---------------------------------------------------------------------------


def no_email(member: Member, now: datetime) -> str:
    """R5, R8: to an address that is the member's, and that nobody has just had changed."""
    account = held(member)
    if not account.email:
        return "Aucune adresse e-mail n'est connue. Choisissez l'envoi par courrier."
    if account.waits_for_its_letter:
        return "Ce compte attend le premier mot de passe envoyé par courrier\u00a0: lui seul prouve qui est l'adhérent."
    if not account.email_proven_at and account.last_login:
        return "L'adresse e-mail n'est pas prouvée. Choisissez l'envoi par courrier."
    changed = Code.objects.filter(account=account, purpose=Code.Purpose.EMAIL_LINK)
    if changed.filter(created_at__gt=now - AFTER_A_NEW_ADDRESS).exists():
        return "Un changement d'adresse e-mail date de moins de 72\u00a0heures. Choisissez l'envoi par courrier."
    return ""


def no_letter(member: Member, now: datetime) -> str:
    """R5, R7: to an address from which no letter came back, and not more than the limits allow."""
    if not letters.has_address(member):
        return "Aucune adresse postale n'est connue."
    if not letters.can_be_posted_to(member):
        return "Un courrier est revenu de cette adresse. Demandez à l'adhérent de la mettre à jour."
    if letters.wait_for_secret(member, now=now):
        return "Un mot de passe est déjà parti par courrier\u00a0: un par jour au plus, quatre par mois."
    return ""


@acts.register(
    May.SEND_PASSWORD,
    slug="mot-de-passe-par-email",
    label="Envoyer un mot de passe provisoire par e-mail",
    will="Un mot de passe provisoire part à l'adresse e-mail du compte. Il vaut 24\u00a0heures, une seule fois, et "
    "n'est affiché à personne. Le mot de passe actuel de l'adhérent continue de fonctionner.",
    told="Nous vous avons envoyé un nouveau mot de passe provisoire par e-mail.",
    past="Un conseiller a envoyé un mot de passe provisoire par e-mail.",
    reasons=ASKED,
    suits=is_active,
    hindrance=no_email,
)
def send_by_email(member: Member, *, by: Account, now: datetime) -> bool:
    """B27, R13."""
    if no_email(member, now):
        return False
    return access.send_temporary_password(held(member), channel=Channel.EMAIL, now=now)


@acts.register(
    May.SEND_PASSWORD,
    slug="mot-de-passe-par-courrier",
    label="Envoyer un mot de passe provisoire par courrier",
    will="Un mot de passe provisoire part par courrier à l'adresse que la MSA connaît. Il vaut 30\u00a0jours, une "
    "seule fois, et n'est affiché à personne. Le mot de passe actuel de l'adhérent continue de fonctionner.",
    told="Nous vous avons envoyé un nouveau mot de passe provisoire par courrier.",
    past="Un conseiller a envoyé un mot de passe provisoire par courrier.",
    reasons=ASKED,
    suits=is_active,
    hindrance=no_letter,
    tells_by_itself=True,
)
def send_by_post(member: Member, *, by: Account, now: datetime) -> bool:
    """R5, R13: a letter a day, four a month."""
    return access.send_temporary_password(held(member), channel=Channel.POST, now=now)


# Locked out, or too many in ------------------------------------------------------------------------------------------


@acts.register(
    May.UNLOCK,
    slug="debloquer",
    label="Débloquer la connexion",
    will="Les essais manqués de ce compte sont oubliés\u00a0: l'adhérent peut se connecter, ou demander un nouveau mot "
    "de passe, tout de suite, depuis tous ses appareils.",
    told="Nous avons débloqué la connexion à votre espace privé, après des essais manqués.",
    past="Un conseiller a débloqué la connexion.",
    reasons=ASKED,
    suits=is_active,
)
def unlock(member: Member, *, by: Account, now: datetime) -> bool:
    """R12. The counters of sign-in and of a forgotten password stand under login and network or browser, which nobody
    knows here: the account's next generation of limits (accounts.throttling) leaves all of them behind at once. Those
    under known keys are forgiven."""
    account = held(member)
    Account.objects.filter(pk=account.pk).update(limits_generation=F("limits_generation") + 1)
    throttling.forgive((PASSWORD_AGAIN, str(account.pk)), (EMAIL_PROOF, str(account.pk)))
    return True


@acts.register(
    May.END_SESSIONS,
    slug="fermer-les-sessions",
    label="Fermer toutes les sessions",
    will="L'adhérent est déconnecté partout, tout de suite, ici et des services connectés. Son mot de passe ne change "
    "pas.",
    told="Nous avons fermé toutes les sessions ouvertes de votre espace privé.",
    past="Un conseiller a fermé toutes les sessions.",
    reasons={**ASKED, **SAFETY},
)
def end_sessions(member: Member, *, by: Account, now: datetime) -> bool:
    Account.objects.filter(pk=held(member).pk).update(session_generation=F("session_generation") + 1)
    return True


# Contact details -----------------------------------------------------------------------------------------------------


class TelephonesForm(PlainForm):
    """What the caller says; an empty field removes the number."""

    mobile = PhoneField(label="Téléphone portable", kind=PhoneKind.MOBILE, required=False)
    landline = PhoneField(label="Téléphone fixe", kind=PhoneKind.LANDLINE, required=False)
    fax = PhoneField(label="Fax", kind=PhoneKind.LANDLINE, required=False)

    @classmethod
    def of(cls, member: Member) -> dict[str, Any]:
        """As they stand."""
        account = held(member)
        told = {"mobile": account.mobile, "landline": account.landline, "fax": account.fax}
        return {name: Phone(number) if number else None for name, number in told.items()}


@acts.register(
    May.CORRECT_CONTACT,
    slug="telephones",
    label="Corriger les téléphones",
    will="Les numéros changent tout de suite.",
    told="Nous avons corrigé vos numéros de téléphone.",
    past="Un conseiller a corrigé les numéros de téléphone.",
    reasons=ASKED,
    suits=is_active,
    form=TelephonesForm,
)
def correct_telephones(member: Member, *, by: Account, now: datetime, **given: Any) -> bool:
    """G02."""
    return contact.correct_telephones(held(member), contact.Telephones(**given), now=now)


class AddressForm(PlainForm):
    """As the caller spells it."""

    email = EmailAddressField(label="Nouvelle adresse e-mail")


def no_new_email(member: Member, now: datetime) -> str:
    if held(member).waits_for_its_letter:
        return "Ce compte attend le premier mot de passe envoyé par courrier\u00a0: lui seul prouve qui est l'adhérent."
    return ""


@acts.register(
    May.CORRECT_CONTACT,
    slug="email",
    label="Corriger l'adresse e-mail",
    will="Un lien part à la nouvelle adresse. Elle ne remplace l'ancienne que lorsque l'adhérent l'a ouvert, dans les "
    "2\u00a0heures. Pendant 72\u00a0heures, un nouveau mot de passe ne part que par courrier.",
    told="Nous avons noté une nouvelle adresse e-mail pour vous, et envoyé un lien à cette adresse pour la confirmer. "
    "D'ici là, rien ne change.",
    past="Un conseiller a noté une nouvelle adresse e-mail, à confirmer.",
    reasons=ASKED,
    suits=is_active,
    hindrance=no_new_email,
    form=AddressForm,
)
def correct_email(member: Member, *, by: Account, now: datetime, email: Email) -> bool:
    """G01, R13. Raises TooManyAttempts."""
    account = held(member)
    if no_new_email(member, now):
        return False
    if account.email == email.address and account.email_proven_at:
        return False
    contact.ask_email_change(account, email, now=now)
    return True


# Nobody comes in -----------------------------------------------------------------------------------------------------


@acts.register(
    May.SUSPEND,
    slug="suspendre",
    label="Suspendre le compte",
    will="Plus personne n'entre dans ce compte, ni avec le mot de passe, ni avec FranceConnect, ni vers un autre "
    "service\u00a0; les sessions ouvertes se ferment. À la connexion, rien ne dit qu'il est suspendu.",
    told="Nous avons suspendu votre compte. Personne ne peut s'y connecter. Pour le rouvrir, appelez-nous.",
    past="Un conseiller a suspendu le compte.",
    reasons={"asked": "demande de l'adhérent", **SAFETY, "fraud": "soupçon d'usurpation d'identité"},
    suits=lambda member: held(member).is_active,
)
def suspend(member: Member, *, by: Account, now: datetime) -> bool:
    """What was on its way opens nothing either: links and temporary passwords end with it, an undo does not (R13)."""
    account = held(member)
    open_one = Account.objects.filter(pk=account.pk, is_active=True)
    if not open_one.update(is_active=False, session_generation=F("session_generation") + 1):
        return False
    ending = (Code.Purpose.TEMPORARY_PASSWORD, Code.Purpose.PASSWORD_RESET, Code.Purpose.EMAIL_LINK)
    codes.cancel(account, *ending, now=now)
    sign_in.take_back(account, now=now)
    return True


@acts.register(
    May.SUSPEND,
    slug="reactiver",
    label="Réactiver le compte",
    will="L'adhérent peut de nouveau se connecter, avec le même mot de passe.",
    told="Nous avons réactivé votre compte. Vous pouvez de nouveau vous connecter.",
    past="Un conseiller a réactivé le compte.",
    reasons={"asked": "demande de l'adhérent", "checked": "vérification terminée"},
    suits=lambda member: not held(member).is_active,
)
def reinstate(member: Member, *, by: Account, now: datetime) -> bool:
    return bool(Account.objects.filter(pk=held(member).pk, is_active=False).update(is_active=True))


# The registry is wrong -----------------------------------------------------------------------------------------------


class CorrectionForm(PlainForm):
    """What is wrong, and what the documents say."""

    subject = forms.ChoiceField(
        label="À corriger",
        choices=CorrectionRequest.Subject.choices,
        error_messages={"invalid_choice": "Choisissez une ligne de la liste."},
    )
    note = forms.CharField(
        label="Ce que disent les pièces",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Lu par les gestionnaires du référentiel seulement, gardé chiffré. 500 caractères au plus.",
        error_messages={
            "required": "Écrivez ce que disent les pièces de l'adhérent.",
            "max_length": "Ce texte est trop long\u00a0: gardez l'essentiel, en 500 caractères au plus.",
        },
    )

    def clean_note(self) -> str:
        note = str(self.cleaned_data["note"]).strip()
        if not note:
            raise ValidationError("Écrivez ce que disent les pièces de l'adhérent.", code="required")
        return note


@acts.register(
    May.ASK_CORRECTION,
    slug="correction-identite",
    label="Demander une correction d'identité",
    will="Une demande part aux gestionnaires du référentiel. Rien ne change dans le dossier avant leur réponse.",
    told="Nous avons demandé la correction de votre état civil dans nos fichiers, d'après vos pièces.",
    past="Un conseiller a demandé une correction d'identité.",
    reasons={**ASKED, "notice": "anomalie vue par un conseiller"},
    needs_account=False,
    form=CorrectionForm,
)
def ask_correction(member: Member, *, by: Account, now: datetime, subject: str, note: str) -> bool:
    return corrections.ask(member, CorrectionRequest.Subject(subject), note, by=by, now=now)
