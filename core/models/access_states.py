"""The life cycles of windows, clearances, notices and movement requests, as tables.

A notice is acknowledged and never approved: it informs, and permits nothing.
"""

from core.machines import Machine, Transition

RUNNING = ("active", "extended", "resumed")

WINDOW = Machine(
    field="state",
    initial="announced",
    transitions=(
        Transition("confirm", ("announced",), "confirmed", "window.manage"),
        Transition("begin", ("confirmed",), "active", "window.by_clock"),
        Transition("extend", RUNNING, "extended", "window.manage"),
        Transition("break_off", RUNNING, "broken", "window.manage"),
        Transition("resume", ("broken",), "resumed", "window.manage"),
        Transition("end", (*RUNNING, "broken"), "ended", "window.manage"),
        Transition("cancel", ("announced", "confirmed"), "cancelled", "window.manage"),
    ),
)
WINDOW_OVER = ("ended", "cancelled")

CLEARANCE = Machine(
    field="state",
    initial="requested",
    transitions=(
        Transition("grant", ("requested",), "granted", "clearance.decide"),
        Transition(
            "grant_with_conditions", ("requested",), "granted_with_conditions", "clearance.decide"
        ),
        Transition("deny", ("requested",), "denied", "clearance.decide"),
        Transition(
            "expire", ("granted", "granted_with_conditions"), "expired", "clearance.by_clock"
        ),
        Transition("revoke", ("granted", "granted_with_conditions"), "revoked", "clearance.decide"),
    ),
)

GIVEN = ("submitted", "acknowledged", "amended")

NOTICE = Machine(
    field="state",
    initial="draft",
    transitions=(
        Transition("submit", ("draft",), "submitted", "notice.manage"),
        Transition("acknowledge", ("submitted", "amended"), "acknowledged", "notice.manage"),
        Transition("amend", ("acknowledged",), "amended", "notice.manage"),
        Transition("expire", GIVEN, "expired", "notice.by_clock"),
        Transition("withdraw", ("draft", *GIVEN), "withdrawn", "notice.manage"),
    ),
)

OPEN_ANSWER = ("pending", "postponed", "unknown")

MOVEMENT = Machine(
    field="state",
    initial="draft",
    transitions=(
        Transition("submit", ("draft",), "submitted", "movement.manage"),
        Transition("take_up", ("submitted",), "pending", "movement.manage"),
        Transition("facilitate", OPEN_ANSWER, "facilitated", "movement.manage"),
        Transition("deny", OPEN_ANSWER, "denied", "movement.manage"),
        Transition("postpone", ("pending", "unknown"), "postponed", "movement.manage"),
        Transition("lose_sight", ("pending", "postponed"), "unknown", "movement.manage"),
    ),
)
