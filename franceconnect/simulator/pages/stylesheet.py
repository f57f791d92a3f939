"""The simulator's one stylesheet and its icon, under addresses that change with them, so that a browser keeps them."""

import hashlib
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

FOLDER = Path(__file__).parents[1] / "static"
STYLESHEET, ICON = (FOLDER / "simulator.css").read_bytes(), (FOLDER / "icon.svg").read_bytes()


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]


ADDRESS = f"/simulateur-{digest_of(STYLESHEET)}.css"
ICON_ADDRESS = f"/simulateur-{digest_of(ICON)}.svg"


@require_safe
def sheet(request: HttpRequest, digest: str) -> HttpResponse:
    return _kept(STYLESHEET, digest, "text/css; charset=utf-8")


@require_safe
def icon(request: HttpRequest, digest: str) -> HttpResponse:
    return _kept(ICON, digest, "image/svg+xml")


def _kept(content: bytes, digest: str, content_type: str) -> HttpResponse:
    if digest != digest_of(content):
        raise Http404
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return HttpResponse(content, content_type=content_type, headers=headers)
