"""The only door to the members' registry: find a member, import what the MSA delivers."""

from accounts.registry.importing.directory import Outcome, import_directory
from accounts.registry.lookup import find

__all__ = ["Outcome", "find", "import_directory"]
