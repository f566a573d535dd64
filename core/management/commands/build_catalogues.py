"""Builds what gettext reads: the compiled catalogues, and the pseudo-locale from one of them."""

from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand

from core.pseudo import pseudo_catalogue


class Command(BaseCommand):
    """``manage.py build_catalogues``."""

    help = "Compile the message catalogues, the right-to-left pseudo-locale included."

    def handle(self, *args: Any, **options: Any) -> None:
        folder = settings.LOCALE_PATHS[0]
        sources = sorted(folder.glob("*/LC_MESSAGES/django.po"))
        for source in sources:
            polib.pofile(str(source)).save_as_mofile(str(source.with_suffix(".mo")))
        if sources:
            target = folder / "ar" / "LC_MESSAGES" / "django.mo"
            target.parent.mkdir(parents=True, exist_ok=True)
            pseudo_catalogue(polib.pofile(str(sources[-1]))).save_as_mofile(str(target))
        self.stdout.write(f"{len(sources)} catalogues and the pseudo-locale built.")
