"""The demonstration's companies: made-up establishments, one for each stage of R1, with numbers that nobody bears."""

from dataclasses import dataclass

from accounts.identity.caisses import DEPARTMENTS, Department
from accounts.identity.phone import Phone
from accounts.identity.siret import Siret
from accounts.opening import Establishment


@dataclass(frozen=True)
class DemoCompany:
    """What its request says, and what its caisse knows of it."""

    slug: str
    number: str
    company: str
    name: str
    function: str
    phone: str
    department_code: str
    address: str
    postcode: str
    city: str
    why: str

    @property
    def siret(self) -> Siret:
        return Siret.parse(self.number)

    @property
    def email(self) -> str:
        return f"{self.slug}@example.org"

    @property
    def department(self) -> Department:
        return DEPARTMENTS[self.department_code]

    @property
    def establishment(self) -> Establishment:
        return Establishment(self.company, self.address, self.postcode, self.city)

    @property
    def details(self) -> dict[str, str]:
        """As the form of the request keeps it."""
        return {
            "name": self.name,
            "function": self.function,
            "siret": self.number,
            "email": self.email,
            "phone": Phone.parse(self.phone).e164,
            "department": self.department_code,
        }


# Signs in at once with the demonstration's password.
SETTLED = DemoCompany(
    "domaine-sainte-estelle", "99917206700012", "Domaine Sainte-Estelle", "Mireille AUBERT", "gérante",
    "04 99 00 20 01", "13", "Chemin des Cigales", "13520", "Maussane-les-Alpilles",
    "Déjà inscrite\u00a0: elle se connecte tout de suite.",
)  # fmt: skip
# Its request was accepted: the code is in the letter.
EXPECTED = DemoCompany(
    "gaec-du-ried", "99904417500019", "GAEC du Ried", "Thierry SCHAEFFER", "associé",
    "03 99 00 20 02", "67", "11 rue du Moulin", "67600", "Muttersholtz",
    "Sa demande est acceptée\u00a0: son code est dans un courrier.",
)  # fmt: skip
WAITING = DemoCompany(
    "vergers-de-la-hardt", "99930551900012", "SARL Les Vergers de la Hardt", "Claudine MEYER", "gérante",
    "03 99 00 20 03", "68", "4 route de la Forêt", "68190", "Ensisheim",
    "Sa demande attend la MSA Alsace.",
)  # fmt: skip
# Nobody has asked for it yet: what somebody may type.
TO_ASK = DemoCompany(
    "pepinieres-du-var", "99951062100017", "Pépinières de l'Argens", "Rémi FABRE", "comptable",
    "04 99 00 20 04", "83", "240 chemin des Serres", "83480", "Puget-sur-Argens",
    "Pas encore inscrite\u00a0: à vous de demander.",
)  # fmt: skip
COMPANIES = (SETTLED, EXPECTED, WAITING, TO_ASK)
