"""What the arguments of management commands name."""

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from core.models import Operation


def operation(slug: str) -> Operation:
    """Return the operation of that short name; raise CommandError, with those there are."""
    found = Operation.objects.filter(slug=slug).first()
    if found is not None:
        return found
    known = Operation.objects.order_by("slug").values_list("slug", flat=True)
    raise CommandError(
        _("There is no operation “{name}”.").format(name=slug)
        + " "
        + (_("There are: {names}.").format(names=", ".join(known)) if known else "")
    )
