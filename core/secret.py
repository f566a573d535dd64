"""Secrets that are handed out once and kept only as their SHA-256."""

import hashlib
import secrets


def new(prefix: str = "") -> str:
    """Return a fresh secret of 256 bits, which fits into an address."""
    return prefix + secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """Return the SHA-256 (hexadecimal) under which a secret of high entropy is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()
