"""Mon espace privé and Mon compte, each block as a form."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from django.utils import timezone

from accounts import contact
from accounts.identity.email import Email
from accounts.identity.phone import Phone
from accounts.models import Account, Channel, Consultation, Role
from accounts.support.file import consultations
from tests.agents import an_agent
from tests.browser import states
from tests.browser.places.place import Place, Visit, fill, inside, two_passwords
from tests.browser.states import PASSWORD, signed_in


def private() -> Iterator[Place]:
    address = fill({"postcode": "6700", "password": "x"}, "Envoyer ma demande")
    yield Place("mon-espace", inside("/mon-espace/"))
    yield Place("mon-espace-sans-paiement", inside_of_moreau("/mon-espace/"))
    yield Place("mes-paiements", inside("/mon-espace/paiements/"))
    yield Place("mes-paiements-aucun", inside_of_moreau("/mon-espace/paiements/"))
    yield Place("mon-compte", inside("/mon-compte/"))
    yield Place("mon-compte-tout-renseigne", with_everything)
    yield Place("mon-compte-email", inside("/mon-compte/email/"))
    yield Place("mon-compte-email-a-corriger", inside("/mon-compte/email/"), fill({}, "Envoyer le lien"))
    yield Place("mon-compte-mot-de-passe", inside("/mon-compte/mot-de-passe/"))
    changed = two_passwords("court", "autre", "Enregistrer mon mot de passe")
    yield Place("mon-compte-mot-de-passe-a-corriger", inside("/mon-compte/mot-de-passe/"), changed)
    yield Place("mon-compte-telephones", inside("/mon-compte/telephones/"))
    phones = fill({"mobile": "01 02 03 04 05"}, "Enregistrer")
    yield Place("mon-compte-telephones-a-corriger", inside("/mon-compte/telephones/"), phones)
    saved = fill({"mobile": "06 39 98 10 08"}, "Enregistrer")
    yield Place("mon-compte-telephones-enregistres", inside("/mon-compte/telephones/"), saved)
    yield Place("mon-compte-adresse", inside("/mon-compte/adresse/"))
    yield Place("mon-compte-adresse-a-corriger", inside("/mon-compte/adresse/"), address)
    yield Place("mon-compte-reception", inside("/mon-compte/reception/"))
    yield Place("mon-compte-consultations", looked_at)
    yield Place("mon-compte-consultations-aucune", inside_of_moreau("/mon-compte/consultations/"))
    yield Place("se-deconnecter", inside("/deconnexion/"))


def inside_of_moreau(path: str) -> Callable[[], Visit]:
    """A member without payments: theirs are older than the account shows nothing of."""

    def visit() -> Visit:
        account = settled(states.with_own_password("moreau", PASSWORD))
        account.member.payments.all().delete()
        return Visit(path, signed_in(account))

    return visit


def looked_at() -> Visit:
    """By an agent of their caisse, twice, and by the national support."""
    account, now = settled(states.with_own_password("lamy", PASSWORD)), timezone.now()
    assert account.member is not None
    for days, role in ((40, Role.AGENT), (3, Role.NATIONAL), (0, Role.AGENT)):
        reason = Consultation.Reason.SAFETY if role == Role.NATIONAL else Consultation.Reason.CALL
        consultations.begin(account.member, reason, by=an_agent(role), now=now - timedelta(days=days))
    return Visit("/mon-compte/consultations/", signed_in(account))


def settled(account: Account) -> Account:
    """Both duties done."""
    contact.confirm(account, Email(account.email), contact.Telephones(), now=timezone.now())
    account.email_proven_at = account.contact_confirmed_at = timezone.now()
    account.save()
    return account


def with_everything() -> Visit:
    """An account where each line says something: an unproven address, three numbers, a change of address under way."""
    account = settled(states.with_own_password("papadakis", PASSWORD))
    numbers = contact.Telephones(Phone("+33639981005"), Phone("+33499000000"), Phone("+33499000001"))
    contact.change_telephones(account, numbers, now=timezone.now())
    contact.choose_delivery(account, documents_by=Channel.POST, news_by=Channel.EMAIL, now=timezone.now())
    new = contact.PostalAddress("8 impasse des Tilleuls", "34080", "Montpellier")
    contact.ask_address_change(account, new, now=timezone.now())
    account.email_proven_at = None
    account.save()
    return Visit("/mon-compte/", signed_in(account))
