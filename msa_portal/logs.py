"""Structured logs: one JSON object a line, with the request id, and no personal value in it."""

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any

from accounts.circumstance import circumstance

STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "request", "status_code"}
# A safety net, not a permission: nothing personal should be logged in the first place.
REMOVED = "[retiré]"
BETWEEN = r"(?:[\s./_-]|%20|\+){0,2}"
NUMBER = re.compile(
    rf"(?<![0-9a-f]-)(?<!\d)[1-478](?:{BETWEEN}\d){{4}}{BETWEEN}(?:\d|2[AB])(?:{BETWEEN}[\dAB]){{7,9}}(?![0-9a-f-])",
    re.IGNORECASE,
)
PHONE = re.compile(r"(?<!\d)(?:(?:\+|%2B|00)\d{2,3}|0)[\s.-]?(?:\(0\))?[\s.-]?\d(?:[\s./-]?\d{2}){4}(?!\d)")
EMAIL = re.compile(r"[\w.+-]+(?:@|%40)[\w-]+\.[\w.-]+")
SECRET_PATH = re.compile(r"(/(?:lien|annuler|ce-n-est-pas-moi)/)[\w-]{20,}")


def redacted(text: str) -> str:
    """The text without what looks like a NIR, a telephone number, an address or a secret link."""
    for pattern in (NUMBER, PHONE, EMAIL):
        text = pattern.sub(REMOVED, text)
    return SECRET_PATH.sub(rf"\1{REMOVED}", text)


class Redaction(logging.Filter):
    """Renders the message once and cleans it, with its arguments and its traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redacted(record.getMessage()), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        record.exc_text = redacted(record.exc_text) if record.exc_text else None
        return True


class JsonFormatter(logging.Formatter):
    """`{"at": …, "level": …, "logger": …, "message": …, "request_id": …}` and the extras."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request_id := circumstance.get().request_id:
            line["request_id"] = request_id
        for name, value in record.__dict__.items():
            if name not in STANDARD and not name.startswith("_"):
                line[name] = redacted(str(value))
        if record.exc_text:
            line["traceback"] = record.exc_text
        return json.dumps(line, ensure_ascii=False)
