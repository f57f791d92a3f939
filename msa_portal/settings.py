"""Settings of the portal, one file for every mode; what differs between modes stands in the environment."""

import os
from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF

from msa_portal.environment import Environment, Mode, database, email_server, index_key, key_ring

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("VAR_DIR") or BASE_DIR / "var")

env = Environment(os.environ, VAR_DIR)
MODE = env.mode
DEMO = MODE is Mode.DEMO
DEBUG = False

# Secrets and addresses ------------------------------------------------------------------------------------------------
SECRET_KEY = env.secret("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.listed("SECRET_KEY_FALLBACKS")
SEALING_KEYS = key_ring(env.secret("NIR_KEYS"), name="NIR_KEYS")
FINGERPRINT_KEY = index_key(env.secret("NIR_INDEX_KEY"), name="NIR_INDEX_KEY")

PORT = env.number("PORT", 8000)
BASE_URL = env.required("BASE_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
HTTPS = BASE_URL.startswith("https://")
BASE_HOST = BASE_URL.partition("://")[2].partition("/")[0].rpartition("@")[2]
ALLOWED_HOSTS = [BASE_HOST.rpartition(":")[0] or BASE_HOST, *env.listed("ALLOWED_HOSTS")]
if MODE is not Mode.PRODUCTION:
    ALLOWED_HOSTS += ["localhost", "127.0.0.1", "[::1]", "testserver"]

# Applications ---------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "msa_portal.apps.FrameConfig",
    "accounts",
    "enrolment",
    "franceconnect",
    "oauth2_provider",
    "django_otp",
    # Registers nothing by itself: what the support desk shows is named in our own site (accounts.support).
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "csp",
]
MIDDLEWARE = [
    # What other machines read several times for each sign-in needs none of what pages need.
    "franceconnect.middleware.Documents",
    "msa_portal.middleware.RequestId",
    # Headers come before anything that may refuse a request: error pages have them too.
    "msa_portal.middleware.ResponseHeaders",
    "franceconnect.middleware.Endpoints",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "msa_portal.middleware.Waits",
    "accounts.middleware.Sessions",
    "django.middleware.common.CommonMiddleware",
    # Before the form tokens: a page that is shown again for a stale one is a page like any other.
    "accounts.middleware.Duties",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.middleware.SessionLimits",
    "franceconnect.middleware.WayOut",
]
ROOT_URLCONF = "msa_portal.urls"
WSGI_APPLICATION = "msa_portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context.member",
                "msa_portal.context.portal",
            ],
            "builtins": ["accounts.templatetags.french"],
        },
    }
]

# Storage --------------------------------------------------------------------------------------------------------------
DATABASES = {"default": database(env.required("DATABASE_URL", f"sqlite:///{VAR_DIR / 'portal.sqlite3'}"))}
REDIS_URL = env.required("REDIS_URL", "")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL, "KEY_PREFIX": "msa"}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

# Tasks: with no broker they run in the process that asked -------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=") or "memory://"
CELERY_TASK_ALWAYS_EAGER = not REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A broker that is gone must not hold a member's page: publish fails fast, the sweep delivers later.
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 1, "socket_timeout": 5, "visibility_timeout": 300}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TIMEZONE = "Europe/Paris"
CELERY_BEAT_SCHEDULE = {
    "sweep-outbox": {"task": "accounts.tasks.sweep_outbox", "schedule": 30},
    "seal-journal": {"task": "accounts.tasks.seal_journal", "schedule": 300},
    "purge": {"task": "msa_portal.tasks.purge", "schedule": 3600},
    "departments": {"task": "enrolment.tasks.remind_departments", "schedule": 3600},
    # An import does it at its end; this is for affiliations that begin or end on a day of their own.
    "follow-registry": {"task": "enrolment.tasks.follow_registry", "schedule": 6 * 3600},
}

# Mail and letters -----------------------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "MSA – Mon espace privé <ne-pas-repondre@msa.example>")
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
if email_url := env.required("EMAIL_URL", ""):
    globals().update(email_server(email_url))
elif DEMO:
    EMAIL_BACKEND = "msa_portal.demo.mail.FolderBackend"
else:
    EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# The demonstration prints each letter at once, where a newcomer can open it.
LETTERS_AT_ONCE_DIR = VAR_DIR / "letters" if DEMO else None
# The folder that the print shop reads, as the worker sees it; nothing: letters are printed by a command only.
LETTERS_DIR = Path(env.text("LETTERS_DIR")) if env.text("LETTERS_DIR") else None
# How long, and how many times, the print shop may ask for a batch's file again before it has posted the letters.
LETTER_COPIES_LIFE = timedelta(days=7)
LETTER_REPRINTS = 2

# Language -------------------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True

# Static files ---------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "msa_portal" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if MODE is Mode.TEST
        else "msa_portal.storage.HashedModulesStorage"
    },
}
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_USE_FINDERS = MODE is Mode.TEST

# Accounts and passwords -----------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["accounts.backends.SessionOnlyBackend"]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "accounts:space"
ARGON2_TIME_COST = env.number("ARGON2_TIME_COST", 2)
ARGON2_MEMORY_COST = env.number("ARGON2_MEMORY_COST", 47104)  # KiB
ARGON2_PARALLELISM = env.number("ARGON2_PARALLELISM", 1)
# The second is for the secrets of relying parties, which are random: no member's password is hashed with it.
PASSWORD_HASHERS = ["accounts.passwords.PortalArgon2Hasher", "franceconnect.provider.hashers.ClientSecretHasher"]
if MODE is Mode.TEST:
    ARGON2_TIME_COST, ARGON2_MEMORY_COST = 1, 8

# Identity proofs (R2 to R5) -------------------------------------------------------------------------------------------
VITALE_SERIAL_PREFIX = env.text("VITALE_SERIAL_PREFIX", "8025000002")
PAYMENT_PROOF_MONTHS = 6
PAYMENT_PROOF_FLOOR_CENTS = 30_00
IDENTITY_ANSWERS = 3  # wrong answers in one registration

# Lives (R13, R14, R16) ------------------------------------------------------------------------------------------------
TEMPORARY_PASSWORD_BY_EMAIL = timedelta(hours=24)
TEMPORARY_PASSWORD_BY_POST = timedelta(days=30)
DEPARTMENT_CODE_LIFE = timedelta(days=30)
DEPARTMENT_CODE_AGAIN = timedelta(days=7)  # a member may ask for another one once a week
DEPARTMENT_REMINDER = timedelta(days=10)  # « quelques jours » are over
EMAIL_CODE_LIFE = timedelta(minutes=15)
EMAIL_CODE_TRIES = 5
RESET_LINK_LIFE = timedelta(minutes=30)
EMAIL_CHANGE_LIFE = timedelta(hours=2)
EMAIL_CHANGE_UNDO = timedelta(hours=72)
SESSION_IDLE = timedelta(minutes=30)
SESSION_WARNING = timedelta(minutes=2)
SESSION_LIFE = timedelta(hours=12)
AGENT_SESSION_LIFE = timedelta(hours=10)
AGENT_HALF_WAY_LIFE = timedelta(minutes=5)  # between the password and the code
AGENT_SETUP_LIFE = timedelta(hours=72)
AGENT_RECOVERY_LIFE = timedelta(days=3 * 365)
KNOWN_BROWSER_LIFE = timedelta(days=90)
CONSULTATION_OPEN = timedelta(minutes=30)  # an agent gives a reason once, then reads a file for so long
CONSULTATION_LIFE = timedelta(days=1096)
CORRECTION_LIFE = timedelta(days=365)  # once decided
JOURNEY_LIFE = timedelta(hours=24)
CALL_CODE_LIFE = timedelta(minutes=30)  # six digits that a caller reads to an agent
JOURNAL_LIFE = timedelta(days=365)

# OpenID provider (J01 to J17, R2, R15) --------------------------------------------------------------------------------
OIDC_ISSUER = BASE_URL
# Who may use the federation: document 000 says both, document 004 the first only.
FEDERATION_PROFILES = env.listed("FEDERATION_PROFILES") or ["individual", "farmer"]
# Lets in members whose day or month of birth is unknown; FranceConnect then gets 00 for it.
FEDERATION_PARTIAL_BIRTH_DATES = env.flag("FEDERATION_PARTIAL_BIRTH_DATES", False)
OIDC_CODE_LIFE = timedelta(seconds=30)
OIDC_FEDERATION_TOKEN_LIFE = timedelta(seconds=60)  # and used once
OIDC_STANDARD_TOKEN_LIFE = timedelta(minutes=10)
OIDC_ID_TOKEN_LIFE = timedelta(seconds=60)
OIDC_INTERACTION_LIFE = timedelta(minutes=30)  # FranceConnect waits no longer for its visitor
# A key is published this long before it signs: longer than any cache of our keys, FranceConnect's and others' (24 h).
OIDC_KEY_NOTICE = timedelta(hours=24)
# And this long after its last signature: tokens live for minutes, but some clients cache for days or look twice.
OIDC_KEY_OVERLAP = timedelta(days=7)
OIDC_CLIENT_SECRET_OVERLAP = timedelta(days=7)
# A relying party's keys may be fetched from this very machine: its neighbours there are ours in production.
OIDC_FETCH_FROM_THIS_MACHINE = MODE is not Mode.PRODUCTION
FEDERATION_TRACE_LIFE = timedelta(days=183)
NOT_ME_LIFE = timedelta(days=10)
OAUTH2_PROVIDER_APPLICATION_MODEL = "franceconnect.Client"
OAUTH2_PROVIDER_GRANT_MODEL = "franceconnect.Grant"
OAUTH2_PROVIDER = {
    "OAUTH2_VALIDATOR_CLASS": "franceconnect.provider.validator.Validator",
    "OAUTH2_SERVER_CLASS": "franceconnect.provider.server.Server",
    "CLIENT_SECRET_HASHER": "client_secret",
    "OIDC_ENABLED": True,
    "OIDC_ISS_ENDPOINT": OIDC_ISSUER,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"] if HTTPS else ["https", "http"],
    # There are no refresh tokens; the toolkit's own check wants to hear it all the same.
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    **{
        f"COMPLIANT_BCP_RFC9700_{gate}": True
        for gate in (
            "IMPLICIT_GRANT",
            "PASSWORD_GRANT",
            "PKCE_METHOD",
            "ACCESS_TOKEN_TRANSPORT",
            "AUTHZ_RESPONSE_ISS",
            "TOKEN_STORAGE",
            "REFRESH_TOKEN",
            "REDIRECT_URI_MATCHING",
            "PKCE_REQUIRED",
        )
    },
}

# FranceConnect signs our members in (I01 to I23, facts B): MSA is its service -----------------------------------------
SIMULATOR_PORT = env.number("SIMULATOR_PORT", 8001)
# Nothing: the button does not exist. The demonstration has a FranceConnect of its own beside it.
FRANCECONNECT_ISSUER = env.text(
    "FRANCECONNECT_ISSUER", f"http://127.0.0.1:{SIMULATOR_PORT}/api/v2" if DEMO else ""
).rstrip("/")
FRANCECONNECT_CLIENT_ID = env.text("FRANCECONNECT_CLIENT_ID", "msa-mon-espace-prive" if DEMO else "")
FRANCECONNECT_CLIENT_SECRET = env.secret("FRANCECONNECT_CLIENT_SECRET") if FRANCECONNECT_ISSUER else ""
# The one that was agreed with FranceConnect; a token signed by another is refused, whatever its header says.
FRANCECONNECT_SIGNING_ALG = env.text("FRANCECONNECT_SIGNING_ALG", "ES256")
# What the MSA may ask for by its habilitation; FranceConnect refuses a scope beyond it.
FRANCECONNECT_SCOPES = env.text("FRANCECONNECT_SCOPES", "openid identite_pivot preferred_username email")
FRANCECONNECT_ROUND_TRIP_LIFE = timedelta(minutes=30)  # FranceConnect waits no longer for its visitor
FRANCECONNECT_METADATA_LIFE = timedelta(hours=24)
FRANCECONNECT_DOWN_FOR = timedelta(minutes=1)  # no button for so long after it could not be reached
# Of the simulator's hub, which is a client of our provider, in the demonstration only.
SIMULATOR_CLIENT_SECRET = env.secret("SIMULATOR_CLIENT_SECRET") if DEMO else ""

# Limits (R12, R13): tries, within seconds, then a wait of so many seconds that doubles up to so many ------------------
# A network may be a whole village behind one address; in the demonstration it is everybody.
CROWD = env.number("NETWORK_LIMITS_FACTOR", 5 if DEMO else 1)
THROTTLES = {
    "sign_in": (5, 300, 60, 900),
    "sign_in_day": (25, 86400, 86400, 86400),
    "sign_in_network": (100 * CROWD, 600, 60, 900),
    "sign_in_everywhere": (5000, 300, 10, 60),
    # A number that does not fit the identity that FranceConnect brought, and round trips begun.
    "franceconnect_nir": (5, 300, 60, 900),
    "franceconnect_nir_day": (25, 86400, 86400, 86400),
    "franceconnect_network": (600 * CROWD, 600, 60, 600),
    "password_again": (5, 300, 60, 900),
    # The support desk's own: by e-mail and network, then by account. 25 codes a day find one in 13,000 days.
    "agent_password": (5, 300, 60, 900),
    "agent_password_day": (25, 86400, 86400, 86400),
    "agent_network": (100 * CROWD, 600, 60, 900),
    "agent_code": (5, 300, 60, 900),
    "agent_code_day": (25, 86400, 86400, 86400),
    # Codes that somebody reads to an agent: of a million, some twenty are live.
    "agent_calls": (10, 600, 60, 900),
    "agent_calls_day": (200, 86400, 3600, 86400),
    "code_desk": (60, 600, 60, 600),
    "journal_checks": (1, 600, 600, 600),
    "identity_answers": (10, 86400, 86400, 86400),
    "registration_start": (300 * CROWD, 3600, 600, 3600),
    "registration_network": (60 * CROWD, 3600, 600, 3600),
    "requests_network": (10 * CROWD, 3600, 600, 3600),
    "password_reset": (3, 3600, 3600, 3600),
    "password_reset_nir": (10, 86400, 3600, 3600),
    "password_reset_network": (30 * CROWD, 3600, 600, 3600),
    "email_proof": (5, 3600, 600, 3600),
    "service_requests": (600 * CROWD, 600, 60, 600),
    "strength_checks": (300 * CROWD, 600, 60, 300),
    "message_checks": (60 * CROWD, 600, 60, 600),
    "department_asks": (5, 86400, 86400, 86400),
    "department_code": (5, 300, 60, 900),
    # Members looked up by one agent; the same act on the same member, which two clicks or two agents ask for.
    "support_search": (40, 600, 300, 3600),
    "support_search_day": (400, 86400, 86400, 86400),
    "support_act": (1, 60, 60, 60),
    # Lines about refused pages that one account may write into the journal, which nobody can shorten again.
    "support_refused": (30, 3600, 3600, 3600),
    "secret_letter_day": (1, 86400, 86400, 86400),
    "secret_letter_month": (4, 30 * 86400, 30 * 86400, 30 * 86400),
}

# Cookies and headers --------------------------------------------------------------------------------------------------
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_AGE = int(JOURNEY_LIFE.total_seconds())
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
BROWSER_COOKIE_NAME = "__Host-navigateur" if HTTPS else "navigateur"
# A sentence to the member waits in the session: one cookie less to protect.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_FAILURE_VIEW = "msa_portal.views.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = [BASE_URL]
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^status$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("BEHIND_PROXY", HTTPS) else None
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", 1 if HTTPS else 0)
SECURE_HSTS_SECONDS = 63_072_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# Input no form of ours can need is refused before it costs anything.
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 100

METRICS_TOKEN = env.text("METRICS_TOKEN")
DATA_PROTECTION_CONTACT = env.text("DATA_PROTECTION_CONTACT", "dpo@msa.example")
# SQLite cannot hold the comments on columns that PostgreSQL gets.
SILENCED_SYSTEM_CHECKS = ["fields.W163"]
# The legal notice (loi 2004-575, art. 1-1): who publishes, who hosts.
LEGAL_PUBLISHER, LEGAL_HOST = env.text("LEGAL_PUBLISHER"), env.text("LEGAL_HOST")
TERMS_VERSION = "2026-11"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"redact": {"()": "msa_portal.logs.Redaction"}},
    "formatters": {"json": {"()": "msa_portal.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["redact"]}},
    "root": {"handlers": ["stderr"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.request": {"level": "ERROR", "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        "celery": {"level": "INFO"},
        # A terminal is read by somebody who tries the portal, not by an operator: each task's end tells them nothing.
        **({"celery.app.trace": {"level": "WARNING"}, "kombu.connection": {"level": "ERROR"}} if DEMO else {}),
    },
}
