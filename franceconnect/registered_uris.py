"""Which addresses a relying party may register: absolute, https, and nothing that could match another than itself."""

import ipaddress
import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError

LONGEST = 500
# RFC 3986, section 2, without what starts a fragment (RFC 6749, section 3.1.2) and without the wildcard.
CHARACTERS = re.compile(r"(?:[A-Za-z0-9\-._~:/?\[\]@!$&'()+,;=]|%[0-9A-Fa-f]{2})+")
LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
NAME = re.compile(rf"{LABEL}(?:\.{LABEL})*")

# What our answers add; twice in one address, a client might believe the wrong one.
OURS = frozenset({"code", "state", "iss", "error", "error_description"})

MESSAGES = {
    "uri_characters": "L'adresse « {uri} » contient un caractère interdit (blanc, accent, « # » ou « * »).",
    "uri_not_absolute": "L'adresse « {uri} » doit être complète\u00a0: https://, puis le nom du serveur.",
    "uri_user": "L'adresse « {uri} » ne doit contenir ni nom d'utilisateur ni mot de passe.",
    "uri_host": "Le nom du serveur n'est pas valable dans l'adresse « {uri} ».",
    "uri_not_https": "L'adresse « {uri} » doit commencer par https://.",
    "uri_parameter": "L'adresse « {uri} » contient déjà un paramètre que nous y ajoutons (code, state, iss ou error).",
    "uri_too_long": f"L'adresse « {{uri}} » dépasse {LONGEST} caractères.",
}


def refuse_bad(uris: Iterable[str]) -> list[ValidationError]:
    """What is wrong with these addresses; nothing when all of them may be registered."""
    found = ((uri, fault(uri)) for uri in uris)
    return [ValidationError(_words(MESSAGES[code], uri), code=code) for uri, code in found if code]


def _words(message: str, uri: str) -> str:
    shown = "".join(letter if letter.isprintable() else "\ufffd" for letter in uri[:80])
    return message.format(uri=shown).replace("« ", "«\u00a0").replace(" »", "\u00a0»")


def fault(uri: str) -> str:
    """The code of the first rule that this address breaks, or nothing."""
    if len(uri) > LONGEST:
        return "uri_too_long"
    if not CHARACTERS.fullmatch(uri):
        return "uri_characters"
    try:
        parts = urlsplit(uri)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "uri_host"
    if parts.scheme not in ("http", "https") or not uri.startswith(f"{parts.scheme}://"):
        return "uri_not_absolute"
    if "@" in parts.netloc:
        return "uri_user"
    if not is_host(host) or port == 0 or parts.netloc.endswith(":"):
        return "uri_host"
    # A program on the developer's own machine has no certificate; production never talks to one.
    if OURS & {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}:
        return "uri_parameter"
    if parts.scheme == "http" and (settings.HTTPS or not is_loopback(host)):
        return "uri_not_https"
    return ""


def is_host(host: str) -> bool:
    """A name of the DNS or an address."""
    if NAME.fullmatch(host) and len(host) <= 253 and not host.rpartition(".")[2].isdigit():
        return True
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def is_authority(text: str) -> bool:
    """A host in small letters, with a port where there is one: what stands between « https:// » and the path."""
    return not set(text) & set("/?#@") and text == text.lower() and not fault(f"https://{text}/")


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
