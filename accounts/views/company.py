"""The space of a company: who it is, its caisse, its requests, its own account; nothing of a member's (R1)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts import contact
from accounts.models import Account, Company
from accounts.views import my_account
from accounts.views.contact import numbers_of
from accounts.views.pages import MembersOnly


class CompanyOnly(MembersOnly):
    """For whom signed in by a SIRET; a member goes back to their own space."""

    open_to = frozenset({Account.Kind.COMPANY})

    @property
    def company(self) -> Company:
        return self.account.company

    def shown(self) -> dict[str, Any]:
        """What every page of a company says: its name, and its caisse in the header."""
        return {"company": self.company, "caisse": self.company.place.caisse}


class Space(CompanyOnly):
    """« Mon espace privé : entreprise »."""

    def get(self, request: HttpRequest) -> HttpResponse:
        told = self.company.details
        said = {
            "address": f"{told['address']}\n{told['postcode']} {told['city']}",
            "asked_by": f"{told['name']}, {told['function']}",
        }
        return render(request, "accounts/company_space.html", {**said, **self.shown()})


class OfCompany(CompanyOnly):
    """Mon compte: its e-mail, its password, its telephones."""

    whole = "accounts:company_account"
    template_name = "accounts/company_account.html"

    def blocks(self) -> dict[str, Any]:
        """What the blocks say."""
        return {
            **self.shown(),
            "account": self.account,
            "telephones": numbers_of(self.account),
            "pending_email": contact.pending_email(self.account, now=self.now),
        }

    def context(self) -> dict[str, Any]:
        return {"editing": getattr(self, "block", ""), **self.blocks()}


class CompanyAccount(OfCompany):
    """All blocks, none being edited."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, self.template_name, self.context())


class ChangeEmail(OfCompany, my_account.ChangeEmail):
    """« modifier cet email »."""


class ChangePassword(OfCompany, my_account.ChangePassword):
    """Another password, the present one first."""

    def elsewhere(self) -> None:
        """A company always has one here: the first comes before anything else (D01)."""


class ChangeTelephones(OfCompany, my_account.ChangeTelephones):
    """« modifier ces numéros »."""
