"""What an agent writes down of a company they accept: its name and its address, as their caisse knows them (R1)."""

from django import forms

from accounts.fields import LineField
from accounts.forms.contact import PostalAddressForm
from accounts.opening import Establishment


class EstablishmentForm(PostalAddressForm):
    """Where the code goes: never what the request says, for anybody may have typed that."""

    company = LineField(
        label="Nom de l'entreprise",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Tapez le nom de l'entreprise, comme dans votre dossier."},
    )
    field_order = ("company", "address", "postcode", "city")

    def establishment(self) -> Establishment:
        return Establishment(**self.cleaned_data)
