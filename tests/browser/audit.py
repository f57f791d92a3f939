"""What a page has to be for everybody: axe's rules, no sideways scroll, large enough targets (R22)."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.browser.chromium import DESKTOP, HEIGHTS, PHONE

NARROWEST = 320
AXE = (Path(__file__).parent / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})"
COLOURS = "() => axe.run(document, {runOnly: {type: 'rule', values: ['color-contrast', 'link-in-text-block']}})"

# WCAG 2.5.8 with its exceptions for links within a sentence; form buttons are our own, larger, promise (design).
SMALL_TARGETS = """() => [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, summary")]
  .filter(each => each.checkVisibility({visibilityProperty: true}) && !each.closest(".skip-link, .visually-hidden"))
  .map(each => [each, (each.closest("label.choice") || each).getBoundingClientRect()])
  .filter(([each, box]) => {
    const sentence = each.tagName === "A" && getComputedStyle(each).display === "inline";
    // At the desk a tick stands in a table, or beside the words that tick it as well.
    const tick = each.type === "checkbox" && each.closest("#content");
    const large = each.matches("button, .button, input, select") && !each.matches(".link-button, .button--link");
    const least = large && !tick ? 44 : 24;
    return !sentence && box.width && (box.height < least || box.width < 24);
  })
  .map(([each, box]) => `${each.tagName} « ${(each.textContent || each.name).trim().slice(0, 40)} »: `
    + `${Math.round(box.width)} × ${Math.round(box.height)}`)"""

# French typography: no ordinary space before a high sign or a euro, none inside guillemets.
BREAKABLE = r"""() => { const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const at = walk.currentNode, hit = /\S* (?=[:;?!»€](\s|$))|« \S*/.exec(at.data.replace(/\s*\n\s*/g, "\n"));
    if (hit && !at.parentElement.closest("script, style, textarea, [data-rule=special]")
        && !/[?.:;,=<>@\/] [?.:;,=<>@\/]/.test(at.data))
      found.push(at.data.trim().slice(0, 90));
  }
  return found; }"""

TOO_WIDE = """width => [...document.querySelectorAll("body *")].filter(each => !each.closest(".skip-link")
  && each.getBoundingClientRect().right > width).map(each => each.outerHTML.slice(0, 80)).slice(-2).join(" ")"""


def axe(page: Page, *, only_colours: bool = False) -> list[str]:
    """The violations, one line each; DevTools may evaluate what the page's own policy forbids."""
    if not page.evaluate("() => typeof axe !== 'undefined'"):
        page.evaluate(AXE)
    result: dict[str, Any] = page.evaluate(COLOURS) if only_colours else page.evaluate(RUN, TAGS)
    return [f"{found['id']}: {node['html'][:160]}" for found in result["violations"] for node in found["nodes"]]


def sideways(page: Page, width: int) -> list[str]:
    """What makes the page wider than the window, if anything does."""
    actual = page.evaluate("() => document.scrollingElement.scrollWidth")
    return [f"{actual} px wide in a window of {width}: {page.evaluate(TOO_WIDE, width)}"] if actual > width else []


def small_targets(page: Page) -> list[str]:
    return list(page.evaluate(SMALL_TARGETS))


def breakable(page: Page) -> list[str]:
    """Sentences that a narrow window could break before « : », « ? » or « € »."""
    return [f"ordinary space in « {text} »" for text in page.evaluate(BREAKABLE)]


def everywhere(page: Page) -> list[str]:
    """The page that is open: phone and desktop, light and dark, 320 px, text twice as large."""
    resize(page, PHONE)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    found = [*axe(page), *small_targets(page), *breakable(page)]
    resize(page, DESKTOP)
    found += [*axe(page), *small_targets(page)]
    page.emulate_media(color_scheme="dark")
    found += axe(page, only_colours=True)
    resize(page, PHONE)
    found += axe(page, only_colours=True)
    resize(page, NARROWEST)
    found += sideways(page, NARROWEST)
    return [*dict.fromkeys(found), *with_large_text(page)]


def with_large_text(page: Page) -> list[str]:
    """Text at 200 %, on a desktop and on a phone, whatever the window."""
    found = []
    page.evaluate("() => document.documentElement.style.setProperty('font-size', '200%')")
    for width in (DESKTOP, NARROWEST):
        resize(page, width)
        found += [f"text at 200 %, {each}" for each in sideways(page, width)]
    return found


def resize(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": HEIGHTS.get(width, 900)})
