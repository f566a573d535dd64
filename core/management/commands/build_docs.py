"""``manage.py build_docs``: write the pages of docs/ that are made from the code."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from core.generated_docs import pages


class Command(BaseCommand):
    """Writes states.md, policy.md, data-model.md and openapi.json; touches no database."""

    help = "Write the documentation that is made from the code."

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(settings.BASE_DIR) / "docs"
        for name, text in pages().items():
            (folder / name).write_text(text, encoding="utf-8")
            self.stdout.write(f"docs/{name}")
        call_command("spectacular", format="openapi-json", file=str(folder / "openapi.json"))
        self.stdout.write("docs/openapi.json")
