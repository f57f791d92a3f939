"""Filters of the desk's lists: by state, by department, by what an agent has open (issue 5, Support desk 5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, cast

from django.contrib.admin import SimpleListFilter
from django.contrib.admin.views.main import SEARCH_VAR
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.utils import timezone

from accounts.identity.caisses import DEPARTMENTS
from accounts.models import Account, Consultation
from accounts.support.scope import Scope


@dataclass(frozen=True)
class State:
    """One of the states by which a list is looked at."""

    label: str
    rows: Q


class StateFilter(SimpleListFilter):
    """What waits, unless something else is asked for."""

    title, parameter_name = "état", "etat"

    def __init__(self, request: HttpRequest, params: Any, model: Any, model_admin: Any) -> None:
        self.states: Mapping[str, State] = model_admin.states
        super().__init__(request, params, model, model_admin)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(slug, state.label) for slug, state in self.states.items()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() is None and request.GET.get(SEARCH_VAR):
            return queryset  # a reference is looked for whatever became of it
        chosen = self.value() or next(iter(self.states))
        # Anything that is not offered is refused a moment later (accounts.support.listing).
        return queryset.filter(self.states[chosen].rows) if chosen in self.states else queryset.none()

    def choices(self, changelist: Any) -> Any:
        first = next(iter(self.states))
        for slug, label in self.lookup_choices:
            yield {
                "selected": str(slug) == (self.value() or first),
                "query_string": changelist.get_query_string({self.parameter_name: slug}),
                "display": label,
            }


class Chosen(SimpleListFilter):
    """One field, not a hundred links; left empty it chooses nothing."""

    def value(self) -> str | None:
        return super().value() or None


class DepartmentFilter(Chosen):
    """The departments of the agent's caisse, and no other."""

    title, parameter_name = "département", "department"
    # The national support has a hundred of them.
    template = "support/filter_chosen.html"
    others: ClassVar[list[tuple[str, str]]] = []

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        scope: Scope = model_admin.scope(request)
        return [(each.code, each.label) for each in DEPARTMENTS.values() if scope.covers(each.code)]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(department=self.value()) if self.value() else queryset

    def choices(self, changelist: Any) -> Any:
        """The other filters stay as they are."""
        kept = [(name, value) for name, value in changelist.params.items() if name != self.parameter_name]
        vars(self)["others"] = kept
        return super().choices(changelist)


class OpenedFilter(Chosen):
    """What this agent has opened and not yet left, for the thirty minutes that it lasts."""

    title, parameter_name = "conseiller", "ouvertes"
    ME = "moi"

    def __init__(self, request: HttpRequest, params: Any, model: Any, model_admin: Any) -> None:
        path = model_admin.member_path
        mine = Consultation.objects.filter(member=OuterRef(path), agent=cast(Account, request.user))
        self.mine = Exists(mine.filter(until__gt=timezone.now()))
        super().__init__(request, params, model, model_admin)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(self.ME, "ouvertes par moi")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(self.mine) if self.value() else queryset
