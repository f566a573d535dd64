"""Submissions as they are found and read: filters, orders, search, tables, one record, datasets."""
