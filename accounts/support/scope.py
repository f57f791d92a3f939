"""Whose files an agent may see: those with an affiliation in the departments of their caisse (issue 5)."""

from dataclasses import dataclass
from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.identity.caisses import departments
from accounts.models import Account, Affiliation

Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True)
class Scope:
    """`caisse` and its departments; None stands for everywhere."""

    caisse: str
    departments: frozenset[str] | None

    @classmethod
    def of(cls, account: Account) -> Self:
        caisse = account.agent.caisse
        if not caisse:
            return cls("", None)
        return cls(caisse, frozenset(each.code for each in departments() if each.caisse.code == caisse))

    @property
    def is_everywhere(self) -> bool:
        return self.departments is None

    def covers(self, department: str) -> bool:
        return self.departments is None or department in self.departments

    def within(self, rows: "models.QuerySet[Row]", **columns: str) -> "models.QuerySet[Row]":
        """Rows of these departments (`department=` the column's path) or of this caisse (`caisse=`)."""
        if self.departments is None:
            return rows
        wanted = Q()
        if column := columns.get("department"):
            wanted |= Q(**{f"{column}__in": self.departments})
        if column := columns.get("caisse"):
            wanted |= Q(**{column: self.caisse})
        return rows.filter(wanted)

    def members(self, rows: "models.QuerySet[Row]", *, path: str = "pk") -> "models.QuerySet[Row]":
        """Rows whose member (`path` leads to its key) has an affiliation here, past ones included."""
        if self.departments is None:
            return rows
        known: Any = Affiliation.objects.filter(member=OuterRef(path), department__in=self.departments)
        return rows.filter(Exists(known))
