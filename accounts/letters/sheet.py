"""One sheet of paper measured as a person would: millimetres from its top left corner."""

from dataclasses import dataclass

from reportlab.lib.colors import Color
from reportlab.lib.units import mm as MM
from reportlab.pdfgen.canvas import Canvas

from accounts.letters.typeface import PLAIN, face, printable, width

WIDTH, HEIGHT = 210 * MM, 297 * MM
LEFT, RIGHT, BOTTOM = 20, 190, 276


@dataclass(frozen=True, slots=True)
class Sheet:
    """The page being drawn."""

    paper: Canvas
    ink: Color

    def text(
        self,
        text: str,
        *,
        left: float,
        top: float,
        size: float,
        name: str = PLAIN,
        colour: Color | None = None,
        align: str = "left",
        spacing: float = 0,
    ) -> None:
        """A line of text on its baseline; `left` is its right end or its middle when aligned so."""
        drawn = printable(text, name)
        long = width(drawn, name, size) + spacing * (len(drawn) - 1)
        start = left * MM - {"left": 0, "middle": long / 2, "right": long}[align]
        self.paper.setFillColor(colour or self.ink)
        self.paper.setFont(face(name).fontName, size)
        self.paper.drawString(start, HEIGHT - top * MM, drawn, charSpace=spacing or None)

    def line(self, *, left: float, right: float, top: float, width: float, colour: Color) -> None:
        self.paper.setStrokeColor(colour)
        self.paper.setLineWidth(width)
        self.paper.line(left * MM, HEIGHT - top * MM, right * MM, HEIGHT - top * MM)

    def frame(self, *, left: float, right: float, top: float, bottom: float, width: float, colour: Color) -> None:
        self.paper.setStrokeColor(colour)
        self.paper.setLineWidth(width)
        self.paper.roundRect(left * MM, HEIGHT - bottom * MM, (right - left) * MM, (bottom - top) * MM, 4)
