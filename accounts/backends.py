"""Django's door to accounts: it reads who a session belongs to; signing in has its own verb (accounts.sign_in)."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db import models
from django.http import HttpRequest

from accounts.compiled import Compiled, Given
from accounts.models import Account

_BY_KEY: Compiled[Account] = Compiled(
    lambda: Account.objects.filter(pk=Given("pk", models.UUIDField())).select_related("member")
)


def account_with_member(pk: Any) -> Account | None:
    """One query; most of what is asked about an account is about its member."""
    return _BY_KEY.first(pk=pk)


class SessionOnlyBackend(ModelBackend):
    """Loads the account of a session with its member, in one query. Checks no password."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> None:
        return None

    def get_user(self, user_id: Any) -> Account | None:
        account = account_with_member(user_id)
        return account if account and account.is_active else None
