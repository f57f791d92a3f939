"""Lists of the desk: they look one page ahead and count nothing, whatever the size of the table (issue 5, no. 10)."""

from typing import Any

from django.contrib.admin import ChoicesFieldListFilter, SimpleListFilter
from django.contrib.admin.views.main import SEARCH_VAR, ChangeList
from django.http import HttpRequest

from accounts.support.refusals import Refused, Why
from accounts.support.scope import Scope

# Beyond that a filter serves better, and an OFFSET costs what it skips.
MOST_PAGES = 100
OF_A_PLACE = ("department", "caisse")


class OnwardList(ChangeList):
    """One page, and whether another follows."""

    has_next = False

    def get_results(self, request: HttpRequest) -> None:
        if not 1 <= self.page_num <= MOST_PAGES:
            raise Refused(Why.FILTER)
        start = (self.page_num - 1) * self.list_per_page
        rows = self._rows(start, start + self.list_per_page + 1)
        self.has_next = len(rows) > self.list_per_page and self.page_num < MOST_PAGES
        self.result_list = rows[: self.list_per_page]
        self.result_count = self.full_result_count = len(self.result_list)
        self.show_full_result_count = False
        self.show_admin_actions = bool(rows)
        self.can_show_all = self.multi_page = False
        self.paginator = self.model_admin.get_paginator(request, self.result_list, self.list_per_page)

    def _rows(self, start: int, end: int) -> list[Any]:
        """Further back the keys alone are walked along: what is skipped is neither joined nor carried."""
        if not start:
            return list(self.queryset[:end])
        keys = list(self.queryset.values_list("pk", flat=True)[start:end])
        found = {row.pk: row for row in self.queryset.filter(pk__in=keys)}
        return [found[key] for key in keys if key in found]

    @property
    def next_page(self) -> str:
        return self.get_query_string({"p": self.page_num + 1}) if self.has_next else ""

    @property
    def previous_page(self) -> str:
        return self.get_query_string({"p": self.page_num - 1}) if self.page_num > 1 else ""


def refuse_unreadable(request: HttpRequest) -> None:
    """PostgreSQL takes no NUL, and no link of ours has one; what is searched for is a form's business."""
    if any("\0" in each for name, values in request.GET.lists() if name != SEARCH_VAR for each in (name, *values)):
        raise Refused(Why.FILTER)


def refuse_other_values(request: HttpRequest, listed: ChangeList, scope: Scope) -> None:
    """A filter offers what it offers: a value that was typed into the address is refused, not found empty."""
    for spec in listed.filter_specs:
        if isinstance(spec, SimpleListFilter):
            asked, offered = spec.value(), spec.lookup_choices
        elif isinstance(spec, ChoicesFieldListFilter):
            asked, offered = request.GET.get(spec.lookup_kwarg), spec.field.flatchoices
        else:
            continue
        if asked is not None and str(asked) not in {str(value) for value, _ in offered}:
            raise Refused(Why.FILTER)
    for name, values in request.GET.lists():
        column = name.partition("__exact")[0].partition("__in")[0]
        place = next((each for each in OF_A_PLACE if column == each or column.endswith(f"__{each}")), "")
        if place and not _covered(scope, place, values):
            raise Refused(Why.SCOPE)


def _covered(scope: Scope, place: str, values: list[Any]) -> bool:
    asked = [each for value in values for each in str(value).split(",") if each]
    if place == "department":
        return all(scope.covers(each) for each in asked)
    return scope.is_everywhere or set(asked) <= {scope.caisse}
