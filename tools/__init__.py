"""Tools of the house that are not installed with Topline."""
