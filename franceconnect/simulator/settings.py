"""Settings of the simulator's process: no database, no session of the portal, nothing that outlives it."""

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from msa_portal.environment import Environment, Mode

BASE_DIR = Path(__file__).resolve().parents[2]
VAR_DIR = Path(os.environ.get("VAR_DIR") or BASE_DIR / "var")
env = Environment(os.environ, VAR_DIR)
if env.mode is Mode.PRODUCTION:
    raise ImproperlyConfigured("The simulator plays FranceConnect: it does not start where members are real.")

PORT = env.number("PORT", 8000)
SIMULATOR_PORT = env.number("SIMULATOR_PORT", 8001)
BASE_URL = f"http://127.0.0.1:{SIMULATOR_PORT}"
PORTAL_URL = env.text("BASE_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
ISSUER = f"{BASE_URL}/api/v2"
# Known to both sides: MSA as a service of the hub, and the hub as a client of MSA's provider.
PORTAL_CLIENT_ID = env.text("FRANCECONNECT_CLIENT_ID", "msa-mon-espace-prive")
PORTAL_CLIENT_SECRET = env.secret("FRANCECONNECT_CLIENT_SECRET")
HUB_CLIENT_ID = "franceconnect-simulator"
HUB_CLIENT_SECRET = env.secret("SIMULATOR_CLIENT_SECRET")
# Of the two services of this process, which nobody else has to know.
SERVICE_SECRET = secrets.token_urlsafe(32)
MAIL_DIR = VAR_DIR / "mail"

SECRET_KEY = secrets.token_urlsafe(50)
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
INSTALLED_APPS: list[str] = []
MIDDLEWARE = [
    "franceconnect.simulator.middleware.Headers",
    "django.middleware.common.CommonMiddleware",
    "franceconnect.simulator.middleware.SessionCookie",
    "franceconnect.simulator.middleware.Hub",
]
ROOT_URLCONF = "franceconnect.simulator.urls"
APPEND_SLASH = False
DATABASES: dict[str, dict[str, object]] = {}
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "franceconnect.simulator.middleware.known",
                "franceconnect.simulator.pages.context.known",
            ],
            "builtins": ["accounts.templatetags.french"],
        },
    }
]
LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_TZ = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
