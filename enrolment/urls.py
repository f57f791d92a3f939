"""Addresses of the registration."""

from django.urls import path

from enrolment import views

app_name = "enrolment"
urlpatterns = [
    path("", views.start, name="start"),
    path("abandonner/", views.abandon, name="abandon"),
    path("terminee/", views.finished, name="finished"),
    path("<slug:slug>/", views.StepView.as_view(), name="step"),
]
