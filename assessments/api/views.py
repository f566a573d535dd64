"""REST tables of assessments and forms, with each form's data dictionary."""

from assessments.entity_datasets import ENTITIES
from assessments.form_datasets import ASSESSMENTS, CHOICES, FORMS, QUESTIONS, VERSIONS
from core.api.tables import Filter, RowView, TableView, exact
from core.api.views import BY_OPERATION, changed_since

UPDATED = Filter("updated_since", changed_since, "a day or moment of ISO 8601")


class AssessmentsView(TableView):
    """Assessments: the exercises, each with its forms; not the filled forms."""

    verb = "assessment.read"
    table = ASSESSMENTS
    filters = (
        BY_OPERATION,
        exact("state", "state", "draft, planned, awaiting_conditions, scheduled, in_field, …"),
        exact("lead", "lead__acronym", "acronyms of lead organisations"),
        UPDATED,
    )


class AssessmentView(RowView):
    """One assessment, by its number."""

    verb = "assessment.read"
    table = ASSESSMENTS


class FormsView(TableView):
    """Forms: the questionnaires of an operation."""

    verb = "form.read"
    table = FORMS
    filters = (BY_OPERATION, exact("form", "form_id", "form IDs"), UPDATED)


class VersionsView(TableView):
    """Published versions of forms; older ones go on accepting submissions."""

    verb = "form_version.read"
    table = VERSIONS
    filters = (BY_OPERATION, exact("form", "form__form_id", "form IDs"))


class QuestionsView(TableView):
    """The data dictionary: every question of every published version, by its path."""

    verb = "form_version.read"
    table = QUESTIONS
    filters = (
        exact("operation", "version__operation__slug", "the short name of an operation"),
        exact("form", "version__form__form_id", "form IDs"),
        exact("version", "version__version", "versions"),
    )


class ChoicesView(TableView):
    """The choices behind select questions, by the name of their list."""

    verb = "form_version.read"
    table = CHOICES
    filters = (
        exact("operation", "version__operation__slug", "the short name of an operation"),
        exact("form", "version__form__form_id", "form IDs"),
        exact("version", "version__version", "versions"),
        exact("list_name", "list_name", "names of lists"),
    )


class EntitiesView(TableView):
    """Entities: what records registered in the entity lists of an operation."""

    verb = "entity.read"
    table = ENTITIES
    filters = (
        exact("operation", "entity_list__operation__slug", "the short name of an operation"),
        exact("list", "entity_list__name", "names of entity lists"),
        UPDATED,
    )
