"""What a service's machine is told when the hub says no: JSON, with a page of the documentation to read (facts B5)."""

import uuid

from django.http import JsonResponse

DOCUMENTATION = "https://docs.partenaires.franceconnect.gouv.fr/fs/fs-technique/fs-technique-erreurs/"
INVALID_CLIENT, INVALID_GRANT, MALFORMED = "Y0434A7B", "Y049E20B", "Y030007"


class OAuthRefused(Exception):
    """`code` is FranceConnect's own for it, if it is known to us."""

    def __init__(self, error: str, description: str, *, status: int = 400, code: str = "") -> None:
        super().__init__(error)
        self.error, self.description, self.status, self.code = error, description, status, code

    def answer(self) -> JsonResponse:
        code = f"code={self.code}&" if self.code else ""
        body = {
            "error": self.error,
            "error_description": self.description,
            "error_uri": f"{DOCUMENTATION}?{code}id={uuid.uuid4()}",
        }
        response = JsonResponse(body, status=self.status)
        if self.error == "invalid_token":
            response["WWW-Authenticate"] = f'Bearer error="{self.error}", error_description="{self.description}"'
        return response
