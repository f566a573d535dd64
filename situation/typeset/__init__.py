"""What reports are set from: their templates, and maps drawn for print."""
