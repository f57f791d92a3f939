"""What deploy/ promises: nothing runs as root, nothing secret is logged, every setting and file is explained."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.services import enter_test_mode

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
NGINX = (DEPLOY / "nginx" / "nginx.conf").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
README = (DEPLOY / "README.md").read_text(encoding="utf-8")
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
HARDENED = {
    "DynamicUser": "yes",
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "CapabilityBoundingSet": "",
    "RestrictSUIDSGID": "yes",
    "SystemCallArchitectures": "native",
}


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_of_compose_is_confined(name):
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert {"mem_limit", "cpus", "pids_limit"} <= service.keys()
    assert "environment" not in service, "secrets and addresses come from files outside of this tree"
    for volume in service.get("volumes", []):
        if volume.startswith("./"):
            assert (DEPLOY / volume.split(":")[0]).exists(), volume


def test_only_nginx_meets_the_world_and_only_the_worker_reaches_it():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["nginx"]
    assert {name for name, service in SERVICES.items() if "outside" in service["networks"]} == {"nginx", "worker"}
    assert SERVICES["database"]["networks"] == SERVICES["redis"]["networks"] == ["data"]
    assert COMPOSE["networks"]["front"]["internal"] is COMPOSE["networks"]["data"]["internal"] is True


def test_the_images_are_pinned_by_tag():
    foreign = {name: service["image"] for name, service in SERVICES.items() if "build" not in service}
    assert foreign == {
        "database": "postgres:17-bookworm",
        "redis": "redis:7-bookworm",
        "nginx": "nginx:1.28-bookworm",
    }
    dockerfile = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    assert set(re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE)) == {"python:3.13-slim-bookworm"}


def test_the_image_takes_hashed_libraries_and_runs_as_nobody_in_particular():
    dockerfile = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    assert "--require-hashes" in dockerfile
    assert "collectstatic" in dockerfile
    assert "HEALTHCHECK" in dockerfile
    assert dockerfile.index("\nUSER portal\n") < dockerfile.index("\nCMD ")
    for source in re.findall(r"^COPY (?!--from)(\S+) ", dockerfile, re.MULTILINE):
        assert (ROOT / source).exists(), source


def test_the_image_holds_every_room_and_no_simulator():
    """F 6: where members are real there is nothing that could play FranceConnect."""
    dockerfile = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    for room in ("msa_portal", "accounts", "enrolment", "franceconnect", "templates"):
        assert f"\nCOPY {room} {room}\n" in dockerfile
    taken_out = re.findall(r"^RUN rm -r (.*)$", dockerfile, re.MULTILINE)[0].split()
    assert taken_out == ["franceconnect/simulator", "templates/franceconnect/simulator"]
    assert all((ROOT / each).is_dir() for each in taken_out)
    assert dockerfile.index("RUN rm -r ") < dockerfile.index("collectstatic")


def secret_routes(resolver: URLResolver, before: str = "") -> list[str]:
    found = []
    for each in resolver.url_patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            found += secret_routes(each, route)
        elif isinstance(each, URLPattern) and re.search(r"<(?:\w+:)?secret>", route):
            found.append(re.sub("<[^>]*>", "s3cr3t-value", "/" + route))
    return found


def test_no_secret_link_reaches_the_access_log():
    """R13, R20: every address that carries a secret is cut before it."""
    (pattern,) = re.findall(r"~(\^\(\?<before>\S+) \$\{before\}\[retire\];", NGINX)
    routes = secret_routes(get_resolver())
    assert len(routes) >= 4
    for route in routes:
        found = re.match(pattern.replace("(?<", "(?P<"), route)
        assert found, f"{route} would be logged whole"
        assert "s3cr3t" not in found["before"]


def test_the_access_log_holds_no_query_and_no_referer():
    (said,) = re.findall(r"log_format portal (.*?);", NGINX, re.DOTALL)
    used = set(re.findall(r"\$(\w+)", said))
    assert not used & {"request", "request_uri", "args", "query_string", "http_referer", "remote_addr", "uri"}
    assert {"logged_path", "request_id"} <= used
    assert "error_log /dev/stderr crit;" in NGINX, "nginx writes whole request lines at the level of errors"


def test_nginx_says_itself_where_a_request_comes_from():
    """R12: one trusted hop, as TRUSTED_PROXIES=1 expects; a visitor's own claim is dropped."""
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in NGINX
    assert "$proxy_add_x_forwarded_for" not in NGINX
    assert "proxy_set_header X-Request-ID $request_id;" in NGINX
    assert NGINX.count("{") == NGINX.count("}")


def test_nginx_refuses_what_the_portal_would():
    assert "client_max_body_size 256k;" in NGINX
    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE == 256 * 1024
    assert "ssl_protocols TLSv1.2 TLSv1.3;" in NGINX
    assert "location = /metrics { return 404; }" in NGINX
    assert "Strict-Transport-Security" not in NGINX, "the portal says it, once"


def test_gunicorn_takes_its_configuration():
    environment = {**os.environ, "WEB_WORKERS": "3", "DJANGO_SETTINGS_MODULE": "msa_portal.settings"}
    command = [sys.executable, "-m", "gunicorn", "--check-config", "--config", "deploy/gunicorn.conf.py"]
    enter_test_mode()
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    printed = subprocess.run(
        [*command, "--print-config"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    ).stdout
    held = dict(re.findall(r"^(\w+)\s+= (.*)$", printed, re.MULTILINE))
    assert held["workers"] == "3"
    assert held["accesslog"] == "None", "addresses hold secret links"
    assert held["worker_class"] == "gthread"
    assert int(held["max_requests"]) > 0


def test_a_request_of_a_service_is_taken_by_gunicorn_as_long_as_nginx_takes_it():
    """FI 2, FI 24: with a hint, claims and a state it is the longest address there is, and comes back as a redirect."""
    (limit,) = re.findall(r"^limit_request_line = (\d+)", (DEPLOY / "gunicorn.conf.py").read_text(), re.MULTILINE)
    (line,) = re.findall(r"large_client_header_buffers \d+ (\d+)k;", NGINX)
    (answer,) = re.findall(r"proxy_buffer_size (\d+)k;", NGINX)
    assert len(reverse("accounts:reset_link", args=["x" * 43])) + len("GET  HTTP/1.1") < int(limit)
    assert 0 <= int(line) * 1024 - int(limit) < 16
    assert int(answer) >= 2 * int(line)


def test_nginx_answers_nothing_in_the_provider_s_place():
    """FI 1, FI 23, FI 29: discovery, keys and status are open, and whole."""
    prefixes = set(re.findall(r"location (?:= )?(/\S*) \{", NGINX)) - {"/"}
    assert "/readyz" in prefixes
    for name in ("discovery", "jwks", "status", "authorize", "token", "userinfo", "revoke", "logout"):
        assert not reverse(f"provider:{name}").startswith(tuple(prefixes)), name


def directives(unit: Path) -> dict[str, list[str]]:
    """Strictly: sections, `Key=value` lines and comments, and nothing else."""
    found: dict[str, list[str]] = {}
    for line in unit.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#") or re.fullmatch(r"\[(Unit|Service|Install)\]", line):
            continue
        key, equals, value = line.partition("=")
        assert equals, line
        assert re.fullmatch("[A-Z][A-Za-z]+", key), line
        found.setdefault(key, []).append(value)
    return found


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_of_systemd_is_confined(unit):
    held = directives(unit)
    assert {key: held[key][-1] for key in HARDENED} == HARDENED
    role = "portal" if unit.stem == "portal" else "worker"
    assert held["EnvironmentFile"] == ["/etc/msa-portal/common.env", f"/etc/msa-portal/{role}.env"]
    assert "MemoryMax" in held
    assert re.match(r"/opt/msa-portal/\.venv/bin/(gunicorn|celery) ", held["ExecStart"][0])


def test_portal_worker_and_beat_have_a_unit():
    assert [unit.stem for unit in UNITS] == ["beat", "portal", "worker"]


def named_in(source: Path) -> set[str]:
    """The variables that a module takes from its environment."""
    calls = (node for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))) if isinstance(node, ast.Call))
    readers = {"text", "number", "flag", "listed", "secret", "required", "get"}
    return {
        call.args[0].value
        for call in calls
        if (
            isinstance(call.func, ast.Attribute)
            and call.func.attr in readers
            or getattr(call.func, "id", "") == "number"
        )
        and call.args
        and isinstance(call.args[0], ast.Constant)
        and re.fullmatch("[A-Z][A-Z0-9_]+", str(call.args[0].value))
    }


def test_every_variable_that_is_read_is_documented_and_every_documented_one_is_read():
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    documented = set(re.findall(r"^#?([A-Z][A-Z0-9_]+)=", example, re.MULTILINE))
    read = named_in(ROOT / "msa_portal" / "settings.py") | {"MSA_MODE"}
    assert documented >= read, read - documented
    elsewhere = "".join(path.read_text(encoding="utf-8") for path in ROOT.glob("msa_portal/**/*.py"))
    assert [name for name in documented if name not in elsewhere] == []


def test_the_page_on_installing_names_what_only_deploy_reads():
    for name in named_in(DEPLOY / "gunicorn.conf.py") | {"MSA_ETC", "MSA_VERSION"}:
        assert f"`{name}`" in README, name


def test_the_page_on_installing_names_every_file_and_command():
    for path in [*DEPLOY.glob("*.*"), *DEPLOY.glob("*/*")]:
        if path.suffix != ".md" and path.parent.name not in ("bin", "__pycache__"):
            assert path.name in README, path.name
    for command in ("import_registry", "rotate_nir_key", "purge", "verify_journal", "print_letters"):
        assert command in README, command
