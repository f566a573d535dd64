"""How languages write numbers and days where Django does not know or settles it for one country."""
