"""Addresses at the desk: those to change, those from which letters came back (issue 5, Support desk 5; G03, R5)."""

from django.contrib import admin, messages
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from accounts import address_changes, letters
from accounts.fields.typography import spaced
from accounts.letters import addresses
from accounts.models import Account, AddressChange, BadAddress, Member
from accounts.support.desk import site
from accounts.support.lists import counts
from accounts.support.lists.filters import State, StateFilter
from accounts.support.lists.work import Decision, WorkList
from accounts.support.roles import May
from accounts.support.scope import Scope
from accounts.templatetags.french import french_date

# Addresses to change --------------------------------------------------------------------------------------------------

ADDRESS_CHANGE = AddressChange.Reason


def accepted(row: AddressChange) -> str:
    """A letter came back and the mailbox is not proven: then nothing can be sent to who has just moved."""
    account = row.account
    if account.email_proven_at or (account.member and letters.can_be_posted_to(account.member)):
        return "C'est accepté : l'adhérent en est prévenu."
    return "C'est accepté. Dites-le à l'adhérent : nous n'avons aucune adresse sûre pour lui écrire."


@admin.register(AddressChange, site=site)
class AddressChangeAdmin(WorkList[AddressChange]):
    """A member has moved (G03). The registry is the caisse's own: accepting says that it has the new address."""

    see = decide = May.DECIDE_ADDRESSES
    member_path = "account__member"
    list_title, row_title = "Changements d'adresse", "Changement d'adresse"
    list_display = ("asked", "shown_department", "state")
    fields = ("who", "asked", "shown_department", "new_address", "present_address", "state")
    ordering = ("created_at",)
    states = {
        "waiting": State("à traiter", Q(decided_at=None)),
        "accepted": State("acceptés", Q(accepted=True)),
        "refused": State("refusés", Q(accepted=False)),
    }
    decisions = (
        Decision(
            "accepter",
            "Accepter",
            address_changes.accept,
            accepted,
            hint="Enregistrez d'abord la nouvelle adresse au référentiel : elle arrive ici avec le prochain envoi.",
        ),
        Decision(
            "refuser",
            "Refuser",
            address_changes.refuse,
            "C'est refusé : l'adhérent lit pourquoi, et qui appeler.",
            dict(ADDRESS_CHANGE.choices),
        ),
    )

    def in_scope(self, rows: "models.QuerySet[AddressChange]", scope: Scope) -> "models.QuerySet[AddressChange]":
        return scope.within(rows, department="department")

    def get_queryset(self, request: HttpRequest) -> "models.QuerySet[AddressChange]":
        return super().get_queryset(request).select_related("account__member")

    def member_of(self, row: AddressChange) -> Member | None:
        return row.account.member

    def decided(self, row: AddressChange) -> str:
        what = "Accepté" if row.accepted else f"Refusé ({row.get_reason_display()})"
        return f"{what} {self.decided_by(row.decided_by, row.decided_at)}."

    @admin.display(description="demandé le")
    def asked(self, row: AddressChange) -> str:
        return french_date(row.created_at)

    @admin.display(description="état")
    def state(self, row: AddressChange) -> str:
        return {None: "à traiter", True: "accepté", False: "refusé"}[row.accepted]

    @admin.display(description="nouvelle adresse")
    def new_address(self, row: AddressChange) -> str:
        told = row.address
        return f"{told['address']}, {told['postcode']} {told['city']}"

    @admin.display(description="adresse du référentiel")
    def present_address(self, row: AddressChange) -> str:
        lines = row.account.member.postal_address if row.account.member else []
        return ", ".join(lines[1:]) or "aucune"


counts.count(
    "address_changes",
    "Changements d'adresse",
    lambda scope: scope.within(AddressChange.objects.filter(decided_at=None), department="department"),
    "accounts_addresschange_changelist",
    what=May.DECIDE_ADDRESSES,
)

# Addresses from which letters came back -------------------------------------------------------------------------------

MOVED = "moved"
CLEARED = {
    "confirmed": "l'adhérent confirme cette adresse",
    "corrected": "l'adresse est corrigée dans le référentiel",
    "postal": "erreur de distribution",
}


def is_present(row: BadAddress) -> bool:
    """Whether the registry still has this address; else nothing goes there anyway."""
    return addresses.mark(row.member.postal_address) == bytes(row.fingerprint)


@admin.register(BadAddress, site=site)
class BadAddressAdmin(WorkList[BadAddress]):
    """No code goes there until somebody has made sure of it (R5, R20)."""

    see = decide = May.HANDLE_LETTERS
    member_path = "member"
    list_title, row_title = "Adresses à vérifier", "Adresse à vérifier"
    list_display = ("noted", "state")
    list_filter = (StateFilter,)
    fields = ("who", "noted", "present_address", "state")
    ordering = ("since",)
    actions = ("set_aside_old",)
    states = {
        "waiting": State("à vérifier", Q(cleared_at=None)),
        "cleared": State("vérifiées", Q(cleared_at__isnull=False)),
    }
    decisions = (
        Decision(
            "verifier",
            "L'adresse est bonne",
            addresses.clear_bad_address,
            "L'adresse sert de nouveau.",
            CLEARED,
            "Codes et mots de passe partent de nouveau à l'adresse du référentiel. Vérifiez-la avec l'adhérent.",
        ),
    )

    def in_scope(self, rows: "models.QuerySet[BadAddress]", scope: Scope) -> "models.QuerySet[BadAddress]":
        return scope.members(rows, path="member")

    def get_queryset(self, request: HttpRequest) -> "models.QuerySet[BadAddress]":
        return super().get_queryset(request).select_related("member__account")

    def waits(self, row: BadAddress) -> bool:
        return row.cleared_at is None

    def member_of(self, row: BadAddress) -> Member | None:
        return row.member

    def decided(self, row: BadAddress) -> str:
        return f"Vérifiée le {french_date(row.cleared_at)}."

    @admin.display(description="courrier revenu le")
    def noted(self, row: BadAddress) -> str:
        return french_date(row.since)

    @admin.display(description="état")
    def state(self, row: BadAddress) -> str:
        if row.cleared_at:
            return "vérifiée"
        return "à vérifier" if is_present(row) else "remplacée\u00a0: une autre est au référentiel"

    @admin.display(description="adresse du référentiel")
    def present_address(self, row: BadAddress) -> str:
        return ", ".join(row.member.postal_address[1:]) or "aucune"

    @admin.action(description="Classer celles que le référentiel a remplacées", permissions=["clear"])
    def set_aside_old(self, request: HttpRequest, rows: "models.QuerySet[BadAddress]") -> None:
        """Several at once, and harmless: nothing is sent to an address that is nobody's any more."""
        by, now = request.user, timezone.now()
        assert isinstance(by, Account)
        ticked = list(rows.filter(cleared_at=None)[: self.list_per_page])
        old = [row for row in ticked if not is_present(row)]
        done = sum(addresses.clear_bad_address(row, by=by, reason=MOVED, now=now) for row in old)
        told = f"Adresses classées : {done}." if done else "Aucune n'est remplacée."
        more = " Les autres sont encore au référentiel : ouvrez-les une à une." if len(old) < len(ticked) else ""
        self.message_user(request, spaced(told + more), messages.SUCCESS if done else messages.WARNING)

    def has_clear_permission(self, request: HttpRequest) -> bool:
        return self.may(request, self.decide)


counts.count(
    "bad_addresses",
    "Adresses à vérifier",
    lambda scope: scope.members(BadAddress.objects.filter(cleared_at=None), path="member"),
    "accounts_badaddress_changelist",
    what=May.HANDLE_LETTERS,
)
