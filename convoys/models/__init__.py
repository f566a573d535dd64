"""Aid convoys' tables."""
