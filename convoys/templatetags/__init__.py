"""Template tags of convoys."""
