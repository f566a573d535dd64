"""What the situation app alone writes: reports."""

from situation.models.report import Report

__all__ = ["Report"]
