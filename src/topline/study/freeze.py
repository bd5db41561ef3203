"""Freezing: hashes of the whole and of each question, the folder `frozen/N/`, and what changed since.

Frozen are ids, codes, kinds, routes, order and the wording of the first language. Labels of tables, nets and
translations may change afterwards; translations have a hash of their own.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from topline.base import Finding, ToplineError, fail
from topline.study.compile import Translations, compile_study
from topline.study.compiled import Asked, Compiled, as_json, as_plain, canonical, from_json
from topline.study.model import Missing, Option, Row, Study

#: Parts of a question, as `changed` names them; the rest of a question is its settings.
_PARTS: Final = {
    "kind": ("kind",),
    "wording": (),
    "answers": ("options", "missing", "rows", "options_from"),
    "route": ("route",),
}


@dataclass(frozen=True, slots=True)
class Hashes:
    """SHA-256 in hexadecimal: of the whole, of each question by id, of each translation by language."""

    whole: str
    questions: Mapping[str, str]
    translations: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """One question that is not as it was frozen. `how`: added, removed, moved, wording, answers, route ..."""

    question: str
    how: tuple[str, ...]


def hashes(compiled: Compiled) -> Hashes:
    """The content hashes of a compiled study."""
    form = {
        key: value
        for key, value in as_plain(compiled).items()
        if key not in ("texts", "contact", "privacy", "languages")
    }
    _drop_labels(form)
    whole = {"form": form, "language": compiled.languages[0], "wording": dict(compiled.wording)}
    return Hashes(
        whole=_sha256(whole),
        questions={id: _sha256(_content(compiled, asked)) for id, asked in _with_frame(compiled).items()},
        translations={
            language: _sha256(dict(compiled.texts.get(language, {}))) for language in compiled.languages[1:]
        },
    )


def missing_codes(study: Study) -> Iterator[Finding]:
    """What lacks a code: launch refuses it, since codes written later would not be those of the first
    answers.
    """
    for question in study.questionnaire.questions:
        if question.kind == "info":
            continue
        parts: tuple[Option | Row | Missing, ...] = (*question.options, *question.rows, *question.missing)
        for part in parts:
            if part.code is None:
                yield Finding("launch-no-code", {"question": question.id, "name": part.name}, part.mark)
    for attribute in study.attributes:
        for option in attribute.options:
            if option.code is None:
                yield Finding(
                    "launch-no-code", {"question": attribute.name, "name": option.name}, option.mark
                )


def freeze(study: Study, translations: Translations) -> Path:
    """Copy the study to the next `frozen/N/`, whole or not at all, and return that folder.

    Raises ToplineError if an answer has no code, or if nothing changed since the version before.
    """
    if findings := sorted(missing_codes(study), key=Finding.sort_key):
        raise ToplineError(findings)
    compiled = compile_study(study, translations)
    found = hashes(compiled)
    frozen = Path(study.folder, "frozen")
    before = last_version(study.folder)
    if before and _read_hashes(frozen / str(before))["whole"] == found.whole:
        fail("launch-unchanged", version=before, folder=study.folder)
    target = frozen / str(before + 1)
    frozen.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=frozen) as folder:
        whole = Path(folder, "whole")
        whole.mkdir()
        _write(whole, study, compiled, found)
        _sync(whole)
        if target.exists():
            fail("launch-exists", folder=target)
        os.rename(whole, target)  # on one file system: all of it, or nothing
    _sync_folder(frozen)
    return target


def last_version(folder: str | Path) -> int:
    """The highest N of `frozen/N/`; 0 if nothing is frozen."""
    frozen = Path(folder, "frozen")
    names = [entry.name for entry in frozen.iterdir()] if frozen.is_dir() else []
    return max((int(name) for name in names if name.isdecimal()), default=0)


def read_frozen(folder: str | Path, version: int) -> Compiled:
    """Load a frozen version; ToplineError if it was edited since (its hash does not hold)."""
    path = Path(folder, "frozen", str(version))
    compiled = from_json((path / "compiled.json").read_text("utf-8"))
    if hashes(compiled).whole != _read_hashes(path)["whole"]:
        fail("launch-edited", folder=path)
    return compiled


def changed(frozen: Compiled, now: Compiled) -> tuple[Change, ...]:
    """The questions that are not as they were frozen, and how; in today's order, removed ones last."""
    old, new = _with_frame(frozen), _with_frame(now)
    kept_before = [id for id in old if id in new]
    kept_now = [id for id in new if id in old]
    moved = set(kept_now) - set(_longest_kept(kept_before, kept_now))
    found = []
    for id, asked in new.items():
        how = ["added"] if id not in old else list(_how(frozen, old[id], now, asked))
        if id in moved:
            how.append("moved")
        if how:
            found.append(Change(id, tuple(how)))
    return (*found, *(Change(id, ("removed",)) for id in old if id not in new))


def _how(frozen: Compiled, old: Asked, now: Compiled, new: Asked) -> Iterator[str]:
    before, after = _content(frozen, old), _content(now, new)
    if before["wording"] != after["wording"]:
        yield "wording"
    named = {key for keys in _PARTS.values() for key in keys}
    for part, keys in _PARTS.items():
        if any(before["form"].get(key) != after["form"].get(key) for key in keys):
            yield part
    rest = {key for key in (*before["form"], *after["form"]) if key not in named}
    if any(before["form"].get(key) != after["form"].get(key) for key in rest):
        yield "settings"


def _longest_kept(before: list[str], now: list[str]) -> list[str]:
    """The longest run of ids that keep their order: what is not in it has moved."""
    place = {id: index for index, id in enumerate(before)}
    best: list[list[str]] = []
    for index, id in enumerate(now):
        fits = [best[j] for j in range(index) if place[now[j]] < place[id]]
        best.append([*max(fits, key=len, default=[]), id])
    return max(best, key=len, default=[])


def _with_frame(compiled: Compiled) -> dict[str, Asked]:
    ends = {asked.id: asked for asked in (compiled.start, compiled.thanks) if asked is not None}
    return {**compiled.questions, **ends}


def _content(compiled: Compiled, asked: Asked) -> dict[str, Any]:
    """What the hash of a question covers: its form, and its words with those of its answers."""
    form = as_plain(asked)
    _drop_labels(form)
    wording = {
        address: compiled.wording[address] for address in _addresses(form) if address in compiled.wording
    }
    return {"form": form, "wording": wording}


def _addresses(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _addresses(each)
    elif isinstance(value, list):
        for each in value:
            yield from _addresses(each)


def _drop_labels(value: object) -> None:
    """Take the addresses of labels out, so that a label given later changes no hash."""
    if isinstance(value, dict):
        value.pop("label", None)
        for each in value.values():
            _drop_labels(each)
    elif isinstance(value, list):
        for each in value:
            _drop_labels(each)


def _sha256(value: object) -> str:
    return hashlib.sha256(canonical(value).encode()).hexdigest()


# --- files


def _write(folder: Path, study: Study, compiled: Compiled, found: Hashes) -> None:
    for name in ("study.yaml", "questionnaire.yaml"):
        shutil.copyfile(Path(study.folder, name), folder / name)
    translations = Path(study.folder, "translations")
    if translations.is_dir():
        shutil.copytree(translations, folder / "translations")
    (folder / "compiled.json").write_text(as_json(compiled), "utf-8")
    (folder / "hashes.json").write_text(json.dumps(as_plain(found), indent=1, sort_keys=True) + "\n", "utf-8")


def _read_hashes(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "hashes.json").read_text("utf-8"))
    return found


def _sync(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
