"""The letter on its sheet: the window of the envelope, the code, the properties of the document."""

import io
from collections import defaultdict
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from pypdf import PdfReader
from reportlab.lib.units import mm

from accounts.identity.caisses import CAISSES
from accounts.letters.body import MEASURES, blocks
from accounts.letters.layout import draw, new_paper
from accounts.letters.text import THE_MSA, LetterText
from accounts.letters.typeface import PLAIN, face, width

SECRET = "ACDE-FGHJ-KW67"
PROOF = "Pour vérifier ce message\u00a0: https://portail.example.org/verifier/ code\u00a0ACDEF-GHJK3"
LONG_ADDRESS = (
    "DE LA TOUR D'AUVERGNE-LAURAGUAIS MARIE-ÉLÉONORE",
    "Résidence les Jardins de l'Œuvre, bâtiment C, appartement 1204, 14 bis rue du Général de Gaulle",
    "44000 NANTES",
)


def a_text(**changes: Any) -> LetterText:
    given = {
        "caisse": CAISSES["68"],
        "written_on": date(2026, 11, 20),
        "subject": "Votre mot de passe provisoire",
        "address": ("LAMY FRITZ", "12 rue des Vignes", "67000 STRASBOURG"),
        "paragraphs": ("Bonjour,", SECRET, "1. Ouvrez la page.\n2. Tapez le code."),
        "secret": SECRET,
        "proof": PROOF,
    }
    return LetterText(**{**given, **changes})


def printed(*texts: LetterText) -> PdfReader:
    file = io.BytesIO()
    paper = new_paper(file, title="Courrier")
    for text in texts:
        draw(paper, text)
    paper.save()
    return PdfReader(file)


def places(reader: PdfReader) -> dict[str, list[tuple[float, float]]]:
    """Where each piece of text begins: millimetres from the left and from the top."""
    found: dict[str, list[tuple[float, float]]] = defaultdict(list)

    def visit(text: str, current: list[float], matrix: list[float], *rest: Any) -> None:
        if text.strip():
            found[text.strip()].append((matrix[4] / mm, 297 - matrix[5] / mm))

    reader.pages[0].extract_text(visitor_text=visit)
    return found


SEVEN_LINES = (
    "MADAME MARIE-ÉLÉONORE DE LA TOUR D'AUVERGNE-LAURAGUAIS", "Appartement 1204, escalier 3, étage 12",
    "Résidence les Jardins de l'Œuvre, bâtiment C", "14 bis rue du Général de Gaulle", "Lieu-dit le Grand Pré",
    "BP 90123", "44000 NANTES CEDEX 01",
)  # fmt: skip
A_MILLIMETRE_OF_NOTHING = 1


def boxes(reader: PdfReader) -> list[tuple[str, float, float, float, float]]:
    """What each piece of text of the first page covers: left, right, top, bottom."""
    found = []

    def visit(text: str, current: list[float], matrix: list[float], font: Any, size: float) -> None:
        if text.strip():
            left, baseline = matrix[4] / mm, 297 - matrix[5] / mm
            right = left + width(text.strip(), PLAIN, size) / mm
            found.append((text.strip(), left, right, baseline - 0.75 * size / mm, baseline + 0.25 * size / mm))

    reader.pages[0].extract_text(visitor_text=visit)
    return found


@pytest.mark.parametrize(
    "address",
    [("LAMY FRITZ", "12 rue des Vignes", "67000 STRASBOURG"), LONG_ADDRESS, SEVEN_LINES, ("X",) * 6, ("W" * 90,), ()],
    ids=["short", "long", "seven lines", "six lines", "no blank", "none"],
)
def test_the_address_stands_in_the_window_of_the_envelope(address: tuple[str, ...]) -> None:
    """R5; NF Z 10-011: however the sheet slips, the address is seen whole and nothing else is seen at all."""
    found = boxes(printed(a_text(address=address)))
    # Between the window's edges in both extremes: nothing but the address.
    seen = [box for box in found if box[2] > 90 and box[1] < 200 and box[4] > 34 and box[3] < 90]
    assert "".join(text for text, *_ in seen).replace(" ", "") == "".join(address).replace(" ", "")
    for _, left, right, top, bottom in seen:
        assert left >= 100 + A_MILLIMETRE_OF_NOTHING
        assert right <= 190 - A_MILLIMETRE_OF_NOTHING
        assert top >= 45 + A_MILLIMETRE_OF_NOTHING
        assert bottom <= 79 - A_MILLIMETRE_OF_NOTHING
    assert all(below[3] >= above[3] + 3 for above, below in pairwise(seen))


def sizes(reader: PdfReader, *texts: str) -> set[float]:
    found = set()

    def visit(text: str, current: list[float], matrix: list[float], font: Any, size: float) -> None:
        if text.strip() in texts:
            found.add(size)

    reader.pages[0].extract_text(visitor_text=visit)
    return found


def test_an_address_is_as_large_as_its_window_allows() -> None:
    """Seven lines and a long name are read at arm's length as well."""
    assert sizes(printed(a_text()), "LAMY FRITZ") == {11}
    [size] = sizes(printed(a_text(address=SEVEN_LINES)), "BP 90123")
    assert size >= 9


def test_a_letter_that_would_just_not_fit_is_set_a_little_smaller() -> None:
    """No letter of ours leaves with its signature alone on a second sheet."""
    sentence = "Une phrase assez longue pour prendre sa ligne, et un peu de la suivante. " * 2
    lengths = {number: printed(a_text(paragraphs=(*[sentence] * number, "MSA Alsace"))) for number in range(7, 16)}
    pages = [len(reader.pages) for reader in lengths.values()]
    assert pages == sorted(pages)
    assert pages[0] == 1
    # The letterhead's is of 11 points.
    assert {frozenset(sizes(each, "MSA Alsace") - {11}) for each in lengths.values()} > {frozenset({11.5})}
    for reader in lengths.values():
        if len(reader.pages) == 2:
            overleaf = reader.pages[1].extract_text().partition("MSA Alsace")[0]
            assert "ligne" in overleaf


def test_no_line_is_left_alone_on_a_page() -> None:
    """Neither the first line of a paragraph at the foot nor its last one overleaf."""
    words = "Chaque ligne de ce paragraphe se suit, et aucune ne reste seule au bas ou en haut. " * 6
    for before in range(12, 20):
        filler = "\n".join(["Une ligne."] * before)
        reader = printed(a_text(paragraphs=(filler, words, words, words, "MSA Alsace")))
        assert len(reader.pages) == 2
        overleaf = reader.pages[1].extract_text().partition("MSA Alsace")[0].strip().split("\n")
        assert len(overleaf) >= 2


def test_the_words_of_a_button_stay_on_one_line() -> None:
    """And no paragraph ends with one short word on a line of its own."""
    measure = MEASURES[0]
    for blanks in range(40, 75):
        line = "x" * blanks + " et choisissez « Se connecter » pour continuer"
        [block] = blocks([line], measure)
        assert any("«\u00a0Se\u00a0connecter\u00a0»" in row.replace(" ", "\u00a0") for row in block.rows)
        assert len(block.rows) == 1 or len(block.rows[-1].replace("\u00a0", " ").split()) > 1


def test_a_long_subject_pushes_the_letter_down() -> None:
    """Its last line and « Bonjour » stand as far from each other as on any letter."""
    subject = "Votre code confidentiel pour le département 04-Alpes-de-Haute-Provence et tous les autres"
    tops = [places(printed(a_text(subject=each)))["Bonjour,"][0][1] for each in ("Court", subject)]
    assert [round(top, 1) for top in tops] == [120, 126]


def test_the_code_can_be_copied_whole() -> None:
    """R5: one run of text, so that a reading machine finds no gap in it."""
    assert SECRET in printed(a_text()).pages[0].extract_text().split()


def test_the_letterhead_names_the_caisse_and_its_assistance() -> None:
    """L01, L02."""
    text = printed(a_text()).pages[0].extract_text()
    for said in (
        "MSA Alsace",
        "alsace.msa.fr",
        "09 69 36 37 03",
        "du lundi au vendredi",
        "MSA Alsace, le 20 novembre 2026",
    ):
        assert said in text.replace("\u00a0", " ")
    assert "assistanceinternet@umsage.msa.fr" in text


def test_a_letter_without_caisse_has_the_national_assistance() -> None:
    text = printed(a_text(caisse=THE_MSA)).pages[0].extract_text()
    assert "MSA, le 20 novembre 2026" in text
    assert "assistanceinternet@umsage.msa.fr" in text


@pytest.mark.parametrize("host", ["portail.example.org", "mon-espace-prive." + "tres-" * 16 + "long.example.org"])
def test_the_foot_of_each_page_has_the_code_that_proves_it_ours(host: str) -> None:
    """Whole, inside the margins, above the 5 mm that no printer reaches."""
    proof = PROOF.replace("portail.example.org", host)
    reader = printed(a_text(proof=proof, paragraphs=("Bonjour,", *["Une phrase. " * 20] * 12, SECRET)))
    assert len(reader.pages) == 2
    said = proof.replace("\u00a0", " ")
    assert all(said in page.extract_text() for page in reader.pages)
    (left, top), *others = places(reader)[said]
    assert (round(left), others) == (20, [])
    assert 285 < top < 292


def test_a_letter_of_before_the_codes_has_none() -> None:
    assert "vérifier" not in printed(a_text(proof="")).pages[0].extract_text()


def test_the_properties_of_the_document_name_nobody() -> None:
    """R20."""
    reader = printed(a_text())
    assert reader.root_object["/Lang"] == "fr"
    said = {name: value for name, value in reader.metadata.items() if "Date" not in name and name != "/Producer"}
    assert said == {
        "/Title": "Courrier",
        "/Author": "MSA",
        "/Creator": "MSA – Mon espace privé",
        "/Subject": "",
        "/Keywords": "",
        "/Trapped": "/False",
    }


def test_every_face_is_embedded() -> None:
    fonts = printed(a_text()).pages[0]["/Resources"]["/Font"]
    faces = {font.get_object()["/BaseFont"].partition("+")[2]: font.get_object() for font in fonts.values()}
    assert set(faces) == {"AtkinsonHyperlegible-Regular", "AtkinsonHyperlegible-Bold", "AtkinsonHyperlegibleMono-Bold"}
    assert all("/FontFile2" in font["/FontDescriptor"] for font in faces.values())


def test_a_long_letter_goes_on_overleaf() -> None:
    reader = printed(
        a_text(paragraphs=("Bonjour,", *["Une phrase assez longue pour prendre sa ligne. " * 4] * 12, SECRET))
    )
    assert len(reader.pages) == 2
    assert SECRET in reader.pages[1].extract_text()
    assert all("Assistance Internet" in page.extract_text() for page in reader.pages)


def test_the_same_letters_make_the_same_bytes() -> None:
    """What a crash interrupted can be drawn again."""
    first, second = io.BytesIO(), io.BytesIO()
    for file in (first, second):
        paper = new_paper(file, title="Courrier")
        draw(paper, a_text())
        paper.save()
    assert first.getvalue() == second.getvalue()


def test_a_finished_document_leaves_nothing_in_the_faces() -> None:
    """A run of many batches keeps its memory flat."""
    printed(a_text())
    assert face(PLAIN).state == {}
