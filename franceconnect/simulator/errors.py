"""Owns the hub's refusals: FranceConnect's codes, their status and what a service hears (facts A3 to A8, B5)."""


class HubRefused(Exception):
    """Shown on the hub's own page with its code; the service hears nothing."""

    def __init__(self, code: str, status: int = 400) -> None:
        super().__init__(code)
        self.code, self.status = code, status
