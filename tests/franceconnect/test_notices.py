"""A member hears of each sign-in through FranceConnect, in words that give nothing away (J14, J16, I16, R13, R23)."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from accounts import journal, outbox
from accounts.models import Account, Code, Email, Entry, Event, JournalSeal
from accounts.passwords import READABLE, grouped
from franceconnect import notices
from franceconnect.notices import browser_family, signed_in
from tests.members import A_MOMENT, LAMY, an_account

pytestmark = [pytest.mark.django_db]

KNOWN = {name for name, _ in notices.FAMILIES} | {"un navigateur"}
APPLE = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
GOOGLE = "AppleWebKit/537.36 (KHTML, like Gecko)"
IPHONE = f"Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) {APPLE}"
SAID = {
    "Mozilla/5.0 (X11; Linux x86_64; rv:146.0) Gecko/20100101 Firefox/146.0": "Firefox",
    f"{IPHONE} FxiOS/146.0 Mobile/15E148 Safari/605.1.15": "Firefox",
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {GOOGLE} Chrome/143.0.0.0 Safari/537.36": "Chrome",
    f"{IPHONE} CriOS/143.0.7499.38 Mobile/15E148 Safari/604.1": "Chrome",
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {GOOGLE} Chrome/143.0.0.0 Safari/537.36 Edg/143.0.0.0": "Edge",
    f"Mozilla/5.0 (Linux; Android 15; SM-A556B) {GOOGLE} SamsungBrowser/29.0 Chrome/136.0.0.0 Mobile Safari/537.36": (
        "Samsung Internet"
    ),
    f"Mozilla/5.0 (Windows NT 10.0) {GOOGLE} Chrome/142.0.0.0 Safari/537.36 OPR/126.0.0.0": "Opera",
    f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {APPLE} Version/26.1 Safari/605.1.15": "Safari",
    f"{IPHONE} Version/26.1 Mobile/15E148 DuckDuckGo/7 Safari/605.1.15": "DuckDuckGo",
    "Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko": "Internet Explorer",
    "curl/8.14.1": "un navigateur",
    "Firefox": "un navigateur",
    "": "un navigateur",
}


@pytest.mark.parametrize(("user_agent", "family"), SAID.items(), ids=[f"{n}-{f}" for n, f in enumerate(SAID.values())])
def test_a_browser_is_called_by_its_family(user_agent: str, family: str) -> None:
    assert browser_family(user_agent) == family


@given(st.text(max_size=600) | st.lists(st.sampled_from([*"<>/;()\n ", *SAID]), max_size=30).map("".join))
def test_whatever_a_browser_says_only_a_word_of_ours_comes_out(user_agent: str) -> None:
    assert browser_family(user_agent) in KNOWN


def test_a_long_header_is_read_in_part_only() -> None:
    assert browser_family("Version/1 " * 100_000 + "Safari/1") in KNOWN
    assert browser_family(" " * notices.READ + "Firefox/146.0") == "un navigateur"


def notice(account: Account) -> str:
    """The text that reaches the mailbox."""
    while outbox.sweep(now=A_MOMENT):
        pass
    outbox.sweep(now=A_MOMENT)
    return str(mail.outbox[-1].body) if mail.outbox else ""


def test_the_request_writes_two_lines_and_the_rest_is_written_beside_it(account: Account) -> None:
    """The sign-in stays quick: neither template nor link is made in it (R23)."""
    with (
        transaction.atomic(),
        CaptureQueriesContext(
            connection,
        ) as said,
    ):
        signed_in(account, family="Firefox", now=A_MOMENT)
    assert [query["sql"].split()[0] for query in said] == ["INSERT", "INSERT"]
    assert not Code.objects.exists()
    waiting = Email.objects.get()
    assert (waiting.kind, waiting.account) == ("federation_notice", account)


def test_a_sign_in_that_is_undone_tells_nobody(account: Account) -> None:
    """R23: the notice belongs to the transaction of its cause."""
    with transaction.atomic():
        signed_in(account, family="Firefox", now=A_MOMENT)
        transaction.set_rollback(True)
    assert notice(account) == ""
    assert not Entry.objects.exists()


def test_the_notice_says_when_with_which_browser_and_how_to_say_no(account: Account) -> None:
    """J16: « À chaque connexion, on est informé par un courriel »."""
    signed_in(account, family="Firefox", now=A_MOMENT)
    text = notice(account)
    assert mail.outbox[-1].to == ["fritz.lamy@example.org"]
    assert mail.outbox[-1].subject == "Connexion avec FranceConnect – Mon espace privé MSA"
    assert "le 20 novembre 2026 à 10\u00a0h\u00a005,\navec Firefox." in text
    assert "un service\npublic, avec FranceConnect" in text
    assert re.search(r"^http://127\.0\.0\.1:\d+/franceconnect/ce-n-est-pas-moi/[\w-]{43}/$", text, re.MULTILINE)
    assert "jusqu'au 30 novembre 2026 à 10\u00a0h\u00a005." in text
    assert len(mail.outbox) == 1


def test_the_notice_gives_nothing_away(account: Account) -> None:
    """The isolation rule (A1), R20: neither the service, nor who the member is, nor whence they came."""
    signed_in(account, family="Firefox", now=A_MOMENT)
    text = notice(account)
    for word in (LAMY, "LAMY", "Fritz", "192.0.2", "impots", "service-public", "None"):
        assert word not in text.replace(" ", "")


def test_the_code_of_the_notice_finds_its_line_in_the_journal(account: Account) -> None:
    """What support looks up (issue 3, no. 10), as somebody reads it over the telephone."""
    signed_in(account, family="Chrome", now=A_MOMENT)
    signed_in(account, family="Chrome", now=A_MOMENT + timedelta(seconds=1))
    shown = re.findall(r"^([A-Z0-9]{4}-[A-Z0-9]{4})$", notice(account), re.MULTILINE)
    assert len(shown) == 1
    assert set(shown[0]) <= {*READABLE, "-"}
    for typed in (shown[0], shown[0].lower().replace("-", " "), f" {shown[0]} "):
        entry = journal.find_reference(typed)
        assert entry is not None
        assert (entry.event, entry.account) == (Event.FEDERATION_SIGN_IN, account.pk)
        assert grouped(entry.detail["reference"]) == shown[0]


@pytest.mark.parametrize("typed", ["", "AAAA-AAAA", "x" * 5000, "\x00", "'; --", "{}"])
def test_a_code_that_nobody_received_finds_nothing(account: Account, typed: str) -> None:
    signed_in(account, family="Chrome", now=A_MOMENT)
    assert journal.find_reference(typed) is None


@pytest.mark.sqlite
def test_only_the_line_of_the_sign_in_is_found_and_the_seal_covers_the_code(account: Account) -> None:
    """R21: the code stands in the line's detail, as everything that is sealed."""
    signed_in(account, family="Chrome", now=A_MOMENT)
    reference = Entry.objects.get(event=Event.FEDERATION_SIGN_IN).detail["reference"]
    journal.record(Event.SIGN_IN_DISPUTED, account=account, detail={"reference": reference}, now=A_MOMENT)
    found = journal.find_reference(reference)
    assert found is not None
    assert found.event == Event.FEDERATION_SIGN_IN
    journal.seal(now=A_MOMENT + timedelta(hours=1))
    assert JournalSeal.objects.get().count == 2
    with connection.cursor() as cursor:
        cursor.execute('UPDATE accounts_entry SET detail = \'{"reference": "ACDEFGHJ"}\' WHERE id = %s', [found.pk])
    with pytest.raises(journal.Broken):
        journal.verify()


def test_the_look_up_reads_an_index_and_not_the_journal(account: Account) -> None:
    """A year of lines stands there."""
    filler = [Entry(at=A_MOMENT, event=Event.SIGN_IN_SUCCEEDED, account=account.pk) for _ in range(3000)]
    Entry.objects.bulk_create(filler)
    for _ in range(300):
        signed_in(account, family="Chrome", now=A_MOMENT)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE accounts_entry")
    found = Entry.objects.filter(event=Event.FEDERATION_SIGN_IN, detail__reference="ACDEFGHJ").order_by("-pk")[:1]
    assert "sign_ins_by_reference" in found.explain()
    with CaptureQueriesContext(connection) as asked:
        assert journal.find_reference("ACDEFGHJ") is None
    assert len(asked) == 1


def test_each_sign_in_has_a_link_of_its_own_for_ten_days_kept_as_a_fingerprint(account: Account) -> None:
    """R13."""
    for _ in range(2):
        signed_in(account, family="Chrome", now=A_MOMENT)
    notice(account)
    links = [re.search(r"moi/([\w-]+)/", str(message.body)) for message in mail.outbox]
    secrets = {link[1] for link in links if link}
    assert len(secrets) == 2
    for code in Code.objects.filter(purpose=Code.Purpose.NOT_ME):
        assert code.expires_at == A_MOMENT + timedelta(days=10)
        assert bytes(code.secret_fingerprint).decode("latin-1") not in secrets
        assert not any(secret in str(vars(code)) for secret in secrets)


def test_an_address_that_nobody_proved_hears_nothing(db: None) -> None:
    """R8, E06: it may be a stranger's; the line is in the journal all the same."""
    account = an_account(email_proven_at=None)
    signed_in(account, family="Chrome", now=A_MOMENT)
    assert notice(account) == ""
    assert not Code.objects.exists()
    assert Entry.objects.filter(event=Event.FEDERATION_SIGN_IN).count() == 1


def test_an_account_that_is_gone_meanwhile_hears_nothing(account: Account) -> None:
    signed_in(account, family="Chrome", now=A_MOMENT)
    Account.objects.all().delete()
    assert notice(account) == ""
    assert Email.objects.get().sent_at == A_MOMENT
