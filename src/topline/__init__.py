"""Topline runs a survey from the first question to a report whose every figure is checked."""

__all__ = ["__version__"]

__version__ = "0.1.0.dev0"
