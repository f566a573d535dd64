"""The life cycle of reports, as a table."""

from core.machines import Machine, Transition

REPORT = Machine(
    field="state",
    initial="making",
    transitions=(
        Transition("finish", ("making",), "ready", "report.retry"),
        Transition("fail", ("making",), "failed", "report.retry"),
        Transition("restart", ("failed",), "making", "report.retry"),
        Transition("publish", ("ready",), "published", "report.publish"),
        Transition("withdraw", ("published",), "ready", "report.publish"),
        Transition("supersede", ("published",), "superseded", "report.publish"),
    ),
)
