"""What oauthlib asks us while it answers the token, userinfo and revocation endpoints."""

from oauth2_provider.oauth2_validators import OAuth2Validator


class Validator(OAuth2Validator):
    """Our answers."""
