"""The life cycles of assessments, form versions and submissions, as tables."""

from core.machines import Machine, Transition

ASSESSMENT = Machine(
    field="state",
    initial="draft",
    transitions=(
        Transition("plan", ("draft",), "planned", "assessment.plan"),
        Transition("await_conditions", ("planned",), "awaiting_conditions", "assessment.plan"),
        Transition(
            "schedule", ("planned", "awaiting_conditions"), "scheduled", "assessment.schedule"
        ),
        Transition("start_field_work", ("scheduled",), "in_field", "assessment.schedule"),
        Transition(
            "suspend", ("scheduled", "in_field"), "awaiting_conditions", "assessment.schedule"
        ),
        Transition("analyse", ("in_field",), "in_analysis", "assessment.schedule"),
        Transition("resume_field_work", ("in_analysis",), "in_field", "assessment.schedule"),
        Transition("publish", ("in_analysis",), "published", "assessment.publish"),
        Transition("archive", ("published",), "archived", "assessment.publish"),
        Transition(
            "cancel",
            ("draft", "planned", "awaiting_conditions", "scheduled", "in_field"),
            "cancelled",
            "assessment.schedule",
        ),
    ),
)

FORM_VERSION = Machine(
    field="state",
    initial="uploaded",
    transitions=(
        Transition("convert", ("uploaded", "draft", "failed"), "draft", "form.manage"),
        Transition("fail", ("uploaded", "draft", "failed"), "failed", "form.manage"),
        Transition("publish", ("draft",), "published", "form.publish"),
        Transition("supersede", ("published",), "superseded", "form.publish"),
        Transition("discard", ("uploaded", "draft", "failed"), "discarded", "form.manage"),
    ),
)

SUBMISSION = Machine(
    field="state",
    initial="received",
    transitions=(
        # A decision can be undone: each state can be reached again from those that follow it.
        Transition(
            "start_review",
            ("received", "has_issues", "approved", "rejected"),
            "in_review",
            "submission.review",
        ),
        Transition(
            "approve", ("received", "in_review", "has_issues"), "approved", "submission.review"
        ),
        Transition(
            "flag",
            ("received", "in_review", "approved", "rejected"),
            "has_issues",
            "submission.review",
        ),
        Transition(
            "reject", ("received", "in_review", "has_issues"), "rejected", "submission.review"
        ),
        # The sender changed it: what was decided was decided about something else.
        Transition(
            "resubmit",
            ("in_review", "has_issues", "approved", "rejected"),
            "received",
            "submission.amend",
        ),
        Transition(
            "reopen",
            ("in_review", "has_issues", "approved", "rejected"),
            "received",
            "submission.review",
        ),
    ),
)
