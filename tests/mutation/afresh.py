"""Mutants of what a module says when it is imported: tried in a child that imports all of it anew."""

from __future__ import annotations

import functools
import importlib
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from types import ModuleType
from typing import Any

import pytest

from tests.mutation.forked import LOADED, trials
from tests.mutation.mutants import Mutant

SECONDS = 120.0

# What the domain and its tests import, so that the children find it loaded.
LIBRARIES = """
    hypothesis hypothesis.strategies phonenumbers phonenumbers.geocoder phonenumbers.timezone pydantic
    pydantic_settings pycountry holidays tzdata sqlite_utils structlog slack_sdk
    phonenumbers.shortnumberinfo phonenumbers.tzdata slack_bolt.async_app
"""


def load_libraries() -> None:
    """Everything that is not ours, before the first child is forked."""
    for name in LIBRARIES.split():
        importlib.import_module(name)


def run_afresh(
    mutants: list[Mutant], files: Callable[[Mutant], Sequence[str]], tell: Callable[[str, bool], None]
) -> None:
    """Try each mutant with the tests of these files."""
    assert not any(name.split(".")[0] == "bot" for name in sys.modules)
    for name, passed in trials(_trials(mutants, files)):
        tell(name, passed)


def _trials(
    mutants: list[Mutant], files: Callable[[Mutant], Sequence[str]]
) -> Iterator[tuple[str, Callable[[], bool], float]]:
    for mutant in mutants:
        yield mutant.name, functools.partial(_try, mutant, files(mutant)), SECONDS


def _try(mutant: Mutant, files: Sequence[str]) -> bool:
    sys.meta_path.insert(0, _Finder(mutant))
    options = ["-n0", "-q", "-x", "-p", "no:cacheprovider", "--timeout=0", "--noconftest", "-W", LOADED]
    return pytest.main([*options, *files]) == pytest.ExitCode.OK


class _Loader(SourceFileLoader):
    def __init__(self, name: str, mutant: Mutant) -> None:
        super().__init__(name, str(mutant.path.resolve()))
        self._mutant = mutant

    def get_code(self, fullname: str) -> Any:
        return self._mutant.code()


class _Finder(MetaPathFinder):
    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant
        self._name = ".".join(mutant.path.with_suffix("").parts)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self._name:
            return None
        return spec_from_file_location(fullname, loader=_Loader(fullname, self._mutant))
