"""Forms in the desk's look."""

from typing import Any

from django import forms
from django.forms.utils import ErrorList


class PlainErrors(ErrorList):
    """Errors in the admin's look; the portal's are drawn with its own icons."""

    # The admin asks for the second by its name.
    template_name = template_name_ul = "support/errors.html"


class DeskForm(forms.ModelForm):
    """What a list of the desk is filled in with, unless it says otherwise."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"error_class": PlainErrors, **kwargs})
