"""All actions on a convoy of our own, and which of them its pages offer beside their parts."""

from convoys.views.arriving import ARRIVING
from convoys.views.departing import DEPARTING

ACTIONS = DEPARTING | ARRIVING

# What each state of a part offers on the tabs
OFFERS: dict[str, dict[str, tuple[str, ...]]] = {
    "leg": {
        "planned": ("change_leg", "remove_leg"),
        "onward": ("let_go", "way_on", "change_leg", "remove_leg"),
    },
    "waybill": {
        "draft": ("load", "load_on", "issue", "void"),
        "issued": ("void", "reissue"),
        "reconstructed": ("confirm", "take_back"),
        "in_transit": ("receive", "final"),
        "part_received": ("receive", "final"),
        "received": ("receive",),
        "lost": ("receive",),
        # What still comes is kept, and posted once the convoy is open again.
        "returned": ("receive",),
        "redirected": ("receive",),
        "reconciled": ("receive",),
    },
    "receipt": {"needs_resolution": ("post", "set_aside")},
    "discrepancy": {
        "open": ("investigate",),
        "investigating": ("explain", "write_off"),
        "explained": ("settle",),
        "written_off": ("settle",),
    },
}
