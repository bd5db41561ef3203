"""Who may import whom: each contract is broken on purpose, in a small house."""

import ast
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Runner = Callable[..., CompletedProcess[str]]
ROOT = Path(__file__).resolve().parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
CONTRACTS = {contract["id"]: contract for contract in PYPROJECT["tool"]["importlinter"]["contracts"]}
LAYERS = [name.strip(" ()") for layer in CONTRACTS["layers"]["layers"] for name in layer.split("|")]

FAULTS = [
    ("layers", "study/a.py", "import topline.web"),
    ("layers", "charts/a.py", "import topline.claims"),
    ("layers", "attic/__init__.py", ""),  # a new folder that nobody has placed
    ("django", "claims/a.py", "import django"),
    ("door", "report/a.py", "import topline.tables"),
    ("respond", "web/respond/a.py", "import topline.web.store"),  # the small house's store loads numpy
    ("desk", "web/desk/a.py", "import topline.web.respond"),
    ("study", "study/a.py", "import numpy"),
]


def lint_imports(folder: Path, contract: str, run_python: Runner) -> CompletedProcess[str]:
    """Run one contract of this project over the packages in `folder`."""
    shutil.copy(ROOT / "pyproject.toml", folder)
    shutil.copytree(ROOT / "tools", folder / "tools", dirs_exist_ok=True)
    code = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    arguments = ("-c", code, "--no-cache", "--contract", contract)
    return run_python(*arguments, cwd=folder, path=folder)


@pytest.fixture
def small_house(tmp_path: Path) -> Path:
    """A house with every layer empty, but for a store that loads numpy."""
    for layer in [*LAYERS, "web/respond", "web/desk", "web/store"]:
        if layer != "__main__":
            (tmp_path / "topline" / layer).mkdir(parents=True)
            (tmp_path / "topline" / layer / "__init__.py").touch()
    (tmp_path / "topline/__init__.py").touch()
    (tmp_path / "topline/__main__.py").touch()
    (tmp_path / "topline/web/store/__init__.py").write_text("import numpy\n")
    return tmp_path


@pytest.mark.parametrize("contract", CONTRACTS)
def test_each_contract_finds_its_faults(contract: str, small_house: Path, run_python: Runner) -> None:
    """Each contract holds for a house without faults, and breaks for each import that it forbids."""
    assert lint_imports(small_house, contract, run_python).returncode == 0
    faults = [(place, line) for name, place, line in FAULTS if name == contract]
    assert faults
    for place, line in faults:
        path = small_house / "topline" / place
        path.parent.mkdir(exist_ok=True)
        path.write_text(line + "\n")
        done = lint_imports(small_house, contract, run_python)
        assert (done.returncode, "BROKEN" in done.stdout) == (1, True), f"{place}: {line}"
        path.unlink()


def test_contracts_name_planned_layers_only() -> None:
    """A contract may name a layer that is still to come, never one that is not planned: it would be off."""
    for contract in CONTRACTS.values():
        names = [*contract.get("source_modules", []), *contract.get("forbidden_modules", [])]
        for parts in (name.split(".") for name in names if name.startswith("topline.")):
            assert parts[1] in LAYERS
            assert parts[2:] == [] or (parts[1] == "web" and parts[2] in ("respond", "desk", "store"))


def test_web_packages_stay_empty() -> None:
    """`web` and `web.store` load nothing by themselves: respond's start-up and memory depend on it."""
    for package in ("web", "web/store"):
        path = ROOT / "src/topline" / package / "__init__.py"
        if path.exists():
            code = ast.parse(path.read_text("utf-8")).body
            assert all(
                isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) for node in code
            ), path
