"""The vault of one study: `STUDY.slots` and `STUDY.salt` (written once, copied to a stick, overwritten at
close), `STUDY.dkeys` (overwritten one by one as people submit, never copied), `STUDY.drafts`,
`STUDY.keyings`.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from topline.base import fail
from topline.web.keys import KEY
from topline.web.vault.files import KeyFile, append, sync_folder, write_new

#: https://bford.info/cachedir/: tools for backup pass by a folder that holds this file.
_TAG: Final = (
    b"Signature: 8a477f597d28d172789f06886806bc55\n# Keys of a survey that must not be in any backup.\n"
)
SPARES: Final = 100  # at least; else a tenth of the frame


class Vault:
    """The keys of one study in a folder. Raises ToplineError if there are none."""

    def __init__(self, folder: str | Path, study: str) -> None:
        self.folder, self.study = Path(folder), study
        if not self.path("slots").is_file():
            fail("vault-missing", folder=folder, study=study)
        self._slots = [KeyFile(path) for path in self.slot_files()]
        self._dkeys = KeyFile(self.path("dkeys"))
        self._before: list[KeyFile] = []

    def path(self, kind: str) -> Path:
        """Where a file of this study stands."""
        return self.folder / f"{self.study}.{kind}"

    def slot_files(self) -> list[Path]:
        """The files of slots: the one of the launch, then those of `topline vault add`."""
        later = self.folder.glob(f"{self.study}.slots-*")
        return [self.path("slots"), *sorted(later, key=lambda path: int(path.name.rpartition("-")[2]))]

    @property
    def capacity(self) -> int:
        """How many people there are keys for."""
        return sum(file.number for file in self._slots)

    def slot(self, invite: int) -> bytes:
        """What a person's sealed answers, orders and place among the responses are made from."""
        for again in (False, True):
            if again:
                self._reopen()
            place = invite
            for file in self._slots:
                if place < file.number:
                    return file.read(place)
                place -= file.number
        raise IndexError(f"the vault of {self.study} has no slot for this invitation")

    def dkey(self, invite: int) -> bytes:
        """The vault's half of the key of a person's drafts."""
        if invite >= self._dkeys.number:
            self._reopen()
        return self._dkeys.read(invite)

    def _reopen(self) -> None:
        """Look for keys that were drawn since (`topline vault add`, while a server runs).

        Files that other threads may be reading stay open until the vault is closed.
        """
        self._before += [*self._slots, self._dkeys]
        self._slots = [KeyFile(path) for path in self.slot_files()]
        self._dkeys = KeyFile(self.path("dkeys"))

    def burn(self, invite: int) -> None:
        """Overwrite that half: what was saved before submission opens no more."""
        self._dkeys.overwrite(invite)

    @property
    def mark(self) -> str:
        """What this vault is known by: no secret, and it stays when the keys are gone."""
        return read_mark(self.folder, self.study)

    @property
    def salt(self) -> bytes:
        """What the keys of links are made from, with the secret of the environment."""
        return self.path("salt").read_bytes()

    # --- made, copied, enlarged

    @classmethod
    def create(cls, folder: str | Path, study: str, people: int) -> Vault:
        """Draw the keys of a launch, with spares for joiners. Refuses to write over keys that are there."""
        folder = Path(folder)
        _make_folder(folder, study)
        number = people + max(SPARES, -(-people // 10))
        write_new(folder / f"{study}.mark", secrets.token_hex(16).encode())
        for kind, size in (("salt", KEY), ("dkeys", KEY * number), ("slots", KEY * number)):
            write_new(folder / f"{study}.{kind}", secrets.token_bytes(size))
        sync_folder(folder)
        return cls(folder, study)

    def copy(self, target: str | Path) -> list[Path]:
        """Copy slots and salt into a folder (the key stick), and read them back; return the files made."""
        target = Path(target)
        if not target.is_dir():
            fail("vault-copy-folder", folder=target)
        if target.resolve() == self.folder.resolve():
            fail("vault-copy-same", folder=target)
        made = []
        for source in (self.path("mark"), self.path("salt"), *self.slot_files()):
            copied = target / source.name
            content = source.read_bytes()
            if not copied.exists():
                write_new(copied, content)
            if copied.read_bytes() != content:
                fail("vault-copy-differs", file=copied)
            made.append(copied)
        sync_folder(target)
        return made

    @classmethod
    def restore(cls, folder: str | Path, study: str, stick: str | Path) -> Vault:
        """Make a vault from a stick: slots and salt as they were, new keys for drafts, which are lost."""
        folder, stick = Path(folder), Path(stick)
        copies = [path for path in sorted(stick.glob(f"{study}.*")) if path.suffix != ".dkeys"]
        if {f"{study}.slots", f"{study}.salt", f"{study}.mark"} - {path.name for path in copies}:
            fail("vault-missing", folder=stick, study=study)
        _make_folder(folder, study)
        number = sum(path.stat().st_size for path in copies if path.suffix.startswith(".slots")) // KEY
        write_new(folder / f"{study}.dkeys", secrets.token_bytes(KEY * number))
        for path in copies:
            write_new(folder / path.name, path.read_bytes())
        sync_folder(folder)
        return cls(folder, study)

    def add(self, people: int) -> Path:
        """Draw keys for more people than the launch had spares for, in a file of its own."""
        number = len(self.slot_files()) + 1
        path = self.path(f"slots-{number}")
        append(self.path("dkeys"), secrets.token_bytes(KEY * people))
        write_new(path, secrets.token_bytes(KEY * people))
        sync_folder(self.folder)
        return path

    def close(self) -> None:
        """Close the files."""
        for file in (*self._before, *self._slots, self._dkeys):
            file.close()


def _make_folder(folder: Path, study: str) -> None:
    """Make the folder of a vault; refuses one that has keys of this study."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.chmod(folder, 0o700)
    if not (folder / "CACHEDIR.TAG").exists():
        write_new(folder / "CACHEDIR.TAG", _TAG)
    kinds = ("mark", "slots", "salt", "dkeys", "drafts", "keyings")
    if any((folder / f"{study}.{kind}").exists() for kind in kinds):
        fail("vault-taken", folder=folder, study=study)


def read_mark(folder: str | Path, study: str) -> str:
    """The mark of a study's vault; ToplineError if the folder holds none."""
    path = Path(folder, f"{study}.mark")
    if not path.is_file():
        fail("vault-missing", folder=folder, study=study)
    return path.read_text("ascii")


def leave_mark(folder: str | Path, study: str, mark: str) -> None:
    """Make the folder of a vault whose keys are destroyed, or may be: its mark alone, unless it is there."""
    folder = Path(folder)
    if not (folder / f"{study}.mark").is_file():
        _make_folder(folder, study)
        write_new(folder / f"{study}.mark", mark.encode())


def destroy_keys(folder: str | Path, study: str, reached: Callable[[str], None]) -> None:
    """Overwrite every key, then take the files away. Files that are gone already were destroyed."""
    folder = Path(folder)
    paths = [path for path in sorted(folder.glob(f"{study}.*")) if _holds_keys(path)]
    for path in paths:
        _overwrite(path, partial(_step, reached, path.name.removeprefix(f"{study}.")))
    sync_folder(folder)
    reached("overwritten")
    for path in paths:
        path.unlink()
    sync_folder(folder)


def _holds_keys(path: Path) -> bool:
    kind = path.name.rpartition(".")[2]
    return kind in ("slots", "salt", "dkeys") or kind.startswith("slots-")


def _step(reached: Callable[[str], None], name: str, step: int) -> None:
    reached(f"{name}-{step}")


def _overwrite(path: Path, reached: Callable[[int], None]) -> None:
    file = KeyFile(path)
    try:
        file.overwrite_all(reached)
    finally:
        file.close()
