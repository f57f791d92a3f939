"""Bad input gets a French sentence at the field that says what to type, and keeps the rest (« Bad input gets »)."""

import pytest

from accounts.models import Account
from enrolment.models import Enrolment
from tests.stories.caller import FORM
from tests.stories.registering import COMPANY, FIELDS, Registrant, registrant

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("held_clock")]

LENGTHS = "le numéro de Sécurité sociale en compte 13, ou 15 avec la clé."
REFUSED = [
    # step, field, what is typed, how the sentence begins
    ("identifiant", "nir", "", "Tapez votre numéro de Sécurité sociale : 13 chiffres, ou 15 avec la clé."),
    ("identifiant", "nir", "16309674822é9", "Tapez seulement des chiffres."),
    ("identifiant", "nir", "1630967O82229", "Une lettre s'est glissée parmi les chiffres. Tapez 0 et non la lettre O."),
    ("identifiant", "nir", "163096748222", f"Il manque un chiffre : {LENGTHS}"),
    ("identifiant", "nir", "16309674822290", "Vous avez tapé 14 chiffres."),
    ("identifiant", "nir", "1630967482229 07", "Les deux derniers chiffres ne correspondent pas aux 13 premiers."),
    ("identifiant", "nir", "1631367482229", "Le 4e et le 5e chiffre disent le mois de naissance : 13"),
    ("coordonnees", "birth_name", "", "Tapez votre nom de famille."),
    ("coordonnees", "birth_name", "LAMY67", "Écrivez votre nom avec des lettres seulement"),
    ("coordonnees", "given_names", "<b>", "Écrivez votre prénom avec des lettres seulement"),
    ("coordonnees", "birth_date", "31/02/1963", "Vérifiez le jour : en février 1963, le dernier jour était le 28."),
    ("coordonnees", "birth_date", "08/09/2063", "Cette date n'est pas encore arrivée."),
    ("coordonnees", "birth_date", "08/09/1899", "Vérifiez l'année : elle commence par 19 ou 20"),
    ("coordonnees", "birth_date", "1950", "Ajoutez le jour et le mois"),
    ("coordonnees", "email", "fritz.lamy@", "Complétez ce qui vient après le signe @"),
    ("coordonnees", "email", "fritz.lamy", "Il manque le signe @ dans l'adresse"),
    ("coordonnees", "mobile", "+49 151 23456789", "Tapez un numéro de France, de métropole ou d'outre-mer."),
    ("coordonnees", "mobile", "03 88 12 34 56", "Tapez un numéro de téléphone mobile"),
    ("affiliation", "health_cover", "", "Choisissez « Oui » ou « Non »."),
    ("affiliation", "health_cover", "maybe", "Choisissez « Oui » ou « Non »."),
    ("carte-vitale", "card_kind", "", "Choisissez la ligne qui décrit votre carte."),
    ("carte-vitale", "card_kind", "gold", "Choisissez la ligne qui décrit votre carte."),
    ("numero-de-serie", "vitale_serial", "0102457612", "Tapez les 11 chiffres qui suivent 8025000002. Vous en"),
    ("numero-de-serie", "vitale_serial", "08/09/1963", "C'est une date."),
    ("numero-de-serie", "vitale_serial", "08091963", "C'est une date."),
    ("numero-de-serie", "vitale_serial", "1630967482229", "C'est votre numéro de Sécurité sociale."),
    ("paiement", "amount", "12,5", "Tapez deux chiffres après la virgule : par exemple 12,50 et non 12,5."),
    ("paiement", "amount", "12.505", "Tapez deux chiffres seulement après la virgule"),
    ("paiement", "amount", "-3", "Tapez le montant reçu, sans le signe moins"),
    ("demande", "siret", "73282932000075", "Ces 14 chiffres ne forment pas un numéro SIRET."),
    ("demande", "function", "", "Tapez votre fonction, par exemple : gérant."),
    ("demande", "department", "99", "Choisissez un département de la liste."),
]  # fmt: skip


def standing_at(slug: str) -> Registrant:
    if slug == "demande":
        return Registrant(COMPANY | {"profile": "company", "email": "odile@example.org"}).until(slug)
    cover = {"health_cover": "no"} if slug == "paiement" else {}
    return registrant("lamy", **cover)[0].until(slug)


@pytest.mark.parametrize(("slug", "field", "typed", "sentence"), REFUSED)
def test_a_refused_answer_is_told_at_its_field_and_the_rest_stays(slug, field, typed, sentence):
    """B05, B08, B11, B15, B17, B20, R1, R3, R4: what to type instead; no try is lost."""
    caller = standing_at(slug)
    before = Enrolment.objects.get().answers
    caller.answer(**{field: typed})
    assert caller.response.status_code == 200
    assert list(caller.page.errors) == [field]
    assert caller.page.errors[field].startswith(sentence)
    shown = (
        caller.page.forms[-1].values if slug not in ("numero-de-serie", "paiement") else caller.page.forms[-2].values
    )
    kept = {name: caller.answers[name] for name in FIELDS[slug]} | {field: typed}
    for name, value in kept.items():
        if name not in ("health_cover", "card_kind") and (name, value) != ("department", "99"):
            assert shown.get(name) == value
    assert Enrolment.objects.get().answers == before
    assert Enrolment.objects.get().tries_left == 3


def test_a_thousand_euros_with_spaces_comma_and_sign_can_be_read():
    """R4: « 1 234,56 € » is an amount like another; it is only the wrong one."""
    caller = standing_at("paiement").answer(amount="1 234,56 €")
    assert caller.page.errors["amount"].startswith("Ce montant ne correspond pas")


EVERY_FIELD = [(slug, field) for slug, fields in FIELDS.items() for field in fields] + [("profil", "profile")]


# Bytes of the old encoding are read as « ÿþé », which a name or a function may be.
LATIN, BROKEN = b"\xff\xfe\xe9", b"%ED%A0%80"
READABLE = {*((name, LATIN) for name in ("birth_name", "given_names", "name", "function"))}


@pytest.mark.parametrize(("slug", "field"), sorted(set(EVERY_FIELD)))
def test_ten_kilobytes_nul_and_bytes_that_are_no_text_are_refused_at_every_field(slug, field):
    """« Bad input gets »: 200 with a sentence, never a 500, and nothing of it stays in the journey."""
    caller = standing_at(slug) if slug != "profil" else Registrant({}).start()
    token = caller.page.forms[-1].values["csrfmiddlewaretoken"]
    rest = "".join(f"&{name}=x" for name in FIELDS[slug] if name != field)
    for bad in (b"x" * 10_240, b"9%00" * 5, LATIN, BROKEN, "é".encode() * 5120):
        body = f"csrfmiddlewaretoken={token}{rest}&{field}=".encode() + bad
        response = caller.client.post(caller.path, body, content_type=FORM)
        assert response.status_code == 200
        caller._show(response, caller.path)
        assert field in caller.page.errors or (field, bad) in READABLE
        assert "\x00" not in response.content.decode()
    assert not Account.objects.exists()


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"\xff" * 300_000, FORM),
        (b"&".join(b"f%d=1" % n for n in range(200)), FORM),
        (b'{"profile": "individual"}', "application/json"),
        (b"profile=individual", "application/x-www-form-urlencoded; charset=utf-16"),
        (b"profile=individual", "multipart/form-data; boundary=\xc3"),
        (b"--x\r\nContent-Disposition: form-data", "multipart/form-data; boundary=x"),
    ],
    ids=["300 kB", "200 fields", "json", "utf-16", "bad boundary", "cut off"],
)
def test_bodies_no_form_of_ours_sends_are_refused_in_french(body, content_type):
    """« Bad input gets »: 400 or 403, a page of ours."""
    caller = registrant("lamy")[0].until("identifiant")
    response = caller.client.post(caller.path, body, content_type=content_type)
    assert response.status_code in (400, 403)
    assert '<html lang="fr">' in response.content.decode()


@pytest.mark.parametrize("slug", sorted(set(FIELDS)))
def test_a_form_token_of_yesterday_shows_the_form_again_with_what_was_typed(slug):
    """« A form token of yesterday »: 403, one sentence, the typed values, nothing taken."""
    caller = standing_at(slug) if slug != "profil" else registrant("lamy")[0].start()
    before = Enrolment.objects.values_list("step", "tries_left", "completed_at").first()
    typed = {name: caller.answers[name] for name in FIELDS[slug]}
    response = caller.client.post(caller.path, typed | {"csrfmiddlewaretoken": "x" * 64})
    assert response.status_code == 403
    caller._show(response, caller.path)
    caller.sees("Cette page est restée ouverte trop longtemps. Vos réponses sont encore là")
    shown = {name: value for form in caller.page.forms for name, value in form.values.items()}
    for name, value in typed.items():
        assert shown[name] == value
    assert Enrolment.objects.values_list("step", "tries_left", "completed_at").first() == before
    assert caller.answer().response.status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_ORIGIN": "https://elsewhere.example"},
        {"HTTP_ORIGIN": "null"},
        {"HTTP_REFERER": "https://elsewhere.example/page"},
        {"HTTP_SEC_FETCH_SITE": "cross-site"},
    ],
    ids=["origin", "null", "referer", "fetch"],
)
def test_another_site_s_form_is_refused_and_nothing_of_it_is_shown(headers):
    """« Bad input gets »: a plain refusal; a stranger's page fills in nobody's form."""
    caller = standing_at("coordonnees")
    typed = {name: caller.answers[name] for name in FIELDS["coordonnees"]} | {"birth_name": "Glissé-Par-Un-Autre"}
    response = caller.client.post(caller.path, typed, **headers)
    assert response.status_code == 403
    assert "Glissé-Par-Un-Autre" not in response.content.decode()
    assert "nous n'avons pas pris en compte" in response.content.decode().replace("&#x27;", "'")


@pytest.mark.parametrize("said", ["0", "false", "False", ""])
def test_a_way_out_that_is_not_taken_is_none(said):
    """B21: `unreadable=0` is no answer and no error of ours."""
    for slug, name in (("numero-de-serie", "unreadable"), ("paiement", "cannot_answer")):
        caller = standing_at(slug)
        token = caller.page.forms[-1].values["csrfmiddlewaretoken"]
        response = caller.client.post(caller.path, {"csrfmiddlewaretoken": token, name: said})
        assert response.status_code == 200
        assert caller._show(response, caller.path).slug == slug


def test_markup_in_an_answer_is_shown_as_text():
    """R1: what was typed comes back escaped."""
    caller = standing_at("demande").answer(function="<script>alert(1)</script>", siret="1")
    assert "<script>alert(1)" not in caller.response.content.decode()
    assert caller.page.forms[-1].values["function"] == "<script>alert(1)</script>"
