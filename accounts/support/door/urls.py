"""Addresses of the agents' door: the only ones of the desk that are there for everybody."""

from django.urls import path

from accounts.support.door.views import ChoosePassword, ConnectPhone, Door, TypeCode, TypeRecoveryCode, sign_out

urlpatterns = [
    path("connexion/", Door.as_view(), name="door"),
    path("connexion/code/", TypeCode.as_view(), name="door_code"),
    path("connexion/secours/", TypeRecoveryCode.as_view(), name="door_recovery"),
    path("deconnexion/", sign_out, name="sign_out"),
    path("premiere-connexion/<str:secret>/", ChoosePassword.as_view(), name="set_up"),
    path("premiere-connexion/<str:secret>/application/", ConnectPhone.as_view(), name="set_up_phone"),
]
