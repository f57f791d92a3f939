"""Members with accounts, made at once: what the tests behind sign-in begin with."""

from datetime import UTC, date, datetime
from typing import Any

from accounts.models import Account, Affiliation, Member, NirStatus, Payment, Profile, birth_mark, login_of_nir
from accounts.sealed import fingerprint

A_MOMENT = datetime(2026, 11, 20, 9, 5, tzinfo=UTC)
LAMY, GARCIN, NOBODY = "1630967482229", "1851013201907", "2720367582905"
OWN_PASSWORD = "Moisson-2026-Or!"
NEXT_PASSWORD = "Verger+Tranquille7"
ADDRESS = {"address": "12 rue des Tonneliers", "postcode": "67000", "city": "Strasbourg"}


def a_member(nir: str = LAMY, **dossier: Any) -> Member:
    """A living member of the MSA d'Alsace with a postal address, unless told otherwise."""
    deceased = bool(dossier.get("deceased_on"))
    member = Member(
        nir_fingerprint=fingerprint("nir", nir),
        birth_fingerprint=birth_mark("1963-09-08"),
        nir_status=NirStatus.CERTIFIED,
        deceased=deceased,
        digest=b"0" * 16,
        updated_at=A_MOMENT,
    )
    known = {
        "nir": nir,
        "birth_name": "LAMY",
        "usage_name": "",
        "given_names": "Fritz",
        "gender": "male",
        "birth_date": "1963-09-08",
        "birth_place": "67482",
        "birth_country": "99100",
        "deceased_on": "",
        **ADDRESS,
    }
    member.dossier = {**known, **dossier}
    member.save(force_insert=True)
    affiliate(member, "67", health_cover=True)
    return member


def affiliate(member: Member, department: str, profile: str = Profile.INDIVIDUAL, **columns: Any) -> Affiliation:
    given = {"health_cover": False, "since": date(2010, 1, 1), **columns}
    return Affiliation.objects.create(member=member, department=department, profile=profile, **given)


def pay(member: Member, cents: int, *, on: date, label: str = "Santé") -> Payment:
    return Payment.objects.create(
        member=member, department="67", paid_on=on, kind="sante", label=label, amount_cents=cents
    )


def an_account(member: Member | None = None, *, password: str | None = OWN_PASSWORD, **columns: Any) -> Account:
    """An account as it stands after a whole first sign-in; `password` None is one that never signed in."""
    member = member or a_member()
    done = {"email_proven_at": A_MOMENT, "contact_confirmed_at": A_MOMENT} if password else {}
    account = Account(
        login_fingerprint=login_of_nir(member.nir.number),
        member=member,
        terms_version="2026-11",
        terms_accepted_at=A_MOMENT,
        created_at=A_MOMENT,
    )
    for name, value in {"email": "fritz.lamy@example.org", "mobile": "+33639981001", **done, **columns}.items():
        setattr(account, name, value)
    if password:
        account.set_password(password)
    else:
        account.set_unusable_password()
    account.save(force_insert=True)
    return account
