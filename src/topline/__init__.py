"""Topline runs a survey from the first question to a report whose every figure is checked.

In a notebook: `import topline as tl; data = tl.read("answers.sav")`.
"""

from importlib import import_module
from typing import Any

__all__ = ["__version__", "book", "design", "quality", "read", "read_study", "table", "write"]

__version__ = "0.1.0.dev0"

#: What is offered here, and the room that it lives in: `import topline` must load none of them.
# A name of a room (`tables`, `weights`) cannot be a function here: importing the room would replace it.
_ROOMS = {
    "book": "topline.notebook",
    "design": "topline.notebook",
    "quality": "topline.notebook",
    "read": "topline.dataset",
    "read_study": "topline.study",
    "table": "topline.notebook",
    "write": "topline.dataset",
}


def __getattr__(name: str) -> Any:
    """Fetch what an analyst calls from the room where it lives, the first time it is asked for."""
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_ROOMS[name]), name)


def __dir__() -> list[str]:
    """List what is offered, loaded or not."""
    return sorted(__all__)
