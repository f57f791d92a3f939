"""The running text of a letter, page after page, and the code that a machine or a tired eye must read."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reportlab.lib.colors import black

from accounts.letters.sheet import BOTTOM, LEFT, MM, RIGHT, Sheet
from accounts.letters.typeface import CODE, PLAIN, width, wrapped

# Black on white, 10 mm of quiet around, no look-alike letters in it (R13).
CODE_SIZE, CODE_SPACING, CODE_HEIGHT, CODE_BELOW = 28, 3, 21, 1.5
SECOND_PAGE_TOP = 25
STEP = re.compile(r"(\d\.) (.*)")
STEP_INDENT = 7
NBSP = "\u00a0"
# The words of a button or of a page, and the last word of a paragraph: a line does not end in the middle of these.
QUOTED = re.compile(r"«[^«»]{1,28}»")
LAST_WORD = re.compile(r" (?=\S{1,12}$)")


@dataclass(frozen=True, slots=True)
class Measure:
    """Type size in points, line to line and paragraph to paragraph in millimetres."""

    size: float
    leading: float
    gap: float


# A letter that would just not fit its page is set a little smaller, and still larger than a newspaper.
MEASURES = (Measure(12.5, 6.1, 3.4), Measure(12, 5.8, 3), Measure(11.5, 5.5, 2.7))


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or a numbered step as the lines it is printed on; `gap` of them stand under it."""

    rows: tuple[str, ...]
    indent: float = 0
    number: str = ""
    ends_paragraph: bool = True
    is_code: bool = False

    def height(self, measure: Measure) -> float:
        if self.is_code:
            return CODE_HEIGHT + CODE_BELOW + measure.gap
        return len(self.rows) * measure.leading + (measure.gap if self.ends_paragraph else 0)


def blocks(paragraphs: Sequence[str], measure: Measure, *, secret: str = "") -> list[Block]:
    """The author's own line ends are kept; a numbered line hangs under its number."""
    found = []
    for paragraph in paragraphs:
        if secret and paragraph.strip() == secret:
            found.append(Block((secret,), is_code=True))
            continue
        lines = paragraph.strip("\n").split("\n")
        for line in lines:
            step = STEP.fullmatch(line)
            indent = STEP_INDENT if step else 0
            text = QUOTED.sub(lambda quoted: quoted[0].replace(" ", NBSP), step[2] if step else line)
            rows = wrapped(LAST_WORD.sub(NBSP, text), PLAIN, measure.size, (RIGHT - LEFT - indent) * MM)
            found.append(Block(tuple(rows), indent, step[1] if step else "", ends_paragraph=line is lines[-1]))
    return found


def fitted(paragraphs: Sequence[str], *, top: float, secret: str = "") -> tuple[Measure, list[Block]]:
    """In the largest measure in which all of it stands on the first page; in the usual one if none is small enough."""
    for measure in MEASURES:
        found = blocks(paragraphs, measure, secret=secret)
        # `top` is the baseline of the first line.
        if top + sum(block.height(measure) for block in found) - measure.gap - measure.leading <= BOTTOM:
            return measure, found
    return MEASURES[0], blocks(paragraphs, MEASURES[0], secret=secret)


class Body:
    """Writes downwards and takes a new page when the sheet is full."""

    def __init__(self, sheet: Sheet, *, top: float, on_new_page: Callable[[], None]) -> None:
        self.sheet, self.top, self.on_new_page = sheet, top, on_new_page
        self.pages = 1

    def write(self, paragraphs: Sequence[str], *, secret: str = "") -> None:
        """All of it; what closes the letter never stands alone on a page."""
        measure, found = fitted(paragraphs, top=self.top, secret=secret)
        for number, block in enumerate(found):
            if block.is_code:
                self._code(block.rows[0], measure)
            else:
                closing = found[-1].height(measure) if number == len(found) - 2 else 0
                self._rows(block, measure, closing=closing)

    def _rows(self, block: Block, measure: Measure, *, closing: float) -> None:
        last = len(block.rows) - 1
        for row, line in enumerate(block.rows):
            self._need(self._together(row, last, measure, closing) - measure.leading)
            if block.number and row == 0:
                self.sheet.text(block.number, left=LEFT, top=self.top, size=measure.size)
            self.sheet.text(line, left=LEFT + block.indent, top=self.top, size=measure.size)
            self.top += measure.leading
        self.top += measure.gap if block.ends_paragraph else 0

    def _together(self, row: int, last: int, measure: Measure, closing: float) -> float:
        """No line of a paragraph is left alone at the foot of a page or taken alone to the next."""
        first = last + 1 if last < 3 else 2
        lines = first if row == 0 else 2 if row == last - 1 else 1
        ends_here = row + lines > last
        return lines * measure.leading + (closing if ends_here else 0)

    def _code(self, secret: str, measure: Measure) -> None:
        self._need(CODE_HEIGHT)
        frame_top = self.top - measure.leading + CODE_BELOW
        self.sheet.frame(left=LEFT, right=RIGHT, top=frame_top, bottom=frame_top + CODE_HEIGHT, width=1.2, colour=black)
        baseline = frame_top + CODE_HEIGHT / 2 + CODE_SIZE * 0.668 / 2 / MM
        room = (RIGHT - LEFT - 20) * MM
        size = min(CODE_SIZE, CODE_SIZE * room / (width(secret, CODE, CODE_SIZE) + CODE_SPACING * len(secret)))
        middle = (LEFT + RIGHT) / 2
        self.sheet.text(
            secret, left=middle, top=baseline, size=size, name=CODE, colour=black, align="middle", spacing=CODE_SPACING
        )
        self.top = frame_top + CODE_HEIGHT + measure.leading + measure.gap

    def _need(self, height: float) -> None:
        """So much below the baseline on which the next line would stand."""
        if self.top + height <= BOTTOM:
            return
        self.on_new_page()
        self.sheet.paper.showPage()
        self.pages += 1
        self.top = SECOND_PAGE_TOP
