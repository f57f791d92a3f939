"""Contact details: confirmed at first sign-in, changed in Mon compte."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator

from accounts.contact import PostalAddress, Telephones
from accounts.fields import EmailAddressField, LineField, PhoneField
from accounts.forms.access import PlainForm, password_field
from accounts.identity.phone import PhoneKind
from accounts.models import Channel

BY_WHICH_WAY = "Choisissez «\u00a0par email\u00a0» ou «\u00a0par courrier\u00a0»."


class TelephonesForm(PlainForm):
    """G02: the numbers."""

    mobile = PhoneField(label="Votre numéro de téléphone portable est", kind=PhoneKind.MOBILE, required=False)
    landline = PhoneField(label="Votre numéro de téléphone fixe est", kind=PhoneKind.LANDLINE, required=False)
    fax = PhoneField(label="Votre numéro de fax est", kind=PhoneKind.LANDLINE, required=False)

    def telephones(self) -> Telephones:
        given = self.cleaned_data
        return Telephones(mobile=given["mobile"], landline=given["landline"], fax=given["fax"])


class ConfirmContactForm(TelephonesForm):
    """E02: the four contacts."""

    email = EmailAddressField(label="Votre adresse email est", required=False)
    field_order = ("email", "mobile", "landline", "fax")

    def __init__(self, *args: Any, needs_email: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Who came by a letter may have no mailbox at all; a proven one is changed, not dropped.
        self.fields["email"].required = needs_email


class EmailCodeForm(PlainForm):
    """The six digits of the mail."""

    code = forms.CharField(
        label="Code reçu par email",
        max_length=20,
        help_text="6 chiffres",
        widget=forms.TextInput(attrs={"class": "input-code", "inputmode": "numeric", "autocomplete": "one-time-code"}),
        error_messages={"required": "Tapez les 6 chiffres du code.", "max_length": "Tapez seulement les 6 chiffres."},
    )

    def clean_code(self) -> str:
        digits = "".join(self.cleaned_data["code"].split())
        if len(digits) != 6 or not (digits.isascii() and digits.isdigit()):
            raise forms.ValidationError(
                "Le code compte 6 chiffres. Regardez l'email le plus récent.", code="six_digits"
            )
        return digits


class EmailForm(PlainForm):
    """G01: another address, with the password again."""

    email = EmailAddressField(label="Votre nouvelle adresse email")
    password = password_field("Votre mot de passe actuel", autocomplete="current-password")


class PostalAddressForm(PlainForm):
    """Where a letter finds somebody."""

    address = LineField(
        label="Numéro et rue",
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
        error_messages={"required": "Tapez le numéro et le nom de la rue."},
    )
    postcode = forms.CharField(
        label="Code postal",
        max_length=10,
        validators=[
            RegexValidator(r"\A[0-9]{5}\Z", "Le code postal compte 5 chiffres, par exemple 67320.", code="five_digits")
        ],
        widget=forms.TextInput(
            attrs={"class": "input-postcode", "inputmode": "numeric", "autocomplete": "postal-code"}
        ),
        error_messages={"required": "Tapez le code postal, par exemple 67320.", "max_length": "Tapez 5 chiffres."},
    )
    city = LineField(
        label="Ville",
        longest=60,
        widget=forms.TextInput(attrs={"autocomplete": "address-level2"}),
        error_messages={"required": "Tapez le nom de la ville."},
    )


class AddressForm(PostalAddressForm):
    """G03: what the caisse is asked to change."""

    password = password_field("Votre mot de passe actuel", autocomplete="current-password")

    def postal_address(self) -> PostalAddress:
        given = self.cleaned_data
        return PostalAddress(given["address"], given["postcode"], given["city"])


class DeliveryForm(PlainForm):
    """G04: by e-mail or by post, for each kind."""

    documents_by = forms.ChoiceField(
        label="Vos documents",
        choices=Channel.choices,
        widget=forms.RadioSelect,
        error_messages={"required": BY_WHICH_WAY, "invalid_choice": BY_WHICH_WAY},
    )
    news_by = forms.ChoiceField(
        label="Vos infos MSA",
        choices=Channel.choices,
        widget=forms.RadioSelect,
        error_messages={"required": BY_WHICH_WAY, "invalid_choice": BY_WHICH_WAY},
    )
