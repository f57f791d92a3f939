"""What clients may call themselves: one code for one token, userinfo, revocation."""

import secrets
from typing import Any

from oauthlib.oauth2 import RevocationEndpoint, TokenEndpoint
from oauthlib.oauth2.rfc6749.tokens import BearerToken
from oauthlib.openid import UserInfoEndpoint
from oauthlib.openid.connect.core.grant_types import AuthorizationCodeGrant


class Server(TokenEndpoint, RevocationEndpoint, UserInfoEndpoint):
    """oauthlib's endpoints without what it offers besides.

    The stock server answers a password grant of a client that may not use it, and tells a good password from a bad one
    (libraries, 2.2 no. 2); it also takes an id_token for an access token (no. 4). Here neither exists. Authorization
    requests are ours alone: franceconnect.provider.checks.
    """

    def __init__(self, request_validator: Any, token_expires_in: Any = None, **kwargs: Any) -> None:
        bearer = BearerToken(request_validator, token_generator=_token, expires_in=token_expires_in)
        code = AuthorizationCodeGrant(request_validator)
        # No refresh tokens: who comes back asks anew, and the portal's session answers.
        code.refresh_token = False
        TokenEndpoint.__init__(
            self,
            default_grant_type="unsupported",
            grant_types={"authorization_code": code, "unsupported": code},
            default_token_type=bearer,
        )
        RevocationEndpoint.__init__(self, request_validator, supported_token_types=["access_token"])
        UserInfoEndpoint.__init__(self, request_validator)
        self.bearer = bearer


def _token(request: Any, refresh_token: bool = False) -> str:
    """256 random bits (RFC 6749, 10.10)."""
    return secrets.token_urlsafe(32)
