"""A member with an account at a browser, and the ways into it: what the stories behind sign-in begin with."""

import re
from datetime import timedelta

from django.utils import timezone

from accounts import codes, passwords
from accounts.models import Account, Channel
from tests.members import LAMY, OWN_PASSWORD
from tests.stories.caller import Caller, last_mail_to

EMAIL = "fritz.lamy@example.org"


def sign_in(caller: Caller, password: str = OWN_PASSWORD, nir: str = LAMY, path: str = "/connexion/") -> Caller:
    return caller.visit(path).press("Se connecter", login_id=nir, password=password)


def temporary_password(account: Account, channel: Channel = Channel.EMAIL) -> str:
    """As it was received: nobody can read it from the database."""
    from_the_letter, now = passwords.temporary_password(), timezone.now()
    codes.issue_temporary_password(
        account, from_the_letter, channel=channel, sent_to=account.email or "", life=timedelta(days=1), now=now
    )
    return passwords.grouped(from_the_letter)


def link_in_mail_to(address: str) -> str:
    """The path of the portal's link in the newest mail."""
    found = re.search(r"https?://[^/\s]+(/\S+/(?:lien|annuler)/\S+)", last_mail_to(address))
    assert found, last_mail_to(address)
    return found[1]


def digits_in_mail_to(address: str) -> str:
    found = re.search(r"^(\d{6})$", last_mail_to(address), re.MULTILINE)
    assert found, last_mail_to(address)
    return found[1]
