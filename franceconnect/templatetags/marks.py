"""The marks that the State gives its identity providers: shown where a deployment has put them in, not ours to ship."""

from functools import cache

from django.contrib.staticfiles import finders
from django.template import Library
from django.templatetags.static import static

register = Library()


@register.simple_tag
@cache
def official_mark(name: str) -> str:
    """The address of static/franceconnect/<name>; nothing when nobody has put it there (see the README beside it)."""
    path = f"franceconnect/{name}"
    if finders.find(path) is None:
        return ""
    try:
        return static(path)
    except ValueError:
        # Put there but not collected yet: the page does without until it is.
        return ""
