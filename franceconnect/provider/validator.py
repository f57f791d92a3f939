"""What oauthlib asks us while it answers the token, userinfo and revocation endpoints (FI 7 to 9, 12, 22)."""

from typing import Any

from django.utils import timezone
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauthlib.common import Request
from oauthlib.oauth2 import InvalidGrantError
from oauthlib.oauth2.rfc6749.errors import InvalidTokenError

from franceconnect import claims
from franceconnect.models import Client, Grant
from franceconnect.provider import client_authentication, grants, tokens


class Validator(OAuth2Validator):
    """One grant, read once, is what a whole request is about: `request.grant`."""

    # Who asks ---------------------------------------------------------------------------------------------------------

    def client_authentication_required(self, request: Request, *args: Any, **kwargs: Any) -> bool:
        """Every client of ours is confidential."""
        return True

    def authenticate_client(self, request: Request, *args: Any, **kwargs: Any) -> bool:
        client = client_authentication.read(request).client(now=timezone.now())
        if client is None:
            return False
        request.client, request.client_id = client, client.client_id
        return True

    def authenticate_client_id(self, client_id: str, request: Request, *args: Any, **kwargs: Any) -> bool:
        return False

    def validate_grant_type(self, client_id: str, grant_type: str, *args: Any, **kwargs: Any) -> bool:
        return grant_type == "authorization_code"

    # The code ---------------------------------------------------------------------------------------------------------

    def validate_code(self, client_id: str, code: str, client: Client, request: Request, *args: Any) -> bool:
        """Unspent, in time, this client's; what comes twice takes back what it gave."""
        now = timezone.now()
        request.grant = grant = grants.find(code, client)
        if grant is None:
            return False
        if grant.consumed_at:
            grants.replayed(grant, now=now)
            return False
        if grant.revoked_at or grant.expires <= now or not grant.user.is_active:
            return False
        if request.code_verifier and not grant.code_challenge:
            # Somebody took the challenge off the request on its way (RFC 9700, 4.8.2).
            return False
        request.user, request.scopes = grant.user, grant.scope.split()
        return True

    def is_pkce_required(self, client_id: str, request: Request) -> bool:
        return request.client.pkce_required

    def get_code_challenge(self, code: str, request: Request) -> str | None:
        return request.grant.code_challenge or None

    def get_code_challenge_method(self, code: str, request: Request) -> str | None:
        return request.grant.code_challenge_method or None

    def get_default_redirect_uri(self, client_id: str, request: Request, *args: Any, **kwargs: Any) -> None:
        """RFC 6749, 4.1.3: the redirect URI stood in the authorization request, so it has to stand here."""

    def confirm_redirect_uri(
        self, client_id: str, code: str, redirect_uri: str, client: Client, request: Request, *args: Any
    ) -> bool:
        return request.grant.redirect_uri == redirect_uri

    def invalidate_authorization_code(self, client_id: str, code: str, request: Request, *args: Any) -> None:
        """`save_bearer_token` has spent it, in the same statement."""

    # The tokens -------------------------------------------------------------------------------------------------------

    def get_id_token(self, token: dict[str, Any], token_handler: Any, request: Request) -> str:
        return tokens.id_token(request.grant, now=timezone.now())

    def get_authorization_code_nonce(self, client_id: str, code: str, redirect_uri: str, request: Request) -> str:
        return request.grant.nonce

    def save_bearer_token(self, token: dict[str, Any], request: Request, *args: Any, **kwargs: Any) -> None:
        token["expires_in"] = int(grants.token_life(request.client).total_seconds())
        if not grants.redeem(request.grant, token["access_token"], now=timezone.now()):
            # Somebody was quicker with the same code: whoever that was, it is worth nothing any more.
            grants.replayed(request.grant, now=timezone.now())
            raise InvalidGrantError(request=request)

    def revoke_token(self, token: str, token_type_hint: str, request: Request, *args: Any, **kwargs: Any) -> None:
        grants.revoke(token, request.client, now=timezone.now())

    # Userinfo ---------------------------------------------------------------------------------------------------------

    def validate_bearer_token(self, token: str, scopes: list[str], request: Request) -> bool:
        grant = grants.use(token, now=timezone.now()) if token else None
        if grant is None:
            return False
        request.grant, request.client, request.user = grant, grant.application, grant.user
        return True

    def get_userinfo_claims(self, request: Request) -> dict[str, Any] | str:
        """A JSON object, or the JWT that the client registered for (FI 12)."""
        grant: Grant = request.grant
        known = claims.userinfo(
            grant.user, grant.application, scopes=frozenset(grant.scope.split()), requested=grants.claims_of(grant)
        )
        answer = tokens.userinfo(known, grant.application, now=timezone.now())
        if not grants.spend(grant, now=timezone.now()):
            raise InvalidTokenError(request=request)
        return answer
