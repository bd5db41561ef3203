"""What the YAML parser's messages mean for somebody who writes a questionnaire."""

from __future__ import annotations

import re
from typing import Final

import yaml

from topline.base import Finding, Mark
from topline.study.marks import Source

_KEY: Final = re.compile(r"^(\s*(?:- +)*)[^\s#-][^:]*:(?:\s|$)")


def explain(error: yaml.YAMLError, source: Source) -> Finding:
    """Translate a fault of the parser: the place a person would point at, and what to write instead."""
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return _of_reader(error, source)
    lines = source.text.splitlines()
    line, column = error.problem_mark.line, error.problem_mark.column
    here = Mark(source.file, line + 1, column + 1)
    there = here
    if error.context_mark is not None:
        there = Mark(source.file, error.context_mark.line + 1, error.context_mark.column + 1)
    problem, context = error.problem or "", error.context or ""
    if "tab" in problem:
        return Finding("yaml-tab", {}, here)
    if "mapping values are not allowed" in problem:
        return (
            _no_colon(lines, line, source)
            or _indentation(lines, line, source, continued=True)
            or Finding("yaml-colon", {}, here)
        )
    if "flow" in context:
        if _at(lines, here) == ":" and here.line == there.line:
            return Finding("yaml-colon", {}, here)
        if _at(lines, there) not in ("[", "{"):
            there = _last_opened(source) or there  # at the end of the file, the parser points at nothing
        if here.line == there.line and _at(lines, here) in ("[", "{"):
            return Finding("yaml-bracket-in-text", {"bracket": _at(lines, here)}, here)
        return Finding("yaml-open-bracket", {"bracket": _at(lines, there)}, there)
    if any(words in problem for words in ("expected key", "block end", "expected '-'")):
        return _out_of_line(lines, here, source)
    if "could not find expected ':'" in problem:
        return Finding("yaml-no-colon", {"text": lines[there.line - 1].strip()}, there)
    return _of_first_character(lines, here, there, problem, context)


def _of_first_character(lines: list[str], here: Mark, there: Mark, problem: str, context: str) -> Finding:
    if "scanning a quoted" in context:
        return Finding("yaml-open-quote", {}, there)
    if any(
        words in problem for words in ("entries are not", "cannot start any token", "keys are not allowed")
    ):
        return Finding("yaml-first-character", {"character": _at(lines, here)}, here)
    if "alias" in context or "anchor" in context:
        return Finding("yaml-first-character", {"character": _at(lines, there)}, there)
    if "single document" in context:
        return Finding("yaml-second-document", {}, here)
    return Finding("yaml-other", {"problem": problem}, here)


def _out_of_line(lines: list[str], here: Mark, source: Source) -> Finding:
    """A line that does not line up, or a text that goes on after its closing quote or bracket."""
    before = lines[here.line - 1][: here.column - 1] if here.line <= len(lines) else ""
    if before.strip():
        return Finding("yaml-text-goes-on", {"mark": before.rstrip()[-1]}, here)
    return _indentation(lines, here.line - 1, source) or Finding("yaml-indent", {}, here)


def _no_colon(lines: list[str], line: int, source: Source) -> Finding | None:
    """The finding for the line above, if it begins a question or a list of answers and has no colon."""
    written = [at for at in range(line) if lines[at].strip() and not lines[at].lstrip().startswith("#")]
    if not written or _KEY.match(lines[written[-1]]):
        return None
    above = lines[written[-1]]
    text = above.lstrip(" -")
    begins = above.lstrip().startswith("- ") or (
        len(written) > 1 and lines[written[-2]].rstrip().endswith(":")
    )
    mark = Mark(source.file, written[-1] + 1, len(above) - len(text) + 1)
    return Finding("yaml-no-colon", {"text": text.rstrip()}, mark) if begins else None


def _indentation(lines: list[str], line: int, source: Source, continued: bool = False) -> Finding | None:
    """The finding for a line that stands too far right or left of the one above it, if that is the fault.

    `continued`: the parser took the line for more of the text above, which only happens further to the right.
    """
    this = _KEY.match(lines[line]) if line < len(lines) else None
    above = next(
        (match for text in reversed(lines[:line]) if text.strip() if (match := _KEY.match(text))), None
    )
    if this is None or above is None:
        return None
    column, wanted = len(this.group(1)), len(above.group(1))
    if column == wanted or (continued and column < wanted):
        return None
    side = "right" if column > wanted else "left"
    return Finding(
        "yaml-line-shifted",
        {"n": abs(column - wanted), "side": side},
        Mark(source.file, line + 1, column + 1),
    )


def _last_opened(source: Source) -> Mark | None:
    """The bracket that was opened last and not closed, as far as the file can be read."""
    opened: list[Mark] = []
    try:
        for token in yaml.scan(source.text):
            if isinstance(token, yaml.FlowSequenceStartToken | yaml.FlowMappingStartToken):
                opened.append(Mark(source.file, token.start_mark.line + 1, token.start_mark.column + 1))
            elif isinstance(token, yaml.FlowSequenceEndToken | yaml.FlowMappingEndToken) and opened:
                opened.pop()
    except yaml.YAMLError:
        pass
    return opened[-1] if opened else None


def _at(lines: list[str], mark: Mark) -> str:
    return lines[mark.line - 1][mark.column - 1 : mark.column] if mark.line <= len(lines) else ""


def _of_reader(error: yaml.YAMLError, source: Source) -> Finding:
    position = getattr(error, "position", None)
    if not isinstance(position, int):
        return Finding("yaml-other", {"problem": str(error)}, Mark(source.file))
    before = source.text[:position]
    place = Mark(source.file, before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1)
    return Finding("yaml-control-character", {"code": f"U+{ord(source.text[position]):04X}"}, place)
