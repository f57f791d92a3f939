"""Signing in and choosing a password."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts import passwords
from accounts.fields import LoginField, SiretField
from accounts.fields.base import ValueField
from accounts.models import Account

EMPTY = "Ce champ est exigé."


class PlainForm(forms.Form):
    """A form whose labels end as they are written."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


def login_field() -> LoginField:
    """« Identifiant » (C02)."""
    field = LoginField(label="Identifiant", error_messages={"required": EMPTY})
    field.widget.attrs |= {"placeholder": "N° de Sécurité Sociale", "autocomplete": "username"}
    return field


def password_field(label: str, *, autocomplete: str) -> forms.CharField:
    """A password is taken as it is typed, blanks included."""
    return forms.CharField(
        label=label,
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
        error_messages={"required": EMPTY, "max_length": "Ce mot de passe est trop long."},
    )


class SignInForm(PlainForm):
    """C02 to C06."""

    login_id: ValueField = login_field()
    password = password_field("Mot de passe", autocomplete="current-password")


class CompanySignInForm(SignInForm):
    """R1: a company's identifier is its SIRET."""

    login_id = SiretField(
        label="Numéro SIRET", help_text="14 chiffres, inscrits sur une facture ou un bulletin de paie."
    )
    login_id.widget.attrs |= {"autocomplete": "username"}


class ForgottenPasswordForm(PlainForm):
    """D09: the identifier alone."""

    login_id = login_field()


class NewPasswordForm(PlainForm):
    """D04: the new password, twice; the rule is judged on the server."""

    new_password1 = password_field("Votre nouveau mot de passe", autocomplete="new-password")
    new_password2 = password_field("Confirmer le mot de passe", autocomplete="new-password")

    def __init__(self, *args: Any, account: Account | None = None, **kwargs: Any) -> None:
        self.account = account
        # What the gauge shows without script, once a password was sent.
        self.judgement: passwords.Judgement | None = None
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        new = given.get("new_password1")
        if new is not None:
            self.judgement = passwords.judge(
                new, personal=passwords.personal_words(self.account) if self.account else ()
            )
            for refusal in self.judgement.refusals:
                self.add_error("new_password1", refusal)
            self._refuse_the_old_one(new)
        if new is not None and given.get("new_password2") not in (None, new):
            self.add_error(
                "new_password2",
                ValidationError("Les deux mots de passe sont différents. Tapez deux fois le même.", code="mismatch"),
            )
        return given

    def _refuse_the_old_one(self, new: str) -> None:
        try:
            if self.account:
                passwords.refuse_the_old_one(new, self.account)
        except ValidationError as refusal:
            self.add_error("new_password1", refusal)


class ChangePasswordForm(NewPasswordForm):
    """G01: the present password first."""

    password = password_field("Votre mot de passe actuel", autocomplete="current-password")
    field_order = ("password", "new_password1", "new_password2")
