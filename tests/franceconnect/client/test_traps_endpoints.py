"""Whatever FranceConnect's document says, nothing of ours goes to another host (FS 1, B1)."""

import pytest

from franceconnect.client import metadata

ISSUER = "https://franceconnect.example/api/v2"


@pytest.mark.parametrize("name", [*metadata.ENDPOINTS, "end_session_endpoint"])
@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://elsewhere.example/api/v2/x",
        "https://franceconnect.example.elsewhere.example/api/v2/x",
        "https://franceconnect.example@elsewhere.example/api/v2/x",
        "https://franceconnect.example:8443/api/v2/x",
        "https://franceconnect.exampleX/api/v2/x",
    ],
)
def test_endpoints_are_where_the_issuer_is(settings, name, elsewhere):
    """FS 1, B1: our secret, our members' tokens and our members go to no other host, whatever a document says."""
    settings.FRANCECONNECT_ISSUER = ISSUER
    told = {
        "issuer": ISSUER, "response_types_supported": ["code"], "subject_types_supported": ["pairwise"],
        "authorization_endpoint": f"{ISSUER}/authorize", "token_endpoint": f"{ISSUER}/token",
        "userinfo_endpoint": f"{ISSUER}/userinfo", "jwks_uri": f"{ISSUER}/jwks",
        "end_session_endpoint": f"{ISSUER}/session/end",
    }  # fmt: skip
    assert metadata._checked(told)
    with pytest.raises(ValueError, match="not an address"):
        metadata._checked({**told, name: elsewhere})
