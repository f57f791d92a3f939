"""What every template of the simulator knows."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from franceconnect.simulator import state
from franceconnect.simulator.pages import knob_fields, stylesheet
from franceconnect.simulator.pages.picker import waiting


def known(request: HttpRequest) -> Mapping[str, Any]:
    """Its coat, the knobs that are off their place, and the request to go back to after a refusal."""
    session: state.Session | None = vars(request).get("hub")
    request_waiting = waiting(session) if session else None
    return {
        "stylesheet": stylesheet.ADDRESS,
        "icon": stylesheet.ICON_ADDRESS,
        "turned": knob_fields.turned(),
        "waiting": request_waiting,
    }
