"""The letter on its sheet: A4, for a French DL envelope with its window on the right."""

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from accounts.identity.caisses import Caisse
from accounts.letters import typeface
from accounts.letters.body import Body
from accounts.letters.sheet import BOTTOM, HEIGHT, LEFT, MM, RIGHT, WIDTH, Sheet
from accounts.letters.text import LetterText
from accounts.letters.typeface import BOLD, PLAIN
from accounts.templatetags.french import french_date, nbsp

GREEN, DEEP, SUN, INK, QUIET = map(HexColor, ("#1f6b3b", "#123f25", "#f6c445", "#1c2a22", "#4c5850"))
# NF Z 10-011, DL envelope of 220 × 110 mm: a window of 100 × 45 mm, 20 mm from its right and lower edges. Wherever the
# sheet slips in it, 100 to 190 mm from the left and 45 to 79 mm from the top are seen.
WINDOW_LEFT, WINDOW_RIGHT, WINDOW_TOP, WINDOW_BOTTOM = 108, 188, 48, 77
ADDRESS_SIZES, ADDRESS_LEADING, ADDRESS_TIGHTEST = (11, 10.5, 10, 9.5, 9, 8.5, 8), 5.2, 1.15
FOLDS = (99, 198)


def new_paper(target: object, *, title: str) -> Canvas:
    """An empty document. Its properties name nobody, and the same letters make the same bytes."""
    typeface.face(PLAIN)
    paper = Canvas(target, pagesize=(WIDTH, HEIGHT), lang="fr", invariant=1, initialFontName=PLAIN)
    paper.setTitle(title)
    paper.setAuthor("MSA")
    paper.setCreator("MSA – Mon espace privé")
    paper.setSubject("")
    paper.setViewerPreference("DisplayDocTitle", "true")
    return paper


def draw(paper: Canvas, letter: LetterText) -> int:
    """Draw one letter from a fresh page on. Returns the number of pages it took."""
    sheet = Sheet(paper, INK)
    _letterhead(sheet, letter.caisse)
    _address(sheet, letter.address)
    _fold_marks(sheet)
    subject_end = _date_and_subject(sheet, letter)
    body = Body(sheet, top=subject_end + 13, on_new_page=lambda: _footer(sheet, letter))
    body.write(letter.paragraphs, secret=letter.secret)
    _footer(sheet, letter)
    paper.showPage()
    return body.pages


def _letterhead(sheet: Sheet, caisse: Caisse) -> None:
    _mark(sheet, left=LEFT, top=14, size=13)
    sheet.text("msa", left=LEFT + 16.5, top=21, name=BOLD, size=23, colour=GREEN)
    sheet.text("mon espace privé", left=LEFT + 16.5, top=26.4, size=10, colour=DEEP)
    sheet.text(caisse.name, left=LEFT, top=38, name=BOLD, size=11, colour=DEEP)
    contacts = ("Assistance Internet", caisse.phone, caisse.opening, caisse.email, caisse.site)
    for row, line in enumerate(filter(None, contacts)):
        sheet.text(line, left=LEFT, top=43 + 4.6 * row, size=9.5, colour=QUIET)


def _mark(sheet: Sheet, *, left: float, top: float, size: float) -> None:
    """The sun over a ploughed field: our own mark, not the MSA's registered one."""
    paper, unit = sheet.paper, size * MM / 48
    paper.saveState()
    paper.translate(left * MM, HEIGHT - (top + size) * MM)
    paper.scale(unit, unit)
    frame = paper.beginPath()
    frame.roundRect(0, 0, 48, 48, 9)
    paper.clipPath(frame, stroke=0, fill=0)
    paper.setFillColor(SUN)
    paper.circle(24, 24, 11, stroke=0, fill=1)
    field = paper.beginPath()
    field.moveTo(0, 22)
    field.curveTo(16, 26.7, 32, 26.7, 48, 22)
    field.lineTo(48, 0)
    field.lineTo(0, 0)
    paper.setFillColor(GREEN)
    paper.drawPath(field, stroke=0, fill=1)
    paper.setStrokeColor(HexColor("#fdfbf3"))
    paper.setLineWidth(2.6)
    for top_x, bottom_x in ((17.5, 4), (24, 24), (30.5, 44)):
        paper.bezier(top_x, 23, top_x, 14, (top_x + bottom_x) / 2, 6, bottom_x, -2)
    paper.restoreState()


def _address(sheet: Sheet, lines: tuple[str, ...]) -> None:
    """None of its lines is cut, nothing else stands in the window; as large as that allows."""
    size, rows = _address_rows(lines)
    height = WINDOW_BOTTOM - WINDOW_TOP - size / MM
    leading = min(ADDRESS_LEADING, height / max(len(rows) - 1, 1))
    # A short address stands in the middle of the window, where a machine looks for it first.
    first = WINDOW_TOP + size / MM + (height - leading * (len(rows) - 1)) / 3
    for number, row in enumerate(rows):
        sheet.text(row, left=WINDOW_LEFT, top=first + leading * number, size=size)


def _address_rows(lines: tuple[str, ...]) -> tuple[float, list[str]]:
    """In the largest size, 9.5 at least, in which no line turns; else in the largest in which all of them have room."""
    whole: list[tuple[float, list[str]]] = []
    turned: list[tuple[float, list[str]]] = []
    for size in ADDRESS_SIZES:
        rows = [row for line in lines for row in typeface.wrapped(line, PLAIN, size, (WINDOW_RIGHT - WINDOW_LEFT) * MM)]
        room = WINDOW_BOTTOM - WINDOW_TOP - size / MM
        if (len(rows) - 1) * size * ADDRESS_TIGHTEST / MM <= room:
            (whole if len(rows) == len(lines) and size >= 9.5 else turned).append((size, rows))
    return (whole or turned or [(ADDRESS_SIZES[-1], rows)])[0]


def _fold_marks(sheet: Sheet) -> None:
    for top in FOLDS:
        sheet.line(left=4, right=9, top=top, width=0.4, colour=QUIET)


def _date_and_subject(sheet: Sheet, letter: LetterText) -> float:
    """Returns the baseline of the subject's last line."""
    place = f"{letter.caisse.name}, le {french_date(letter.written_on)}"
    sheet.text(place, left=RIGHT, top=94.5, size=11.5, align="right")
    rows = typeface.wrapped(f"Objet\u00a0: {letter.subject}", BOLD, 13, (RIGHT - LEFT) * MM)
    for row, line in enumerate(rows):
        sheet.text(line, left=LEFT, top=107 + 6 * row, name=BOLD, size=13, colour=DEEP)
    return 101 + 6 * len(rows)


def _footer(sheet: Sheet, letter: LetterText) -> None:
    """Whom to call, and how to make sure that the letter is ours; above the 5 mm that no printer reaches."""
    caisse = letter.caisse
    sheet.line(left=LEFT, right=RIGHT, top=BOTTOM + 5, width=0.8, colour=GREEN)
    help_line = f"Assistance Internet\u00a0: {nbsp(caisse.phone)} ({caisse.opening}) · {caisse.email}"
    sheet.text(help_line, left=LEFT, top=BOTTOM + 9.5, size=9, colour=QUIET)
    size = min(10, 10 * (RIGHT - LEFT) * MM / max(typeface.width(letter.proof, PLAIN, 10), 1))
    sheet.text(letter.proof, left=LEFT, top=BOTTOM + 14.2, size=size)
