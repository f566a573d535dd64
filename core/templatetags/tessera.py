"""Template tags of the shell: what the reader may do, controls, icons, and how figures look."""

from datetime import datetime, timedelta
from typing import Any

from django import forms, template
from django.contrib.humanize.templatetags.humanize import naturaltime
from django.db.models import Model
from django.forms import BoundField
from django.forms.boundfield import BoundWidget
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from core import policy
from core.accounts import demonstration_accounts
from core.models import Area, Operation
from core.times import written

register = template.Library()

GROUPS = (forms.RadioSelect, forms.CheckboxSelectMultiple)
GOOD = {
    *("done", "approved", "published", "active", "in_field", "imported", "open"),
    *("accepted", "fulfilled", "cleared", "granted", "facilitated", "posted", "reconciled"),
}
WARN = {
    *("has_issues", "awaiting_conditions", "suspended", "restricted", "preparing"),
    *("granted_with_conditions", "held", "diverted", "part_arrived", "part_received"),
    *("needs_resolution", "on_hold", "reopened", "postponed"),
}
BAD = {
    *("failed", "rejected", "refused", "cancelled", "closed_access", "revoked", "expired"),
    *("denied", "lost", "aborted", "void"),
}
BUSY = {
    *("running", "in_review", "in_analysis", "uploaded", "checked", "scheduled"),
    *("access_pending", "loading", "dispatched", "in_transit", "receiving", "returning"),
    *("requested", "pending", "investigating"),
}


@register.simple_tag(takes_context=True)
def can(context: dict[str, Any], verb: str, row: Model) -> bool:
    """Return whether the reader may do ``verb`` with ``row``."""
    return policy.can(context["request"].actor, verb, row)


@register.simple_tag
def icon(name: str, flip: bool = False) -> SafeString:
    """Return an icon of static/site/icons.svg; ``flip`` turns it round from right to left."""
    return format_html(
        '<svg class="icon{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        " icon-flip" if flip else "",
        static("site/icons.svg"),
        name,
    )


@register.filter
def control_kind(field: BoundField) -> str:
    """Return ``check``, ``group`` or ``one``: how a field and its label are laid out."""
    widget = field.field.widget
    if isinstance(widget, GROUPS):
        return "group"
    return "check" if isinstance(widget, forms.CheckboxInput) else "one"


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """Return a field's widget with the class that its kind needs."""
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxInput):
        style = "form-check-input"
    elif isinstance(widget, forms.Select):
        style = "form-select"
    else:
        style = "form-control"
    given = widget.attrs.get("class", "")
    widget.attrs.pop("placeholder", None)  # allauth repeats the label there
    return field.as_widget(attrs={"class": f"{style} {given}".strip()})


@register.simple_tag
def option_control(option: BoundWidget) -> SafeString:
    """Return one radio button or checkbox of a group, without the label around it."""
    option.data["attrs"]["class"] = "form-check-input"
    option.data["wrap_label"] = False
    return option.tag(wrap_label=False)


@register.filter
def state_class(state: str) -> str:
    """Return the class that gives a state its colour and shape."""
    kinds = (("good", GOOD), ("warn", WARN), ("bad", BAD), ("busy", BUSY))
    return next((f"state-{kind}" for kind, states in kinds if state in states), "")


@register.filter
def area_name(area: Area) -> str:
    """Return an area's name in the reader's language."""
    return area.name_in(get_language() or "")


@register.filter
def dash(value: Any) -> Any:
    """Return the value, or an em dash where it is missing; nought stays nought."""
    return "—" if value is None or value == "" else value


@register.filter
def bdi(value: Any) -> SafeString:
    """Return what people wrote apart from the direction of the sentence that it stands in."""
    return format_html("<bdi>{}</bdi>", value)


@register.simple_tag
def exact(value: datetime | None) -> SafeString:
    """Return a time as ``23 Nov 2020, 14:05 UTC`` in the reader's zone, or an em dash."""
    if value is None:
        return format_html("{}", "—")
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), written(value))


@register.simple_tag
def when(value: datetime | None) -> SafeString:
    """Return how long ago it was, the exact time on hover; older than a week, the date."""
    if value is None:
        return format_html("{}", "—")
    recent = timezone.now() - value < timedelta(days=7)
    text = naturaltime(value) if recent else date_format(timezone.localtime(value), "DATE_FORMAT")
    shown = '<time datetime="{}" title="{}">{}</time>'
    return format_html(shown, value.isoformat(), written(value), text)


@register.simple_tag
def history_url(row: Model, operation: Operation) -> str:
    """Return the address of an object's history."""
    return reverse("history", args=(operation.slug, row._meta.label, row.pk))


@register.simple_tag
def demonstration() -> list[dict[str, Any]]:
    """Return the accounts that the sign-in page of a demonstration lists."""
    return demonstration_accounts()
