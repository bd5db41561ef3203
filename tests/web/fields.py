"""Fieldwork in tests: a launched study with people, and a browser that keeps its cookie."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from topline.rehearse.browser import Browser, form_of
from topline.study import read_study
from topline.study.compiled import Compiled
from topline.study.freeze import read_frozen
from topline.study.values import Answers
from topline.web.fieldwork.doors import SharedDoors
from topline.web.fieldwork.field import Fieldwork
from topline.web.fieldwork.frame import read_frame
from topline.web.fieldwork.launch import launch, load_frame
from topline.web.fieldwork.release import Closed, close_study
from topline.web.keys import derive, token_of
from topline.web.respond import Request, Response, Runner, handle
from topline.web.store.engines import Engine, engine_of
from topline.web.store.tables import make_tables

STUDIES = Path(__file__).parent.parent / "studies"
SECRET = b"a secret of the tests, thirty-two characters or more"
FRAME = "email,department\n" + "".join(f"p{n}@office.example,{1 + n % 2}\n" for n in range(40))


@dataclass
class Field:
    """A launched study. `engine` is its main store; `folder` holds study, vault and, on SQLite, the store."""

    folder: Path
    engine: Engine
    study_folder: Path
    compiled: Compiled
    fieldwork: Fieldwork
    runner: Runner
    tokens: list[str] = field(default_factory=list)

    @property
    def vault(self) -> Path:
        """The folder of the vault."""
        return self.folder / "vault"

    def close(self, reached: Callable[[str], None] = lambda point: None) -> Closed:
        """Close the study."""
        self.fieldwork.settle()
        return close_study(self.compiled, self.engine, self.vault, SECRET, reached)

    def browser(self) -> CookieBrowser:
        """A new browser."""
        return CookieBrowser(self.runner)

    def end(self) -> None:
        """Close every file."""
        self.fieldwork.close()


class CookieBrowser(Browser):
    """A browser that keeps the one cookie, follows redirects, and can be asked for single requests."""

    cookie = ""

    def ask(self, method: str, address: str, body: bytes = b"", **headers: str) -> Response:
        """One request, redirects not followed."""
        path, _, query = address.partition("?")
        headers = {"cookie": f"__Host-topline={self.cookie}"} | headers if self.cookie else headers
        request = Request(method, path, query=query or self.query, body=body, **headers)
        response = handle(request, self.runner)
        for name, value in response.headers:
            if name == "Set-Cookie":
                self.cookie = value.partition("=")[2].partition(";")[0]
        return response

    def _ask(self, method: str, address: str, body: bytes = b"") -> Response:
        return self.ask(method, address, body)

    def fields(self, address: str) -> list[tuple[str, str]]:
        """The hidden fields of a page's form."""
        form = form_of(self.get(address))
        assert form is not None
        return [pair for pair in form.held if pair[0] not in form.takes]

    def begin(self, token: str) -> Response:
        """Open a link and start."""
        return self.post(f"/i/{token}/start", self.fields(f"/i/{token}"))

    def save(self, page: str, answers: Sequence[tuple[str, str]]) -> Response:
        """Save one page."""
        return self.post(f"/p/{page}", [*self.fields(f"/p/{page}"), *answers])


def launched(
    folder: Path,
    *,
    study: Path = STUDIES / "every-kind",
    frame: str = FRAME,
    address: str | None = None,
    settings: str = "",
    files: Mapping[str, str] | None = None,
    of: type[Fieldwork] = Fieldwork,
) -> Field:
    """Launch a study; `settings` are lines added to its study.yaml, `files` further files of its folder,
    `of` the store that serves it.
    """
    shutil.copytree(study, folder / "study")
    for name, text in (files or {}).items():
        (folder / "study" / name).write_text(text, "utf-8")
    with (folder / "study" / "study.yaml").open("a", encoding="utf-8") as file:
        file.write(settings)
    (folder / "frame.csv").write_text(frame, "utf-8")
    read = read_study(folder / "study")
    engine = engine_of(address or str(folder / "main.db"))
    make_tables(engine)
    load_frame(engine, read, read_frame(read, folder / "frame.csv"))
    done = launch(read, engine, folder / "vault", SECRET)
    compiled = read_frozen(folder / "study", done.version)
    return opened(folder, engine, compiled, of)


def opened(folder: Path, engine: Engine, compiled: Compiled, of: type[Fieldwork] = Fieldwork) -> Field:
    """Serve a study that was launched in a folder."""
    fieldwork = of(compiled, engine, folder / "vault")
    partials = fieldwork.promise.partials == "use"
    doors = SharedDoors(fieldwork, SECRET)
    runner = Runner(compiled, fieldwork, mode="fieldwork", partials=partials, doors=doors)
    key = derive(SECRET, "link", fieldwork.vault.salt)
    people = engine.rows("select id, generation from invite where study = ? order by id", compiled.id)
    tokens = [token_of(key, compiled.id, invite, generation) for invite, generation in people]
    return Field(folder, engine, folder / "study", compiled, fieldwork, runner, tokens)


def answered(field: Field, token: str, answers: Answers) -> Response:
    """One whole interview through the pages."""
    return field.browser().answer_all(token, answers)
