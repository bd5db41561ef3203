"""Run a page of docs/ as its reader would: make its files, type its commands, compare what is printed.

A page speaks to its reader in fenced blocks, and the word after the fence says what the reader does:

    ```yaml FILE            make the file (csv, markdown too, with four backquotes around what has three)
    ```yaml FILE at end     add these lines at its end
    ```yaml FILE above X    add these lines above the line that starts with X
    ```diff FILE            take the lines with - out, put those with + in their place
    ```yaml check FILE      read these lines in the file
    ```console              type what stands after $; it prints the lines below, `...` being any
    ```sh                   needs a network or another shell, so it is not run here
"""

import re
import shlex
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from topline.cli import main

FENCE = re.compile(r"^(`{3,})(\w+)(?: ([^\n]+))?\n(.*?)^\1$", re.M | re.S)
ABOVE, AT_END, READ = (re.compile(rule) for rule in (r"(\S+) above (.+)", r"(\S+) at end", r"check (\S+)"))


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the rest of its first line, its text and its line in the page."""

    language: str
    info: str
    text: str
    line: int


def blocks(page: Path) -> list[Block]:
    """The fenced blocks of a page, in order."""
    text = page.read_text("utf-8")
    return [
        Block(match[2], match[3] or "", match[4], text.count("\n", 0, match.start()) + 1)
        for match in FENCE.finditer(text)
    ]


def commands(block: Block) -> Iterator[tuple[str, str]]:
    """The commands of a console block, each with what it prints."""
    for part in re.split(r"^\$ ", block.text, flags=re.M)[1:]:
        command, _, printed = part.partition("\n")
        yield command, printed


def alike(expected: str, printed: str) -> bool:
    """Whether the printed text is the expected one, in which a line `...` stands for any lines."""
    lines = expected.splitlines(keepends=True)
    pattern = "".join("(?:.*\n)*?" if line == "...\n" else re.escape(line) for line in lines)
    return re.fullmatch(pattern, printed) is not None


def typed(command: str, folder: Path) -> str:
    """What a command prints: `mkdir` or a verb of topline."""
    words = shlex.split(command)
    if words[0] == "mkdir":
        (folder / words[1]).mkdir()
        return ""
    assert words[0] == "topline", f"{command}: only mkdir and topline are typed in pages"
    printed = StringIO()  # a terminal shows both streams in the order of their lines
    with redirect_stdout(printed), redirect_stderr(printed), suppress(SystemExit):  # so --version ends
        main(words[1:])
    return printed.getvalue()


def edit(block: Block, folder: Path) -> None:
    """Make or change the file that a block names."""
    if block.language == "diff":
        old = "".join(line[1:] for line in block.text.splitlines(keepends=True) if line[0] in " -")
        new = "".join(line[1:] for line in block.text.splitlines(keepends=True) if line[0] in " +")
        replace(folder / block.info, old, new, block)
    elif match := ABOVE.fullmatch(block.info):
        lines = (folder / match[1]).read_text("utf-8").splitlines()
        at = next(line for line in lines if line.startswith(match[2]))
        replace(folder / match[1], f"{at}\n", f"{block.text}\n{at}\n", block)
    elif match := READ.fullmatch(block.info):
        assert block.text in (folder / match[1]).read_text("utf-8"), f"line {block.line} is not in {match[1]}"
    elif match := AT_END.fullmatch(block.info):
        with (folder / match[1]).open("a", encoding="utf-8") as file:
            file.write(f"\n{block.text}")
    else:
        (folder / block.info).write_text(block.text, "utf-8")


def replace(file: Path, old: str, new: str, block: Block) -> None:
    """Change a part of a file that stands there once."""
    text = file.read_text("utf-8")
    assert text.count(old) == 1, f"line {block.line}: {text.count(old)} places in {file.name} read\n{old}"
    file.write_text(text.replace(old, new), "utf-8")


def run_page(page: Path, folder: Path) -> list[str]:
    """Do what the page says, in a folder that is the working folder; the commands, in order."""
    done = []
    for block in blocks(page):
        if block.language == "console":
            for command, expected in commands(block):
                printed = typed(command, folder)
                assert alike(expected, printed), f"{page.name}:{block.line}: {command} printed\n{printed}"
                done.append(command)
        elif block.language in ("yaml", "markdown", "diff", "csv"):
            if block.info:  # a block that names no file is read, not made
                edit(block, folder)
        else:
            assert block.language == "sh", f"{page.name}:{block.line}: what is {block.language}?"
    return done
