"""REST doors of convoys."""
