"""Tests of convoys."""
