"""A refusal in the protocol's words: it knows whether the client may hear of it through the browser."""


class OAuthError(Exception):
    """RFC 6749 (4.1.2.1, 5.2) and OpenID Connect Core (3.1.2.6). `description` is public; no input is echoed in it.

    `may_redirect` is False as long as client and redirect URI are not known to be good: then the member reads a page.
    """

    def __init__(self, error: str, description: str, *, may_redirect: bool = True) -> None:
        super().__init__(error)
        self.error, self.description, self.may_redirect = error, description, may_redirect


def page_only(description: str) -> OAuthError:
    """Nothing may leave towards an address that is not known to be the client's."""
    return OAuthError("invalid_request", description, may_redirect=False)
