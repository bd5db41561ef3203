"""Numbered checks of a launched study, each with its remedy: vault, secret, store, questionnaire, log."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from topline.base import Finding, ToplineError
from topline.study.freeze import read_frozen
from topline.web.fieldwork.links import links_of
from topline.web.fieldwork.promise import Promise, read_promise, release_state, secret_of_environment
from topline.web.store.audit import entries, first_fault
from topline.web.store.engines import PRAGMAS, Engine
from topline.web.vault.folder import read_mark

#: File systems that keep what was overwritten: snapshots, copies on write, layers.
_KEEPING: Final = ("btrfs", "zfs", "overlay", "overlayfs", "bcachefs", "nilfs2")
#: Settings of PostgreSQL that would write answers, or the order of commits, where they stay.
_REFUSED: Final = {"track_commit_timestamp": "off", "fsync": "on", "full_page_writes": "on"}
_WARNED: Final = {
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "autovacuum": "on",
}


@dataclass(frozen=True, slots=True)
class Patient:
    """What is looked at."""

    study: str
    folder: Path
    engine: Engine
    store: str
    vault: Path
    base: str


@dataclass(frozen=True, slots=True)
class Checked:
    """One check: its number, what it looks at, and what is wrong (empty: fine)."""

    number: str
    about: str
    findings: tuple[Finding, ...]


def examine(patient: Patient) -> list[Checked]:
    """Run every check; one that cannot run says why and stops none of the others."""
    found = []
    for number, (about, check) in _CHECKS.items():
        try:
            findings = tuple(check(patient))
        except ToplineError as error:
            findings = error.findings
        found.append(Checked(number, about, findings))
    return found


# --- the vault


def _vault_rights(patient: Patient) -> Iterator[Finding]:
    if not patient.vault.is_dir():
        yield Finding("vault-missing", {"folder": patient.vault, "study": patient.study})
        return
    yield from _open_to_others(patient.vault, *patient.vault.glob(f"{patient.study}.*"))


def _open_to_others(*paths: Path) -> Iterator[Finding]:
    for path in paths:
        if path.exists() and (mode := stat.S_IMODE(path.stat().st_mode)) & 0o077:
            yield Finding("doctor-rights", {"path": path, "mode": format(mode, "o")})


def _vault_apart(patient: Patient) -> Iterator[Finding]:
    others = [patient.folder] + ([] if "://" in patient.store else [Path(patient.store)])
    if not (patient.vault / "CACHEDIR.TAG").is_file():
        yield Finding("doctor-tag", {"folder": patient.vault})
    if patient.vault.resolve().is_relative_to(patient.folder.resolve()):
        yield Finding("doctor-inside", {"folder": patient.vault, "study": patient.folder})
    if any(each.stat().st_dev == patient.vault.stat().st_dev for each in others):
        yield Finding("doctor-same-disk", {"folder": patient.vault})
    if (kind := file_system(patient.vault)) in _KEEPING:
        yield Finding("doctor-keeping", {"folder": patient.vault, "kind": kind})


def _vault_own(patient: Patient) -> Iterator[Finding]:
    if read_mark(patient.vault, patient.study) != read_promise(patient.engine, patient.study).vault:
        yield Finding("vault-other", {"folder": patient.vault, "study": patient.study})


def _stick(patient: Patient) -> Iterator[Finding]:
    verbs = [entry.what["verb"] for entry in entries(patient.engine, patient.study)]
    last = max((n for n, verb in enumerate(verbs) if verb in ("launch", "vault add")), default=0)
    copied = "vault copy" in verbs[last:]
    if release_state(patient.engine, patient.study) == "open":
        if not copied:
            yield Finding("doctor-stick", {"study": patient.folder})
    elif copied and "close" in verbs and "note" not in verbs[verbs.index("close") :]:
        yield Finding("doctor-stick-left", {"study": patient.folder})


# --- secret, addresses


def _secret(patient: Patient) -> Iterator[Finding]:
    secret = secret_of_environment()
    if release_state(patient.engine, patient.study) == "open":
        links_of(patient.engine, patient.vault, patient.study, secret, "")
    yield from ()


def _base(patient: Patient) -> Iterator[Finding]:
    if not is_safe_base(patient.base):
        yield Finding("doctor-base", {"given": patient.base or "nothing"})


def is_safe_base(base: str) -> bool:
    """Whether respondents' answers travel encrypted: https, or this machine alone."""
    parts = urlsplit(base)
    return parts.scheme == "https" or parts.hostname in ("127.0.0.1", "localhost")


# --- the store


def _store_settings(patient: Patient) -> Iterator[Finding]:
    engine = patient.engine
    if engine.kind == "sqlite":
        yield from _open_to_others(Path(patient.store), Path(f"{patient.store}-wal"))
        for _, query, wanted in PRAGMAS:
            found = engine.rows(query)[0][0]
            if found != wanted:
                yield Finding("doctor-setting", {"name": query, "found": found, "wanted": wanted})
        return
    settings: dict[str, str] = dict(engine.rows("select name, setting from pg_settings"))
    for id, table in (("doctor-setting", _REFUSED), ("doctor-setting-log", _WARNED)):
        for name, good in table.items():
            if settings.get(name, good) != good:
                yield Finding(id, {"name": name, "found": settings[name], "wanted": good})


def _questionnaire(patient: Patient) -> Iterator[Finding]:
    promise: Promise = read_promise(patient.engine, patient.study)
    from topline.study.freeze import hashes

    if hashes(read_frozen(patient.folder, promise.version)).whole != promise.questionnaire:
        values = {"study": patient.study, "version": promise.version}
        yield Finding("fieldwork-other-questionnaire", values)


def _audit(patient: Patient) -> Iterator[Finding]:
    if (line := first_fault(patient.engine)) is not None:
        yield Finding("audit-fault", {"line": line})


# --- the desk


def _desk(patient: Patient) -> Iterator[Finding]:
    """Nothing where no desk was made for this study beside it."""
    users = patient.folder / "desk.db"
    if not users.is_file():
        return
    from topline.web.desk.server import need_django
    from topline.web.desk.settings import Where, deployment_faults, set_up

    need_django()
    yield from _open_to_others(users)
    set_up(Where(str(users.resolve()), patient.base))
    for fault in deployment_faults():
        yield Finding("doctor-desk", {"fault": fault})


_Check = Callable[[Patient], Iterator[Finding]]
_CHECKS: Final[dict[str, tuple[str, _Check]]] = {
    "V1": ("doctor-about-rights", _vault_rights),
    "V2": ("doctor-about-apart", _vault_apart),
    "V3": ("doctor-about-own", _vault_own),
    "V4": ("doctor-about-stick", _stick),
    "E1": ("doctor-about-secret", _secret),
    "E2": ("doctor-about-base", _base),
    "S1": ("doctor-about-store", _store_settings),
    "S2": ("doctor-about-questionnaire", _questionnaire),
    "S3": ("doctor-about-audit", _audit),
    "D1": ("doctor-about-desk", _desk),
}


def file_system(path: Path, mounts: Path = Path("/proc/mounts")) -> str | None:
    """The kind of file system that a path is on; None where the machine does not say."""
    if not mounts.is_file():
        return None
    whole, best = os.path.realpath(path), ("", None)
    for line in mounts.read_text("utf-8", "replace").splitlines():
        _, place, kind, *_ = line.split()
        fits = whole == place or whole.startswith(place.rstrip("/") + "/")
        if fits and len(place) >= len(best[0]):
            best = (place, kind)  # type: ignore[assignment]
    return best[1]
