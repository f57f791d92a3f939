"""Collects the static files when one of them has changed since the last time."""

from hashlib import sha256
from itertools import chain
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def collect() -> bool:
    """Returns whether there was anything to do."""
    stamp_file = settings.VAR_DIR / "static.sha256"
    stamp = _stamp()
    if settings.STATIC_ROOT.is_dir() and stamp_file.exists() and stamp_file.read_text(encoding="ascii") == stamp:
        return False
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp_file.write_text(stamp, encoding="ascii")
    return True


def _stamp() -> str:
    """What tells one state of the sources from another; a file's content shows in its size and moment."""
    seen = []
    for name, storage in chain.from_iterable(finder.list([]) for finder in get_finders()):
        about = Path(storage.path(name)).stat()
        seen.append(f"{name}|{about.st_size}|{about.st_mtime_ns}")
    return sha256("\n".join(sorted(seen)).encode()).hexdigest()
