"""The lists of this room at the support desk: importing this puts them there."""

from accounts.support import code_desk, journal, limits
from accounts.support.door import own_access_pages
from accounts.support.file import pages
from accounts.support.lists import (
    address_lists,
    agent_list,
    correction_list,
    letter_batches,
    letter_lists,
    news_pages,
    returned_letters,
)

__all__ = [
    "address_lists",
    "agent_list",
    "code_desk",
    "correction_list",
    "journal",
    "letter_batches",
    "letter_lists",
    "limits",
    "news_pages",
    "own_access_pages",
    "pages",
    "returned_letters",
]
