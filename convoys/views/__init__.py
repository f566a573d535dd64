"""Convoys' pages."""
