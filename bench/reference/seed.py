"""Fills the reference's empty database: one relying party, and members who are signed in.

Each member is signed in and has agreed before, which django-oauth-toolkit remembers by a token that has not expired. It
reads all of these at each request, so a flow comes to cost more the more of them a member has: here they stay few.
"""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from oauth2_provider.generators import generate_client_id, generate_client_secret
from oauth2_provider.models import AccessToken, Application

SCOPE = "openid profile email"


def seed(redirect_uri: str, count: int) -> tuple[str, str, str, list[str]]:
    """The client's id, secret and redirect URI, and the cookie of each member."""
    call_command("migrate", verbosity=0)
    application, secret = client(redirect_uri)
    return application.client_id, secret, redirect_uri, members(count, application)


def client(redirect_uri: str) -> tuple[Application, str]:
    secret = generate_client_secret()
    made = Application.objects.create(
        client_id=generate_client_id(),
        client_secret=secret,
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
        algorithm=Application.RS256_ALGORITHM,
        redirect_uris=redirect_uri,
        name="Banc d'essai",
    )
    return made, secret


def members(count: int, application: Application) -> list[str]:
    """Accounts, the remembered consent of each, and the key of each one's session."""
    people = [User(username=f"member-{number}", email=f"member-{number}@example.org") for number in range(count)]
    for person in people:
        person.set_unusable_password()
    User.objects.bulk_create(people)
    expires = timezone.now() + timedelta(hours=10)
    AccessToken.objects.bulk_create(
        AccessToken(user=person, application=application, token=person.username, scope=SCOPE, expires=expires)
        for person in people
    )
    return [session(person) for person in people]


def session(person: User) -> str:
    browser = Client()
    browser.force_login(person)
    return f"{settings.SESSION_COOKIE_NAME}={browser.cookies[settings.SESSION_COOKIE_NAME].value}"
