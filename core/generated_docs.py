"""The documentation that is made from the code: states, policy and data model, as Markdown.

``manage.py build_docs`` writes the pages; a test fails when they no longer say what the code does.
"""

import inspect
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.db.models import ForeignKey, ManyToManyField, Model, Q
from django.db.models.deletion import CASCADE, PROTECT, SET_NULL
from django.utils import translation

from core import policy
from core.machines import Machine
from core.models import Membership, Role, User
from core.policy import Actor, Known, Verb
from core.transitions import MACHINES

APPS = ("core", "assessments", "convoys", "situation")
NOTE = "<!-- Made by `make docs` from the code: change the code, not this page. -->"
# The end of a path in a policy rule -> what it narrows rows to
NARROWER = {
    "organisation": "own organisation",
    "submitted_by": "own",
    "created_by": "own",
    "reporter": "own",
    "sensitivity": "by sensitivity",
    "user": "own",
    "pk": "own",
    "released_at__isnull": "released",
}
GONE = {
    CASCADE: "goes with it",
    PROTECT: "keeps it from being deleted",
    SET_NULL: "is left without it",
}


def pages() -> dict[str, str]:
    """Return the text of each page by its file name below docs/, in English."""
    with translation.override("en"):
        return {
            "states.md": states(MACHINES.items()),
            "policy.md": matrix(policy.table()),
            "data-model.md": data_model(),
        }


def states(machines: Iterable[tuple[type[Model], Machine]]) -> str:
    """Return the life cycles as diagrams, with who may take each step."""
    lines = ["# States", "", NOTE, ""]
    lines += ["What a table cannot say (a condition that must hold, a file that is missing) is a"]
    lines += ["guard in the app's `transitions.py`; the database refuses every other move.", ""]
    for model, machine in sorted(machines, key=lambda pair: pair[0]._meta.label):
        lines += [f"## {_name(model)}", "", "```mermaid", "stateDiagram-v2"]
        lines += [f"    [*] --> {machine.initial}"]
        lines += [
            f"    {source} --> {step.target}: {step.name}"
            for step in machine.transitions
            for source in step.sources
        ]
        lines += [f"    {state} --> [*]" for state in machine.states if not machine.leaving(state)]
        lines += ["```", "", "| step | from | to | verb | who |", "|---|---|---|---|---|"]
        lines += [
            _row(
                f"`{step.name}`",
                ", ".join(_state(model, machine, one) for one in step.sources),
                _state(model, machine, step.target),
                f"`{step.verb}`",
                _roles(policy.VERBS[step.verb].roles),
            )
            for step in machine.transitions
        ]
        lines.append("")
    return _text(lines)


def matrix(verbs: Iterable[Verb]) -> str:
    """Return the policy as a table of verb and role, from the rules themselves."""
    roles = list(Role)
    lines = ["# Who may do what", "", NOTE, ""]
    lines += [
        "✔ is every object of the operations in which the role is held; words say which part."
    ]
    lines += ["Whoever may not read an object gets “not found”, whoever may read but not change it"]
    lines += ["gets “not allowed” with the roles and people who could.", ""]
    lines += [_row("verb", "object", *(str(role.label) for role in roles))]
    lines += [_row(*["---"] * (len(roles) + 2))]
    for verb in verbs:
        lines.append(_row(f"`{verb.name}`", verb.model, *(_cell(verb, role) for role in roles)))
    return _text([*lines, ""])


def _cell(verb: Verb, role: Role) -> str:
    words = _narrowing(policy.scope(_holder(role), verb.name), verb)
    return "" if words is None else ", ".join(words) or "✔"


def _holder(role: Role) -> Actor:
    """Return somebody who holds one role, in one operation, for one organisation."""
    actor = Actor(user=User(pk=1, is_superuser=role == Role.ADMINISTRATOR))
    held = [Membership(user_id=1, operation_id=1, organisation_id=1, role=role)]
    vars(actor)["memberships"] = [] if role == Role.ADMINISTRATOR else held
    return actor


def _narrowing(rule: Q, verb: Verb) -> list[str] | None:
    """Return words for what narrows a rule within the operation: none where nothing does.

    None is a rule that selects no row at all.
    """
    children: list[Any] = rule.children
    if rule.negated:
        return []
    parts = [
        _narrowing(child, verb) if isinstance(child, Q) else _leaf(child, verb)
        for child in children
    ]
    if rule.connector == Q.AND:
        if None in parts:
            return None
        words = list(dict.fromkeys(word for part in parts if part for word in part))
        return [" and ".join(words)] if words else []
    some = [part for part in parts if part is not None]
    if not some:
        return None
    return [] if [] in some else list(dict.fromkeys(word for part in some for word in part))


def _leaf(condition: tuple[str, Any], verb: Verb) -> list[str] | None:
    path, value = condition
    if path == "pk__in" and not value:
        return None
    plain = path.removesuffix("__in")
    is_operation = plain == "pk" and verb.model == "core.Operation"
    if is_operation or plain.endswith(("operation", "operation_id")) or plain == "is_test":
        return []
    if isinstance(value, Known):
        return [value.words]
    ends = [end for end in NARROWER if plain == end or plain.endswith(f"__{end}")]
    return [NARROWER[ends[0]] if ends else "part"]


def data_model() -> str:
    """Return every model with its fields, and the relations as diagrams."""
    lines = ["# Data model", "", NOTE, ""]
    lines += ["Beside most tables stands one with `event` in its name: the audit, which triggers"]
    lines += ["write on every insert, update and delete and nobody changes.", ""]
    for label in APPS:
        models = list(_models(label))
        if not models:
            continue
        lines += [f"## {label}", "", "```mermaid", "erDiagram"]
        lines += [line for model in models for line in _relations(model)]
        lines += ["```", ""]
        for model in models:
            lines += _described(model)
    return _text(lines)


def _models(label: str) -> Iterator[type[Model]]:
    for model in apps.get_app_config(label).get_models():
        if not hasattr(model, "pgh_obj_id") and "pgh_id" not in _names(model):
            yield model


def _names(model: type[Model]) -> set[str]:
    return {field.name for field in model._meta.fields}


def _relations(model: type[Model]) -> Iterator[str]:
    for field in _own_fields(model):
        if isinstance(field, ForeignKey):
            many = "o{" if not field.unique else "o|"
            one = "|o" if field.null else "||"
            other = field.related_model._meta.object_name
            yield f"    {other} {one}--{many} {model._meta.object_name} : {field.name}"


def _described(model: type[Model]) -> Iterator[str]:
    about = inspect.getdoc(model) or ""
    yield from (f"### {_name(model)}", "", about.partition("\n\n")[0].replace("\n", " "), "")
    rest = about.partition("\n\n")[2].replace("\n", " ")
    if rest:
        yield from (rest, "")
    yield from ("| field | type | meaning |", "|---|---|---|")
    for field in _own_fields(model):
        yield _row(f"`{field.name}`", _type(field), _meaning(field))
    rules = [constraint.name for constraint in model._meta.constraints]
    if rules:
        yield from ("", "Held by the database: " + ", ".join(f"`{rule}`" for rule in rules) + ".")
    yield ""


def _own_fields(model: type[Model]) -> list[Any]:
    return [*model._meta.fields, *model._meta.many_to_many]


def _type(field: Any) -> str:
    kind = field.get_internal_type()
    if isinstance(field, ForeignKey | ManyToManyField):
        return f"→ {_name(field.related_model)}"
    size = f"({field.max_length})" if field.max_length and kind == "CharField" else ""
    return f"{kind}{size}{', may be empty' if field.null else ''}"


def _meaning(field: Any) -> str:
    if isinstance(field, ForeignKey):
        rule: Any = field.remote_field.on_delete
        return f"{GONE.get(rule, 'follows it')}" + (", may be empty" if field.null else "")
    if field.flatchoices:
        return ", ".join(f"`{value}` {label}" for value, label in field.flatchoices if value)
    words = str(field.verbose_name)
    return words if words != field.name.replace("_", " ") else ""


def _state(model: type[Model], machine: Machine, state: str) -> str:
    field: Any = model._meta.get_field(machine.field)
    return str(dict(field.flatchoices)[state])


def _roles(roles: Iterable[Role]) -> str:
    return ", ".join(str(role.label) for role in roles)


def _name(model: type[Model]) -> str:
    return f"{model._meta.app_label}.{model._meta.object_name}"


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _text(lines: Iterable[str]) -> str:
    return "\n".join(lines).rstrip() + "\n"
