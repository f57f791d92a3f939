"""The letter on its sheet: the window of the envelope, the code, the properties of the document."""

import io
from collections import defaultdict
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader
from reportlab.lib.units import mm

from accounts.identity.caisses import CAISSES
from accounts.letters.layout import draw, new_paper
from accounts.letters.text import THE_MSA, LetterText
from accounts.letters.typeface import PLAIN, face

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


@pytest.mark.parametrize("address", [("LAMY FRITZ", "12 rue des Vignes", "67000 STRASBOURG"), LONG_ADDRESS, ("X",) * 6])
def test_the_address_stands_in_the_window_of_the_envelope(address: tuple[str, ...]) -> None:
    """R5: DL, window 105 to 195 mm from the left, 45 to 80 mm from the top, and nothing else in it."""
    reader = printed(a_text(address=address))
    inside = [
        (text, left, top)
        for text, spots in places(reader).items()
        for left, top in spots
        if left >= 105 and 40 <= top <= 85
    ]
    assert " ".join(text for text, _, _ in inside).replace(" ", "") == "".join(address).replace(" ", "")
    assert all(left >= 109 and 50 <= top <= 79 for _, left, top in inside)


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
