"""Forms of the pages on the way to a service."""

from accounts.fields import LoginField
from accounts.forms.access import EMPTY, SignInForm


class FederationSignInForm(SignInForm):
    """J03: the identifier under the name FranceConnect's members know it by."""

    login_id = LoginField(label="Numéro de Sécurité Sociale MSA", error_messages={"required": EMPTY})
    login_id.widget.attrs |= {"autocomplete": "username"}
