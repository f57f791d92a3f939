"""Home, help, legal pages, and what is said when something is wrong."""

from collections.abc import Iterator

from playwright.sync_api import Page

from tests.browser.places.place import Place, at


def public() -> Iterator[Place]:
    yield Place("accueil", at("/"))
    yield Place("aide", at("/aide/"))
    yield Place("aide-departement", at("/aide/?department=67"))
    yield Place("aide-departement-inconnu", at("/aide/?department=99"))
    yield Place("conditions-generales", at("/conditions-generales/"))
    yield Place("mentions-legales", at("/mentions-legales/"))
    yield Place("donnees-personnelles", at("/donnees-personnelles/"))
    yield Place("accessibilite", at("/accessibilite/"))
    yield Place("panne-400", at("/aide/?" + "&".join(f"a{number}=1" for number in range(101))))
    yield Place("panne-403", at("/panne/403/"))
    yield Place("panne-403-jeton", at("/"), send_a_foreign_form)
    yield Place("panne-404", at("/nulle-part/"))
    yield Place("panne-429", at("/panne/429/"))
    yield Place("panne-500", at("/panne/500/"))


def send_a_foreign_form(page: Page) -> None:
    """A form without token, to an address that has no form to show again."""
    page.evaluate(
        """() => { const form = document.createElement("form"); form.method = "post"; form.action = "/deconnexion/";
        document.body.append(form); form.submit(); }"""
    )
    page.wait_for_url("**/deconnexion/")
