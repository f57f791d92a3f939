"""What only the desk's lists need: on a phone each cell of a row says what its column is called (R22)."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst

register = template.Library()


@register.filter
def labelled(cells: Iterable[SafeString], headers: Iterable[Mapping[str, Any]]) -> list[SafeString]:
    """The cells that Django wrote, each with the name of its column."""
    return [_labelled(cell, str(header["text"])) for cell, header in zip(cells, headers, strict=False)]


def _labelled(cell: SafeString, name: str) -> SafeString:
    # The column of ticks is called by a tick.
    if not cell.startswith("<td") or "<" in name:
        return cell
    # Django escaped the cell, format_html the name: nothing else is put together here.
    told = cell.replace("<td", format_html('<td data-label="{}"', capfirst(name)), 1)
    return mark_safe(told)  # noqa: S308  # nosec B308 B703
