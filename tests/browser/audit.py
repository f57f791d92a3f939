"""What a page has to be for everybody: axe's rules, no sideways scroll, large enough targets (R22)."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

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
    const large = each.matches("button, .button, input, select") && !each.matches(".link-button, .button--link");
    const least = large ? 44 : 24;
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
