"""Addresses of « Complément d'inscription », below /mon-compte/complement-inscription/."""

from django.urls import path

from enrolment.departments import views

app_name = "departments"
urlpatterns = [
    path("", views.Overview.as_view(), name="overview"),
    path("mode-d-emploi/", views.Guide.as_view(), name="guide"),
    path("ma-msa/", views.Here.as_view(), name="here"),
    path("autre-msa/", views.Elsewhere.as_view(), name="elsewhere"),
    path("code/", views.TypeCode.as_view(), name="code"),
    path("accuse/<slug:slug>/", views.Receipt.as_view(), name="receipt"),
    path("accuse/<slug:slug>/pdf/", views.ReceiptFile.as_view(), name="receipt_file"),
    path("demande/<slug:slug>/autre-code/", views.AnotherCode.as_view(), name="another_code"),
]
