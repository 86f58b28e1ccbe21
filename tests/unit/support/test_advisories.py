"""Known weaknesses of pinned packages are found in a folder of advisories, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.advisories import LOCK, main, pinned

ADVISORY = """
id: PYSEC-1
aliases: [CVE-1]
affected:
- package: {ecosystem: PyPI, name: Some_Package}
  ranges:
  - {type: GIT, repo: somewhere, events: [{introduced: "0"}, {fixed: abc}]}
  - type: ECOSYSTEM
    events: [{introduced: "0"}, {fixed: 1.2.3}, {introduced: 2.0a1}, {fixed: 2.0.1}]
  versions: ["0.9", 3.0.0]
"""


def said(tmp_path: Path, version: str, advisory: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    own = tmp_path / "vulns" / "some-package"
    own.mkdir(parents=True, exist_ok=True)
    (own / "PYSEC-1.yaml").write_text(advisory, "utf-8")
    lock = tmp_path / "lock"
    lock.write_text(
        f"other==1 \\\n    --hash=sha256:0\nsome.package[extra]=={version} ; python_version > '3'\n", "utf-8"
    )
    status = main([str(tmp_path), str(lock)])
    return status, capsys.readouterr().out


@pytest.mark.parametrize("version", ["0.1", "1.2.2", "2.0a1", "2.0.0", "3.0.0"])
def test_a_version_that_has_it_is_told_with_what_to_do(
    tmp_path: Path, version: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, told = said(tmp_path, version, ADVISORY, capsys)
    assert status == 1
    assert f"some-package {version}: PYSEC-1 (CVE-1), fixed in 1.2.3, 2.0.1" in told
    assert "2 pinned packages, 1 advisories about them: 1 hold of a pinned version" in told


@pytest.mark.parametrize("version", ["1.2.3", "1.9", "2.0.1", "3.0.1"])
def test_another_version_has_not(tmp_path: Path, version: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(tmp_path, version, ADVISORY, capsys)[0] == 0


def test_the_last_version_that_has_it_can_be_told_and_no_end_at_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    last = ADVISORY.replace("{introduced: 2.0a1}, {fixed: 2.0.1}", "{introduced: 2.0a1}, {last_affected: 2.0.1}")
    assert said(tmp_path, "2.0.1", last, capsys)[0] == 1
    assert said(tmp_path, "2.0.2", last, capsys)[0] == 0
    endless = ADVISORY.replace("{fixed: 1.2.3}, {introduced: 2.0a1}, {fixed: 2.0.1}", "").replace("}, ]", "}]")
    assert "no version without it is told" in said(tmp_path, "9.9", endless, capsys)[1]


def test_what_was_withdrawn_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(tmp_path, "1.0", ADVISORY + "withdrawn: 2024-01-01T00:00:00Z\n", capsys)[0] == 0


def test_a_folder_without_advisories_is_no_clean_bill(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 2
    assert main([]) == 2
    assert "give the folder" in capsys.readouterr().out


def test_all_of_the_lock_file_is_read() -> None:
    text = LOCK.read_text("utf-8")
    assert len(pinned(text)) == sum(not line.startswith((" ", "#")) and "==" in line for line in text.splitlines())
