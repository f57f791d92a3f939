"""The personas, and the accounts that some of them have."""

from django.utils import timezone

from accounts.models import Account, Member, login_of_nir
from msa_portal.demo.personas import Persona, personas

PASSWORD = "Colza-1234-doux"  # noqa: S105


def persona(slug: str) -> Persona:
    return next(each for each in personas(today=timezone.localdate()) if each.slug == slug)


def member_of(who: str) -> Member:
    return Member.objects.get(nir_fingerprint=login_of_nir(persona(who).nir.number))


def account_of(who: str) -> Account:
    """The account of a persona, opened now unless they have one; the password is theirs, nothing is confirmed."""
    someone, now = persona(who), timezone.now()
    login = login_of_nir(someone.nir.number)
    if found := Account.objects.with_login(login):
        return found
    account = Account(login_fingerprint=login, member=member_of(who), created_at=now)
    account.email = someone.email
    account.set_unusable_password()
    account.save(force_insert=True)
    return account


def with_own_password(who: str, password: str) -> Account:
    """An account whose member has chosen a password but has confirmed nothing yet."""
    account = account_of(who)
    account.set_password(password)
    account.save()
    return account
