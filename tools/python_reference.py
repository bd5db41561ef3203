"""The reference pages of the Python API, from its docstrings (`make schemas`): text in, text out.

Everything is read from the sources (`ast`), so that the pages are the same under every Python.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import textwrap
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Final

FOLDER: Final = "docs/reference/python"
TOP: Final = "docs/reference/python.md"
#: The rooms that an analyst calls, in the order of work, each with what it is for.
ROOMS: Final = {
    "dataset": "read, write and look at answers",
    "dataset.quality": "flags of data quality, and the rules that take people out",
    "dataset.coding": "answers in words put into codes",
    "designs": "how people came to answer: strata, clusters, replicate weights",
    "weights": "weights from targets, and what they cost",
    "estimates": "shares, means, errors, intervals, tests, agreement: arrays in, arrays out",
    "tables": "tables, changes between waves, files of tables",
}
_WIDTH: Final = 100
_HEAD: Final = "<!-- Made from the docstrings by `make schemas`; edit those. -->\n"
Definition = ast.FunctionDef | ast.ClassDef


def reference_pages() -> dict[str, str]:
    """Every page by its path in the project."""
    pages = {TOP: _top()}
    for room in ROOMS:
        pages[f"{FOLDER}/{room.replace('.', '-')}.md"] = _room(room)
    return pages


def _top() -> str:
    module = importlib.import_module("topline")
    parts = [
        _HEAD,
        "# Python: `import topline as tl`\n",
        "Arrays are NumPy's; `(n,)` is one value a person. Shares in tables are in per cent, 0 to 100;\n"
        "those of `topline.estimates` are from 0 to 1. Errors of use raise `topline.base.ToplineError`,\n"
        "whose `findings` say what was given, what is allowed and what to do next. Nothing is rounded but\n"
        "where it is printed: there once, half up.\n"
        "[Work in Python](../how-to/work-in-a-notebook.md) shows it in use.\n",
        "| room | for |\n| --- | --- |",
        *(
            f"| [`topline.{room}`](python/{room.replace('.', '-')}.md) | {purpose} |"
            for room, purpose in ROOMS.items()
        ),
        "",
    ]
    for name in module.__all__:
        if name != "__version__":
            parts += _entry("tl", name, getattr(module, name))
    parts.append("## `tl.__version__`\nThe version of Topline, a text.\n")
    return "\n".join(parts)


def _room(room: str) -> str:
    module = importlib.import_module(f"topline.{room}")
    doc = inspect.getdoc(module) or ""
    constants = [name for name in module.__all__ if not _is_defined(module, name)]
    parts = [_HEAD, f"# `topline.{room}`\n", f"{doc}\n"]
    for name in module.__all__:
        if name not in constants:
            parts += _entry(f"topline.{room}", name, getattr(module, name))
    if constants:
        parts.append("## Names of types and values\n")
        parts += [f"- `{name}`: `{_value(module, name)}`" for name in constants]
        parts.append("")
    return "\n".join(parts)


def _is_defined(module: ModuleType, name: str) -> bool:
    thing = getattr(module, name)
    return inspect.isclass(thing) or inspect.isfunction(thing)


def _entry(prefix: str, name: str, thing: object) -> Iterator[str]:
    """Heading, signature, docstring; of a class its public properties and methods too."""
    home = inspect.getmodule(thing)
    assert home is not None
    node = _definitions(home)[name]
    yield f"## `{prefix}.{name}`"
    if isinstance(node, ast.ClassDef):
        yield from _class(node)
    else:
        yield f"```python\n{signature(node)}\n```"
        yield f"{_doc(node)}\n"


def _class(node: ast.ClassDef) -> Iterator[str]:
    fields = [
        _written(item) for item in node.body if isinstance(item, ast.AnnAssign) and _public(item.target)
    ]
    shown = "\n".join(f"    {field}" for field in fields)
    yield f"```python\nclass {node.name}{':' if fields else ''}\n{shown}".rstrip() + "\n```"
    yield f"{_doc(node)}\n"
    for item in node.body:
        if isinstance(item, ast.FunctionDef) and not item.name.startswith("_"):
            is_property = any("property" in ast.unparse(one) for one in item.decorator_list)
            head = item.name if is_property else _one_line(signature(item).removeprefix("def "))
            doc = " ".join(_doc(item).split())
            yield f"- `{head}`: {doc}"
    yield ""


def signature(node: ast.FunctionDef) -> str:
    """The head of a function; one line, or a line for each argument."""
    returns = f" -> {_written(node.returns)}" if node.returns else ""
    line = f"def {node.name}({', '.join(_arguments(node.args))}){returns}"
    if len(line) <= _WIDTH:
        return line
    parts = "".join(f"    {part},\n" for part in _arguments(node.args))
    return f"def {node.name}(\n{parts}){returns}"


def _arguments(given: ast.arguments) -> Iterator[str]:
    empty = len(given.args) - len(given.defaults)
    for place, argument in enumerate(given.args):
        default = given.defaults[place - empty] if place >= empty else None
        yield _argument(argument, default)
    if given.kwonlyargs:
        yield "*"
    for argument, default in zip(given.kwonlyargs, given.kw_defaults, strict=True):
        yield _argument(argument, default)


def _argument(argument: ast.arg, default: ast.expr | None) -> str:
    shown = _written(argument)
    return shown if default is None else f"{shown} = {_written(default)}"


def _written(node: ast.AST) -> str:
    """The source of a node with the quotes of the house."""
    text = ast.unparse(node)
    return text if '"' in text else text.replace("'", '"')


def _one_line(text: str) -> str:
    return (
        " ".join(text.split())
        .replace("( ", "(")
        .replace(", )", ")")
        .replace("self, ", "")
        .replace("self", "")
    )


def _public(target: ast.expr) -> bool:
    return isinstance(target, ast.Name) and not target.id.startswith("_")


def _doc(node: Definition) -> str:
    """The docstring as Markdown: a star in a formula is a star."""
    text = ast.get_docstring(node) or ""
    return text.replace("*", "\\*")


@cache
def _definitions(module: ModuleType) -> dict[str, Definition]:
    tree = ast.parse(Path(inspect.getsourcefile(module) or "").read_text("utf-8"))
    return {node.name: node for node in tree.body if isinstance(node, Definition)}


def _value(module: ModuleType, name: str) -> str:
    """What a name stands for, as the module that makes it writes it."""
    for home in _homes(module):
        for node in ast.parse(Path(inspect.getsourcefile(home) or "").read_text("utf-8")).body:
            targets = node.targets if isinstance(node, ast.Assign) else []
            if isinstance(node, ast.AnnAssign):
                targets = [node.target]
            if node.__class__ in (ast.Assign, ast.AnnAssign) and name in map(ast.unparse, targets):
                return textwrap.shorten(ast.unparse(node.value), 90)  # type: ignore[attr-defined]
    raise LookupError(f"{module.__name__} does not make {name}")


def _homes(module: ModuleType) -> Iterator[ModuleType]:
    """The modules that a room imports its names from, as its first lines say."""
    tree = ast.parse(Path(inspect.getsourcefile(module) or "").read_text("utf-8"))
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("topline"):
            yield importlib.import_module(node.module or "")
