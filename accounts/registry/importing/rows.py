"""Makes the staged row of one delivered line: checked, fingerprinted, and sealed where it names somebody (R20)."""

import re
from datetime import date
from json.encoder import encode_basestring as in_json

from accounts.identity.vitale import comparable
from accounts.models import CardKind, Member, NirStatus, Profile, birth_mark
from accounts.registry.importing import columns
from accounts.registry.importing.refusal import LineRefused
from accounts.sealed import fingerprint, seal, sealing_context

NIR_STATUSES = frozenset(NirStatus.values)
PROFILES = frozenset(Profile.values)
CARD_KINDS = frozenset(CardKind.values)
GENDERS = frozenset(("male", "female"))
FLAGS = frozenset("01")
PLACE = re.compile(r"((2[AB]|[0-9]{2})[0-9]{3})?")
COUNTRY = re.compile(r"99[0-9]{3}")
PAYMENT_KIND = re.compile(r"[a-z][a-z0-9_]{0,23}")
DIGEST_SIZE = 16

Row = tuple[object, ...]
# The dossier as JSON with holes: filling them takes a third of the time that json.dumps takes, five million times.
# Holes in quotes are for what has been checked to need no escape.
DOSSIER = (
    '{"nir": "%s", "birth_name": %s, "usage_name": %s, "given_names": %s, "gender": "%s", "birth_date": "%s", '
    '"birth_place": "%s", "birth_country": "%s", "deceased_on": "%s", "address": %s, "postcode": %s, "city": %s}'
)


def member(fields: list[str], today: date) -> Row:
    nir, status, birth_name, usage_name, given_names, gender, birth_date, place, country, deceased, *address = fields
    number = columns.nir(nir)
    columns.one_of(status, NIR_STATUSES, "nir_status")
    born = columns.birth_date(birth_date, today)
    deceased_on = columns.day_or_none(deceased, "deceased_on")
    if deceased_on and deceased_on > today:
        raise LineRefused("deceased_on", "future")
    dossier = DOSSIER % (
        number,
        in_json(columns.required(columns.words(birth_name), "birth_name")),
        in_json(columns.words(usage_name)),
        in_json(columns.required(columns.words(given_names), "given_names")),
        columns.one_of(gender, GENDERS, "gender"),
        born,
        columns.code(place, PLACE, "birth_place"),
        columns.code(country, COUNTRY, "birth_country"),
        deceased,
        *[in_json(columns.words(line)) for line in address],
    )
    mark = fingerprint("nir", number)
    sealed = seal(dossier.encode(), context=sealing_context(Member, "dossier", mark))
    line_digest = fingerprint("member_line", "\x1f".join(fields))[:DIGEST_SIZE]
    return mark, birth_mark(born), status, deceased_on is not None, sealed, line_digest


def affiliation(fields: list[str], today: date) -> Row:
    nir, department, profile, health_cover, since, until = fields
    number = columns.nir(nir)
    columns.department(department)
    columns.one_of(profile, PROFILES, "profile")
    columns.one_of(health_cover, FLAGS, "health_cover")
    begins, ends = columns.day(since, "since"), columns.day_or_none(until, "until")
    columns.period(begins, ends, "until")
    return fingerprint("nir", number), department, profile, health_cover == "1", begins, ends


def vitale_card(fields: list[str], today: date) -> Row:
    nir, kind, serial, issued_on, revoked_on = fields
    number = columns.nir(nir)
    columns.one_of(kind, CARD_KINDS, "kind")
    digits = columns.serial(serial, kind)
    issued, revoked = columns.day_or_none(issued_on, "issued_on"), columns.day_or_none(revoked_on, "revoked_on")
    columns.period(issued, revoked, "revoked_on")
    mark = fingerprint("vitale", f"{number}:{comparable(digits)}")
    return fingerprint("nir", number), kind, mark, issued, revoked


def payment(fields: list[str], today: date) -> Row:
    nir, department, paid_on, kind, label, amount_cents = fields
    number = columns.nir(nir)
    columns.department(department)
    columns.code(kind, PAYMENT_KIND, "kind")
    return (
        fingerprint("nir", number),
        department,
        columns.day(paid_on, "paid_on"),
        kind,
        columns.words(label),
        columns.amount(amount_cents, "amount_cents"),
    )
