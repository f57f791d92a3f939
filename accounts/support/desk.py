"""The support desk at /support/: Django's admin behind a door of our own."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest

from accounts.models import Account

# Our back end checks no password, and there is one page for passwords in the portal. The two others would show or look
# up any object by its number.
CLOSED = frozenset({"login", "logout", "password_change", "password_change_done", "autocomplete", "view_on_site"})


class SupportSite(AdminSite):
    """For agents with at least one permission; for everybody else there is no such page.

    Not a redirect to the sign-in page: that one asks for a NIR, which an agent does not have, and a member who signs in
    would be no nearer. It also tells a visitor nothing. Agents get a door of their own with the support desk.
    """

    site_header = site_title = "MSA\u00a0: assistance"
    index_title = "Gestion"
    site_url = None
    enable_nav_sidebar = False
    final_catch_all_view = False

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        if not (isinstance(user, Account) and user.is_active and user.is_staff and user.kind == Account.Kind.AGENT):
            return False
        return any(model_admin.has_module_permission(request) for model_admin in self._registry.values())

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        inner = super().admin_view(view, cacheable)

        def behind_the_door(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if not self.has_permission(request):
                raise Http404
            return inner(request, *args, **kwargs)

        return behind_the_door

    def get_urls(self) -> list[Any]:
        return [pattern for pattern in super().get_urls() if getattr(pattern, "name", None) not in CLOSED]


site = SupportSite(name="support")
# What goes, goes by a verb of its own: never by a tick in a list.
site.disable_action("delete_selected")
