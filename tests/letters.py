"""Letters in a queue, for a member who lives in Strasbourg."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

import pytest

from accounts import tasks
from accounts.letters import addresses
from accounts.models import Letter, Member, NirStatus
from accounts.sealed import fingerprint

NIR = "1630967482229"
STRASBOURG = ["LAMY FRITZ", "12 rue des Vignes", "67000 STRASBOURG"]
A_MOMENT = datetime(2026, 11, 20, 16, 5, tzinfo=UTC)
SECRET = {"password": "ACDE-FGHJ-KW67", "until": "2026-12-20T17:05:00+01:00", "registering": True}


@pytest.fixture
def fritz(db: None) -> Member:
    member = Member(
        nir_fingerprint=fingerprint("nir", NIR),
        birth_fingerprint=fingerprint("birth", "1963-09-08"),
        nir_status=NirStatus.CERTIFIED,
        digest=b"0" * 16,
        updated_at=A_MOMENT,
    )
    member.dossier = {
        "nir": NIR,
        "birth_name": "LAMY",
        "usage_name": "",
        "given_names": "FRITZ",
        "gender": "male",
        "birth_date": date(1963, 9, 8).isoformat(),
        "address": "12 rue des Vignes",
        "postcode": "67000",
        "city": "Strasbourg",
    }
    member.save()
    return member


@pytest.fixture
def queue(fritz: Member) -> Callable[..., Letter]:
    numbers = count(1)

    def put(kind: Letter.Kind = Letter.Kind.TEMPORARY_PASSWORD, *, caisse: str = "68", **content: Any) -> Letter:
        letter = Letter(kind=kind, member=fritz, department="67", caisse=caisse, created_at=A_MOMENT)
        letter.public_code = f"QRTWX{next(numbers):05}"
        letter.address_fingerprint = addresses.mark(STRASBOURG)
        secret = SECRET if kind == Letter.Kind.TEMPORARY_PASSWORD else {}
        letter.content = {"address": STRASBOURG, **secret, **content}
        letter.save()
        return letter

    return put


@pytest.fixture
def worker_here() -> Iterator[None]:
    """The worker is this process, and does at once what it is asked."""
    conf = tasks.print_letters.app.conf
    before = conf.task_always_eager
    conf.task_always_eager = True
    yield
    conf.task_always_eager = before
