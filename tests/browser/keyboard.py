"""Somebody without a mouse: Tab, Enter, Space and arrows (R22)."""

from playwright.sync_api import Page

TOLD = "() => { const at = document.activeElement; return (at.labels?.[0]?.textContent || at.textContent || ''); }"


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the thing of this name has the focus, as a person without a mouse does."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(TOLD).strip().startswith(name):
            return
    raise AssertionError(f"the keyboard does not come to « {name} » on {page.url}")


def by_keys(page: Page, *fields: tuple[str, str], button: str = "Suivant") -> None:
    for label, text in fields:
        tab_to(page, label)
        page.keyboard.type(text)
    enter(page, button)


def enter(page: Page, name: str) -> None:
    tab_to(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def pick(page: Page, first: str, *, downs: int, button: str = "Suivant") -> None:
    """Radio rows: Tab enters the group, the space bar picks, the arrows move."""
    tab_to(page, first)
    page.keyboard.press("Space")
    for _ in range(downs):
        page.keyboard.press("ArrowDown")
    enter(page, button)
