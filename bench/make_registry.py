#!/usr/bin/env python3
"""Make a synthetic member registry of any size: the four CSV files that import_registry reads.

    make_registry.py --members 5500000 --seed 1 --out DIR [--today 2026-11-20] [--payments-share 0.02]

The same arguments give the same bytes. Nobody in it exists: numbers carry order numbers from 900 up or places that
no commune has, names come from short lists. Shares follow public figures on the MSA.
"""

import argparse
import csv
import random
import sys
from bisect import bisect
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path


def words(text):
    return text.split()


MEN = words("""
Jean Pierre Michel André Philippe René Louis Alain Jacques Bernard Marcel Daniel Roger Robert Paul Claude Christian
Henri Georges Nicolas François Laurent Frédéric David Thomas Julien Alexandre Maxime Antoine Lucas Hugo Noël Gaël Loïc
Théo Aymeric Jean-Marie Jean-Sébastien Pierre-Yves Côme
""")
WOMEN = words("""
Marie Jeanne Françoise Monique Catherine Nathalie Isabelle Jacqueline Anne Sylvie Martine Madeleine Nicole Suzanne
Hélène Christine Louise Denise Sandrine Valérie Céline Julie Camille Léa Manon Chloé Inès Zoé Maëlle Noémie Anne-Marie
Marie-Thérèse Marie-Noëlle Éloïse Océane Anaïs Aïcha Fatima Maria Ana
""")
FAMILY = words("""
MARTIN BERNARD THOMAS PETIT ROBERT RICHARD DURAND DUBOIS MOREAU LAURENT SIMON MICHEL LEFÈVRE LEROY ROUX DAVID BERTRAND
MOREL FOURNIER GIRARD BONNET DUPONT LAMBERT FONTAINE ROUSSEAU VINCENT MULLER LEFEBVRE FAURE ANDRÉ MERCIER BLANC GUÉRIN
BOYER GARNIER CHEVALIER FRANÇOIS LEGRAND GAUTHIER GARCIA PERRIN ROBIN CLÉMENT MORIN NICOLAS HENRY ROUSSEL MATHIEU
GAUTIER MASSON MARCHAND DUVAL DENIS DUMONT MARIE LEMAIRE NOËL MEYER DUFOUR MEUNIER BRUN BLANCHARD GIRAUD JOLY RIVIÈRE
LUCAS BRUNET GAILLARD BARBIER ARNAUD D'ORSAY L'HOSTIS LE_GOFF DE_LA_TOUR SAINT-JEAN KERVADEC ŒUVRARD FERREIRA DA_SILVA
NOWAK BENALI
""")
FAMILY = [name.replace("_", " ") for name in FAMILY]
STREETS = [
    "rue des Vignes",
    "chemin du Moulin",
    "route de la Ferme",
    "rue de l'Église",
    "impasse des Blés",
    "Grand'Rue",
]
ABROAD = [("99139", 30), ("99134", 18), ("99127", 14), ("99122", 8), ("99352", 14), ("99350", 10), ("99351", 6)]
FEES = [250, 1650, 1750, 1900, 2250, 2500, 3000, 5900]


def chooser(rng, pairs):
    """A function drawing from [(value, weight), ...]."""
    values, weights = zip(*pairs, strict=True)
    totals = list(accumulate(weights))
    return lambda: values[bisect(totals, rng.random() * totals[-1])]


def departments():
    path = Path(__file__).resolve().parent.parent / "accounts" / "data" / "departements.csv"
    with path.open(encoding="utf-8") as source:
        return [
            (row["code"], float(row["weight"]))
            for row in csv.DictReader(source)
            if row["weight"] and not row["code"].startswith("97")
        ]


def birth(rng, cover):
    """(year, month, day) with the age profile of members with and without MSA health cover."""
    if cover:
        bands = [(0, 19, 16), (20, 39, 20), (40, 59, 24), (60, 79, 26), (80, 102, 14)]
    else:
        bands = [(20, 59, 12), (60, 79, 53), (80, 102, 35)]
    low, high = chooser(rng, [((a, b), w) for a, b, w in bands])()
    return 2026 - rng.randint(low, high), rng.randint(1, 12), rng.randint(1, 28)


def nir(rng, sex, year, month, place, taken):
    """A number nobody holds yet: (sex, year, month, place, order)."""
    prefix = f"{sex}{year % 100:02d}{month:02d}{place}"
    for low in (900, 1):
        for _ in range(40):
            number = f"{prefix}{rng.randint(low, 999):03d}"
            if number not in taken:
                taken.add(number)
                return number
    return None


def make(members, seed, out, today, payments_share):
    rng = random.Random(seed)
    out.mkdir(parents=True, exist_ok=True)
    department = chooser(rng, departments())
    country = chooser(rng, ABROAD)
    profile = chooser(rng, [("individual", 90.8), ("farmer", 8), ("solidarity_contributor", 1.2)])
    status = chooser(rng, [("certified", 99.3), ("waiting", 0.25), ("temporary", 0.05), ("uncertified", 0.4)])
    card = chooser(rng, [("photo", 80), ("no_photo", 13), ("", 7)])
    taken = set()
    headers = {
        "members": "nir nir_status birth_name usage_name given_names gender birth_date birth_place birth_country "
        "deceased_on address postcode city",
        "affiliations": "nir department profile health_cover since until",
        "vitale_cards": "nir kind serial issued_on revoked_on",
        "payments": "nir department paid_on kind label amount_cents",
    }
    files = {name: (out / f"{name}.csv").open("w", newline="", encoding="utf-8") for name in headers}
    write = {}
    for name, file in files.items():
        writer = csv.writer(file)
        writer.writerow(headers[name].split())
        write[name] = writer.writerow
    made = 0
    while made < members:
        cover = rng.random() < 0.58
        male = rng.random() < (0.55 if cover else 0.46)
        year, month, day = birth(rng, cover)
        home, nir_status = department(), status()
        first = {"waiting": "34", "temporary": "78"}.get(nir_status, "12")[0 if male else 1]
        abroad = rng.random() < 0.09
        if abroad:
            birth_country = country()
            birth_place, place = "", birth_country
        else:
            born_in = department()
            if born_in in ("2A", "2B") and year < 1976:
                birth_place, place = f"{born_in}{rng.randint(1, 330):03d}", f"20{rng.randint(1, 360):03d}"
            else:
                birth_place = place = f"{born_in}{rng.randint(1, 330):03d}"
            birth_country = "99100"
        draw = rng.random()
        nir_month = rng.choice([20, 50, 73]) if draw < 0.001 else month + 30 if draw < 0.0015 else month
        number = nir(rng, first, year, nir_month, place, taken)
        if number is None:
            continue
        made += 1
        unknown = rng.random()
        shown = (
            f"{year}-00-00"
            if unknown < 0.002
            else f"{year}-{month:02d}-00"
            if unknown < 0.0025
            else f"{year}-{month:02d}-{day:02d}"
        )
        given = rng.sample(MEN if male else WOMEN, rng.choice((1, 2, 2, 3)))
        name = rng.choice(FAMILY)
        usage = rng.choice(FAMILY) if not male and year < 1990 and rng.random() < 0.6 else ""
        lost = rng.random() < 0.015
        code = {"2A": "20", "2B": "20"}.get(home, home)
        write["members"](
            (
                number,
                nir_status,
                name,
                usage,
                " ".join(given),
                "male" if male else "female",
                shown,
                birth_place,
                birth_country,
                (today - timedelta(rng.randint(1, 400))).isoformat() if rng.random() < 0.003 else "",
                "" if lost else f"{rng.randint(1, 120)} {rng.choice(STREETS)}",
                "" if lost else f"{code}{rng.randint(1, 99) * 10:03d}",
                "" if lost else f"VILLE-{home}-{rng.randint(1, 330)}",
            )
        )
        known = [home]
        while len(known) < 4 and rng.random() < (0.055 if len(known) == 1 else 0.09):
            other = department()
            if other not in known:
                known.append(other)
        role = profile()
        for where in known:
            write["affiliations"](
                (
                    number,
                    where,
                    role,
                    int(cover and where == home),
                    f"{rng.randint(max(year + 16, 1980), 2026) if year < 2009 else 2025}-01-01",
                    "",
                )
            )
        kind = card() if cover and 2026 - year >= 16 else ""
        if kind:
            serial = (
                f"{rng.randrange(10**11):011d}"
                if kind == "photo"
                else "".join(rng.choice("0123456789") for _ in range(rng.choice((8, 9, 9, 9, 10, 11, 13))))
            )
            write["vitale_cards"]((number, kind, serial, f"{rng.randint(2008, 2025)}-06-01", ""))
        if rng.random() < payments_share:
            pay(rng, write["payments"], number, home, today, retired=2026 - year >= 62, cover=cover)
        if sys.stderr.isatty() and made % 20000 == 0:
            print(f"\r{made:>10,} members", end="", file=sys.stderr)
    for file in files.values():
        file.close()


def pay(rng, write, number, home, today, *, retired, cover):
    """Half a year of payments and some older ones; refunds repeat usual fees, pensions repeat one amount."""
    if retired:
        amount = int(rng.lognormvariate(10.5, 0.45))
        for month in range(rng.choice((6, 8))):
            write(
                (
                    number,
                    home,
                    (today - timedelta(5 + 30 * month)).isoformat(),
                    "retraite",
                    "Pension de retraite",
                    amount,
                )
            )
    for _ in range(rng.randint(0, 8) if cover or rng.random() < 0.35 else 0):
        cents = rng.choice(FEES) if rng.random() < 0.6 else rng.randint(300, 90000)
        day = today - timedelta(183 if rng.random() < 0.03 else rng.randint(0, 300))
        write((number, home, day.isoformat(), "sante", "Santé", cents))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--members", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--today", type=date.fromisoformat, default=date(2026, 11, 20))
    parser.add_argument("--payments-share", type=float, default=1.0)
    options = parser.parse_args()
    make(options.members, options.seed, options.out, options.today, options.payments_share)
