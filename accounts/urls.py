"""Addresses of the member's pages."""

from django.urls import path
from django.views.generic import TemplateView

from accounts.models import Code
from accounts.views import company, consultations, contact, my_account, passwords, sign_in, space, verify

app_name = "accounts"
urlpatterns = [
    path("connexion/", sign_in.SignIn.as_view(), name="sign_in"),
    path("connexion/entreprise/", sign_in.CompanySignIn.as_view(), name="company_sign_in"),
    path("deconnexion/", sign_in.sign_out, name="sign_out"),
    path("au-revoir/", TemplateView.as_view(template_name="accounts/signed_out.html"), name="signed_out"),
    path("session/prolonger/", sign_in.extend_session, name="extend_session"),
    path("mot-de-passe/oublie/", passwords.ForgottenPassword.as_view(), name="forgotten_password"),
    path(
        "mot-de-passe/oublie/demande/",
        TemplateView.as_view(template_name="accounts/forgotten_password_asked.html"),
        name="forgotten_password_asked",
    ),
    path("mot-de-passe/lien/<str:secret>/", passwords.ResetPassword.as_view(), name="reset_link"),
    path(
        "mot-de-passe/modifie/",
        TemplateView.as_view(template_name="accounts/password_reset.html"),
        name="password_reset",
    ),
    path("mot-de-passe/personnaliser/", passwords.PersonalisePassword.as_view(), name="personalise_password"),
    path(
        "mot-de-passe/personnalise/",
        TemplateView.as_view(template_name="accounts/password_personalised.html"),
        name="password_personalised",
    ),
    path("mot-de-passe/force/", passwords.password_strength, name="password_strength"),
    path("coordonnees/confirmer/", contact.ConfirmContact.as_view(), name="confirm_contact"),
    path("coordonnees/confirmer/email/", contact.ConfirmEmail.as_view(), name="confirm_email"),
    path(
        "coordonnees/confirmees/",
        TemplateView.as_view(template_name="accounts/contact_confirmed.html"),
        name="contact_confirmed",
    ),
    path("verifier/", verify.VerifyMessage.as_view(), name="verify_message"),
    path("mon-espace/", space.Space.as_view(), name="space"),
    path("mon-espace/paiements/", space.Payments.as_view(), name="payments"),
    path("mon-compte/", my_account.MyAccount.as_view(), name="account"),
    path("mon-compte/email/", my_account.ChangeEmail.as_view(), name="change_email"),
    path("mon-compte/mot-de-passe/", my_account.ChangePassword.as_view(), name="change_password"),
    path("mon-compte/telephones/", my_account.ChangeTelephones.as_view(), name="change_telephones"),
    path("mon-compte/adresse/", my_account.ChangeAddress.as_view(), name="change_address"),
    path("mon-compte/reception/", my_account.ChangeDelivery.as_view(), name="change_delivery"),
    path("mon-compte/consultations/", consultations.Consultations.as_view(), name="consultations"),
    path("mon-entreprise/", company.Space.as_view(), name="company_space"),
    path("mon-entreprise/compte/", company.CompanyAccount.as_view(), name="company_account"),
    path("mon-entreprise/compte/email/", company.ChangeEmail.as_view(), name="company_email"),
    path("mon-entreprise/compte/mot-de-passe/", company.ChangePassword.as_view(), name="company_password"),
    path("mon-entreprise/compte/telephones/", company.ChangeTelephones.as_view(), name="company_telephones"),
    path(
        "email/lien/<str:secret>/",
        contact.EmailLink.as_view(purpose=Code.Purpose.EMAIL_LINK, template_name="accounts/email_link.html"),
        name="email_link",
    ),
    path(
        "email/annuler/<str:secret>/",
        contact.EmailLink.as_view(purpose=Code.Purpose.EMAIL_UNDO, template_name="accounts/email_undo.html"),
        name="email_undo",
    ),
]
