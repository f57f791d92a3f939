"""Small deliveries for tests: the members are made up, one NIR each."""

import csv
from pathlib import Path

from accounts.registry.importing.deliveries import DELIVERIES

LAMY, PONS, VIDAL = "1630967482229", "283072A004909", "1530101004901"
COLUMNS = {delivery.name: tuple(delivery.columns) for delivery in DELIVERIES}


def member(nir: str = LAMY, **changes: str) -> dict[str, str]:
    return {
        "nir": nir,
        "nir_status": "certified",
        "birth_name": "LAMY",
        "usage_name": "",
        "given_names": "Fritz Émile",
        "gender": "male",
        "birth_date": "1963-09-08",
        "birth_place": "67482",
        "birth_country": "99100",
        "deceased_on": "",
        "address": "12 rue des Vignes",
        "postcode": "67000",
        "city": "STRASBOURG",
        **changes,
    }


def affiliation(nir: str = LAMY, **changes: str) -> dict[str, str]:
    row = {"nir": nir, "department": "67", "profile": "individual", "health_cover": "1", "since": "1990-01-01"}
    return {**row, "until": "", **changes}


def card(nir: str = LAMY, **changes: str) -> dict[str, str]:
    return {
        "nir": nir,
        "kind": "photo",
        "serial": "01024576124",
        "issued_on": "2015-06-01",
        "revoked_on": "",
        **changes,
    }


def payment(nir: str = LAMY, **changes: str) -> dict[str, str]:
    row = {"nir": nir, "department": "67", "paid_on": "2026-02-08", "kind": "sante", "label": "Santé"}
    return {**row, "amount_cents": "2250", **changes}


def deliver(directory: Path, **files: list[dict[str, str]]) -> Path:
    """`deliver(directory, members=[...], payments=[...])` writes those files; an older delivery is gone."""
    for name, columns in COLUMNS.items():
        path = directory / f"{name}.csv"
        path.unlink(missing_ok=True)
        if name in files:
            with path.open("w", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, columns)
                writer.writeheader()
                writer.writerows(files[name])
    return directory


def rejected(directory: Path) -> list[tuple[str, int, str, str]]:
    """File, line, column and code of each line left out."""
    path = directory / "rejects.csv"
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        return [(row["file"], int(row["line"]), row["column"], row["code"]) for row in csv.DictReader(file)]
