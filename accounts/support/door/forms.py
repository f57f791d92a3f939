"""What an agent types at their door, and what is asked about a new one."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from accounts.fields import EmailAddressField
from accounts.fields.typography import spaced
from accounts.forms.access import EMPTY, PlainForm, password_field
from accounts.identity.caisses import CAISSES
from accounts.models import OF_A_CAISSE, Account, Agent, Role, login_of_agent
from accounts.support.agents import caisses_to_give, roles_to_give
from accounts.support.desk_form import DeskForm
from accounts.support.door import setting_up
from accounts.support.refusals import Refused, Why


class DoorForm(PlainForm):
    """The first half."""

    email = EmailAddressField(label="Adresse e-mail professionnelle")
    password = password_field("Mot de passe", autocomplete="current-password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs["autocomplete"] = "username"


def code_field(label: str, help_text: str, **attrs: str) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false", "class": "code", **attrs})
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=40,
        widget=widget,
        error_messages={"required": EMPTY, "max_length": "Ce code est trop long."},
    )


class CodeForm(PlainForm):
    """The second half."""

    code = code_field(
        "Code à 6 chiffres", "Celui que votre application affiche en ce moment.", inputmode="numeric", maxlength="12"
    )


class RecoveryForm(PlainForm):
    """The second half, without the telephone."""

    code = code_field(
        "Code de secours", "L'un des codes que vous avez notés, par exemple ACDEF-GHJKM. Chacun sert une seule fois."
    )


class ChoosePasswordForm(PlainForm):
    """Twice; the rule is judged on the server."""

    new_password1 = password_field("Votre mot de passe", autocomplete="new-password")
    new_password2 = password_field("Confirmer le mot de passe", autocomplete="new-password")

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        new = given.get("new_password1")
        if new is not None:
            for refusal in self.refusals(new):
                self.add_error("new_password1", refusal)
            if given.get("new_password2") not in (None, new):
                told = "Les deux mots de passe sont différents. Tapez deux fois le même."
                self.add_error("new_password2", ValidationError(told, code="mismatch"))
        return given

    def refusals(self, new: str) -> list[ValidationError]:
        return setting_up.refusals(new, self.account)


class RoleForm(DeskForm):
    """What an agent may do, and for whom; offers what `by` may give, and refuses whatever else is sent."""

    by: ClassVar[Account]

    class Meta:
        model = Agent
        fields = ("role", "caisse")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("role", [(role, role.label) for role in roles_to_give(self.by)])
        self.offer("caisse", [(code, CAISSES[code].name) for code in caisses_to_give(self.by)])

    def offer(self, name: str, choices: list[Any]) -> None:
        """One choice is no question, but still the only answer."""
        if name == "caisse" and len(choices) > 1:
            choices.insert(0, ("", "Toutes (rôles nationaux)"))
        sent = self.data.get(self.add_prefix(name)) if self.is_bound else None
        if sent is not None and sent not in [str(value) for value, _ in choices]:
            raise Refused(Why.SCOPE)
        if len(choices) == 1:
            self.initial.setdefault(name, choices[0][0])
        label = {"role": "Rôle", "caisse": "Caisse"}[name]
        self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=name == "role")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        role, caisse = given.get("role"), given.get("caisse", "")
        if role in OF_A_CAISSE and not caisse:
            self.add_error("caisse", ValidationError("Choisissez la caisse de cette personne.", code="no_caisse"))
        if role and role not in OF_A_CAISSE and caisse:
            told = f"Le rôle « {Role(role).label} » vaut pour toutes les caisses : choisissez « Toutes »."
            self.add_error("caisse", ValidationError(spaced(told), code="every_caisse"))
        return given


ALREADY_HERE = "Cette personne travaille déjà à l'assistance avec cette adresse."


class NewAgentForm(RoleForm):
    """Who comes to work at the desk."""

    email = EmailAddressField(label="Adresse e-mail professionnelle")
    name = forms.CharField(label="Nom", max_length=80, help_text="Prénom et nom, comme ses collègues les écrivent.")

    field_order = ("name", "email", "role", "caisse")

    def clean_email(self) -> Any:
        email = self.cleaned_data["email"]
        login = login_of_agent(email.address)
        if Agent.objects.filter(account__login_fingerprint=login, left_at=None).exists():
            raise ValidationError(ALREADY_HERE, code="already_here")
        return email
