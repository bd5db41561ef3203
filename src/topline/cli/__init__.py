"""`topline VERB`: one module a verb, imported only when that verb is called.

A verb is a module of this package with `add_parser(subparsers)`, which calls `verb_parser`, and
`run(args) -> int`, which imports what it needs inside itself: `topline --help` must stay quick.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from importlib.util import find_spec
from io import TextIOWrapper
from typing import TYPE_CHECKING, TextIO

from topline import __version__
from topline.base import Finding, Mark, ToplineError

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

__all__ = [
    "FINDINGS",
    "FINE",
    "VERBS",
    "WRONG_USE",
    "available_verbs",
    "main",
    "print_findings",
    "verb_parser",
]

FINE, FINDINGS, WRONG_USE = 0, 1, 2

# In the order of work; a verb is offered from the commit that brings its module.
VERBS = {
    "check": "find what is wrong in a study, with file, line and what to write instead",
    "codebook": "write a study's codebook as Markdown, CSV or DDI",
    "show": "write the questionnaire as one page for reading and comment",
    "import-form": "make a study from the form of another survey tool",
    "translate": "bring the translation files up to date with the questionnaire",
    "launch": "freeze the questionnaire of a wave, with a hash for each question",
    "frame": "list the people whom a launch will invite, and who joined or left since",
    "sample": "draw who will be invited from those who are listed",
    "link": "open links: one for everybody, or one a department with its headcount",
    "paper": "codes and forms on paper, and the answers that were keyed from them",
    "rehearse": "send made-up respondents through the real pages",
    "quality": "check the answers: speed, straight lines, gaps, contradictions, duplicates",
    "code": "put answers in words into codes: sheets for coders, agreement, merging",
    "weight": "weight the answers as the study says, and show what it costs",
    "convert": "write a data file in another format, with its labels and missing values",
    "tables": "write the tables that the analysis plan asks for",
    "change": "compare the answers with earlier waves, on unrounded values",
    "report": "build the report and check every figure in its text",
    "serve": "serve a study's pages",
    "invite": "write the links of the people invited, for a mail merge",
    "vault": "copy the keys of a survey to a stick, or make them anew from it",
    "doctor": "check that everything is as the promise to respondents needs it",
    "audit": "show what was done to a survey, and check that the log is whole",
    "monitor": "say how the response comes in, small groups hidden",
    "pause": "ask respondents to come back later",
    "resume": "open a paused survey again",
    "extend": "move the last day of a survey to a later one",
    "desk": "serve the team's pages on a fieldwork, and say who may see them",
    "close": "close a survey: mix its answers and destroy the keys",
    "export": "write the answers of a closed survey, and its counts",
    "backup": "write a backup of a running survey, without its keys",
    "restore": "bring a survey back from a backup, with or without its keys",
    "retire": "delete the people of a closed survey, with a proof",
    "demo": "run two complete studies from question to report",
}

_EXIT_CODES = """exit codes:
  0  fine
  1  findings, printed on standard output
  2  wrong use or unreadable input, explained on standard error
"""


def available_verbs() -> list[str]:
    """Return the verbs whose modules exist, in the order of work."""
    return [verb for verb in VERBS if find_spec(_module(verb)) is not None]


def verb_parser(
    subparsers: "Subparsers",
    verb: str,
    run: Callable[[argparse.Namespace], int],
    *,
    description: str,
    examples: Sequence[str],
    formats: Sequence[str] = (),
) -> argparse.ArgumentParser:
    """Return the parser of `verb`, with its help laid out as every verb's is.

    `examples` are whole command lines. Where `formats` are given, `--format` offers them and the first one
    is the default; `("text", "json")` for a verb whose findings a program may read.
    """
    shown = "\n".join(f"  {example}" for example in examples)
    parser = subparsers.add_parser(
        verb,
        help=VERBS[verb],
        description=description,
        epilog=f"examples:\n{shown}\n\n{_EXIT_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    if formats:
        parser.add_argument(
            "--format", choices=formats, default=formats[0], help=f"how to print (default: {formats[0]})"
        )
    parser.set_defaults(run=run)
    return parser


def print_findings(findings: Iterable[Finding], how: str = "text", stream: TextIO | None = None) -> None:
    """Print findings to `stream` (default: standard output), one a line; `how="json"`: as one list."""
    if how == "json":
        shown = json.dumps([finding.as_json() for finding in findings], ensure_ascii=False, indent=2)
    else:
        shown = "\n".join(str(finding) for finding in findings)
    if shown:
        print(shown, file=stream or sys.stdout)


def main(argv: Sequence[str] | None = None) -> int:
    """Run `topline` with `argv` (default: the command line) and return the exit code."""
    arguments = sys.argv[1:] if argv is None else list(argv)
    args = _parser(arguments).parse_args(arguments)
    if isinstance(sys.stdout, TextIOWrapper) and not sys.stdout.isatty():
        sys.stdout.reconfigure(encoding="utf-8")  # pages and codebooks say that they are, whatever the locale
    try:
        code: int = args.run(args)
        sys.stdout.flush()
    except ToplineError as error:
        print_findings(error.findings, getattr(args, "format", "text"), sys.stderr)
        return WRONG_USE
    except BrokenPipeError:
        # The reader of our output has gone (`| head`): nothing more to say, and nothing to say it to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    except OSError as error:
        # a folder that cannot be made, a full disk behind standard output: no place of our own to speak of
        place = Mark(str(error.filename)) if error.filename else None
        print_findings(
            [Finding("system-refused", {"why": error.strerror or error}, place)], stream=sys.stderr
        )
        return WRONG_USE
    except RecursionError:
        print_findings([Finding("too-deep")], stream=sys.stderr)
        return WRONG_USE
    except KeyboardInterrupt:
        return 130
    return code


def _module(verb: str) -> str:
    return f"{__name__}.{verb.replace('-', '_')}"


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="topline",
        description="Run a survey from the first question to a report whose every figure is checked.\n"
        "A study is a folder of text files; each verb takes that folder.",
        epilog=f"`topline VERB --help` explains a verb.\n\n{_EXIT_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"topline {__version__}")
    subparsers = parser.add_subparsers(dest="verb", metavar="VERB", required=True, title="verbs")
    called = next((argument for argument in arguments if not argument.startswith("-")), None)
    for verb in available_verbs():
        if verb == called:
            import_module(_module(verb)).add_parser(subparsers)
        else:
            subparsers.add_parser(verb, help=VERBS[verb])
    return parser
