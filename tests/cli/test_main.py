"""The command line's manners: help, exit codes, what goes where."""

import json
import os
import re
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import PIPE, CompletedProcess

import pytest

import topline.cli
from topline import __version__
from topline.cli import FINDINGS, FINE, VERBS, WRONG_USE, available_verbs, main

Runner = Callable[..., CompletedProcess[str]]
ROOT = Path(__file__).resolve().parent.parent.parent

TRIAL = """
from topline.base import Finding, Mark, fail
from topline.cli import print_findings, verb_parser

MARK = Mark("study.yaml", 3, 5)

def add_parser(subparsers):
    parser = verb_parser(subparsers, "trial", run, description="End.", examples=["topline trial error"],
                         formats=("text", "json"))
    parser.add_argument("how")

def run(args):
    if args.how == "error":
        fail("lost", MARK, name="skill")
    if args.how == "interrupt":
        raise KeyboardInterrupt
    if args.how == "long":
        print("x" * 1000000)
    print_findings([Finding("lost", {"name": "skill"}, MARK)], args.format)
    return 1
"""


def test_help_is_quick(run_python: Runner) -> None:
    """`topline --help` costs little more than a bare Python: no verb and no library is loaded for it.

    Compared in CPU time, the least of five starts each; bench.study prints it in milliseconds.
    """

    def spent(*arguments: str) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert run_python(*arguments).returncode == FINE
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    bare, shown = (
        min(spent(*each) for _ in range(5)) for each in (("-c", "pass"), ("-m", "topline", "--help"))
    )
    assert shown < 12 * bare


def test_every_verb_is_listed(run_python: Runner) -> None:
    """The table of verbs and the modules of `topline.cli` are one list."""
    modules = {path.stem.replace("_", "-") for path in Path(topline.cli.__file__).parent.glob("[a-z]*.py")}
    assert set(available_verbs()) == modules & set(VERBS)
    listed = run_python("-m", "topline", "--help").stdout
    for verb in available_verbs():
        assert re.search(rf"^ +{verb}\b", listed, re.M), f"{verb} is not in topline --help"


def test_help_of_every_verb_teaches(capsys: pytest.CaptureFixture[str]) -> None:
    """`topline VERB --help` has a description, an example that calls the verb, and the exit codes."""
    for verb in available_verbs():
        with pytest.raises(SystemExit) as done:
            main([verb, "--help"])
        assert done.value.code == FINE
        shown = capsys.readouterr().out
        assert re.search(rf"examples:\n  topline {verb}\b", shown), f"{verb}: no example"
        assert "exit codes:" in shown
        description = shown.split("\n\n")[1]
        assert len(description) > 40, f"{verb}: no description"


def test_wrong_use_is_two(capsys: pytest.CaptureFixture[str]) -> None:
    """A verb that does not exist, or none: exit code 2, the reason on standard error, nothing on output."""
    for arguments in ([], ["chek"]):
        with pytest.raises(SystemExit) as done:
            main(arguments)
        assert done.value.code == WRONG_USE
        shown = capsys.readouterr()
        assert shown.out == ""
        assert "VERB" in shown.err


@pytest.fixture
def trial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Give `topline` one more verb, which ends in the way that its argument says."""
    (tmp_path / "trial.py").write_text(TRIAL)
    monkeypatch.setattr(topline.cli, "__path__", [*topline.cli.__path__, str(tmp_path)])
    monkeypatch.setitem(VERBS, "trial", "end in a given way")
    monkeypatch.setattr("topline.base.findings.catalogue", lambda: {"lost": ("error", "there is no {name}.")})
    monkeypatch.delitem(sys.modules, "topline.cli.trial", raising=False)
    return "trial"


def test_errors_go_to_standard_error(trial: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A `ToplineError` ends a verb with exit code 2; its findings stand on standard error, in JSON too."""
    assert main([trial, "error"]) == WRONG_USE
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("", "study.yaml:3:5 error: there is no skill.\n")
    assert main([trial, "error", "--format", "json"]) == WRONG_USE
    (finding,) = json.loads(capsys.readouterr().err)
    assert finding["text"] == "there is no skill."
    assert (finding["file"], finding["line"], finding["column"]) == ("study.yaml", 3, 5)


def test_findings_go_to_standard_output(trial: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What a verb finds stands on standard output; its exit code is the program's."""
    assert main([trial, "findings"]) == FINDINGS
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("study.yaml:3:5 error: there is no skill.\n", "")


def test_interrupt_is_quiet(trial: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C ends a verb without a traceback, with the shell's code for it."""
    assert main([trial, "interrupt"]) == 130
    assert capsys.readouterr().err == ""


def test_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    """`topline ... | head -0` ends quietly: a closed pipe is not a fault of the study."""
    (tmp_path / "trial.py").write_text(TRIAL)
    code = (
        "import sys; from topline import cli; cli.VERBS['trial'] = ''; "
        f"cli.__path__.append({str(tmp_path)!r}); sys.exit(cli.main(['trial', 'long']))"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    with subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=PIPE, stderr=PIPE) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.close()
        assert child.stderr.read() == b""
    assert child.returncode == FINE


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    """`topline --version` prints name and version."""
    with pytest.raises(SystemExit) as done:
        main(["--version"])
    assert done.value.code == FINE
    assert capsys.readouterr().out == f"topline {__version__}\n"


def test_output_is_utf_8_in_every_locale() -> None:
    """A page that says it is UTF-8 is so too where the locale has another encoding; findings are readable."""
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src"), "PYTHONIOENCODING": "cp1252"}
    study = str(ROOT / "examples" / "digital-public-services")
    command = [sys.executable, "-m", "topline", "show", study, "--language", "cy"]
    done = subprocess.run(command, env=environment, stdout=PIPE, check=True)
    assert "ŵ" in done.stdout.decode("utf-8")
