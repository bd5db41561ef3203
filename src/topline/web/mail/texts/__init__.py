"""Texts of letters: the study's own, `mail/KIND.LANGUAGE.md`, or those that come with Topline.

The first line is the subject (`Subject: ...`), an empty line follows, then Markdown. Fields in braces are
filled by an allow-list; nothing else of a person can get into a letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final, Literal

from topline.base import Finding, Mark, ToplineError, fail
from topline.base.hints import did_you_mean
from topline.study.model import Study

Kind = Literal["invitation", "reminder"]
#: What may stand in braces in a body; in a subject those that are the same for everybody.
FIELDS: Final = ("link", "opt_out", "study", "organisation", "closes")
_SUBJECT_FIELDS: Final = ("study", "organisation", "closes")
_FIELD: Final = re.compile(r"\{([^{}\n]*)\}")
_MOST: Final = 20_000  # bytes of a text


@dataclass(frozen=True, slots=True)
class Text:
    """A letter in one language: subject and body, fields not yet filled."""

    language: str
    subject: str
    body: str


def read_texts(study: Study, kind: Kind, *, closes: bool) -> tuple[Text, ...]:
    """The letter of a kind in each language of the study that has one, the first language first.

    `closes`: whether the last day is known. Raises ToplineError with every fault of the study's own texts,
    each with its place, or if there is no text in the first language.
    """
    found: list[Text] = []
    faults: list[Finding] = []
    for language in study.languages:
        own = Path(study.folder, "mail", f"{kind}.{language}.md")
        if own.is_file():
            text = _read_own(own, faults)
        else:
            shipped = files(__name__).joinpath(f"{kind}.{language}.md")
            text = shipped.read_text("utf-8") if shipped.is_file() else ""
        if text:
            subject, _, body = text.partition("\n")
            faults += _faults(text, Mark(str(own)), closes=closes)
            found.append(Text(language, subject.removeprefix("Subject:").strip(), body.strip()))
    if faults:
        raise ToplineError(faults)
    if not found or found[0].language != study.languages[0]:
        fail("mail-text-missing", file=Path("mail", f"{kind}.{study.languages[0]}.md"))
    return tuple(found)


def filled(text: str, values: Mapping[str, str]) -> str:
    """A text with its fields filled, in one pass: what a value holds is never a field."""
    return _FIELD.sub(lambda match: values[match[1].strip()], text)


def _read_own(path: Path, faults: list[Finding]) -> str:
    content = path.read_bytes()
    if len(content) > _MOST:
        faults.append(Finding("mail-text-large", {"most": _MOST}, Mark(str(path))))
        return ""
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        faults.append(Finding("mail-text-encoding", {"place": error.start}, Mark(str(path))))
        return ""


def _faults(text: str, mark: Mark, *, closes: bool) -> Iterator[Finding]:
    subject, *rest = text.split("\n")
    if not subject.startswith("Subject:") or not subject.removeprefix("Subject:").strip():
        yield Finding("mail-subject", {}, Mark(mark.file, 1, 1))
    elif not subject.isprintable() or len(subject.encode()) > 300 or "=?" in subject:
        yield Finding("mail-subject-line", {}, Mark(mark.file, 1, 1))
    names: set[str] = set()
    for number, line in enumerate([subject, *rest], 1):
        for match in _FIELD.finditer(line):
            name, at = match[1].strip(), Mark(mark.file, number, match.start() + 1)
            allowed = _SUBJECT_FIELDS if number == 1 else FIELDS
            names.add(name)
            if name not in allowed:
                values = {"name": name, "allowed": ", ".join(allowed), "near": did_you_mean(name, allowed)}
                yield Finding("mail-field", values, at)
            elif name == "closes" and not closes:
                yield Finding("mail-closes", {}, at)
    if "link" not in names:
        yield Finding("mail-no-link", {}, mark)
