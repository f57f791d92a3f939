"""What is asked of somebody whom FranceConnect has named."""

from accounts.fields import EmailAddressField, NirField, PhoneField
from accounts.forms.access import PlainForm, password_field
from accounts.identity.phone import PhoneKind


class IdentifyForm(PlainForm):
    """I11: the number, once."""

    nir = NirField(label="Votre numéro de sécurité sociale", help_text="13 chiffres, ou 15 avec la clé.")


class RegisterForm(PlainForm):
    """B29, FS 16: how to reach the member; who they are is not asked."""

    email = EmailAddressField(
        label="Adresse email",
        help_text=(
            "Nous y enverrons vos messages. Pas d'adresse email ? Appelez-nous au 09\u00a069\u00a036\u00a037\u00a003."
        ),
    )
    mobile = PhoneField(label="Numéro de téléphone mobile", kind=PhoneKind.MOBILE, required=False)


class AssociateForm(PlainForm):
    """FS 20: the password again."""

    password = password_field("Votre mot de passe actuel", autocomplete="current-password")
