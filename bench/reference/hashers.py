"""The reference's own hasher for the secrets of relying parties."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class Fast(PBKDF2PasswordHasher):
    """One round, as Django's documentation shows how to change their number."""

    algorithm = "fast"
    iterations = 1
