"""Arabic, the language that tests right to left."""
