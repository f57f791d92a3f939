"""Django's door to accounts: it reads who a session belongs to; signing in has its own verb (accounts.sign_in)."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from accounts.models import Account


class SessionOnlyBackend(ModelBackend):
    """Loads the account of a session with its member, in one query. Checks no password."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> None:
        return None

    def get_user(self, user_id: Any) -> Account | None:
        # No first(): it would sort the one row there can be, at each page of a member.
        account = next(iter(Account.objects.filter(pk=user_id).select_related("member")), None)
        return account if account and account.is_active else None
