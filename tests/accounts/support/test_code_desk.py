"""« Quel est ce code ? »: causes in French, and nothing of anybody else's (issue 5, Support desk 6; J16, R20, R21)."""

from typing import Any

import pytest
from django.utils import timezone

from accounts import journal, public_codes
from accounts.circumstance import Circumstance, circumstance
from accounts.models import Account, Affiliation, Email, Entry, Event, Role
from franceconnect import notices
from franceconnect.models import LinkConflict
from tests.agents import ELSEWHERE, an_agent, at_desk
from tests.departments import asked
from tests.members import GARCIN, a_member, an_account
from tests.stories.caller import Caller

pytestmark = pytest.mark.django_db
DESK = "/support/codes/"
NOTHING = "ne correspond à rien"


def ask(caller: Caller, code: str) -> Caller:
    return caller.visit(DESK).press("Chercher", code=code)


def refusals() -> list[str]:
    return [line.detail["why"] for line in Entry.objects.filter(event=Event.SUPPORT_REFUSED)]


def signed_in_somewhere(account: Account) -> str:
    notices.signed_in(account, family="Firefox", now=timezone.now())
    return str(Entry.objects.get(event=Event.FEDERATION_SIGN_IN).detail["reference"])


def in_a_page(request_id: str, event: Event, **columns: Any) -> None:
    token = circumstance.set(Circumstance(request_id, ""))
    journal.record(event, **columns)
    circumstance.reset(token)


def a_member_of_marseille() -> Account:
    account = an_account(a_member(GARCIN))
    Affiliation.objects.filter(member=account.member).update(department="13")
    return account


# Another caisse's -----------------------------------------------------------------------------------------------------


def test_a_code_of_another_caisse_s_member_is_no_code():
    """R20: it is not said whether there is one; the journal says that somebody asked."""
    reference = signed_in_somewhere(a_member_of_marseille())
    ask(at_desk(an_agent()), reference).sees(NOTHING, "l'assistance nationale").does_not_see("connexion avec France")
    assert refusals() == ["scope"]
    ask(at_desk(an_agent(caisse=ELSEWHERE)), reference).sees("Le compte MSA a servi")


def test_lines_of_another_caisse_s_member_are_not_shown():
    """R20: the same words as for a page that wrote no line; the journal says that somebody asked."""
    in_a_page("a1b2c3d4e5f60718", Event.SIGN_IN_SUCCEEDED, account=a_member_of_marseille(), detail={"how": "pwd"})
    theirs, nobody_s = ask(at_desk(an_agent()), "a1b2c3d4e5f60718"), ask(at_desk(an_agent()), "a1b2c3d4e5f60719")
    theirs.sees("Aucune ligne du journal").does_not_see("connecté avec son mot de passe", "Ouvrir le dossier")
    assert theirs.text.replace("60718", "") == nobody_s.text.replace("60719", "")
    assert refusals() == ["scope"]


@pytest.mark.parametrize("role", [Role.AUDITOR])
def test_who_has_no_use_for_codes_finds_no_page(role):
    caller = at_desk(an_agent(role))
    assert caller.client.get(DESK).status_code == 404
    caller.client.handler.enforce_csrf_checks = False
    assert caller.client.post(DESK, {"code": "Y020024"}).status_code == 404


def test_guessing_is_slowed_down(settings):
    """R12."""
    settings.THROTTLES = {**settings.THROTTLES, "code_desk": (2, 600, 60, 600)}
    caller = at_desk(an_agent())
    for _ in range(2):
        ask(caller, "ACDEFGHJ").sees(NOTHING)
    ask(caller, "ACDEFGHJ").sees("Vous avez cherché beaucoup de codes")
    assert caller.response.status_code == 429


def test_a_code_stands_in_no_address_and_needs_a_form_of_ours():
    caller = at_desk(an_agent())
    caller.visit(f"{DESK}?code=Y010008").does_not_see("RNIPP")
    assert caller.client.post(DESK, {"code": "Y010008"}).status_code == 403


@pytest.mark.parametrize("typed", ["", " ", "x" * 65, "<script>alert(1)</script>", "\x00", "%", "' OR 1=1", "é" * 8])
def test_what_is_no_code_is_told_in_words(typed):
    caller = ask(at_desk(an_agent()), typed)
    assert caller.response.status_code == 200
    assert "<script>alert" not in caller.response.content.decode()


# What codes are -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "said"),
    [("Y010008", "RNIPP"), ("y010008", "RNIPP"), ("server_error", "À dire à l'appelant")],
)
def test_a_code_of_franceconnect_has_a_cause_and_words_for_the_caller(typed, said):
    """Facts B5, A6 to A8."""
    ask(at_desk(an_agent(Role.OPERATOR)), typed).sees("Code de FranceConnect", "Cause", said)


def test_an_identification_code_leads_to_the_file():
    """J16: where a reason is asked."""
    reference = signed_in_somewhere(an_account())
    caller = ask(at_desk(an_agent()), f"{reference[:4]}-{reference[4:].lower()}")
    caller.sees("Le compte MSA a servi", "Ce n'est pas moi", "ligne").does_not_see("LAMY")
    caller.follow("Ouvrir le dossier de l'adhérent").sees("Motif")
    operator = ask(at_desk(an_agent(Role.OPERATOR)), reference).sees("Le compte MSA a servi")
    assert not operator.offers("Ouvrir le dossier")


def test_a_message_s_code_says_what_everybody_may_know():
    journal.record(Event.MESSAGE_SENT)
    email = Email(kind="password_changed", created_at=timezone.now(), due_at=timezone.now(), expires_at=timezone.now())
    email.public_code = "ACDEFGHJK3"
    email.save()
    ask(at_desk(an_agent()), "acdef ghjk3").sees("changement de mot de passe", "vient bien de la MSA")
    assert public_codes.shown("ACDEFGHJK3") == "ACDEF-GHJK3"


def test_the_reference_of_a_page_says_what_the_page_did():
    """R21: in French, without a name."""
    account = an_account()
    in_a_page("00ff00ff00ff00ff", Event.SIGN_IN_SUCCEEDED, account=account, detail={"how": "pwd"})
    in_a_page("00ff00ff00ff00ff", Event.CONTACT_CHANGED, account=account, detail={"fields": ["mobile"]})
    in_a_page("11ff00ff00ff00ff", Event.PASSWORD_CHANGED, account=account)
    caller = ask(at_desk(an_agent()), "00ff00ff00ff00ff")
    caller.sees("Référence d'une page", "s'est connecté avec son mot de passe", "Un numéro de téléphone a changé")
    caller.does_not_see("changé de mot de passe", "LAMY", "fritz")


@pytest.mark.parametrize("read", ["00ff00ff00ff00ff", "00FF00FF00FF00FF", " 00ff 00ff 00ff 00ff "])
def test_a_reference_is_found_as_it_is_read_out(read):
    in_a_page("00ff00ff00ff00ff", Event.PASSWORD_CHANGED, account=an_account())
    ask(at_desk(an_agent()), read).sees("Référence d'une page", "ligne")


def test_a_page_that_broke_before_it_wrote_a_line_is_no_dead_end():
    """Issue 5, Support desk 6: the reference of an error page, whose journal was undone with the rest."""
    caller = ask(at_desk(an_agent()), "00ff00ff00ff00fe").sees("Aucune ligne du journal", "Recommencer", "l'exploitant")
    caller.does_not_see(NOTHING)


def test_the_references_of_requests_lead_to_them():
    request = asked(an_account(), "68")
    caller = ask(at_desk(an_agent()), request.reference.lower()).sees("demande de département", "68-Haut-Rhin")
    assert caller.follow("Ouvrir la demande").response.status_code == 200
    ask(at_desk(an_agent(caisse=ELSEWHERE)), request.reference).sees(NOTHING)


def test_the_reference_of_a_conflict():
    row = LinkConflict.objects.create(
        account=an_account(), kind="other_subject", reference="ACDEFGHJ", created_at=timezone.now()
    )
    ask(at_desk(an_agent()), row.reference).sees("conflit d'association", "un responsable doit décider")
    assert ask(at_desk(an_agent(Role.LEAD)), row.reference).offers("Ouvrir le conflit")


def test_a_code_costs_few_queries(django_assert_max_num_queries):
    account = an_account()
    for number in range(50):
        in_a_page("22ff00ff00ff00ff", Event.SIGN_IN_REFUSED, account=account, detail={"left": number})
    caller = at_desk(an_agent()).visit(DESK)
    with django_assert_max_num_queries(16):
        caller.press("Chercher", code="22ff00ff00ff00ff").sees("Une connexion a été refusée")
