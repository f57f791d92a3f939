"""The lists of this room at the support desk: importing this puts them there."""

from accounts.support import (
    address_lists,
    agent_admin,
    code_desk,
    correction_list,
    journal,
    letter_batches,
    letter_lists,
    limits,
    member_pages,
    news_pages,
    own_access_pages,
    returned_letters,
)

__all__ = [
    "address_lists",
    "agent_admin",
    "code_desk",
    "correction_list",
    "journal",
    "letter_batches",
    "letter_lists",
    "limits",
    "member_pages",
    "news_pages",
    "returned_letters",
    "own_access_pages",
]
