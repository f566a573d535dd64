"""What the database's constraints refuse, told in words: what is wrong, and how to go on."""

from django.utils.translation import gettext_lazy

TAKEN = (
    gettext_lazy("Another one here has this number."),
    gettext_lazy("Leave the number empty to get the next free one, or give another."),
)
AT_ONCE = (
    gettext_lazy("Somebody has done the same at this moment."),
    gettext_lazy("Reload the page and look whether it is still needed."),
)
NOTHING = (
    gettext_lazy("A quantity or weight is nothing."),
    gettext_lazy("Give a quantity above nothing; small ones of light goods may weigh too little."),
)
NOT_ISSUED = (
    gettext_lazy("The waybill is not issued."),
    gettext_lazy("Issue it first; then record what became of its loads."),
)
TOO_LARGE = (
    gettext_lazy("A quantity, weight or volume is too large to be kept."),
    gettext_lazy("Look at its unit; the largest number is 99 999 999 999.999."),
)
# By the constraint's name, or the name under which a trigger refuses
REFUSALS = {
    "load_outstanding_not_below_nothing": (
        gettext_lazy("That is more than is outstanding on a line."),
        gettext_lazy("Lower the quantity, or record the overage with it."),
    ),
    "load_outstanding_ends_in_units_and_kg": (
        gettext_lazy("What is outstanding on the line would not end in units and kg together."),
        gettext_lazy("Lower the quantity; take entries back from the last to the first."),
    ),
    "load_good_not_above_sent": (
        gettext_lazy("More would be received than was loaded."),
        gettext_lazy("Record the overage with it."),
    ),
    "overage_while_outstanding": (
        gettext_lazy("There is no overage on a line while something is outstanding on it."),
        gettext_lazy("Say first what became of the rest."),
    ),
    "convoy_is_closed": (
        gettext_lazy("The convoy is closed."),
        gettext_lazy("A coordinator can reopen it with a reason."),
    ),
    "load_closed_with_nothing_outstanding": (
        gettext_lazy("Something is still outstanding."),
        gettext_lazy("Say on “Does it close?” what became of it."),
    ),
    "forward_closed_with_nothing_left": (
        gettext_lazy("Something was forwarded or redirected and is on no waybill yet."),
        gettext_lazy("Load it on another leg, or reverse the entry."),
    ),
    "forward_not_overdrawn": (
        gettext_lazy("What was forwarded is loaded again, or less is left than you load."),
        gettext_lazy("Lower the quantity, or take the later load off first."),
    ),
    "forward_empty_in_units_and_kg": (
        gettext_lazy("What was forwarded is loaded again, or less is left than you load."),
        gettext_lazy("Lower the quantity, or take the later load off first."),
    ),
    "line_empty_in_units_and_kg": (
        gettext_lazy("Less is left of a consignment line than you load."),
        gettext_lazy("Reload the page and load what is left."),
    ),
    "line_not_overdrawn": (
        gettext_lazy("Less is left of a consignment line than you load."),
        gettext_lazy("Reload the page and load what is left."),
    ),
    "line_loaded_from_what_is_picked": (
        gettext_lazy("The line is from stock, and less was picked than you load."),
        gettext_lazy("Pick the stock first."),
    ),
    "leg_within_payload": (
        gettext_lazy("That is more than the vehicle's payload."),
        gettext_lazy("Load less, or use another vehicle."),
    ),
    "leg_within_space": (
        gettext_lazy("That does not fit into the vehicle."),
        gettext_lazy("Load less, or use another vehicle."),
    ),
    "waybill_frozen_once_issued": (
        gettext_lazy("The waybill is issued and fixed, or it is empty."),
        gettext_lazy("Void it and issue another one to change its loads."),
    ),
    "load_has_entries": (
        gettext_lazy("Something has become of a load already."),
        gettext_lazy("Reverse those entries first."),
    ),
    "line_in_use": (
        gettext_lazy("Somebody has loaded or set aside something of the line meanwhile."),
        gettext_lazy("Reload the page and look at what is left of it."),
    ),
    "line_closed_with_nothing_left": (
        gettext_lazy("The convoys that carry this line are closed."),
        gettext_lazy("A coordinator can reopen one of them with a reason."),
    ),
    "lot_not_overdrawn": (
        gettext_lazy("The lot has less than that."),
        gettext_lazy("Take less, or another lot."),
    ),
    "line_stock_in_order": (
        gettext_lazy("That step of the stock does not fit the line."),
        gettext_lazy("Reserve, pick and release in this order, no more than the line holds."),
    ),
    "vehicle_on_one_leg_at_a_time": (
        gettext_lazy("The vehicle is still on the road on another run."),
        gettext_lazy("Record its arrival there first, or use another vehicle."),
    ),
    "driver_on_one_leg_at_a_time": (
        gettext_lazy("The driver is still on the road on another run."),
        gettext_lazy("Record that arrival first, or choose another driver."),
    ),
    "convoy_number_once": TAKEN,
    "request_number_once": TAKEN,
    "consignment_number_once": TAKEN,
    "receipt_number_once": TAKEN,
    "waybill_version_once": TAKEN,
    "waybill_one_valid_version": (
        gettext_lazy("Another waybill with this number is valid."),
        gettext_lazy("Void that one first, or give this one another number."),
    ),
    "convoy_name_once": (
        gettext_lazy("Another convoy here has this name."),
        gettext_lazy("Give it another name."),
    ),
    "line_position_once": AT_ONCE,
    "stop_position_once": AT_ONCE,
    "route_step_once": AT_ONCE,
    "lot_once": AT_ONCE,
    "delegate_named_once": AT_ONCE,
    "discrepancy_one_open_for_a_line": AT_ONCE,
    "convoys_entry_reverses_id_key": (
        gettext_lazy("An entry can be taken back once, and a reversal never."),
        gettext_lazy("Reload the page; post again what was right."),
    ),
    "convoy_arrives_after_it_leaves": (
        gettext_lazy("The arrival is not after the departure."),
        gettext_lazy("Change one of the two."),
    ),
    "request_goes_somewhere": (
        gettext_lazy("Origin and destination are the same place."),
        gettext_lazy("Choose another destination."),
    ),
    "leg_leads_elsewhere": (
        gettext_lazy("A leg leads from an earlier stop to a later one."),
        gettext_lazy("Choose other stops."),
    ),
    "line_holds_something": NOTHING,
    "entry_of_a_known_kind": (
        gettext_lazy("The ledger does not know what is said to have become of it."),
        gettext_lazy("Reload the page and choose again."),
    ),
    **dict.fromkeys(
        ("line_in_numbers", "load_in_numbers", "entry_in_numbers", "move_in_numbers"), TOO_LARGE
    ),
    "entry_moves_something": NOTHING,
    "move_moves_something": NOTHING,
    "withdrawal_of_something": NOTHING,
    "distribution_of_something": NOTHING,
    "load_of_its_source": (
        gettext_lazy("The load is of other goods than the line or entry that it is taken from."),
        gettext_lazy("Reload the page and choose the line again."),
    ),
    "load_from_what_goes_on": (
        gettext_lazy("Nothing goes on from that entry."),
        gettext_lazy("Choose what was forwarded, redirected or returned."),
    ),
    "move_of_the_lines_lot": (
        gettext_lazy("The line is of another lot."),
        gettext_lazy("Choose the lot that the line was reserved from."),
    ),
    "unmanifested_after_issue": NOT_ISSUED,
    "entry_after_issue": NOT_ISSUED,
}
