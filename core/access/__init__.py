"""Humanitarian access: what is known of it, what it means for a movement, what must be had."""
