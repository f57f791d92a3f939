"""Values that nobody else has go through every story; then they are looked for where they must not be (R20, R21)."""

import base64
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts import journal, outbox
from accounts.identity.vitale import comparable
from accounts.models import CardKind, Entry, VitaleCard
from accounts.sealed import fingerprint
from tests.listening import Ear, listening
from tests.members import a_member, pay
from tests.stories.caller import Caller
from tests.stories.registering import CANNOT_ANSWER, COMPANY, Registrant
from tests.stories.signing_in import digits_in_mail_to, link_in_mail_to, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NIR, POSTED_NIR = "1571067482231", "2571067482230"
BIRTH_NAME, GIVEN_NAME, STREET, CITY = "ZWYXBERG", "Quilliamme", "77 rue Zorvettine", "Xylopolisheim"
EMAIL, SECOND_EMAIL = "quilliamme.zwyxberg@canari.example", "deuxieme.canari@autre.example"
MOBILE, LANDLINE, SERIAL = "06 39 98 77 31", "03 88 77 31 64", "77316420985"
NEW_STREET, NEW_CITY = "31 quai Vlotrimage", "Brzozakheim"
FIRST_PASSWORD, SECOND_PASSWORD, THIRD_PASSWORD = "Kolibri+Sextant77", "Sextant+Kolibri31", "Trombone+Girafe64"
ANSWERS = {
    "profile": "individual", "nir": NIR, "birth_name": BIRTH_NAME, "given_names": GIVEN_NAME,
    "birth_date": "23/10/1957", "email": EMAIL, "mobile": MOBILE, "health_cover": "yes", "card_kind": "photo",
    "vitale_serial": SERIAL, "amount": "773,16",
}  # fmt: skip
PERSONAL = {
    "nir": NIR, "other nir": POSTED_NIR, "name": BIRTH_NAME, "given name": GIVEN_NAME, "street": "Zorvettine",
    "city": CITY, "new street": "Vlotrimage", "new city": NEW_CITY, "birth date": "23/10/1957",
    "birth date iso": "1957-10-23", "email": EMAIL, "second email": SECOND_EMAIL, "mobile": MOBILE,
    "mobile abroad": "+33639987731", "landline": LANDLINE, "landline abroad": "+33388773164", "serial": SERIAL,
    "company": "Vasseur", "siret": "73282932000074", "company phone": "+33199001234",
    "first": FIRST_PASSWORD, "second": SECOND_PASSWORD, "third": THIRD_PASSWORD,
}  # fmt: skip
# Seen by the recipient alone, in an e-mail to that recipient.
IN_MAILS = {"nir", "other nir", "birth date", "birth date iso", "serial", "street", "city", "new street", "new city"}


def bare(text: str) -> str:
    """Without case, blanks and signs: every spelling at once."""
    return re.sub(r"[\W_]+", "", text.casefold())


class Witness(Client):
    """Writes down every address and every cookie, sent or received."""

    addresses: list[str] = []  # noqa: RUF012  one list for all browsers of the test
    cookies_seen: list[str] = []  # noqa: RUF012

    def request(self, **request: Any) -> Any:
        answer = super().request(**request)
        self.addresses.append(f"{request['PATH_INFO']}?{request.get('QUERY_STRING', '')} {answer.get('Location', '')}")
        self.cookies_seen.extend(morsel.value for morsel in self.cookies.values())
        return answer


@pytest.fixture
def ear() -> Iterator[Ear]:
    with listening() as ear:
        yield ear


def at_a_browser(caller: Caller) -> Any:
    caller.client = Witness(REMOTE_ADDR="192.0.2.10", enforce_csrf_checks=True)
    return caller


def the_registry() -> None:
    dossier = {"birth_name": BIRTH_NAME, "given_names": GIVEN_NAME, "birth_date": "1957-10-23", "address": STREET}
    for nir in (NIR, POSTED_NIR):
        member = a_member(nir, **dossier, city=CITY)
        pay(member, 77_316, on=timezone.localdate() - timedelta(days=9))
        mark = fingerprint("vitale", f"{nir}:{comparable(SERIAL)}")
        VitaleCard.objects.create(
            member=member, kind=CardKind.PHOTO, serial_fingerprint=mark, issued_on=date(2015, 1, 1)
        )


def play() -> set[str]:
    """The main stories, one after the other; returns the secrets that were sent."""
    secrets = set()
    person = at_a_browser(Registrant(ANSWERS))
    person.until("numero-de-serie").answer(vitale_serial="11111111111")
    person.finish().sees("Votre demande d'inscription à Mon espace privé est en cours de traitement.")
    temporary = re.search(r"^([A-Z0-9]{4}(?:-[A-Z0-9]{4}){2})$", newest(EMAIL), re.MULTILINE)
    assert temporary
    secrets.add(temporary[1])

    posted = at_a_browser(Registrant({**ANSWERS, "nir": POSTED_NIR, "health_cover": "no"}))
    posted.until("paiement").press(CANNOT_ANSWER).finish()
    at_a_browser(Registrant({**ANSWERS, "nir": "2720367582905"})).until("affiliation")
    at_a_browser(Registrant({**ANSWERS, **COMPANY, "email": EMAIL, "profile": "company"})).finish()
    at_a_browser(Registrant(ANSWERS)).until("identifiant").answer().sees("Un compte existe déjà pour")

    sign_in(person, "Faux-Mot-9", NIR)
    sign_in(person, temporary[1], NIR)
    person.press("Valider", new_password1=f"{BIRTH_NAME}+Ab1", new_password2=f"{BIRTH_NAME}+Ab1").sees("À corriger")
    person.press("Valider", new_password1=FIRST_PASSWORD, new_password2=FIRST_PASSWORD).follow("Continuer")
    person.press("Je confirme mes coordonnées", email=SECOND_EMAIL, landline=LANDLINE, mobile="nonsense")
    person.press("Je confirme mes coordonnées", email=SECOND_EMAIL, landline=LANDLINE, mobile=MOBILE)
    person.press("Valider", code=digits_in_mail_to(SECOND_EMAIL)).follow("Accéder à Mon espace privé")
    person.sees(f"{BIRTH_NAME} {GIVEN_NAME.upper()}").follow("Tous mes paiements").visit("/mon-compte/")

    person.follow("modifier cette adresse")
    moved = {"address": NEW_STREET, "postcode": "67320", "city": NEW_CITY}
    person.press("Envoyer ma demande", **moved, password="Faux-Mot-9")
    person.press("Envoyer ma demande", **moved, password=FIRST_PASSWORD).sees(NEW_STREET)
    person.follow("modifier ces numéros").press("Enregistrer", mobile=MOBILE, landline="")
    person.follow("modifier ce mot de passe")
    person.press("Enregistrer", password=FIRST_PASSWORD, new_password1=SECOND_PASSWORD, new_password2=SECOND_PASSWORD)
    person.follow("modifier cet email").press("Envoyer le lien", email=EMAIL, password=SECOND_PASSWORD)
    secrets.add(link := link_in_mail_to(EMAIL))
    at_a_browser(Caller()).visit(link).press("Confirmer cette adresse")
    secrets.add(undo := link_in_mail_to(SECOND_EMAIL))
    at_a_browser(Caller()).visit(undo).press("Rétablir mon adresse")

    person.visit("/mot-de-passe/oublie/").press("Continuer", login_id=NIR)
    secrets.add(reset := link_in_mail_to(SECOND_EMAIL))
    person.visit(reset).press("Enregistrer", new_password1=THIRD_PASSWORD, new_password2=THIRD_PASSWORD)
    sign_in(person, THIRD_PASSWORD, NIR)
    person.client.post("/mon-compte/adresse/", {**moved, "csrfmiddlewaretoken": "x" * 64})
    person.visit("/mon-compte/").press("Se déconnecter")
    return {secret.rstrip("/").rpartition("/")[2] for secret in secrets}


def newest(address: str) -> str:
    while outbox.sweep(now=timezone.now()):
        pass
    return str([message for message in mail.outbox if address in message.to][-1].body)


def every_cell() -> Iterator[tuple[str, str]]:
    """All that the database holds, as text; sealed columns are looked through as well."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  names from the database itself
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for name, cell in zip(names, row, strict=True):
                    yield f"{table}.{name}", as_text(cell)


def as_text(cell: Any) -> str:
    return bytes(cell).decode("latin-1") if isinstance(cell, memoryview | bytes) else str(cell)


def as_cookie(value: str) -> str:
    try:
        return value + base64.urlsafe_b64decode(value + "==").decode("latin-1")
    except ValueError:
        return value


def found_in(texts: Iterator[tuple[str, str]], wanted: dict[str, str]) -> set[tuple[str, str]]:
    marks = {what: bare(value) for what, value in wanted.items()}
    return {(where, what) for where, text in texts for what, mark in marks.items() if mark in bare(text)}


def test_no_personal_value_stands_where_it_must_not(ear: Ear) -> None:
    Witness.addresses.clear()
    Witness.cookies_seen.clear()
    the_registry()
    secrets = play()
    journal.seal(now=timezone.now() + timedelta(minutes=5))
    wanted = {**PERSONAL, **{f"secret {number}": secret for number, secret in enumerate(sorted(secrets))}}
    links = {f"link {secret[:4]}" for secret in secrets if len(secret) > 40}

    assert len(secrets) == 4
    assert len(links) == 3
    assert len(Witness.addresses) > 80
    assert Entry.objects.count() > 25
    assert ear.lines
    assert found_in(every_cell(), {"something": "sign_in:succeeded"}) == {("accounts_entry.event", "something")}

    assert found_in((("database: " + where, text) for where, text in every_cell()), wanted) == set()
    sessions = ((f"session {row.pk}", str(row.get_decoded())) for row in Session.objects.all())
    assert found_in(sessions, wanted) == set()
    assert found_in((("cookie", as_cookie(value)) for value in Witness.cookies_seen), wanted) == set()
    assert found_in((("address", address) for address in Witness.addresses), PERSONAL) == set()
    assert found_in((("log", line) for line in ear.lines), wanted) == set()
    assert found_in(mails(), {what: PERSONAL[what] for what in IN_MAILS}) == set()
    for own, other in ((EMAIL, SECOND_EMAIL), (SECOND_EMAIL, EMAIL)):
        to_own = ((f"mail to {own}", mail_text(message)) for message in mail.outbox if message.to == [own])
        assert found_in(to_own, {"the other address": other}) == set()
    assert {address for message in mail.outbox for address in message.to} == {EMAIL, SECOND_EMAIL}


def mails() -> Iterator[tuple[str, str]]:
    for message in mail.outbox:
        yield f"mail « {message.subject} »", mail_text(message)


def mail_text(message: Any) -> str:
    html = " ".join(str(content) for content, _ in message.alternatives)
    return f"{message.subject} {message.body} {html} {message.extra_headers}"


def test_the_net_would_catch_them() -> None:
    """The search finds what is there, in any spelling."""
    texts = iter([("a", "1 57 10 67 482 231"), ("b", "zwyx-berg"), ("c", "06.39.98.77.31"), ("d", "23-10-1957")])
    caught = found_in(texts, PERSONAL)
    assert caught == {("a", "nir"), ("b", "name"), ("c", "mobile"), ("d", "birth date")}
