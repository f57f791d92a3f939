"""Form fields that turn typed text into a value at the door and say in French what to type instead."""

from accounts.fields.contact import EmailAddressField, PhoneField
from accounts.fields.departments import DepartmentChoiceField, DepartmentField
from accounts.fields.lines import LineField
from accounts.fields.money import AmountField
from accounts.fields.numbers import LoginField, NirField, SiretField
from accounts.fields.people import BirthDateField, FamilyNameField, GivenNamesField
from accounts.fields.vitale import VitaleSerialField

__all__ = [
    "AmountField",
    "BirthDateField",
    "DepartmentChoiceField",
    "DepartmentField",
    "EmailAddressField",
    "FamilyNameField",
    "GivenNamesField",
    "LineField",
    "LoginField",
    "NirField",
    "PhoneField",
    "SiretField",
    "VitaleSerialField",
]
