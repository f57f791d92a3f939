"""Who the two services are: what FranceConnect has in its books of them, and what they offer (J12, J13)."""

from dataclasses import dataclass

from franceconnect.simulator import clients


@dataclass(frozen=True)
class DemoService:
    """`accent` is its class in the stylesheet; `registration` how the hub knows it."""

    slug: str
    name: str
    accent: str
    template: str
    registration: clients.Service
    # The civil status, how to write to somebody, and the birth date as their provider writes it.
    scope: str = "openid profile birth email idp_birthdate"

    @property
    def home(self) -> str:
        return f"/services/{self.slug}/"

    @property
    def callback(self) -> str:
        return self.registration.redirect_uris[0]

    @property
    def sign_out_callback(self) -> str:
        return self.registration.post_logout_redirect_uris[0]


SERVICES = (
    DemoService(
        "mes-droits-sociaux",
        "Mes droits sociaux",
        "service-droits",
        "franceconnect/simulator/services/mes-droits-sociaux.html",
        clients.MES_DROITS_SOCIAUX,
    ),
    DemoService(
        "info-retraite",
        "Info Retraite",
        "service-retraite",
        "franceconnect/simulator/services/info-retraite.html",
        clients.INFO_RETRAITE,
    ),
)


def find(slug: str) -> DemoService | None:
    return next((each for each in SERVICES if each.slug == slug), None)


def other_than(service: DemoService) -> DemoService:
    return next(each for each in SERVICES if each != service)
