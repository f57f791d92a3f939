"""The services of this FranceConnect: who they are, where they are answered, what they are told (facts B1, B3)."""

from dataclasses import dataclass

from franceconnect.simulator import settings
from franceconnect.simulator.knobs import knobs
from franceconnect.simulator.subject import PORTAL_ENTITY

CIVIL_STATUS = ("given_name", "family_name", "birthdate", "gender", "birthplace", "birthcountry")
# scope → claims of userinfo; `openid` is `sub`, which is always told.
CLAIMS_OF: dict[str, tuple[str, ...]] = {
    "openid": (),
    "profile": ("given_name", "given_name_array", "family_name", "birthdate", "gender", "preferred_username"),
    "birth": ("birthplace", "birthcountry"),
    "identite_pivot": ("given_name_array", *CIVIL_STATUS),
    **{name: (name,) for name in CIVIL_STATUS},
    "given_name": ("given_name", "given_name_array"),
    "preferred_username": ("preferred_username",),
    "email": ("email",),
    "idp_birthdate": ("idp_birthdate",),
    "idp_id": ("idp_id",),
    "amr": (),
}
# What a service of the administration is granted for identifying somebody; the others need a reason of their own.
IDENTITY_SCOPES = frozenset(
    {"openid", "profile", "birth", "identite_pivot", *CIVIL_STATUS, "preferred_username", "email"}
)


@dataclass(frozen=True)
class Service:
    """What FranceConnect has in its books of a service."""

    client_id: str
    name: str
    secret: str
    redirect_uris: tuple[str, ...]
    post_logout_redirect_uris: tuple[str, ...]
    # Services of one organisation share it, and so the sub (B4).
    entity_id: str
    scopes: frozenset[str] = IDENTITY_SCOPES
    signing_alg: str = "ES256"
    userinfo_format: str = "jwt"
    # Identity providers that it may ask for by `idp_hint`.
    idp_hints: frozenset[str] = frozenset()
    may_ask_amr: bool = False


def of(client_id: str) -> Service | None:
    return next((service for service in registered() if service.client_id == client_id), None)


def registered() -> tuple[Service, ...]:
    """The portal's entry follows the knobs."""
    return portal(), MES_DROITS_SOCIAUX, INFO_RETRAITE


def portal() -> Service:
    url = knobs.portal_url or settings.PORTAL_URL
    return Service(
        client_id=settings.PORTAL_CLIENT_ID,
        name="mon espace privé MSA",
        secret=settings.PORTAL_CLIENT_SECRET,
        redirect_uris=(f"{url}/franceconnect/retour/",),
        post_logout_redirect_uris=(f"{url}/franceconnect/deconnexion/retour/",),
        entity_id=PORTAL_ENTITY,
        signing_alg=knobs.signing_alg,
        userinfo_format=knobs.userinfo_format,
        idp_hints=frozenset({"msa"}),
    )


def _demonstration(slug: str, name: str) -> Service:
    home = f"{settings.BASE_URL}/services/{slug}"
    return Service(
        client_id=f"demo-{slug}",
        name=name,
        secret=settings.SERVICE_SECRET,
        redirect_uris=(f"{home}/retour/",),
        post_logout_redirect_uris=(f"{home}/deconnexion/retour/",),
        entity_id=f"{slug}-0000000000000000000000000001",
        scopes=IDENTITY_SCOPES | {"idp_birthdate"},
    )


MES_DROITS_SOCIAUX = _demonstration("mes-droits-sociaux", "mesdroitssociaux.gouv.fr")
INFO_RETRAITE = _demonstration("info-retraite", "Info Retraite")
