#!/usr/bin/env python3
"""Django's command line: on the installation that the environment names, else on `make run`'s."""

import os
import sys

if __name__ == "__main__" and "TESSERA_SECRET_KEY" not in os.environ:
    from ops import here

    here.manage(sys.argv[1:])

from django.core.management import execute_from_command_line
from django.db import OperationalError

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "core.settings")
    try:
        execute_from_command_line(sys.argv)
    except OperationalError as error:
        sys.exit(f"The database does not answer (is Tessera running?): {error}")
