"""What stands in two places is compared."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import tomllib
from datetime import timedelta
from pathlib import Path

from typer.main import get_command

from bot.cli import cli
from bot.domain.duration import read_duration
from bot.ops.evidence.check import PROGRAMS
from bot.ops.settings import Settings

REPOSITORY = Path(__file__).parents[1]
README = (REPOSITORY / "README.md").read_text()
ARCHITECTURE = (REPOSITORY / "docs/architecture.md").read_text()


def test_the_readme_names_every_setting_and_no_other() -> None:
    """The table of settings in the README lists exactly the fields of the settings."""
    named = set(re.findall(r"^\| `([A-Z_]+)` \|", README, re.MULTILINE))
    assert named == {field.upper() for field in Settings.model_fields}


def test_the_readme_tells_every_default() -> None:
    """What the README says a setting is by default is what it is."""
    rows = re.findall(r"^\| `([A-Z_]+)` \|.*\| (.*?) \|$", README, re.MULTILINE)
    for name, default in rows:
        field = Settings.model_fields[name.lower()]
        if default.startswith("`"):
            assert read_like(field.default, default.strip("`")) == field.default, name


def read_like(value: object, written: str) -> object:
    """What is written, as the same kind of thing as the value."""
    if isinstance(value, timedelta):
        return read_duration(written)
    return written == "true" if isinstance(value, bool) else type(value)(written)


def test_the_readme_names_every_command() -> None:
    """Each command of the command line stands in the README."""
    commands = set(getattr(get_command(cli), "commands", {}))
    assert commands and all(f"callgate {command}" in README for command in commands)


def test_the_changelog_has_the_hashes_of_the_programs_in_each_evidence() -> None:
    """The newest release there is this one, and has the SHA-256 of check.py and page.py as they are."""
    version = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]["version"]
    _, *parts = re.split(r"^## ", (REPOSITORY / "CHANGELOG.md").read_text(), flags=re.MULTILINE)
    newest = next(part for part in parts if not part.startswith("Unreleased"))
    assert newest.startswith(f"[{version}] - ")
    for program in PROGRAMS:
        sha256 = hashlib.sha256((REPOSITORY / "bot/ops/evidence" / program).read_bytes()).hexdigest()
        assert f"{sha256}  {program}\n" in newest


def test_the_requirements_name_no_index_and_are_all_hashed() -> None:
    """The lock files can be installed from wherever the machine is set up to install from."""
    for lock in REPOSITORY.glob("requirements*.txt"):
        lines = [line for line in lock.read_text().splitlines() if line and not line.startswith(("#", " "))]
        assert lines and all("==" in line and line.endswith("\\") for line in lines)
        assert "http" not in re.sub(r"httpcore|httpx|aiohttp", "", lock.read_text())


def test_imports_keep_to_their_rows() -> None:
    """The import directions of the design hold."""
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_architecture_page_has_the_import_contract() -> None:
    """The rows there are the layers that import-linter holds."""
    contracts = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(each["layers"] for each in contracts if each["type"] == "layers")
    assert "```\n" + "\n".join(layers) + "\n```" in ARCHITECTURE


def test_the_walks_of_the_architecture_page_lead_through_the_code() -> None:
    """Each `file: function` of the two walks is there."""
    steps = re.findall(r"^([a-z_/]+\.py): (\w+)$", ARCHITECTURE, re.MULTILINE)
    assert len(steps) > 20
    for file, function in steps:
        assert re.search(rf"def {function}\(", (REPOSITORY / file).read_text()), (file, function)


def test_every_file_that_the_docs_name_is_there() -> None:
    """A page that sends a reader to a file that was moved is wrong."""
    pages = [*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").glob("*.md")]
    for page in pages:
        named = re.findall(
            r"`((?:bot|handlers|storage|sandbox|tests|benchmarks)/[\w/.]+\.\w+)`", page.read_text()
        )
        missing = [name for name in named if not (REPOSITORY / name).exists()]
        assert missing == [], (page.name, missing)
