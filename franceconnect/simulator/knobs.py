"""What a tester may turn: each knob makes one thing go another way than usual (facts F 5)."""

from dataclasses import dataclass, field, fields


@dataclass
class Knobs:
    """As they stand now; `reset` puts them back. Names of form fields on /reglages/ are those of the attributes."""

    # What the hub's tokens for its services are like.
    signing_alg: str = "ES256"  # ES256, RS256
    userinfo_format: str = "jwt"  # jwt, json (which FranceConnect v2 never sends)
    # What the hub expects of MSA, its identity provider (facts A4): as the client is registered at MSA.
    provider_alg: str = "ES256"
    provider_userinfo: str = "jwt"  # jwt, json
    provider_encryption: str = ""  # "", ECDH-ES, RSA-OAEP-256
    allowed_acr: str = "eidas1"  # what MSA is registered for, blank-separated
    suspicious: bool = False  # x-suspicious: providers below eidas2 are greyed out (A6)
    disabled_providers: list[str] = field(default_factory=list)
    sso: bool = True
    notify: bool = True
    ask_consent: bool = True
    clock_skew: int = 0  # seconds
    clock_held: int = 0  # the second since 1970 at which the clock stands still; 0: it goes on
    portal_url: str = ""  # where the portal is, when it is not where the settings have it
    lose_state: bool = False  # towards MSA's callback
    slow_endpoint: str = ""  # authorize, discovery, jwks, token, userinfo, end_session
    slow_seconds: int = 10
    failing_endpoint: str = ""
    failing_status: int = 503
    # How an answer to a service is spoilt: each name is one attack or breakdown, see `SPOILT`.
    spoil: str = ""
    # The error with which the next authorization request is answered (B5), whatever the visitor does.
    error: str = ""
    error_description: str = ""

    def reset(self) -> None:
        for each in fields(self):
            setattr(self, each.name, getattr(Knobs(), each.name))


# name → what it does; the page of knobs shows the words.
SPOILT = {
    "wrong_key": "l'id_token est signé par une clé que personne ne publie",
    "new_key": "l'id_token est signé par une clé neuve, publiée (rotation)",
    "alg_none": "l'id_token n'est pas signé (alg none)",
    "alg_hs256": "l'id_token est signé en HS256 avec le secret du client",
    "other_alg": "l'id_token est signé avec l'autre algorithme publié",
    "wrong_nonce": "le nonce est un autre",
    "wrong_audience": "l'id_token est destiné à un autre service",
    "wrong_issuer": "l'id_token vient d'un autre émetteur",
    "expired": "l'id_token est expiré",
    "low_acr": "le niveau est eidas0",
    "no_acr": "l'id_token ne dit pas le niveau",
    "other_subject": "le sub de userinfo n'est pas celui de l'id_token",
    "tampered_userinfo": "une lettre du nom est changée après la signature",
    "userinfo_wrong_audience": "userinfo est destiné à un autre service",
    "no_family_name": "userinfo arrive sans le nom de naissance",
    "no_birthplace": "userinfo arrive sans le lieu de naissance",
    "forged_iss": "le retour annonce un autre émetteur (iss)",
    "no_iss": "le retour n'annonce pas d'émetteur",
    "expired_code": "le code est déjà expiré",
    "no_code": "le retour n'a ni code ni erreur",
}

knobs = Knobs()
