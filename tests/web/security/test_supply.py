"""Threat 38: what is installed is what was locked, is looked up for known faults, and asks no other host."""

from __future__ import annotations

import re
from pathlib import Path

import pytest


@pytest.mark.parametrize("name", ["use", "work", "audit"])
def test_threat_38_every_package_is_pinned_and_hashed(root: Path, name: str) -> None:
    """Each requirement has one version and its hashes; nothing comes from an address."""
    text = (root / "requirements" / f"{name}.txt").read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    assert len(lines) > 5
    for line in lines:
        assert re.match(r"[A-Za-z0-9._-]+(\[[a-z0-9,_-]+\])?==\S+ .*--hash=sha256:[0-9a-f]{64}", line), line
        assert "://" not in line


def test_threat_38_ci_installs_by_hash_and_audits(root: Path) -> None:
    """The server that tests every change installs by hash, and asks what is known of each package."""
    rules = (root / "Makefile").read_text("utf-8")
    assert "audit" in (root / ".ci" / "run").read_text("utf-8")
    assert re.search(r"pip-audit --require-hashes .*requirements/use\.txt", rules)
    installs = [line for line in rules.splitlines() if re.search(r"(INSTALL\)|pip install).* -r ", line)]
    assert len(installs) >= 3
    assert all("--require-hashes" in line for line in installs)
