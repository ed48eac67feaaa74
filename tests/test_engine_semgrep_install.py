"""Which Semgrep is used: the one that this Python imports from, of a version that was tried, and cut off from the world."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from codeguard.engines.semgrep import SemgrepEngine
from codeguard.engines.semgrep_core import Install, environment, find_install
from codeguard.errors import EngineError


def test_the_version_is_the_one_that_the_core_answers_with() -> None:
    install = find_install()
    assert install.core_is_tried
    assert SemgrepEngine().version() == install.version
    record = (install.folder / f"semgrep-{install.version}.dist-info" / "METADATA").read_text("utf-8")
    assert f"\nVersion: {install.version}\n" in record


@pytest.mark.parametrize(
    ("version", "outcome"),
    [
        ("1.179.9", "left alone"),
        ("1.180.0", "called"),
        ("1.185.2", "called"),
        ("1.186.0", "left alone"),
        ("2.180.0", "left alone"),
        ("unknown", "left alone"),
    ],
)
def test_only_versions_that_were_tried_are_called_directly(version: str, outcome: str, tmp_path: Path) -> None:
    assert Install(tmp_path, version, tmp_path).core_is_tried == (outcome == "called")
    assert not Install(tmp_path, version, None).core_is_tried


def fake_install(folder: Path) -> None:
    (folder / "semgrep" / "bin").mkdir(parents=True)
    (folder / "semgrep" / "__init__.py").touch()
    (folder / "semgrep" / "bin" / "semgrep-core").touch()
    (folder / "semgrep-1.181.0.dist-info").mkdir()


def test_semgrep_is_found_where_python_imports_from_but_not_in_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_install(tmp_path / "site")
    core = tmp_path / "site" / "semgrep" / "bin" / "semgrep-core"
    if sys.platform != "win32":
        assert find_install([str(tmp_path / "site")]) == Install(tmp_path / "site", "1.181.0", core)
    core.unlink()
    assert find_install([str(tmp_path / "site")]).core is None
    monkeypatch.chdir(tmp_path / "site")
    for path in ("", ".", str(tmp_path / "site"), str(tmp_path / "site" / "semgrep" / "..")):
        with pytest.raises(EngineError, match="Semgrep is not installed"):
            find_install([path])


def test_a_folder_that_is_only_named_semgrep_is_not_semgrep(tmp_path: Path) -> None:
    (tmp_path / "semgrep" / "bin").mkdir(parents=True)
    with pytest.raises(EngineError, match="Semgrep is not installed"):
        find_install([str(tmp_path)])


def test_semgrep_is_told_to_keep_to_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEMGREP_APP_TOKEN", "secret")
    env = environment(tmp_path)
    assert (env["SEMGREP_SEND_METRICS"], env["SEMGREP_ENABLE_VERSION_CHECK"]) == ("off", "0")
    assert "SEMGREP_APP_TOKEN" not in env
    own = (
        "HOME",
        "TMPDIR",
        "XDG_CONFIG_HOME",
        "SEMGREP_SETTINGS_FILE",
        "SEMGREP_LOG_FILE",
        "SEMGREP_VERSION_CACHE_PATH",
    )
    assert all(Path(env[name]).is_relative_to(tmp_path) for name in own)
