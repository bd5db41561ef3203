"""The house: packaging, locks, the two commands, rooms one can live in."""

import ast
import importlib.metadata
import re
import shutil
import subprocess
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from topline import __version__

ROOT = Path(__file__).resolve().parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
# Written in pieces, so that this file does not find itself.
PLACES = re.compile(
    "|".join(
        [
            r"(?<!emit-)index" + "-url",
            r"(?<!emit-)find" + "-links",
            "files.python" + "hosted",
            "pypi" + r"\.org",
            "registry" + r"\.npmjs",
            "/opt/" + "pypi",
            "/opt/" + "wheels",
            r"(?<![\w.])/ro" + r"ot/",
            r"(?<![\w.])/wo" + "rk/",
            r"/ho" + r"me/\w",
        ]
    )
)
SOURCES = sorted((ROOT / "src").rglob("*.py"))


def test_import_topline_is_light(run_python: Callable[..., CompletedProcess[str]]) -> None:
    """`import topline` loads no web framework, no arrays and no tables."""
    seen = run_python("-c", "import topline, sys; print(' '.join(sys.modules))").stdout.split()
    assert "topline" in seen
    assert {"django", "pandas", "numpy", "polars", "openpyxl", "yaml", "granian"}.isdisjoint(seen)


def test_extras_hold_what_the_core_does_not() -> None:
    """The core brings no server and no report engine; `all` is the union of the other extras."""
    project = PYPROJECT["project"]
    extras = project["optional-dependencies"]
    core = {_name(line) for line in project["dependencies"]}
    assert core.isdisjoint(
        _name(line) for extra in extras.values() for line in extra if extra is not extras["all"]
    )
    assert extras["all"] == [f"topline[{','.join(name for name in extras if name != 'all')}]"]


def test_metadata_of_the_installed_package() -> None:
    """An installed Topline knows its version, its licence, its Pythons and its command."""
    try:
        found = importlib.metadata.distribution("topline")
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("Topline is not installed here: make test does it")
    assert found.version == __version__
    assert found.metadata["License-Expression"] == "MIT"
    assert found.metadata["Requires-Python"] == "<3.14,>=3.11"
    assert [point.value for point in found.entry_points] == ["topline.cli:main"]


def test_every_dependency_has_a_lower_bound() -> None:
    """What is imported says from which version on; stubs of types follow their library."""
    project = PYPROJECT["project"]
    lists = [project["dependencies"], *project["optional-dependencies"].values()]
    lines = [line for some in [*lists, *PYPROJECT["dependency-groups"].values()] for line in some]
    assert [line for line in lines if ">=" not in line and not line.startswith(("types-", "topline["))] == []


@pytest.mark.parametrize(("lock", "groups"), [("use", ["build"]), ("work", ["build", "dev"])])
def test_lock_matches_pyproject(lock: str, groups: list[str]) -> None:
    """Each dependency of pyproject.toml is locked, to one version that satisfies it, with hashes."""
    text = (ROOT / "requirements" / f"{lock}.txt").read_text("utf-8")
    # one name may have a version for each Python, and extras
    pins = re.findall(r"^([\w.-]+)(?:\[[^]]*\])?==([\w.]+).*\\$", text, re.M)
    project = PYPROJECT["project"]
    lists = [project["dependencies"], *project["optional-dependencies"].values()]
    wanted = [line for some in [*lists, *map(PYPROJECT["dependency-groups"].get, groups)] for line in some]
    for line in (line for line in wanted if not line.startswith("topline[")):
        versions = [version for name, version in pins if name == _name(line)]
        assert versions, f"{line} is not in requirements/{lock}.txt: make lock"
        if ">=" in line:
            assert min(map(_parts, versions)) >= _parts(line.split(">=")[1]), f"{line}: make lock"
    assert text.count("--hash=sha256:") >= len(pins)


def test_locks_agree() -> None:
    """What the demo uses is what the tests tested, version for version."""
    use, work = ((ROOT / "requirements" / f"{name}.txt").read_text("utf-8") for name in ("use", "work"))
    pins = re.findall(r"^[\w.-]+==[\w.]+", use, re.M)
    assert pins
    assert [pin for pin in pins if pin not in work] == []


def test_no_address_of_an_index_or_a_machine() -> None:
    """No file under version control names a package host or a folder of somebody's machine."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git clone: nothing is tracked here")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    found = []
    for name in listed.stdout.strip("\0").split("\0"):
        path = ROOT / name
        if path.is_file() and b"\0" not in (data := path.read_bytes()):
            lines = data.decode("utf-8", "replace").splitlines()
            found += [
                f"{name}:{n}: {line.strip()[:80]}" for n, line in enumerate(lines, 1) if PLACES.search(line)
            ]
    assert found == []


def test_readme_commands_are_targets() -> None:
    """Every `make` command that README.md and docs/ show is a target of the Makefile with a line of help."""
    targets = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text("utf-8"), re.M))
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    shown = {
        name for page in pages for name in re.findall(r"(?:^|`)make ([a-z-]+)", page.read_text("utf-8"), re.M)
    }
    assert {"demo", "test"} <= shown
    assert shown <= targets


def test_every_page_is_in_the_index() -> None:
    """docs/README.md links each page of docs/, or the folder that holds it, and no page that is not there."""
    docs = ROOT / "docs"
    links = set(re.findall(r"\]\(([^)#:]+)[^)]*\)", (docs / "README.md").read_text("utf-8")))
    assert [link for link in links if not (docs / link).exists()] == []
    pages = {path.relative_to(docs) for path in docs.rglob("*.md")} - {Path("README.md")}
    assert [page for page in pages if not {str(page), f"{page.parent}/"} & links] == []


def test_make_refuses_an_old_python(tmp_path: Path) -> None:
    """Where no Python from 3.11 to 3.13 is found, make says what is needed and how to give it."""
    if shutil.which("make") is None:
        pytest.skip("make is missing: apt install make")
    done = subprocess.run(
        ["make", "-C", str(ROOT), f"VENV={tmp_path / 'venv'}", "PYTHON=", "demo"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "Topline needs Python 3.11, 3.12 or 3.13" in done.stderr
    assert "make PYTHON=" in done.stderr


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Yield each function of a module and its lines, without its docstring."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0]
            documented = ast.get_docstring(node) is not None
            docstring = (first.end_lineno or 0) - first.lineno + 1 if documented else 0
            yield node.name, (node.end_lineno or 0) - node.lineno + 1 - docstring


def test_modules_and_functions_stay_small() -> None:
    """No module is over 400 lines, no function over 40 without its docstring."""
    long = [
        str(path.relative_to(ROOT)) for path in SOURCES if len(path.read_text("utf-8").splitlines()) > 400
    ]
    for path in SOURCES:
        long += [
            f"{path.relative_to(ROOT)}: {name}, {lines}" for name, lines in functions(path) if lines > 40
        ]
    assert long == []


def _name(requirement: str) -> str:
    """Give the name of a requirement as the lock spells it."""
    return re.split(r"[\[<>=! ]", requirement)[0].lower().replace("_", "-")


def _parts(version: str) -> list[int]:
    """Give the numbers of a version, to compare by."""
    return [int(number) for number in re.findall(r"\d+", version)]
