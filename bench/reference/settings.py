"""What `startproject` and django-oauth-toolkit's tutorial write, and then what somebody who measured would change."""

import os

SECRET_KEY = os.environ["REFERENCE_SECRET_KEY"]
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "testserver"]
ROOT_URLCONF = "bench.reference.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
LOGIN_URL = "/admin/login/"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "oauth2_provider",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
OAUTH2_PROVIDER = {
    "OIDC_ENABLED": True,
    "OIDC_RSA_PRIVATE_KEY": os.environ["REFERENCE_RSA_KEY"],
    "SCOPES": {"openid": "OpenID Connect", "profile": "Your name", "email": "Your address"},
    # Tuned: who has agreed once is not asked again.
    "REQUEST_APPROVAL_PROMPT": "auto",
    # Tuned: a secret of 128 random characters needs no million rounds, which were 95 % of the token endpoint.
    "CLIENT_SECRET_HASHER": "fast",
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher", "bench.reference.hashers.Fast"]

# Tuned: connections are kept (where to is libpq's own PGHOST, PGUSER…), and sessions are in Redis.
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ["PGDATABASE"],
        "CONN_MAX_AGE": None,
    }
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": os.environ["REDIS_URL"],
        "KEY_PREFIX": "reference",
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.cache"
