"""Pictures of every page, phone and desktop, a dozen in dark, with a page that shows them side by side."""

import logging
import re
import shutil
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html import escape
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.utils import timezone
from playwright.sync_api import Browser

from msa_portal.demo import static_files
from msa_portal.demo.seeding import seed
from tests.browser.chromium import DESKTOP, PHONE, chromium, window
from tests.browser.places import DESK, PLACES, Place, go

TARGET = Path(settings.BASE_DIR) / "var" / "screenshots"
IN_DARK = frozenset(
    {
        "accueil", "aide-departement", "connexion", "connexion-refusee", "franceconnect-presentation",
        "franceconnect-identifiant-refuse", "franceconnect-probleme-code", "mon-compte-dissocier-mot-de-passe",
        "franceconnect-quel-compte-resultat", "panne-404", "inscription-01-profil",
        "inscription-02-identifiant-a-corriger", "inscription-09-numero-de-serie", "inscription-13-terminee-email",
        "premiere-1-personnaliser-a-corriger", "vers-franceconnect-1-connexion", "vers-franceconnect-4-conditions",
        "vers-un-service-4-autorisation-tout", "mon-espace", "mon-compte-tout-renseigne", "mon-compte-mot-de-passe",
        "bureau-porte", "bureau-accueil-responsable", "bureau-demandes-departements-ouverte", "bureau-dossier",
    }
)  # fmt: skip


class Quiet(WSGIRequestHandler):
    """Says nothing of each request."""

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def portal() -> Iterator[str]:
    """The portal on a free port of this machine; gives its address."""
    settings.ROOT_URLCONF = "tests.browser.urls"
    server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
    server.set_app(get_wsgi_application())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def take(browser: Browser, origin: str, places: Sequence[Place], *, width: int, dark: bool) -> None:
    folder = TARGET / (f"{width}-sombre" if dark else str(width))
    folder.mkdir(parents=True, exist_ok=True)
    scheme = "dark" if dark else "light"
    context, page, faults = window(browser, origin, width=width, color_scheme=scheme, reduced_motion="reduce")
    for place in places:
        go(place, context, page, origin)
        page.screenshot(path=folder / f"{place.name}.png", full_page=True)
    context.close()
    for fault in faults.seen:
        print(f"{width}: {fault}", file=sys.stderr)


def write_index(places: Sequence[Place]) -> None:
    """One row a page: phone, desktop, and dark where there is one."""
    rows = "".join(f"<h2>{escape(place.name)}</h2><div>{pictures_of(place)}</div>" for place in places)
    head = "<!doctype html><meta charset='utf-8'><title>Captures</title><style>img{max-height:44rem;margin:.5rem;"
    text = f"{head}border:1px solid #999;vertical-align:top}}body{{font-family:sans-serif}}</style>{rows}"
    (TARGET / "index.html").write_text(text, encoding="utf-8")


def pictures_of(place: Place) -> str:
    paths = sorted(TARGET.glob(f"*/{place.name}.png"))
    return "".join(f"<a href='{src}'><img src='{src}' loading='lazy'></a>" for src in map(relative, paths))


def relative(path: Path) -> str:
    return path.relative_to(TARGET).as_posix()


def main(wanted: Sequence[str]) -> None:
    logging.disable(logging.ERROR)
    call_command("migrate", interactive=False, verbosity=0)
    seed(now=timezone.now())
    static_files.collect()
    places = [place for place in (*PLACES, *DESK) if not wanted or any(re.search(name, place.name) for name in wanted)]
    if not wanted:
        shutil.rmtree(TARGET, ignore_errors=True)
    with chromium() as browser, portal() as origin:
        for width in (PHONE, DESKTOP):
            take(browser, origin, places, width=width, dark=False)
            take(browser, origin, [place for place in places if place.name in IN_DARK], width=width, dark=True)
    write_index((*PLACES, *DESK))
    print(f"{len(list(TARGET.glob('*/*.png')))} pictures in {TARGET}")


if __name__ == "__main__":
    main(sys.argv[1:])
