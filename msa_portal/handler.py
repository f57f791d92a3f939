"""How a request is read before anything of ours runs."""

from typing import Any

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils.http import parse_header_parameters


class Request(WSGIRequest):
    """Always UTF-8, as our pages are.

    Django reads the address in whatever charset the request names, before any middleware: some names are programs
    (« hex », « idna »), and what they raise there would be answered by the server, not by us.
    """

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        try:
            self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except (ValueError, LookupError):
            self.content_type, self.content_params = "", {}
        self.content_params.pop("charset", None)


class Handler(WSGIHandler):
    """Django's, with our request."""

    request_class = Request
