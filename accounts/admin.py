"""The lists of this room at the support desk: importing this puts them there."""

from accounts.support import (
    agent_admin,
    code_desk,
    correction_list,
    journal_pages,
    limits,
    member_pages,
    news_pages,
    work_lists,
)

__all__ = [
    "agent_admin",
    "code_desk",
    "correction_list",
    "journal_pages",
    "limits",
    "member_pages",
    "news_pages",
    "work_lists",
]
