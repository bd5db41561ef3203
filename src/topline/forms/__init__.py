"""Studies from the forms of other survey tools."""
