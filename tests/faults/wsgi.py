"""The product's own application, with places where a test can have it killed or held.

A test puts a file named after the place into the folder TESSERA_FAULTS: its content ``kill`` ends
all processes of the web server at once, ``hold`` keeps the request there until the file is gone.
"""

import os
import signal
import time
from importlib import import_module
from pathlib import Path
from typing import Any

# First, so that the apps are loaded when their modules are.
application = import_module("core.wsgi").application
arrived_files = import_module("assessments.arrived_files")
intake = import_module("assessments.intake")
FOLDER = Path(os.environ["TESSERA_FAULTS"])
LONGEST = 30.0


def reach(place: str) -> None:
    """Do what the test asked for at a place."""
    order = FOLDER / place
    if not order.exists():
        return
    if order.read_text() == "kill":
        order.unlink()
        os.killpg(os.getpgrp(), signal.SIGKILL)
    (FOLDER / f"{place}.reached").touch()
    deadline = time.monotonic() + LONGEST
    while order.exists() and time.monotonic() < deadline:
        time.sleep(0.02)


def before_commit(*args: Any, **options: Any) -> Any:
    """Write the last rows of a record, and stop before the commit."""
    made = create(*args, **options)
    reach("before-commit")
    return made


def after_commit(*args: Any, **options: Any) -> Any:
    """Take a record in, and stop before the answer."""
    receipt = receive(*args, **options)
    reach("after-commit")
    return receipt


create, receive = arrived_files.create, intake.receive
vars(arrived_files)["create"] = before_commit
vars(intake)["receive"] = after_commit
