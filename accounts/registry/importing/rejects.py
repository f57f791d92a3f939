"""The file of lines left out: where each stands and why, in the words of who delivered it, and never what it says."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Self, TextIO

from accounts.registry.importing.refusal import Reject

FILE_NAME = "rejects.csv"
HEADER = ("file", "line", "column", "code", "reason")
REASONS = {
    "wrong_header": "l'en-tête n'est pas celui attendu : aucune ligne du fichier n'est chargée",
    "not_utf8": "la ligne n'est pas en UTF-8",
    "null_character": "la ligne contient un caractère nul",
    "broken_quotes": "les guillemets de la ligne ne vont pas par paires (RFC 4180)",
    "wrong_number_of_values": "le nombre de valeurs n'est pas celui de l'en-tête",
    "too_long": "la valeur est trop longue",
    "missing": "la valeur est obligatoire",
    "unknown_value": "la valeur n'est pas une de celles prévues",
    "unreadable": "la date n'est pas de la forme AAAA-MM-JJ",
    "impossible_date": "la date n'existe pas ou n'est pas plausible",
    "impossible_month": "le mois de la date n'existe pas",
    "impossible_day": "le jour de la date n'existe pas",
    "too_old": "la date est trop ancienne",
    "future": "la date est dans le futur",
    "ends_before_it_begins": "la date de fin précède la date de début",
    "not_a_whole_number": "la valeur n'est pas un nombre entier",
    "out_of_range": "le montant n'est pas entre 1 et 2147483647 centimes",
    "wrong_length": "le nombre de chiffres n'est pas celui attendu",
    "wrong_length_14": "le NIR a 13 caractères",
    "too_short": "le NIR a 13 caractères",
    "bad_character": "un caractère n'est pas permis dans cette valeur",
    "letter_misplaced": "une lettre du NIR n'est pas à sa place",
    "bad_first_digit": "le premier chiffre du NIR n'existe pas",
    "bad_month": "le mois du NIR n'existe pas",
    "bad_department": "le département du NIR n'existe pas",
    "bad_overseas_department": "le département d'outre-mer du NIR n'existe pas",
    "bad_commune": "la commune du NIR n'existe pas",
    "bad_country": "le pays du NIR n'existe pas",
    "bad_order_number": "le numéro d'ordre du NIR n'existe pas",
    "duplicate": "une ligne précédente du fichier dit déjà cela : la première est gardée",
    "unknown_member": "aucun adhérent du référentiel n'a ce NIR",
}


class Rejects:
    """Writes `rejects.csv`; the one of an earlier run goes, and without a line to tell there is none."""

    def __init__(self, directory: Path) -> None:
        self.path = directory / FILE_NAME
        self.file: TextIO | None = None
        self.count = 0

    def __enter__(self) -> Self:
        self.path.unlink(missing_ok=True)
        return self

    def __exit__(self, *_exception: object) -> None:
        if self.file:
            self.file.close()

    def add(self, file_name: str, rejects: Iterable[Reject]) -> int:
        """How many lines were told."""
        before = self.count
        for reject in rejects:
            self._writer.writerow((file_name, *reject, REASONS[reject.code]))
            self.count += 1
        return self.count - before

    @property
    def _writer(self):
        if self.file is None:
            self.file = self.path.open("w", newline="", encoding="utf-8")
            csv.writer(self.file).writerow(HEADER)
        return csv.writer(self.file)
