"""Django's door to accounts: it reads who a session belongs to; signing in has its own verb (accounts.sign_in)."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.db import models

from accounts.compiled import Compiled, Given
from accounts.models import Account
from accounts.support import permissions

_BY_KEY: Compiled[Account] = Compiled(
    lambda: Account.objects.filter(pk=Given("pk", models.UUIDField())).select_related("member")
)


def account_with_member(pk: Any) -> Account | None:
    """One query; most of what is asked about an account is about its member."""
    return _BY_KEY.first(pk=pk)


class SessionOnlyBackend(BaseBackend):
    """Loads the account of a session with its member, in one query. Checks no password, and gives rights by the role.

    An agent's own row is one query more, asked at the support desk only and kept with the account (accounts.support).
    """

    def get_user(self, user_id: Any) -> Account | None:
        account = account_with_member(user_id)
        return account if account and account.is_active else None

    def get_user_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """R20: the table of roles, told in Django's words. Neither groups, nor rows of its own, nor `is_superuser`."""
        return permissions.of(user_obj) if isinstance(user_obj, Account) else set()
