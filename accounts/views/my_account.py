"""Mon compte: blocks that turn into a form where they stand (G01 to G04, G06)."""

from datetime import datetime
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts import contact, member_session, own_password, throttling
from accounts.fields.typography import counted
from accounts.forms.access import ChangePasswordForm, NewPasswordForm
from accounts.forms.contact import AddressForm, DeliveryForm, EmailForm, TelephonesForm
from accounts.models import Account
from accounts.views.contact import numbers_of
from accounts.views.pages import FormPage, MembersOnly, duration
from accounts.views.space import private_context


def shown(account: Account, *, now: datetime) -> dict[str, Any]:
    """What the blocks say."""
    return {
        "account": account,
        "telephones": numbers_of(account),
        "address": account.member.postal_address if account.member else [],
        "pending_address": contact.pending_address(account),
        "answered_address": contact.answered_address(account, now=now),
        "pending_email": contact.pending_email(account, now=now),
    }


class MyAccount(MembersOnly):
    """All blocks, none being edited."""

    company_page = "company_account"

    def get(self, request: Any) -> HttpResponse:
        return render(
            request, "accounts/my_account.html", {**shown(self.account, now=self.now), **private_context(self)}
        )


class Block(MembersOnly, FormPage):
    """Mon compte with one block as a form."""

    template_name = "accounts/my_account.html"
    company_page = "company_account"
    # The page with all blocks.
    whole = "accounts:account"
    block: ClassVar[str]
    asks_password: ClassVar[bool] = False

    def elsewhere(self) -> HttpResponse | None:
        """Whom FranceConnect brought may have no password that could be asked for."""
        if not self.asks_password or self.account.has_usable_password():
            return None
        messages.info(self.request, "Choisissez d'abord un mot de passe\u00a0: nous vous le demandons à cet endroit.")
        return redirect("accounts:change_password")

    def context(self) -> dict[str, Any]:
        return {"editing": self.block, **shown(self.account, now=self.now), **private_context(self)}

    def accept(self, form: Any) -> HttpResponse:
        if self.asks_password:
            self.check_password(form.cleaned_data["password"])
        self.change(form)
        return redirect(self.whole)

    def check_password(self, password: str) -> None:
        """R12: guesses behind an open session are counted as well."""
        subject = (throttling.PASSWORD_AGAIN, str(self.account.pk))
        left = throttling.take(subject, now=self.now)
        if not self.account.check_password(password):
            text = f"Ce n'est pas votre mot de passe actuel. {self.what_is_left(left, subject)}"
            raise ValidationError({"password": ValidationError(text, code="wrong_password")})
        throttling.forgive(subject)

    def what_is_left(self, tries: int, subject: throttling.Subject) -> str:
        if not tries:
            return f"Attendez {duration(throttling.wait_of(subject, now=self.now))} avant de réessayer."
        words = counted(tries, "essai")
        return f"Il vous reste {words} avant une attente."

    def change(self, form: Any) -> None:
        raise NotImplementedError


class ChangeEmail(Block):
    """« modifier cet email »."""

    block, form_class, asks_password = "email", EmailForm, True

    def change(self, form: EmailForm) -> None:
        contact.ask_email_change(self.account, form.cleaned_data["email"], now=self.now)
        messages.success(
            self.request,
            "Un lien est parti vers votre nouvelle adresse. Ouvrez-le dans les 2\u00a0heures pour la confirmer. "
            "D'ici là, nous gardons votre adresse actuelle.",
        )


class ChangePassword(Block):
    """Another password, the present one first; or a first one, by whom FranceConnect has just brought (I12, I14)."""

    block = "password"

    @property
    def has_one(self) -> bool:
        return self.account.has_usable_password()

    @property
    def asks_password(self) -> bool:  # type: ignore[override]
        return self.has_one

    @property
    def form_class(self) -> type[NewPasswordForm]:  # type: ignore[override]
        return ChangePasswordForm if self.has_one else NewPasswordForm

    def elsewhere(self) -> HttpResponse | None:
        """Who sits down at an open session chooses nothing in the member's place (FS 20)."""
        if self.has_one or member_session.is_fresh(self.request, now=self.now):
            return None
        context = {"editing": "reconnect", **shown(self.account, now=self.now), **private_context(self)}
        return render(self.request, self.template_name, context)

    def form_arguments(self) -> dict[str, Any]:
        return {"account": self.account}

    def change(self, form: NewPasswordForm) -> None:
        browser, password = self.request.visitor.browser, form.cleaned_data["new_password1"]  # type: ignore[attr-defined]
        try:
            verb = own_password.change if self.has_one else own_password.choose_first
            verb(self.account, password, browser=browser, now=self.now)
        except own_password.NothingToPersonalise:
            messages.info(self.request, "Un mot de passe a été choisi entre-temps, dans une autre page.")
            return
        member_session.password_chosen(self.request, self.account)
        messages.success(self.request, "Votre mot de passe a bien été modifié.")


class ChangeTelephones(Block):
    """« modifier ces numéros »."""

    block, form_class = "telephones", TelephonesForm

    def initial(self) -> dict[str, Any]:
        return dict(numbers_of(self.account))

    def change(self, form: TelephonesForm) -> None:
        contact.change_telephones(self.account, form.telephones(), now=self.now)
        messages.success(self.request, "Vos numéros de téléphone sont enregistrés.")


class ChangeAddress(Block):
    """« modifier cette adresse »: a request to the caisse."""

    block, form_class, asks_password = "address", AddressForm, True

    def change(self, form: AddressForm) -> None:
        if contact.ask_address_change(self.account, form.postal_address(), now=self.now):
            messages.success(
                self.request, "Votre demande est partie à votre MSA. Vous la voyez ci-dessous, en attente."
            )
        else:
            messages.info(self.request, "Une demande de changement d'adresse est déjà en attente.")


class ChangeDelivery(Block):
    """« modifier ce mode de réception »."""

    block, form_class = "delivery", DeliveryForm

    def initial(self) -> dict[str, Any]:
        return {"documents_by": self.account.documents_by, "news_by": self.account.news_by}

    def change(self, form: DeliveryForm) -> None:
        contact.choose_delivery(self.account, **form.cleaned_data, now=self.now)
        messages.success(self.request, "Vos choix sont enregistrés.")
