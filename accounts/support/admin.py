"""What every page of the support desk shares: permissions from the table of roles, rows from the agent's scope."""

from typing import Any, ClassVar, TypeVar

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from accounts.models import Account
from accounts.support.roles import May, may
from accounts.support.scope import Scope

Row = TypeVar("Row", bound=models.Model)


class RoleAdmin(admin.ModelAdmin[Row]):
    """Nobody adds, changes or removes unless the subclass says by which right; verbs have addresses of their own."""

    see: ClassVar[May]
    change: ClassVar[May | None] = None
    add: ClassVar[May | None] = None
    show_full_result_count = False
    list_per_page = 50
    view_on_site = False
    actions: Any = None

    def _may(self, request: HttpRequest, what: May | None) -> bool:
        return what is not None and isinstance(request.user, Account) and may(request.user, what)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request, self.see)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, self.see)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, self.change)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._may(request, self.add)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> "models.QuerySet[Row]":
        """What is not in scope does not exist: lists, filters, searches and addresses typed by hand alike (404)."""
        return self.in_scope(super().get_queryset(request), Scope.of(request.user))  # type: ignore[arg-type]

    def in_scope(self, rows: "models.QuerySet[Row]", scope: Scope) -> "models.QuerySet[Row]":
        raise NotImplementedError
