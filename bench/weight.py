"""What a first visit to a page downloads: the page and every file of ours that it names, as they travel."""

import gzip
import re
from functools import cache
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import brotli
from django.conf import settings
from django.contrib.staticfiles import finders

NAMED_BY_HTML = re.compile(r"""<(?:link|script|img|use|source)\b[^>]*?\s(?:href|src)=["']([^"']+)["']""")
NAMED_BY_CSS = re.compile(r"""url\(["']?([^"')]+)["']?\)""")
NAMED_BY_SCRIPT = re.compile(r"""(?:from|import)\s*\(?\s*["'](\.[^"']+)["']""")
NAMED_BY = {".css": NAMED_BY_CSS, ".js": NAMED_BY_SCRIPT}
PAGE_LEVEL = 5  # what deploy/nginx/nginx.conf says


def page_bytes(html: str) -> int:
    """The page alone, compressed on its way."""
    return len(gzip.compress(html.encode(), PAGE_LEVEL))


def first_load_bytes(html: str) -> int:
    """The page with its files."""
    return page_bytes(html) + sum(file_bytes(url) for url in files_of(html))


def files_of(html: str) -> frozenset[str]:
    """Every static file the page names, and what those name in turn."""
    waiting, found = [_plain(url) for url in NAMED_BY_HTML.findall(html)], set()
    while waiting:
        url = waiting.pop()
        if url in found or not url.startswith(settings.STATIC_URL):
            continue
        found.add(url)
        path = _path(url)
        if pattern := NAMED_BY.get(path.suffix):
            waiting += [_plain(urljoin(url, other)) for other in pattern.findall(path.read_text(encoding="utf-8"))]
    return frozenset(found)


def _plain(url: str) -> str:
    return urlsplit(url).path


@cache
def file_bytes(url: str) -> int:
    """Compressed once at installation, by WhiteNoise; the smallest of the forms is sent."""
    content = _path(url).read_bytes()
    return min(len(content), len(gzip.compress(content, 9)), len(brotli.compress(content)))


def _path(url: str) -> Path:
    found = finders.find(url.removeprefix(settings.STATIC_URL))
    if not found:
        raise LookupError(f"a page names {url}, which does not exist")
    return Path(found)
