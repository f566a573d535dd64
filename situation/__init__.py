"""The common picture: figures, gaps, the overview and reports, read across the domains."""
