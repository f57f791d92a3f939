"""How the simulator's process is started; whoever starts it needs none of its settings."""

import sys

ADDRESS = "127.0.0.1"


def command(port: int, root: str) -> tuple[str, ...]:
    """One process, as all its state is in its memory; enough threads for a hub that calls a portal that calls it."""
    return (
        sys.executable, "-m", "gunicorn", "franceconnect.simulator.wsgi:application",
        "--chdir", root, "--bind", f"{ADDRESS}:{port}",
        "--worker-class", "gthread", "--workers", "1", "--threads", "8",
        "--timeout", "60", "--graceful-timeout", "2", "--forwarded-allow-ips", "",
        "--log-level", "warning", "--no-control-socket",
    )  # fmt: skip
