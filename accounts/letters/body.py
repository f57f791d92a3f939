"""The running text of a letter, page after page, and the code that a machine or a tired eye must read."""

import re
from collections.abc import Callable

from reportlab.lib.colors import black

from accounts.letters.sheet import BOTTOM, LEFT, MM, RIGHT, Sheet
from accounts.letters.typeface import CODE, PLAIN, width, wrapped

SIZE, LEADING, GAP = 12.5, 6.1, 3.4
# Black on white, 10 mm of quiet around, no look-alike letters in it (R13).
CODE_SIZE, CODE_SPACING, CODE_HEIGHT = 28, 3, 21
SECOND_PAGE_TOP = 25
STEP = re.compile(r"(\d\.) (.*)")
STEP_INDENT = 7


class Body:
    """Writes downwards and takes a new page when the sheet is full."""

    def __init__(self, sheet: Sheet, *, top: float, on_new_page: Callable[[], None]) -> None:
        self.sheet, self.top, self.on_new_page = sheet, top, on_new_page
        self.pages = 1

    def paragraph(self, text: str) -> None:
        """The author's own line ends are kept; a numbered line hangs under its number."""
        for line in text.strip("\n").split("\n"):
            step = STEP.fullmatch(line)
            if step:
                self._lines(step[2], indent=STEP_INDENT, number=step[1])
            else:
                self._lines(line)
        self.top += GAP

    def code(self, secret: str) -> None:
        self._need(CODE_HEIGHT + GAP)
        frame_top = self.top - LEADING + 1.5
        self.sheet.frame(left=LEFT, right=RIGHT, top=frame_top, bottom=frame_top + CODE_HEIGHT, width=1.2, colour=black)
        baseline = frame_top + CODE_HEIGHT / 2 + CODE_SIZE * 0.668 / 2 / MM
        room = (RIGHT - LEFT - 20) * MM
        size = min(CODE_SIZE, CODE_SIZE * room / (width(secret, CODE, CODE_SIZE) + CODE_SPACING * len(secret)))
        middle = (LEFT + RIGHT) / 2
        self.sheet.text(
            secret, left=middle, top=baseline, size=size, name=CODE, colour=black, align="middle", spacing=CODE_SPACING
        )
        self.top = frame_top + CODE_HEIGHT + LEADING + GAP

    def _lines(self, text: str, *, indent: float = 0, number: str = "") -> None:
        for row, line in enumerate(wrapped(text, PLAIN, SIZE, (RIGHT - LEFT - indent) * MM)):
            self._need(LEADING)
            if number and row == 0:
                self.sheet.text(number, left=LEFT, top=self.top, size=SIZE)
            self.sheet.text(line, left=LEFT + indent, top=self.top, size=SIZE)
            self.top += LEADING

    def _need(self, height: float) -> None:
        if self.top + height <= BOTTOM:
            return
        self.on_new_page()
        self.sheet.paper.showPage()
        self.pages += 1
        self.top = SECOND_PAGE_TOP
