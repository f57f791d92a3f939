"""FranceConnect explained to whoever has never used it, and the account that suits them (C09, I16 to I23, K, M)."""

from urllib.parse import parse_qs, urlsplit

import pytest

from accounts.models import Entry
from tests.stories.caller import Caller

pytestmark = pytest.mark.django_db
ABOUT, WHICH = "/franceconnect/", "/franceconnect/quel-compte-choisir/"
SEE = "Voir les comptes que je peux choisir"
CHOOSE = "TOUS LES OUI COCHÉS ? Je peux choisir ce fournisseur d'identité !"


def columns(caller: Caller) -> str:
    """What the page says before its questions: the result."""
    return caller.text.partition("Votre résultat")[2].partition("Vos réponses")[0]


def test_the_page_says_what_franceconnect_is_and_is_not() -> None:
    """I23, M10, J16, L08."""
    caller = Caller().visit(ABOUT)
    assert caller.title == "Qu'est-ce que FranceConnect ?"
    caller.sees(
        "FranceConnect n'est pas un service en ligne, ni un portail de services, mais un système d'identification et "
        "d'authentification de l'État.",
        "un compte où votre identité a déjà été vérifiée",
        "Simplicité",
        "Navigation facilitée",
        "Sécurité",
        "Pas de nouveaux comptes",
    )


def test_it_says_who_may_use_it_and_with_what() -> None:
    """K08, K09, K10, K11: the accounts are counted from the data."""
    Caller().visit(ABOUT).sees(
        "Les particuliers.",
        "un ordinateur, un smartphone ou une tablette",
        "une adresse email",
        "un numéro de Sécurité sociale qui commence par 1 ou par 2",
        "un compte, ou plusieurs, parmi 6 : msa.fr, impots.gouv.fr, ameli.fr, L'Identité Numérique La Poste,",
    )


def test_it_tells_the_six_steps_in_their_order() -> None:
    """K09, I22."""
    caller = Caller().visit(ABOUT)
    steps = [
        "un compte qui fonctionne",
        "Vous allez sur le site de la démarche",
        "Vous appuyez sur « S'identifier avec FranceConnect »",
        "Vous choisissez le compte",
        "Vous acceptez ce qui va être transmis, puis vous validez",
        "vous faites votre démarche",
    ]
    places = [caller.text.index(step) for step in steps]
    assert places == sorted(places)


def test_it_tells_what_is_passed_on_and_what_is_kept() -> None:
    """I16, I17, I18, I19, I20."""
    Caller().visit(ABOUT).sees(
        "identité pivot",
        "nom de naissance et prénoms",
        "sexe, donc civilité",
        "date, lieu et pays de naissance",
        "La connexion est nominative.",
        "comparez votre état civil avec votre acte de naissance",
        "FranceConnect ne stocke pas les données personnelles.",
        "Un email vous prévient à chaque connexion",
        "vous n'avez pas à vous identifier de nouveau pendant une demi-heure",
    )


def test_it_tells_the_three_levels_in_plain_words() -> None:
    """I21."""
    Caller().visit(ABOUT).sees("eIDAS", "Faible", "Substantiel", "Élevé", "accepter un compte et en refuser un autre")


def test_it_tells_the_part_of_the_msa() -> None:
    """I01, I11 to I14, J01, B29: a service since 2017, an identity provider since October 2018."""
    Caller().visit(ABOUT).sees(
        "C'est possible depuis 2017.",
        "La première fois, nous vous demandons votre numéro de Sécurité sociale",
        "Vous pouvez les dissocier à tout moment dans Mon compte.",
        "FranceConnect vous permet aussi de vous inscrire.",
        "Depuis octobre 2018, la MSA est le 5 e fournisseur d'identité",
    )


def test_it_names_where_it_serves_with_the_sites_of_the_state() -> None:
    """M03, M04, M06 to M09, M11: figures have their date; what changed its name has both."""
    caller = Caller().visit(ABOUT)
    caller.sees(
        "lancé en septembre 2014",
        "plus de 900 démarches en 2021",
        "plus de 1 800 services en juillet 2024",
        "duplicata de carte grise",
        "la déclaration de revenus",
        "numéro fiscal et une adresse email",
        "une attestation d'indemnités journalières",
        "votre compte retraite, tous régimes réunis",
        "les points du permis, le renouvellement d'un titre de séjour",
        "l'inscription sur les listes électorales",
        "France Travail , qui s'appelait Pôle emploi",
        "RSA",
    )
    hosts = {urlsplit(href).hostname for _, href in caller.page.links if href.startswith("https://")}
    assert hosts == {
        "www.info-retraite.fr", "www.mesdroitssociaux.gouv.fr", "www.ameli.fr", "www.impots.gouv.fr", "ants.gouv.fr",
        "www.interieur.gouv.fr", "www.service-public.fr", "www.francetravail.fr", "franceconnect.gouv.fr",
    }  # fmt: skip


def test_it_tells_the_accounts_as_they_are_today() -> None:
    """M01, M02, M05: what the documents of 2020 to 2022 name is there, with what became of it."""
    Caller().visit(ABOUT).sees(
        "à 13 chiffres, sans les 2 derniers",
        "au moins une majuscule et une minuscule",
        "Avant le 28 avril 2020, c'était un code de 8 à 13 chiffres.",
        "YRIS",
        "mobile connect et moi (n'est plus proposé)",
        "Alicem (n'est plus proposé)",
        "novembre 2026",
    )


def test_there_is_no_profile_to_correct_at_franceconnect() -> None:
    """M12: « Mon Profil » belongs to the site of the démarche; a civil status is corrected by the caisse."""
    caller = Caller().visit(ABOUT).sees("FranceConnect ne garde pas de fiche à votre nom", "« Mon Profil »")
    assert caller.follow("votre caisse le corrige avec vous").path == "/aide/"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Site officiel de FranceConnect", "https://franceconnect.gouv.fr/"),
        ("FAQ FranceConnect", "https://franceconnect.gouv.fr/faq"),
        ("Ensemble des démarches FranceConnect", "https://franceconnect.gouv.fr/nos-services"),
    ],
)
def test_the_official_pages_open_in_a_window_that_is_announced(text: str, address: str) -> None:
    """C09, L08, FS 19 (B6)."""
    caller = Caller().visit(ABOUT)
    assert (text, address) in caller.page.links
    html = caller.response.content.decode()
    assert f'href="{address}" target="_blank" rel="noopener noreferrer" title="{text} - nouvelle fenêtre"' in html


def test_the_pages_lead_to_one_another_and_to_the_sign_in() -> None:
    """C09, L07."""
    caller = Caller().visit("/aide/").follow("Qu'est-ce que FranceConnect ?")
    assert caller.path == ABOUT
    assert caller.follow("Quel compte choisir ?").path == WHICH
    assert caller.follow("Puis-je utiliser FranceConnect").path == "/franceconnect/puis-je-l-utiliser/"
    assert caller.follow("Quel compte choisir ?").path == WHICH
    assert caller.follow("Qu'est-ce que FranceConnect ?").path == ABOUT
    assert any(href == "/connexion/" for _, href in caller.page.links)
    assert any(href == ABOUT for _, href in Caller().visit("/").page.links)


def test_the_table_contents_lead_to_their_sections() -> None:
    """L07: no dead anchor."""
    caller = Caller().visit(ABOUT)
    html = caller.response.content.decode()
    inside = [href.removeprefix("#") for _, href in caller.page.links if href.startswith("#") and href != "#contenu"]
    assert len(inside) == 10
    assert all(f'id="{each}"' in html for each in inside)


def test_a_member_of_the_msa_needs_one_oui() -> None:
    """K05, K06."""
    caller = Caller().visit(WHICH).sees("Affiliation à la MSA", CHOOSE).press(SEE, **{"msa-affiliation": "oui"})
    result = columns(caller)
    assert f"Vous pouvez choisir msa.fr {CHOOSE}" in result
    assert "Vous n'avez pas répondu pour ce compte." in result
    assert caller.follow("S'inscrire à Mon espace privé").path == "/inscription/profil/"


def test_half_an_answer_is_no_mistake() -> None:
    """K01, K06: what is still to be answered is named."""
    caller = Caller().visit(WHICH).press(SEE, **{"impots-numero-fiscal": "oui", "impots-revenu-fiscal": "oui"})
    result = columns(caller)
    assert "impots.gouv.fr Il reste à répondre : Numéro d'accès en ligne." in result
    assert CHOOSE not in result
    assert not caller.page.errors


def test_what_is_missing_is_named_with_where_to_find_it() -> None:
    """K01, K06: a « non » is a way forward."""
    result = columns(Caller().visit(WHICH).press(SEE, **{"impots-acces-en-ligne": "non"}))
    assert "impots.gouv.fr Il vous manque : Numéro d'accès en ligne 7 chiffres, sur votre" in result
    assert "Vous pouvez toujours entrer dans Mon espace privé" in result


def test_ameli_is_chosen_with_open_eyes() -> None:
    """K02, K07: the caution stands beside the questions and beside the result."""
    caution = "l'ensemble de ses démarches auprès de l'Assurance Maladie devra par la suite être réalisé en ligne"
    caller = Caller().visit(WHICH).sees(caution)
    names = ("numero-de-securite-sociale", "carte-vitale", "coordonnees-bancaires")
    assert caution in columns(caller.press(SEE, **{f"ameli-{name}": "oui" for name in names}))


def test_an_account_that_is_offered_no_more_is_not_recommended() -> None:
    """K04, K08."""
    caller = Caller().visit(WHICH).sees("Abonnement Orange ou Sosh")
    names = ("abonnement", "piece-d-identite", "smartphone")
    result = columns(caller.press(SEE, **{f"mobile-connect-{name}": "oui" for name in names}))
    assert "mobile connect et moi Vous remplissez les anciennes conditions." in result
    assert CHOOSE not in result


def test_the_answers_stay_and_can_be_changed_and_wiped() -> None:
    """K06, R22: without script, as often as wanted."""
    caller = Caller().visit(WHICH).press(SEE, **{"msa-affiliation": "non"})
    (form,) = [form for form in caller.page.forms if "msa-affiliation" in form.names]
    assert form.values["msa-affiliation"] == "non"
    assert "msa.fr Il vous manque : Affiliation à la MSA" in columns(caller)
    assert CHOOSE in columns(caller.press(SEE, **{"msa-affiliation": "oui"}))
    caller.follow("Effacer mes réponses").does_not_see("Votre résultat")


def test_nothing_answered_is_told_in_words() -> None:
    """K06."""
    Caller().visit(WHICH).press(SEE).sees("Vous n'avez pas encore répondu.").does_not_see("Il vous manque")


@pytest.mark.parametrize("strange", ["msa-affiliation=peut-etre", "inconnu=oui", "msa-affiliation=%00", "resultat=%FF"])
def test_a_strange_address_is_an_address_without_answers(strange: str) -> None:
    """K06, R2."""
    caller = Caller().visit(f"{WHICH}?resultat=1&{strange}")
    assert caller.response.status_code == 200
    caller.sees("Vous n'avez pas encore répondu.")


def test_the_address_carries_oui_and_non_and_nobody_s_name() -> None:
    """R20, K06: nothing personal can be typed, nothing is kept, no cookie is set."""
    before = Entry.objects.count()
    caller = Caller().visit(WHICH).press(SEE, **{"msa-affiliation": "oui", "la-poste-smartphone": "non"})
    query = parse_qs(caller.response.request["QUERY_STRING"])
    assert {value for name, values in query.items() if name != "resultat" for value in values} == {"oui", "non"}
    html = caller.response.content.decode()
    assert 'type="text"' not in html
    assert "<textarea" not in html
    assert not caller.client.cookies
    assert Entry.objects.count() == before


def test_what_is_received_from_franceconnect_is_told_with_the_personal_data() -> None:
    """R20, I14, I19."""
    Caller().visit("/donnees-personnelles/").sees(
        "Ce que nous recevons de FranceConnect",
        "identité pivot (nom de naissance, prénoms, sexe, date, lieu et pays de naissance)",
        "Si vous dissociez les deux comptes, ce lien est supprimé.",
    )
