"""Tests of situation."""
