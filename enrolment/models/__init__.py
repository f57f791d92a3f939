"""The tables of the way in: registrations, and what is asked of a caisse."""

from enrolment.models.journey import Enrolment
from enrolment.models.request import DepartmentRequest, RegistrationRequest

__all__ = ["DepartmentRequest", "Enrolment", "RegistrationRequest"]
