"""The lists of this room at the support desk: importing this puts them there."""

from accounts.support import agent_admin, member_pages, work_lists

__all__ = ["agent_admin", "member_pages", "work_lists"]
