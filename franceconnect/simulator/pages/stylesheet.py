"""The simulator's one stylesheet, under an address that changes with it, so that a browser keeps it."""

import hashlib
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

CONTENT = (Path(__file__).parents[1] / "static" / "simulator.css").read_bytes()
DIGEST = hashlib.sha256(CONTENT).hexdigest()[:12]
ADDRESS = f"/simulateur-{DIGEST}.css"


@require_safe
def sheet(request: HttpRequest, digest: str) -> HttpResponse:
    if digest != DIGEST:
        raise Http404
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return HttpResponse(CONTENT, content_type="text/css; charset=utf-8", headers=headers)
