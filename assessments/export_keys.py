"""The key by which a device signs the records that it exports to a file."""

import hashlib
import hmac

from django.utils.crypto import salted_hmac

from core.models import User


def key_of(user: User) -> str:
    """Return the person's key, in hexadecimal; it follows from the installation's secret key."""
    return salted_hmac("tessera.records", str(user.pk), algorithm="sha256").hexdigest()


def sign(digest: str, user: User) -> str:
    """Return the HMAC-SHA-256 of a digest (both hexadecimal) as the person's device signs it."""
    return hmac.new(key_of(user).encode(), digest.encode(), hashlib.sha256).hexdigest()
