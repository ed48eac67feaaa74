"""The rule packs are found in a wheel, an sdist and a checkout, and the cache folder follows the platform."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from codeguard.errors import CodeguardError
from codeguard.resources import cache_dir, rules_dir

ROOT = Path(__file__).resolve().parent.parent


def write(path: Path, text: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_an_installed_package_holds_its_packs_beside_its_modules(tmp_path: Path) -> None:
    package = tmp_path / "site-packages" / "codeguard"
    write(package / "_rules" / "flask.yaml")
    assert rules_dir(package) == package / "_rules"


def test_a_checkout_holds_its_packs_at_its_top(tmp_path: Path) -> None:
    write(tmp_path / "pyproject.toml")
    write(tmp_path / "rules" / "flask.yaml")
    assert rules_dir(tmp_path / "src" / "codeguard") == tmp_path / "rules"


def test_the_packs_in_the_package_come_before_the_checkout(tmp_path: Path) -> None:
    package = tmp_path / "src" / "codeguard"
    write(tmp_path / "pyproject.toml")
    write(tmp_path / "rules" / "flask.yaml")
    write(package / "_rules" / "flask.yaml")
    assert rules_dir(package) == package / "_rules"


def test_a_folder_named_rules_near_site_packages_is_not_ours(tmp_path: Path) -> None:
    write(tmp_path / "rules" / "other.yaml")
    with pytest.raises(CodeguardError, match=r"rule packs are missing \(looked in .*_rules\)"):
        rules_dir(tmp_path / "site-packages" / "codeguard")


def test_folders_without_a_pack_are_passed_over_and_named(tmp_path: Path) -> None:
    write(tmp_path / "pyproject.toml")
    (tmp_path / "rules").mkdir()
    (tmp_path / "src" / "codeguard" / "_rules").mkdir(parents=True)
    with pytest.raises(CodeguardError, match=r"looked in .*_rules and .*rules\); install it again"):
        rules_dir(tmp_path / "src" / "codeguard")


def test_the_packs_of_this_checkout_are_found() -> None:
    assert sorted(path.name for path in rules_dir().glob("*.yaml"))


@pytest.mark.slow
def test_the_wheel_and_the_sdist_hold_every_pack(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    packs = {path.name: path.read_bytes() for path in (ROOT / "rules").glob("*.yaml")}
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        write(tree / name, (ROOT / name).read_text("utf-8"))
    for folder in ("src", "rules", "schemas"):
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                target = tree / path.relative_to(ROOT)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(path.read_bytes())
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(tmp_path / "dist"), str(tree)]
    done = subprocess.run(build, capture_output=True, text=True, cwd=tmp_path, check=False)  # sdist, then wheel from it
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    (sdist,) = (tmp_path / "dist").glob("*.tar.gz")
    with zipfile.ZipFile(wheel) as archive:
        prefix = "codeguard/_rules/"
        in_wheel = {name[len(prefix) :]: archive.read(name) for name in archive.namelist() if name.startswith(prefix)}
        assert "codeguard/py.typed" in archive.namelist()
        archive.extractall(tmp_path / "site")
    with tarfile.open(sdist) as tar:
        in_sdist = {Path(name).name for name in tar.getnames() if Path(name).parts[1:2] == ("rules",)}
    assert in_wheel == packs
    assert in_sdist >= set(packs)
    code = "import sys; sys.path.insert(0, sys.argv[1]); from codeguard.resources import rules_dir; print(rules_dir())"
    found = subprocess.run([sys.executable, "-I", "-c", code, str(tmp_path / "site")], capture_output=True, check=True)
    assert Path(os.fsdecode(found.stdout.strip())) == tmp_path / "site" / "codeguard" / "_rules"


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="the XDG layout")
@pytest.mark.parametrize(
    ("xdg", "expected"),
    [
        ("/var/cache/me", "/var/cache/me/codeguard"),
        ("relative/cache", "HOME/.cache/codeguard"),
        ("", "HOME/.cache/codeguard"),
    ],
)
def test_the_cache_folder_is_xdgs_where_that_is_absolute_else_the_users(
    xdg: str, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", xdg)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_dir() == Path(expected.replace("HOME", str(tmp_path)))


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="the XDG layout")
def test_a_user_whose_home_is_not_a_place_has_no_cache_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", "relative")
    assert cache_dir() is None
