"""The support desk at /support/: Django's admin behind a door of our own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.exceptions import DisallowedModelAdminLookup, DisallowedModelAdminToField
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import include, path

from accounts import member_session
from accounts.middleware import EXPIRED_AT_DESK
from accounts.models import Account
from accounts.sign_in import How
from accounts.support.admin import RoleAdmin
from accounts.support.door import urls
from accounts.support.door.views import TITLE
from accounts.support.refusals import Refused, Why, note
from accounts.support.roles import May, may, works_here

# Passwords have one page, at the agents' door. The two others would show or look up any object by its number.
CLOSED = frozenset({"login", "logout", "password_change", "password_change_done", "autocomplete", "view_on_site"})
# What Django refuses in ways of its own: 403, 400, a redirect.
DJANGO_S_REFUSALS = (PermissionDenied, DisallowedModelAdminLookup, DisallowedModelAdminToField)

# A part of the home page: what its template is told, or None when this agent has no use for it.
Part = Callable[[HttpRequest], dict[str, Any] | None]
View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Page:
    """A page of the desk that is no list of rows."""

    route: str
    name: str
    title: str
    what: May
    view: View


class SupportSite(AdminSite):
    """For agents who came by their own door; for everybody else there is no such page (R20).

    Not a redirect to a sign-in page: the members' asks for a NIR, and a visitor is told nothing. Who was signed in here
    and stayed away too long is led back to the door.
    """

    site_header = site_title = TITLE
    index_title = "Accueil de l'assistance"
    index_template = "support/home.html"
    site_url = None
    enable_nav_sidebar = False
    final_catch_all_view = False

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.parts: list[tuple[int, str, Part]] = []
        self.pages: list[Page] = []

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Only what answers to the table of roles stands at the desk."""
        if admin_class is None or not issubclass(admin_class, RoleAdmin):
            raise ImproperlyConfigured(f"{model_or_iterable}: a list at the desk is a RoleAdmin")
        super().register(model_or_iterable, admin_class, **options)

    def lists(self) -> list[RoleAdmin[Any]]:
        return [each for each in self._registry.values() if isinstance(each, RoleAdmin)]

    def home_part(self, template: str, *, place: int) -> Callable[[Part], Part]:
        """This stands on the home page, at this place: the search slot, the counts, the banner of the day."""

        def register(part: Part) -> Part:
            self.parts.append((place, template, part))
            return part

        return register

    def page(self, route: str, *, name: str, what: May, title: str = "") -> Callable[[View], View]:
        """A page that is no list stands here, behind the same door, for whom the table allows it.

        Its title, if it has one, stands on the home page.
        """

        def register(view: View) -> View:
            self.pages.append(Page(route, name, title, what, view))
            return view

        return register

    def index(self, request: HttpRequest, extra_context: Any = None) -> Any:
        told = [(template, part(request)) for _, template, part in sorted(self.parts, key=lambda each: each[:2])]
        parts = [{"template": template, "known": known} for template, known in told if known is not None]
        pages = [each for each in self.pages if each.title and self.allows(request, each.what)]
        return super().index(request, {"parts": parts, "pages": pages, **(extra_context or {})})

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        """Django's, where each list is called as it calls itself at its head."""
        rooms = super().get_app_list(request, app_label)
        titles = {each.model: each.list_title for each in self.lists()}
        for told in (each for room in rooms for each in room["models"]):
            told["name"] = titles[told["model"]]
        return rooms

    def allows(self, request: HttpRequest, what: May) -> bool:
        return isinstance(request.user, Account) and may(request.user, what)

    def has_permission(self, request: HttpRequest) -> bool:
        """An agent who is still one, with a password and a code: any other session of theirs opens nothing here."""
        is_agent = isinstance(request.user, Account) and works_here(request.user)
        return is_agent and member_session.how(request) is How.AGENT

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        inner = super().admin_view(view, cacheable)

        def behind_the_door(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if not self.has_permission(request):
                return self.turn_away(request)
            try:
                return inner(request, *args, **kwargs)
            except DJANGO_S_REFUSALS as refused:
                why = Why.ROLE if isinstance(refused, PermissionDenied) else Why.FILTER
            except Http404 as refused:
                why = refused.why if isinstance(refused, Refused) else Why.SCOPE
            note(request, why)
            raise Http404

        return behind_the_door

    def turn_away(self, request: HttpRequest) -> HttpResponse:
        if EXPIRED_AT_DESK in request.session:
            return redirect("admin:door")
        if request.user.is_authenticated:
            note(request, Why.DOOR)
        raise Http404

    def get_urls(self) -> list[Any]:
        kept = [pattern for pattern in super().get_urls() if getattr(pattern, "name", None) not in CLOSED]
        pages = [path(each.route, self.admin_view(self._allowed(each)), name=each.name) for each in self.pages]
        return [path("", include(urls.urlpatterns)), *pages, *kept]

    def _allowed(self, page: Page) -> Any:
        def view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not self.allows(request, page.what):
                raise Refused(Why.ROLE)
            return page.view(request, *args, **kwargs)

        return view


site = SupportSite(name="support")
# What goes, goes by a verb of its own: never by a tick in a list.
site.disable_action("delete_selected")
