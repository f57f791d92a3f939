"""Home, help by department and the legal pages (A02, C10, L01 to L05)."""

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.fields import DepartmentField


class DepartmentHelpForm(forms.Form):
    """C10: « Renseignez votre numéro de département »."""

    department = DepartmentField(label="Renseignez votre numéro de département :", label_suffix="")


def home(request: HttpRequest) -> HttpResponse:
    """Two doors, then help."""
    return render(request, "pages/home.html", {"form": DepartmentHelpForm()})


def help_by_department(request: HttpRequest) -> HttpResponse:
    """L01 to L05, and the caisse of a department once its number is given."""
    form = DepartmentHelpForm(request.GET if "department" in request.GET else None)
    department = form.cleaned_data["department"] if form.is_bound and form.is_valid() else None
    return render(request, "pages/help.html", {"form": form, "department": department})


def terms(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/terms.html", {"terms_version": settings.TERMS_VERSION})


def legal(request: HttpRequest) -> HttpResponse:
    context = {"legal_publisher": settings.LEGAL_PUBLISHER, "legal_host": settings.LEGAL_HOST}
    return render(request, "pages/legal.html", context)


def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/privacy.html", {"data_protection_contact": settings.DATA_PROTECTION_CONTACT})


def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/accessibility.html")
