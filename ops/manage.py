"""Run several management commands in one process, as starting Django takes longer than they do.

    python -m ops.manage "migrate --noinput" grant_application_role

Unlike the rest of this package it needs the virtual environment.
"""

import shlex
import sys

import django
from django.core.management import call_command


def main(commands: list[str]) -> None:
    """Run each command line in turn; the first error ends it all."""
    django.setup()
    for command in commands:
        call_command(*shlex.split(command))


if __name__ == "__main__":
    main(sys.argv[1:])
