"""A relying party as an agent fills it in: an address a line, and what each choice means."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget

from accounts.support.desk_form import DeskForm
from franceconnect.models import Client


class AddressesField(forms.CharField):
    """Exact addresses, one a line; the column keeps them with a blank between. The model's rules look at each."""

    widget = AdminTextareaWidget(attrs={"rows": 4, "spellcheck": "false"})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value.split()) if isinstance(value, str) else value

    def to_python(self, value: Any) -> str:
        return " ".join(dict.fromkeys((super().to_python(value) or "").split()))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (initial or "").split() != (data or "").split()


class KeysField(forms.JSONField):
    """A JWK Set, or nothing."""

    widget = AdminTextareaWidget(attrs={"rows": 4, "spellcheck": "false"})

    def prepare_value(self, value: Any) -> Any:
        return "" if value is None else super().prepare_value(value)


class ClientForm(DeskForm):
    """Everything an agent may decide. The secret is no field: it is made by us, and shown once."""

    redirect_uris = AddressesField(
        label="Adresses de retour",
        # The model asks for one, in its own words.
        required=False,
        help_text="Une par ligne, telles que le service les envoie\u00a0: elles sont comparées lettre à lettre.",
    )
    post_logout_redirect_uris = AddressesField(
        label="Adresses de retour après déconnexion", required=False, help_text="Une par ligne."
    )

    jwks = KeysField(
        label="Clés publiques (JWKS)",
        required=False,
        help_text="Pour vérifier ce que le service signe et chiffrer ce qu'il reçoit. Jamais de clé privée.",
    )
    # A web form of Django's would put a scheme before what has none.
    jwks_uri = forms.CharField(
        label="Adresse des clés publiques",
        required=False,
        widget=AdminTextInputWidget,
        help_text="À la place des clés, si le service les publie lui-même.",
    )

    class Meta:
        model = Client
        fields = (
            "client_id",
            "name",
            "is_active",
            "kind",
            "redirect_uris",
            "post_logout_redirect_uris",
            "sector",
            "auth_method",
            "jwks",
            "jwks_uri",
            "pkce_required",
            "skip_authorization",
            "algorithm",
            "userinfo_format",
            "encryption_alg",
            "acr",
        )
        labels = {
            "client_id": "Identifiant (client_id)",
            "name": "Nom",
            "skip_authorization": "Accord recueilli ailleurs",
        }
        help_texts = {
            "client_id": "Définitif. Lettres sans accent, chiffres et «\u00a0. _ ~ -\u00a0».",
            "name": "Ce que l'adhérent lit quand ce service lui demande son accord.",
            "is_active": "Décoché, plus personne ne se connecte à ce service\u00a0; rien n'est effacé.",
            "kind": "Définitif. FranceConnect a ses propres règles\u00a0: session à part, conditions d'accès, avis à "
            "chaque connexion.",
            "sector": "Définitif. Les services d'un même secteur reçoivent le même numéro (sub) d'un adhérent. "
            "Sans indication\u00a0: le serveur de l'adresse de retour.",
            "auth_method": "Comment le service prouve qui il est. FranceConnect\u00a0: client_secret_post.",
            "pkce_required": "À décocher pour FranceConnect, qui ne l'utilise pas.",
            "skip_authorization": "L'adhérent ne sera pas interrogé\u00a0: FranceConnect l'a déjà fait.",
            "encryption_alg": "FranceConnect+ l'exige. Il faut alors un userinfo en JWT signé.",
            "acr": "eidas1 pour FranceConnect\u00a0: tout autre niveau y est une erreur.",
        }
