"""Pages of entity lists: what forms have registered, and which forms keep and read it."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from assessments import entities as rules
from assessments.entity_datasets import of_list
from assessments.models import Entity, EntityList, Form, FormVersion, Submission
from core import policy
from core.downloads import download
from core.errors import Problem
from core.paging import page
from core.views.doors import MemberRequest, opens
from core.writers import FORMATS

State = FormVersion.State
STATES = {"current": Q(is_archived=False), "archived": Q(is_archived=True), "all": Q()}


def tabs(request: MemberRequest, current: str) -> list[dict[str, Any]]:
    """Return the pages of forms, for parts/tabs.html; none where there is but one to see."""
    if not policy.may_find(request.actor, "entity_list.read", request.operation):
        return []
    pages = (("forms", _("Questionnaires")), ("entity_lists", _("Entity lists")))
    return [
        {
            "url": reverse(name, args=(request.operation.slug,)),
            "label": label,
            "current": name == current,
        }
        for name, label in pages
    ]


@opens("entity_list.read")
@require_GET
def entity_lists(request: MemberRequest) -> HttpResponse:
    """List the lists, with the forms around each."""
    inside = EntityList.objects.filter(operation=request.operation)
    found = policy.filter(request.actor, "entity_list.read", inside)
    counted = found.annotate(
        current=Count("entities", filter=Q(entities__is_archived=False)),
        archived=Count("entities", filter=Q(entities__is_archived=True)),
    )
    listed = page(request, counted, field="name")
    rows = [(one, *around(one)) for one in listed.rows]
    context = {"page": listed, "rows": rows, "tabs": tabs(request, "entity_lists")}
    return render(request, "assessments/entities/lists.html", context)


def around(entity_list: EntityList) -> tuple[QuerySet[Form], QuerySet[Form]]:
    """Return the forms whose published versions keep a list, and those that read it."""
    published = FormVersion.objects.filter(
        operation=entity_list.operation_id, state=State.PUBLISHED
    )
    keeping = published.filter(entities__contains=[{"list": entity_list.name}])
    reading = published.filter(attachments__file_name=entity_list.file_name, attachments__file="")
    return (
        Form.objects.filter(versions__in=keeping).order_by("title"),
        Form.objects.filter(versions__in=reading).order_by("title"),
    )


@dataclass(frozen=True)
class Row:
    """An entity with its values in the order of the list's properties."""

    entity: Entity
    values: list[tuple[str, str]]
    may_open: bool


@opens("entity_list.read")
@require_GET
def entity_list(request: MemberRequest, pk: int) -> HttpResponse:
    """Show the entities of a list."""
    one = _list(request, pk)
    found = policy.filter(request.actor, "entity.read", one.entities.all())
    text, state = request.GET.get("q", "").strip(), request.GET.get("state", "current")
    if text:
        said = found.annotate(said=Cast("properties", TextField()), key=Cast("uid", TextField()))
        found = said.filter(
            Q(label__icontains=text) | Q(said__icontains=text) | Q(key__istartswith=text)
        )
    listed = page(
        request, found.filter(STATES.get(state, Q())).select_related("changed_by"), field="label"
    )
    keeping, reading = around(one)
    context = {
        "list": one,
        "page": listed,
        "rows": rows(request, one, listed.rows),
        "q": text,
        "state": state,
        "filtered": bool(text or state != "current"),
        "keeping": keeping,
        "reading": reading,
    }
    return render(request, "assessments/entities/list.html", context)


def rows(request: MemberRequest, one: EntityList, listed: list[Entity]) -> list[Row]:
    """Return the rows of a page; a record is linked where the reader may open it."""
    named = Submission.objects.filter(pk__in=[entity.changed_by_id for entity in listed])
    readable = policy.filter(request.actor, "submission.read", named)
    open_to = set(readable.values_list("pk", flat=True))
    return [
        Row(
            entity,
            [(name, entity.properties.get(name, "")) for name in one.properties],
            entity.changed_by_id in open_to,
        )
        for entity in listed
    ]


def _list(request: MemberRequest, pk: int) -> EntityList:
    inside = EntityList.objects.filter(operation=request.operation)
    return policy.get(request.actor, "entity_list.read", inside, pk=pk)


@opens("entity_list.read")
@require_GET
def entity_list_export(request: MemberRequest, pk: int) -> HttpResponseBase:
    """Stream a list, the archived too, with a column a property."""
    dataset, format_name = of_list(_list(request, pk)), request.GET.get("format", "csv")
    if format_name not in FORMATS or format_name == "geojson":
        raise Problem("not_found")
    name = f"{request.operation.slug}-{dataset.name}"
    found = dataset.queryset(request.actor)
    return download(dataset, request.actor, rows=found, format_name=format_name, file_name=name)


@opens("entity.manage")
@require_POST
def entity_archive(request: MemberRequest, pk: int) -> HttpResponse:
    """Archive an entity, or give it back to devices."""
    inside = Entity.objects.filter(entity_list__operation=request.operation)
    one = policy.get(request.actor, "entity.manage", inside.select_related("entity_list"), pk=pk)
    is_archived = request.POST.get("archived") == "yes"
    rules.set_archived(one, actor=request.actor, is_archived=is_archived)
    said = (
        _("“{name}” is archived; devices drop it with their next update.")
        if is_archived
        else _("“{name}” is in the list again; devices get it with their next update.")
    )
    messages.success(request, said.format(name=one.label))
    return redirect("entity_list", request.operation.slug, one.entity_list_id)
