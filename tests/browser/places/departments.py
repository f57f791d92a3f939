"""« Complément d'inscription » at each of its stages, and Mon espace privé by department."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from django.utils import timezone

from accounts import letters
from accounts.identity.caisses import DEPARTMENTS
from accounts.models import Account, Agent, Letter, News, Throttle, login_of_agent
from enrolment.departments import asking, deciding, known
from enrolment.models import DepartmentRequest
from tests.browser import states
from tests.browser.places.place import Place, Visit, fill
from tests.browser.places.private import settled
from tests.browser.states import PASSWORD, signed_in

PAGE = "/mon-compte/complement-inscription/"
A_DAY = timedelta(days=1)
Stage = Callable[[Account], None]


def departments() -> Iterator[Place]:
    yield Place("departements-1-complement", inside(""))
    yield Place("departements-1-mode-d-emploi", inside("mode-d-emploi/"))
    yield Place("departements-2-choix", inside("autre-msa/"))
    yield Place("departements-2-choix-a-corriger", inside("autre-msa/"), fill({}, "Valider"))
    yield Place("departements-2-ma-msa", inside("ma-msa/", who="santucci"))
    yield Place("departements-2-ma-msa-reservee", inside("ma-msa/"))
    yield Place("departements-3-accuse", receipt)
    yield Place("departements-4-demande-recue", inside("", asked))
    yield Place("departements-4-refusee", inside("", refused))
    yield Place("departements-4-sans-adresse", inside("", accepted, who="legoff"))
    yield Place("departements-4-courrier-poste", inside("", posted))
    yield Place("departements-4-courrier-revenu", inside("", returned))
    yield Place("departements-4-ouvert", inside("", opened))
    yield Place("departements-5-code", inside("code/", posted))
    wrong = fill({"code": "ACDE-FGHJ-KMNP"}, "Valider")
    yield Place("departements-5-code-refuse", inside("code/", posted), wrong)
    yield Place("departements-5-autre-code", another_code(days=8))
    yield Place("departements-5-autre-code-trop-tot", another_code(days=2))
    yield Place("mon-espace-departements", space("/mon-espace/"))
    yield Place("mon-espace-un-departement", space("/mon-espace/?departement=18"))
    yield Place("mes-paiements-un-departement", space("/mon-espace/paiements/?departement=45"))


def nothing(account: Account) -> None:
    """Nothing asked yet."""


def inside(path: str, stage: Stage = nothing, *, who: str = "keller") -> Callable[[], Visit]:
    def visit() -> Visit:
        return Visit(PAGE + path, signed_in(standing(who, stage)))

    return visit


def standing(who: str, stage: Stage) -> Account:
    """These places are come to more than once: each begins with nothing asked."""
    account = settled(states.with_own_password(who, PASSWORD))
    DepartmentRequest.objects.filter(account=account).delete()
    account.open_departments.all().delete()
    account.member.bad_addresses.all().delete()
    Throttle.objects.all().delete()
    stage(account)
    return account


def asked(account: Account, *, days_ago: float = 0) -> DepartmentRequest:
    at = timezone.now() - days_ago * A_DAY
    done = asking.ask(account, department=DEPARTMENTS["01"], way=known.ELSEWHERE, now=at)
    assert done.request
    return done.request


def agent() -> Account:
    found = Account.objects.filter(kind="agent", login_fingerprint=login_of_agent("lieux@msa.example")).first()
    if found:
        return found
    made = Account(kind="agent", login_fingerprint=login_of_agent("lieux@msa.example"), created_at=timezone.now())
    made.set_unusable_password()
    made.save(force_insert=True)
    row = Agent(account=made, role="national", created_at=timezone.now())
    row.details = {"name": "Camille Dupré"}
    row.save(force_insert=True)
    return made


def refused(account: Account) -> None:
    deciding.refuse(asked(account, days_ago=2), by=agent(), reason="unknown_here", now=timezone.now())


def accepted(account: Account, *, days_ago: float = 0) -> None:
    request = asked(account, days_ago=days_ago + 1)
    deciding.accept(request, by=agent(), now=timezone.now() - days_ago * A_DAY)


def posted(account: Account, *, days_ago: float = 2) -> None:
    accepted(account, days_ago=days_ago)
    at = timezone.now() - (days_ago - 1) * A_DAY
    Letter.objects.filter(pk=letter_of(account).pk).update(printed_at=at, posted_at=at, content=None)


def letter_of(account: Account) -> Letter:
    found = DepartmentRequest.objects.select_related("letter").get(account=account).letter
    assert found
    return found


def returned(account: Account) -> None:
    posted(account, days_ago=6)
    letters.mark_returned(letter_of(account), by=agent(), now=timezone.now())


def opened(account: Account) -> None:
    posted(account)
    DepartmentRequest.objects.filter(account=account).update(opened_at=timezone.now())
    account.open_departments.create(department="01", origin="code", opened_at=timezone.now())


def receipt() -> Visit:
    account = standing("keller", asked)
    reference = DepartmentRequest.objects.get(account=account).reference
    return Visit(f"{PAGE}accuse/{reference}/", signed_in(account))


def another_code(*, days: float) -> Callable[[], Visit]:
    def visit() -> Visit:
        account = standing("keller", lambda account: posted(account, days_ago=days))
        reference = DepartmentRequest.objects.get(account=account).reference
        return Visit(f"{PAGE}demande/{reference}/autre-code/", signed_in(account))

    return visit


def space(path: str) -> Callable[[], Visit]:
    """A member of four departments and two caisses, to whom both and the whole MSA have something to say."""

    def visit() -> Visit:
        account = settled(states.with_own_password("dubreuil", PASSWORD))
        News.objects.filter(caisse__in=("", "14")).delete()
        told = {
            "": "Déclarez vos revenus professionnels avant le 30 novembre.",
            "14": "Nos accueils ferment le vendredi après-midi jusqu'en janvier.",
        }
        for number, (caisse, text) in enumerate(told.items()):
            at = timezone.now() - (number + 1) * A_DAY
            News.objects.create(
                caisse=caisse, title=text.split(" ")[0] + "\u00a0: à savoir", body=text, published_at=at
            )
        return Visit(path, signed_in(account))

    return visit
