"""The life cycle of reports, as a table."""

from core.machines import Machine, Transition

REPORT = Machine(
    field="state",
    initial="making",
    transitions=(
        Transition("finish", ("making",), "ready", "report.make"),
        Transition("fail", ("making",), "failed", "report.make"),
        Transition("restart", ("failed",), "making", "report.make"),
    ),
)
