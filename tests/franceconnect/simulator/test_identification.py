"""From a provider's word to somebody vouched for: the level, then the register, then the session (facts A6, A7)."""

from collections.abc import Iterator

import pytest

from franceconnect.simulator import citizens, providers
from franceconnect.simulator.errors import HubRefused
from franceconnect.simulator.identification import identify
from franceconnect.simulator.knobs import knobs
from franceconnect.simulator.state import Interaction, Session

ID = "ab" * 32


@pytest.fixture(autouse=True)
def _knobs_in_their_place() -> Iterator[None]:
    knobs.reset()
    yield
    knobs.reset()


@pytest.fixture
def session() -> Session:
    return Session("cd" * 32, 0)


@pytest.fixture
def interaction(session) -> Interaction:
    session.interactions[ID] = Interaction(ID, "msa", {"acr_values": "eidas1"}, 0, banner="Réessayez.")
    return session.interactions[ID]


def claims(slug: str = "keller") -> dict[str, str]:
    citizen = citizens.find(slug)
    assert citizen
    return citizen.claims


def test_somebody_whom_the_register_knows_may_go_on(session, interaction):
    answer = identify(session, interaction, provider="impots", claims=claims("haddad"), acr="eidas1", id_token="x.y.z")
    assert answer["Location"] == f"/api/v2/interaction/{ID}/consent"
    assert session.signed_in is interaction.signed_in
    assert interaction.signed_in.provider == "impots"
    assert interaction.signed_in.provider_id_token == "x.y.z"
    assert interaction.signed_in.identity == {
        "given_name": "Zohra", "family_name": "HADDAD", "birthdate": "1950-01-01", "gender": "female", "birthplace": "",
        "birthcountry": "99352", "email": "zohra.haddad@example.org", "preferred_username": "MEZIANE",
        "idp_birthdate": "1950-00-00",
    }  # fmt: skip
    assert interaction.banner == ""


def test_an_absent_usage_name_is_not_told(session, interaction):
    """FS 15."""
    sent = claims("lamy") | {"preferred_username": None, "sub": "of the provider", "phone_number": "+33600000000"}
    identify(session, interaction, provider="impots", claims=sent, acr="eidas1", id_token="")
    assert set(interaction.signed_in.identity) == {*citizens.PIVOT, "email", "idp_birthdate"}


@pytest.mark.parametrize(
    ("provider", "acr", "asked", "code"),
    [
        ("impots", "", "eidas1", "Y100002"),
        ("impots", "eidas0", "eidas1", "Y100001"),
        ("impots", "EIDAS1", "eidas1", "Y100001"),
        ("impots", "eidas1", "eidas2", "Y100001"),
        ("impots", "eidas2", "eidas1", "Y100018"),
        ("msa", "eidas2", "eidas1", "Y100018"),
        ("la-poste", "eidas1", "eidas1", "Y100018"),
        ("nobody", "eidas1", "eidas1", "Y020019"),
    ],
)
def test_a_level_that_is_missing_too_low_or_not_registered_is_refused(session, interaction, provider, acr, asked, code):
    """A6, FI 10."""
    interaction.parameters["acr_values"] = asked
    with pytest.raises(HubRefused) as refused:
        identify(session, interaction, provider=provider, claims=claims(), acr=acr, id_token="")
    assert refused.value.code == code
    assert session.signed_in is interaction.signed_in is None


def test_msa_s_levels_are_a_knob(session, interaction):
    knobs.allowed_acr = "eidas1 eidas2"
    identify(session, interaction, provider="msa", claims=claims(), acr="eidas2", id_token="")
    assert session.signed_in


def test_a_level_that_nobody_knows_is_asked_as_eidas1(session, interaction):
    interaction.parameters["acr_values"] = "eidas9"
    identify(session, interaction, provider="impots", claims=claims(), acr="eidas1", id_token="")
    assert session.signed_in


def test_a_suspicious_context_leads_back_to_the_picker(session, interaction):
    """A6: with a banner that names the provider; the service hears nothing."""
    knobs.suspicious = True
    answer = identify(session, interaction, provider="impots", claims=claims(), acr="eidas1", id_token="")
    assert answer["Location"] == f"/api/v2/interaction/{ID}"
    assert "impots.gouv.fr" in interaction.banner
    assert session.signed_in is None
    identify(session, interaction, provider="la-poste", claims=claims(), acr="eidas2", id_token="")
    assert session.signed_in


def test_whom_the_register_refuses_is_signed_in_nowhere(session, interaction):
    answer = identify(session, interaction, provider="impots", claims=claims("moreau"), acr="eidas1", id_token="")
    assert answer["Location"] == f"/api/v2/interaction/{ID}/refus"
    assert interaction.refusal == "Y010015"
    assert session.signed_in is interaction.signed_in is None


def names(client_id: str) -> list[str]:
    return [choice.provider.name for choice in providers.choices(client_id, acr="eidas1")]


def test_six_accounts_for_the_portal():
    """I03."""
    assert names("msa-mon-espace-prive") == [
        "impots.gouv.fr", "L'Assurance Maladie", "L'Identité Numérique La Poste", "mobile connect et moi", "MSA",
        "YRIS",
    ]  # fmt: skip


def test_alicem_in_place_of_yris_for_mes_droits_sociaux():
    """I05."""
    assert names("demo-mes-droits-sociaux") == [
        "impots.gouv.fr", "L'Assurance Maladie", "L'Identité Numérique La Poste", "mobile connect et moi", "MSA",
        "Alicem",
    ]  # fmt: skip


def greyed(acr: str = "eidas1") -> set[str]:
    return {choice.provider.slug for choice in providers.choices("any", acr=acr) if choice.why_not}


def test_what_greys_an_account_out():
    """A6."""
    assert greyed() == set()
    assert greyed("eidas2") == {"impots", "ameli", "msa", "yris"}
    knobs.disabled_providers = ["la-poste"]
    assert greyed() == {"la-poste"}
    knobs.suspicious = True
    assert greyed() == {"impots", "ameli", "la-poste", "msa", "yris"}
