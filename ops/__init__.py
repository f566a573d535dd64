"""The bootstrap behind the Makefile: standard library only, as it runs before all else is there."""
