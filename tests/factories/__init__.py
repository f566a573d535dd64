"""Makers of test objects, one module an app."""
