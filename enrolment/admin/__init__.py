"""This room at the support desk: importing this puts its lists, pages and finders there (issue 5)."""

from enrolment import telephone
from enrolment.admin import companies, departments, references, registrations
from enrolment.departments import member_file

__all__ = ["companies", "departments", "member_file", "references", "registrations", "telephone"]
