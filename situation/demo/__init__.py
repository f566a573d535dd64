"""The demonstration: the story of November 2020, told through the rules that people go through."""
