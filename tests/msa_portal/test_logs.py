"""Logs are JSON and hold no personal value, however it is written (R20, R21)."""

import json
import logging
import sys

import pytest

from accounts.circumstance import Circumstance, circumstance
from msa_portal.logs import JsonFormatter, Redaction, redacted

NIR_SPELLINGS = [
    "1630967482229", "163096748222906", "1 63 09 67 482 229", "1 63 09 67 482 229 06", "1-63-09-67-482-229",
    "1.63.09.67.482.229", "1_63_09_67_482_229", "1/63/09/67/482/229", "1  63  09  67  482  229",
    "1\u00a063\u00a009\u00a067\u00a0482\u00a0229", "1\u202f63\u202f09\u202f67\u202f482\u202f229",
    "1%2063%2009%2067%20482%20229", "1+63+09+67+482+229", "283072A004909", "2 83 07 2A 004 909", "283072a004909",
    "290112B03391154", "3880599350906", "7880599350906", "8880599350906",
]  # fmt: skip
PHONES = [
    "0639981001", "06 39 98 10 01", "06.39.98.10.01", "06-39-98-10-01", "+33639981001", "+33 6 39 98 10 01",
    "0033639981001", "+33 (0)6 39 98 10 01", "%2B33639981001", "+262692123456", "03\u00a088\u00a000\u00a000\u00a000",
]  # fmt: skip
EMAILS = ["fritz.lamy@example.org", "fritz+msa@sous.domaine.fr", "FRITZ@EXAMPLE.ORG", "fritz.lamy%40example.org"]
FRAMES = [
    "{}",
    "nir={}",
    "'{}'",
    "/x/{}/",
    "?q={}&y=1",
    '{{"v": "{}"}}',
    "x{}y",
    "user_{}",
    "Key (nir)=({}) exists",
    "{},",
]


def digits_of(text: str) -> str:
    return "".join(filter(str.isalnum, text.replace("%20", "").replace("%2B", "").replace("%40", "")))


@pytest.mark.parametrize("value", NIR_SPELLINGS + PHONES + EMAILS)
@pytest.mark.parametrize("frame", FRAMES)
def test_personal_values_are_taken_out(value: str, frame: str) -> None:
    if value[0] in "+0%" and frame in ("x{}y", "user_{}"):
        frame = "{}"
    said = redacted(frame.format(value))
    assert "[retiré]" in said, said
    assert digits_of(value)[2:9] not in digits_of(said)


@pytest.mark.parametrize(
    "path",
    [
        "/mot-de-passe/lien/{}/", "/email/lien/{}/", "/email/annuler/{}/", "https://x.fr/email/lien/{}/?a=b",
        "/franceconnect/ce-n-est-pas-moi/{}/", "POST https://x.fr/franceconnect/ce-n-est-pas-moi/{} 410",
    ],
)  # fmt: skip
def test_a_secret_link_is_taken_out(path: str) -> None:
    """R13, J16."""
    assert redacted(path.format("Abc-DEF_ghi" * 4)) == path.format("[retiré]")


@pytest.mark.parametrize(
    "text",
    [
        "GET /mon-espace/ 200", "3 e-mails sent in 12.345 s", "request 9f8e7d6c5b4a3921",
        "account 3f2b8c1e-5a4d-4f6b-9c8d-7e6f5a4b3c2d", "2026-11-20T18:10:24.520", "sweep left 200 of 1500",
        "port 8000", "seal 12: an entry is missing", "Linux 6.1.0-18-amd64", "10.0.0.12:54321",
    ],
)  # fmt: skip
def test_what_is_not_personal_stays(text: str) -> None:
    assert redacted(text) == text


def line_of(record: logging.LogRecord) -> dict[str, str]:
    assert Redaction().filter(record)
    return json.loads(JsonFormatter().format(record))


def a_record(message: str, *args: object, **extra: object) -> logging.LogRecord:
    return logging.getLogger("accounts.x").makeRecord(
        "accounts.x", logging.WARNING, __file__, 1, message, args, None, extra=extra
    )


def test_a_line_is_one_json_object_with_the_requests_id() -> None:
    token = circumstance.set(Circumstance("abcdef0123456789"))
    line = line_of(a_record("mail not taken by\n%s", "the server « é »", attempts=3))
    circumstance.reset(token)
    assert line["message"] == "mail not taken by\nthe server « é »"
    assert (line["level"], line["logger"], line["request_id"], line["attempts"]) == (
        "WARNING", "accounts.x", "abcdef0123456789", "3"
    )  # fmt: skip
    assert line["at"].endswith("+00:00")
    assert "request_id" not in line_of(a_record("alone"))


def test_arguments_and_extras_are_cleaned_too() -> None:
    line = line_of(a_record("refused for %(who)s", {"who": "1 63 09 67 482 229"}, email="fritz.lamy@example.org"))
    assert "482" not in json.dumps(line)
    assert "fritz" not in json.dumps(line)


@pytest.mark.parametrize("already_told", [False, True])
def test_a_traceback_is_kept_and_cleaned(already_told: bool) -> None:
    record = a_record("it failed")
    try:
        raise ValueError("no such member: 1630967482229")
    except ValueError:
        record.exc_info = sys.exc_info()
    if already_told:  # another handler formatted it before ours
        logging.Formatter().format(record)
    line = line_of(record)
    assert "ValueError" in line["traceback"]
    assert "1630967482229" not in json.dumps(line)
