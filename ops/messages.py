"""Compile the translations: msgfmt on our own catalogues, without starting Django for it."""

from ops.places import CHECKOUT
from ops.shell import find, run


def compile_all() -> None:
    """Make every .mo that is missing or older than its .po."""
    for source in sorted(CHECKOUT.glob("locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        name = source.relative_to(CHECKOUT)
        run(
            [find("msgfmt"), "--check-format", "-o", str(target), str(source)],
            what=f"Compiling {name}",
        )
