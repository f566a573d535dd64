"""Compile the translations, the right-to-left pseudo-locale included."""

from collections.abc import Mapping

from ops import venv
from ops.places import CHECKOUT, LOCAL
from ops.shell import run
from ops.stamps import Stamp


def compile_all(env: Mapping[str, str]) -> None:
    """Make what gettext reads if a catalogue changed."""
    catalogues = sorted(CHECKOUT.glob("locale/*/LC_MESSAGES/*.po"))
    outputs = [source.with_suffix(".mo") for source in catalogues]
    stamp = Stamp("messages", inputs=[*catalogues, CHECKOUT / "core/pseudo.py"], outputs=outputs)
    if stamp.is_current():
        return
    command = [str(venv.PYTHON), "-m", "ops.manage", "build_catalogues"]
    run(command, what="Compiling translations", env=env, cwd=CHECKOUT, log=LOCAL / "messages.log")
    stamp.set()
