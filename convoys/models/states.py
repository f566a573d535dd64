"""The life cycles of requests, operated convoys, waybills, receipts and discrepancies: tables."""

from core.machines import Machine, Transition

REQUEST = Machine(
    field="state",
    initial="draft",
    transitions=(
        Transition("submit", ("draft",), "submitted", "request.plan"),
        Transition("verify", ("submitted",), "verified", "request.plan"),
        Transition("accept", ("verified", "on_hold"), "accepted", "request.decide"),
        Transition("hold", ("verified", "accepted"), "on_hold", "request.decide"),
        Transition("reject", ("verified", "on_hold"), "rejected", "request.decide"),
        Transition("fulfil_in_part", ("accepted",), "part_fulfilled", "request.plan"),
        Transition("fulfil", ("accepted", "part_fulfilled"), "fulfilled", "request.plan"),
        Transition(
            "cancel",
            ("draft", "submitted", "verified", "accepted", "on_hold"),
            "cancelled",
            "request.plan",
        ),
    ),
)

CONVOY = Machine(
    field="state",
    initial="draft",
    transitions=(
        Transition("plan", ("draft",), "planned", "run.plan"),
        Transition("ask_access", ("planned",), "access_pending", "run.plan"),
        Transition("clear", ("access_pending",), "cleared", "run.clear"),
        Transition("unclear", ("cleared",), "access_pending", "run.clear"),
        Transition("start_loading", ("cleared",), "loading", "run.plan"),
        Transition("finish_loading", ("loading",), "loaded", "run.plan"),
        Transition("resume_loading", ("loaded",), "loading", "run.plan"),
        Transition("dispatch", ("loaded",), "dispatched", "run.dispatch"),
        Transition("depart", ("dispatched",), "in_transit", "run.move"),
        Transition("hold", ("in_transit",), "held", "run.move"),
        Transition("resume", ("held", "diverted"), "in_transit", "run.move"),
        Transition("part_arrive", ("in_transit", "held"), "part_arrived", "run.move"),
        Transition("arrive", ("in_transit", "held", "part_arrived"), "arrived", "run.move"),
        Transition("start_receiving", ("arrived", "reconstructed"), "receiving", "run.receive"),
        Transition("finish_receiving", ("receiving",), "received", "run.receive"),
        # From a hub on by another vehicle, though that was not planned.
        Transition("carry_on", ("arrived", "receiving", "received"), "part_arrived", "run.plan"),
        Transition("divert", ("in_transit", "held"), "diverted", "run.move"),
        Transition("abort", ("in_transit", "held"), "aborted", "run.move"),
        Transition("turn_back", ("aborted",), "returning", "run.move"),
        Transition("come_back", ("returning",), "returned", "run.move"),
        Transition("lose", ("in_transit",), "lost", "run.dispatch"),
        Transition("reconcile", ("received", "returned", "lost"), "reconciled", "run.plan"),
        Transition("close", ("reconciled", "reopened"), "closed", "run.dispatch"),
        Transition("reopen", ("closed",), "reopened", "run.dispatch"),
        Transition(
            "cancel",
            ("draft", "planned", "access_pending", "cleared", "loading", "loaded"),
            "cancelled",
            "run.plan",
        ),
        # A convoy of others, once receipts of it turn up: it never stood at the gate.
        Transition("reconstruct", ("draft",), "reconstructed", "run.plan"),
    ),
)

WAYBILL = Machine(
    field="state",
    initial="draft",
    transitions=(
        Transition("issue", ("draft",), "issued", "waybill.load"),
        Transition("void", ("draft", "issued"), "void", "waybill.load"),
        Transition("depart", ("issued",), "in_transit", "waybill.move"),
        Transition("receive_in_part", ("in_transit",), "part_received", "waybill.receive"),
        Transition("receive", ("in_transit", "part_received"), "received", "waybill.receive"),
        Transition("lose", ("in_transit", "part_received"), "lost", "waybill.receive"),
        Transition("give_back", ("in_transit", "part_received"), "returned", "waybill.receive"),
        Transition("redirect", ("in_transit", "part_received"), "redirected", "waybill.receive"),
        Transition(
            "reconcile",
            ("received", "lost", "returned", "redirected"),
            "reconciled",
            "waybill.load",
        ),
        # A reversal after the end makes something outstanding again.
        Transition(
            "reopen",
            ("received", "lost", "returned", "redirected", "reconciled"),
            "part_received",
            "waybill.receive",
        ),
    ),
)

RECEIPT = Machine(
    field="state",
    initial="recorded",
    transitions=(
        Transition("post", ("recorded", "needs_resolution"), "posted", "receipt.post"),
        Transition("question", ("recorded",), "needs_resolution", "receipt.post"),
        Transition("set_aside", ("needs_resolution",), "set_aside", "receipt.post"),
    ),
)

DISCREPANCY = Machine(
    field="state",
    initial="open",
    transitions=(
        Transition("investigate", ("open",), "investigating", "discrepancy.investigate"),
        Transition("explain", ("investigating",), "explained", "discrepancy.investigate"),
        Transition("write_off", ("investigating",), "written_off", "discrepancy.write_off"),
        Transition("close", ("explained", "written_off"), "closed", "discrepancy.investigate"),
    ),
)
