"""What anybody may read: the discovery document, the public keys, whether the provider answers.

FranceConnect reads the first two several times for each sign-in (A3): no SQL, no session, bytes that were prepared.
"""

import json
from functools import lru_cache
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.views.decorators.http import require_safe

from franceconnect import keys
from franceconnect.provider import metadata

# Changes with a new version of the portal only.
DISCOVERY_AGE = 3600
# As FranceConnect's own (A1), and far below OIDC_KEY_NOTICE: who caches by the rules knows a key before it signs.
JWKS_AGE = 600


@require_safe
def discovery(request: HttpRequest) -> HttpResponse:
    """OpenID Connect Discovery 1.0, section 4.2."""
    return _cacheable(request, _discovery(settings.OIDC_ISSUER), max_age=DISCOVERY_AGE)


@lru_cache(maxsize=4)
def _discovery(issuer: str) -> bytes:
    return _json(metadata.document())


@require_safe
def jwks(request: HttpRequest) -> HttpResponse:
    """RFC 7517, section 5."""
    return _cacheable(request, _json(keys.published(now=timezone.now())), max_age=JWKS_AGE)


@require_safe
def status(request: HttpRequest) -> HttpResponse:
    """FranceConnect's status address: the process answers, nothing else is asked or written (FI 29)."""
    response = HttpResponse(b"ok\n", content_type="text/plain")
    response["Content-Length"] = "3"
    response["Cache-Control"] = "no-store"
    return response


def _json(document: dict[str, Any]) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode()


def _cacheable(request: HttpRequest, body: bytes, *, max_age: int) -> HttpResponse:
    """Any site's script may read it: there is nothing of anybody in it, and no cookie comes with the answer."""
    etag = f'"{sha256(body).hexdigest()[:32]}"'
    if _is_known(etag, request.headers.get("If-None-Match", "")):
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(body, content_type="application/json")
        response["Content-Length"] = str(len(body))
    response["ETag"] = etag
    response["Cache-Control"] = f"public, max-age={max_age}"
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _is_known(etag: str, given: str) -> bool:
    """RFC 9110, section 13.1.2: compared without minding the W/ that a proxy may have put before it."""
    return given.strip() == "*" or etag in [each.strip().removeprefix("W/") for each in given.split(",")]
