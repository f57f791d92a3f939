"""Owns the providers members use and the slips made in their names."""

PROVIDERS = (
    "gmail.com", "orange.fr", "wanadoo.fr", "free.fr", "sfr.fr", "laposte.net", "hotmail.fr", "hotmail.com",
    "outlook.fr", "outlook.com", "yahoo.fr", "yahoo.com", "live.fr", "live.com", "icloud.com", "neuf.fr", "bbox.fr",
    "numericable.fr", "club-internet.fr", "aliceadsl.fr", "cegetel.net", "msn.com", "gmx.fr", "gmx.com", "mail.com",
    "ymail.com", "protonmail.com", "proton.me", "me.com", "mac.com", "aol.com", "aol.fr", "voila.fr", "gmail.fr",
)  # fmt: skip
# Further than one slip from the true name, yet common.
KNOWN_SLIPS = {
    "laposte.fr": "laposte.net",
    "laposte.com": "laposte.net",
    "orange.com": "orange.fr",
    "wanado.com": "wanadoo.fr",
    "wanadoo.com": "wanadoo.fr",
    "gamil.fr": "gmail.com",
    "gmial.fr": "gmail.com",
    "hotmal.fr": "hotmail.fr",
    "free.com": "free.fr",
}
SHORTEST_COMPARED = 7  # shorter names lie one letter apart from too many honest ones


def nearest_provider(domain: str) -> str | None:
    """The provider one slip away, if the domain is not itself a known one."""
    if domain in PROVIDERS:
        return None
    if domain in KNOWN_SLIPS:
        return KNOWN_SLIPS[domain]
    return next((name for name in PROVIDERS if len(name) >= SHORTEST_COMPARED and is_one_slip(domain, name)), None)


def is_one_slip(typed: str, meant: str) -> bool:
    """One letter missing, added, changed, or two neighbours swapped."""
    start = 0
    while start < min(len(typed), len(meant)) and typed[start] == meant[start]:
        start += 1
    left, right = typed[start:], meant[start:]
    swapped = left[:2] == right[1::-1] and left[2:] == right[2:] and len(left) > 1
    return left[1:] == right or left == right[1:] or left[1:] == right[1:] or swapped
