"""The one flow we speak: authorization code, exchanged once, then userinfo; and revocation."""

from typing import Any

from oauthlib.oauth2 import AuthorizationEndpoint, RevocationEndpoint, TokenEndpoint
from oauthlib.oauth2.rfc6749.grant_types import AuthorizationCodeGrant
from oauthlib.oauth2.rfc6749.tokens import BearerToken
from oauthlib.openid import UserInfoEndpoint
from oauthlib.openid.connect.core.grant_types import AuthorizationCodeGrant as OpenIDAuthorizationCodeGrant


class Server(AuthorizationEndpoint, TokenEndpoint, RevocationEndpoint, UserInfoEndpoint):
    """oauthlib's endpoints without what it offers besides.

    The stock server answers a password grant of a client that may not use it, and tells a good password from a bad one
    (libraries, 2.2 no. 2); it also takes an id_token for an access token (no. 4). Here neither exists.
    """

    def __init__(self, request_validator: Any, token_expires_in: Any = None, **kwargs: Any) -> None:
        bearer = BearerToken(request_validator, expires_in=token_expires_in)
        code = OpenIDAuthorizationCodeGrant(request_validator)
        # Tokens are asked of the OpenID grant alone; this one only carries it.
        code.proxy_target = AuthorizationCodeGrant(request_validator)
        AuthorizationEndpoint.__init__(
            self, default_response_type="code", response_types={"code": code}, default_token_type=bearer
        )
        TokenEndpoint.__init__(
            self,
            default_grant_type="authorization_code",
            grant_types={"authorization_code": code},
            default_token_type=bearer,
        )
        RevocationEndpoint.__init__(self, request_validator)
        UserInfoEndpoint.__init__(self, request_validator)
        self.bearer = bearer
