"""PO files: every text of the study in another language, with the text it was translated from.

`msgctxt` is the text's address, `msgid` the text it was translated from, `msgstr` the translation; `fuzzy`
means that no translator has passed it. So stale, missing and unreviewed texts need no machinery of ours, and
every translator's tool opens the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polib

from topline.base import Finding, Mark, ToplineError, fail
from topline.study.marks import mark_of
from topline.study.model import Study
from topline.study.translations.addresses import texts_of

_PO_LINE: Final = re.compile(r'#.*|(?:msgctxt|msgid|msgid_plural|msgstr(?:\[\d+\])?)?\s*"(?:[^"\\]|\\.)*"')
_PIPE: Final = re.compile(r"\{([^{}|]*)(?:\|[^{}]*)?\}")


@dataclass(frozen=True)
class Translation:
    """One language: its texts by address, and which of them no translator has passed yet."""

    language: str
    texts: Mapping[str, str]
    unreviewed: frozenset[str] = frozenset()


def path_of(study: Study, language: str) -> Path:
    """Where the PO file of a language lies."""
    return Path(study.folder) / "translations" / f"{language}.po"


def load_translations(study: Study) -> tuple[dict[str, Translation], list[Finding]]:
    """The study's other languages, and what is missing, stale or wrong in their files.

    A file that cannot be read gives its finding and no texts. A text that is missing or stale is left out of
    the result: a page falls back to the first language.
    """
    found: dict[str, Translation] = {}
    findings: list[Finding] = []
    texts = texts_of(study)
    for language in dict.fromkeys(study.languages[1:]):
        if language == study.languages[0]:
            continue
        shown = f"translations/{language}.po"
        if not path_of(study, language).exists():
            mark = mark_of(language)
            findings.append(Finding("translation-file-missing", {"language": language, "file": shown}, mark))
            continue
        try:
            entries = [entry for entry in read_po(path_of(study, language), shown) if not entry.obsolete]
        except ToplineError as error:
            findings.extend(error.findings)
            continue
        findings.extend(_faults(entries, texts, language, shown))
        good = {e.msgctxt: e for e in entries if texts.get(e.msgctxt) == source_of(e) and e.msgstr}
        findings.extend(_missing(good, {e.msgctxt for e in entries if e.msgstr}, texts, language))
        unreviewed = frozenset(address for address, entry in good.items() if entry.fuzzy)
        if unreviewed:
            values = {"n": len(unreviewed), "language": language, "all": len(texts)}
            findings.append(Finding("translation-unreviewed", values, Mark(shown)))
        found[language] = Translation(language, {a: e.msgstr for a, e in good.items()}, unreviewed)
    return found, findings


def read_po(path: Path, shown: str) -> polib.POFile:
    """Read a PO file; a fault of its syntax is a `ToplineError` with the line."""
    try:
        for number, raw in enumerate(path.read_text("utf-8-sig").splitlines(), start=1):
            line = raw.strip()
            if line and not _PO_LINE.fullmatch(line):  # polib would cut such a line silently
                fail(
                    "po-syntax", Mark(shown, number), problem=f"{line} is not a keyword and a text in quotes"
                )
        return polib.pofile(str(path), encoding="utf-8-sig", check_for_duplicates=False)
    except UnicodeDecodeError as error:
        mark = Mark(shown, path.read_bytes().count(b"\n", 0, error.start) + 1)
        fail("not-utf8", mark, byte=f"{error.object[error.start]:#04x}")
    except IsADirectoryError as error:
        fail("file-unreadable", Mark(shown), why=error.strerror)
    except OSError as error:
        place = re.search(r"line (\d+)", str(error))
        what = re.sub(r"^.*?:\s*", "", str(error)) if place else str(error)
        fail("po-syntax", Mark(shown, int(place.group(1)) if place else 0), problem=what)


def source_of(entry: polib.POEntry) -> str:
    """The text that an entry was translated from: while it is fuzzy after a change, the text before."""
    return str(entry.previous_msgid) if entry.fuzzy and entry.previous_msgid else str(entry.msgid)


def _faults(
    entries: list[polib.POEntry], texts: Mapping[str, str], language: str, shown: str
) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for entry in entries:
        address, mark = entry.msgctxt or "", Mark(shown, entry.linenum or 0)
        if address in seen:
            yield Finding("translation-twice", {"address": address, "line": seen[address]}, mark)
        elif address not in texts:
            yield Finding("translation-of-nothing", {"address": address}, mark)
        elif source_of(entry) != texts[address]:
            before, now = contrast(source_of(entry), texts[address])
            yield Finding("translation-stale", {"address": address, "before": before, "now": now}, mark)
        elif entry.msgstr and _pipes(entry.msgid) != _pipes(entry.msgstr):
            values = {"address": address, "wanted": _listed(entry.msgid), "given": _listed(entry.msgstr)}
            yield Finding("translation-pipes", values, mark)
        seen.setdefault(address, mark.line)


def _missing(
    good: Mapping[str, object], written: set[str], texts: Mapping[str, str], language: str
) -> Iterator[Finding]:
    for address, text in texts.items():
        if address not in good and address not in written:
            id = "base-text-untranslated" if address.endswith(".base_text") else "translation-missing"
            yield Finding(id, {"address": address, "language": language}, mark_of(text))


def _by_address(old: polib.POFile, shown: str) -> tuple[dict[str, polib.POEntry], list[polib.POEntry]]:
    """The entry of each address, and those that are nobody's: without an address, or put aside before.

    Raises ToplineError where two entries translate one text: only a person can say which of them is meant.
    """
    known: dict[str, polib.POEntry] = {}
    others: list[polib.POEntry] = []
    for entry in sorted(old, key=lambda entry: bool(entry.obsolete)):  # what is put aside never wins
        address = entry.msgctxt
        if address in known and not entry.obsolete:
            mark = Mark(shown, entry.linenum or 0)
            fail("translation-twice", mark, address=address, line=known[address].linenum)
        if not address or address in known:
            others.append(entry)
        else:
            known[address] = entry
    return known, others


def _pipes(text: str) -> list[str]:
    return sorted(match[1] for match in _PIPE.finditer(text))


def _listed(text: str) -> str:
    return ", ".join(f"{{{name}}}" for name in _pipes(text)) or "none"


def contrast(before: str, now: str) -> tuple[str, str]:
    """Cut what two texts have in common at their ends down to two words, so that the difference is in sight.

    >>> contrast("have you noticed any change since July?", "have you noticed any change since May?")
    ('... change since July?', '... change since May?')
    """
    a, b = before.split(" "), now.split(" ")
    head = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    room = min(len(a), len(b)) - head
    tail = next((i for i in range(room) if a[-1 - i] != b[-1 - i]), room)
    return _cut(a, head, tail), _cut(b, head, tail)


def _cut(words: list[str], head: int, tail: int) -> str:
    start, end = (head - 2 if head > 3 else 0), (len(words) - tail + 2 if tail > 3 else len(words))
    return ("... " if start else "") + " ".join(words[start:end]) + (" ..." if end < len(words) else "")


def refresh_translation(study: Study, language: str) -> tuple[str, Mapping[str, int]]:
    """The PO file brought up to date, as text, with how many entries are kept, new, stale and obsolete.

    Translators' words, comments and order of the texts' addresses are kept. A text that changed keeps its old
    translation, marked fuzzy, with the old text as `#|`; a text that is gone is kept as obsolete.
    """
    path, texts = path_of(study, language), texts_of(study)
    old = read_po(path, f"translations/{language}.po") if path.exists() else polib.POFile()
    known, others = _by_address(old, f"translations/{language}.po")
    new = polib.POFile(wrapwidth=0)
    new.header = old.header
    new.metadata = old.metadata or {"Language": language, "Content-Type": "text/plain; charset=UTF-8"}
    counts = {"kept": 0, "new": 0, "stale": 0, "obsolete": 0}
    for address, text in texts.items():
        entry = known.pop(address, None)
        if entry is None:
            entry = polib.POEntry(msgctxt=address, msgid=text, msgstr="")
            counts["new"] += 1
        elif entry.msgid != text:
            if entry.msgstr:
                entry.previous_msgid = source_of(entry)
                entry.flags = [*entry.flags, *(["fuzzy"] if not entry.fuzzy else [])]
            entry.msgid = text
            counts["stale"] += 1
        else:
            counts["kept"] += 1
        entry.obsolete = False
        mark = mark_of(text)
        entry.occurrences = [(mark.file, "")] if mark else []
        new.append(entry)
    for entry in (*known.values(), *others):
        if entry.msgstr or entry.msgstr_plural:
            entry.obsolete = True
            counts["obsolete"] += 1
            new.append(entry)
    return str(new).rstrip("\n") + "\n", counts
