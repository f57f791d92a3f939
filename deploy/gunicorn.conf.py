"""How gunicorn serves the portal; sizes come from the environment, the rest is the same everywhere."""

import os


def number(name: str, default: int) -> int:
    return int(os.environ.get(name) or default)


wsgi_app = "msa_portal.wsgi:application"
bind = f"{os.environ.get('BIND') or '127.0.0.1'}:{number('PORT', 8000)}"

# A password costs 46 MiB and 70 ms while it is hashed (R17): workers × threads bounds how many are at once.
workers = number("WEB_WORKERS", 2)
worker_class = "gthread"
threads = number("WEB_THREADS", 4)
worker_tmp_dir = "/dev/shm"  # noqa: S108  # nosec B108  the heartbeat must not wait for a disk

timeout = 30
graceful_timeout = 30
keepalive = 65  # longer than nginx keeps an idle connection, so that it is nginx that closes
max_requests = 5000
max_requests_jitter = 500

# A service's request, an id_token as a hint in it, is the longest address: as long as nginx takes one, and no longer.
limit_request_line = 8190
limit_request_fields = 50
limit_request_field_size = 8190

# Nobody else may say how the request arrived. Django reads X-Forwarded-Proto and -For itself (BEHIND_PROXY,
# TRUSTED_PROXIES), so a proxy in another container need not be listed here.
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS") or "127.0.0.1,::1"

# Addresses can hold a secret link (R13): nginx writes the access log, without them.
accesslog = None
errorlog = "-"
loglevel = "warning"
control_socket_disable = True
