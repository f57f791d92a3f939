"""The accounts that FranceConnect accepts: their conditions as data, and the rule that reads them (K01 to K08, M05)."""

import csv
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from franceconnect import identity_providers
from franceconnect.identity_providers import HISTORIC, NO, OFFERED, PROVIDERS, YES, Opinion, Verdict, judge

NAMES = [condition.name for provider in PROVIDERS for condition in provider.conditions]


def opinion(slug: str, answers: Mapping[str, str]) -> Opinion:
    return next(each for each in judge(answers) if each.provider.slug == slug)


@pytest.mark.parametrize(
    ("slug", "name", "conditions"),
    [
        ("impots", "impots.gouv.fr", ["Numéro fiscal", "Revenu fiscal de référence", "Numéro d'accès en ligne"]),
        ("ameli", "ameli.fr", ["Numéro de sécurité sociale", "Carte vitale", "Coordonnées bancaires"]),
        (
            "la-poste",
            "L'Identité Numérique La Poste",
            [
                "Pièce d'identité française en cours de validité",
                "Validation de sa pièce d'identité par un postier assermenté à domicile ou en bureau de poste",
                "Smartphone (Android ou iOS) pour utiliser l'application mobile",
            ],
        ),
        (
            "mobile-connect",
            "mobile connect et moi",
            [
                "Abonnement Orange ou Sosh",
                "Pièce d'identité",
                "Smartphone pour télécharger l'application nécessaire à l'inscription",
            ],
        ),
        ("msa", "msa.fr", ["Affiliation à la MSA"]),
    ],
    ids=["K01", "K02", "K03", "K04", "K05"],
)
def test_the_columns_of_the_document_stand_word_for_word(slug: str, name: str, conditions: list[str]) -> None:
    """K01 to K05."""
    provider = next(each for each in PROVIDERS if each.slug == slug)
    assert provider.name == name
    assert [each.words for each in provider.conditions] == conditions


def test_what_is_offered_today_and_what_was_is_told_apart() -> None:
    """K08, M05: YRIS is only named; mobile connect et moi and Alicem are history, and say what took their place."""
    assert {each.slug for each in HISTORIC} == {"mobile-connect", "alicem"}
    assert {"YRIS", "L'Identité Numérique La Poste", "msa.fr"} <= {each.name for each in OFFERED}
    assert all(each.note for each in PROVIDERS)
    assert all("remplacé" in each.note for each in HISTORIC)


def test_creating_an_ameli_account_comes_with_its_caution() -> None:
    """K07."""
    (ameli,) = [each for each in PROVIDERS if each.caution]
    assert ameli.slug == "ameli"
    assert ameli.caution.endswith("devra par la suite être réalisé en ligne.")


def test_no_condition_is_of_a_provider_that_is_not_there() -> None:
    rows = identity_providers.read("identity_provider_conditions.csv")
    assert {row["provider"] for row in rows} <= {each.slug for each in PROVIDERS}
    assert len(rows) == len(NAMES) == len(set(NAMES))
    assert len({each.slug for each in PROVIDERS}) == len(PROVIDERS)
    assert {row["state"] for row in identity_providers.read("identity_providers.csv")} == {"active", "historic"}


@pytest.mark.parametrize(
    ("slug", "answers", "verdict"),
    [
        ("msa", {}, Verdict.INCOMPLETE),
        ("msa", {"msa-affiliation": YES}, Verdict.SUITS),
        ("msa", {"msa-affiliation": NO}, Verdict.LACKS),
        ("msa", {"msa-affiliation": "peut-être"}, Verdict.INCOMPLETE),
        ("msa", {"msa-affiliation": "OUI"}, Verdict.INCOMPLETE),
        ("impots", {"impots-numero-fiscal": YES, "impots-revenu-fiscal": YES}, Verdict.INCOMPLETE),
        ("impots", {"impots-numero-fiscal": NO}, Verdict.LACKS),
        ("france-identite", {"france-identite-carte-a-puce": YES, "france-identite-smartphone": YES}, Verdict.SUITS),
        (
            "mobile-connect",
            {
                "mobile-connect-abonnement": YES,
                "mobile-connect-piece-d-identite": YES,
                "mobile-connect-smartphone": YES,
            },
            Verdict.GONE,
        ),
    ],
)
def test_every_oui_opens_a_column_and_one_non_closes_it(
    slug: str, answers: Mapping[str, str], verdict: Verdict
) -> None:
    """K06; what is half answered is never an error; an account that is offered no more opens nothing."""
    assert opinion(slug, answers).verdict is verdict


@given(st.dictionaries(st.sampled_from(NAMES), st.sampled_from([YES, NO, "", "autre"])))
def test_any_subset_of_answers_gives_a_consistent_verdict(answers: dict[str, str]) -> None:
    """K06: each column is judged by its own answers alone, and by all of them."""
    for each in judge(answers):
        mine = [answers.get(condition.name) for condition in each.provider.conditions]
        assert (each.verdict is Verdict.LACKS) == (NO in mine)
        assert (each.verdict in (Verdict.SUITS, Verdict.GONE)) == (mine == [YES] * len(mine))
        assert len(each.lacking) + len(each.unanswered) + mine.count(YES) == len(mine)
        alone = {condition.name: answers.get(condition.name, "") for condition in each.provider.conditions}
        assert opinion(each.provider.slug, alone) == each


@given(st.dictionaries(st.sampled_from(NAMES), st.sampled_from([YES, NO])), st.sampled_from(NAMES))
def test_one_more_oui_never_closes_a_column(answers: dict[str, str], name: str) -> None:
    """K06."""
    open_before = {each.provider.slug for each in judge(answers) if each.verdict is Verdict.SUITS}
    open_after = {each.provider.slug for each in judge({**answers, name: YES}) if each.verdict is Verdict.SUITS}
    assert open_before <= open_after


def test_a_provider_more_is_a_line_more(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """K08: « the list must be data »; no code knows a provider by its name."""
    folder = type(identity_providers.FOLDER)(str(tmp_path))
    for name, more in {
        "identity_providers.csv": ["nouveau", "Nouveau", "active", "", "", "Un compte nouveau.", "", "test"],
        "identity_provider_conditions.csv": ["nouveau", "cle", "Une clé", ""],
    }.items():
        with (identity_providers.FOLDER / name).open(encoding="utf-8", newline="") as file:
            rows = [*csv.reader(file), more]
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
    monkeypatch.setattr(identity_providers, "FOLDER", folder)
    monkeypatch.setattr(identity_providers, "PROVIDERS", identity_providers.read_all())
    assert opinion("nouveau", {"nouveau-cle": YES}).verdict is Verdict.SUITS
