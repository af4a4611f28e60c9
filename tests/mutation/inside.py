"""Mutants of functions: tried in the process that has collected the tests, by putting other code in.

Each test is run once to see which functions it calls; of a mutant only the tests that call its function
are run, the fastest first, until one fails.
"""

from __future__ import annotations

import functools
import gc
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from tests.mutation.forked import LOADED, trials
from tests.mutation.mutants import Mutant

_DOMAIN = str(Path("bot/domain").resolve())

Function = tuple[str, str]
"""The file and the qualified name of a function."""


@dataclass
class Inside:
    """A plugin of pytest that runs the mutants in place of the tests, and reports by `tell`."""

    mutants: list[Mutant]
    tell: Callable[[str, bool], None]
    callers: dict[Function, list[str]] = field(default_factory=dict)
    files: dict[str, list[str]] = field(default_factory=dict)
    untried: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {item.nodeid: item for item in session.items}
        took = self._measure(session.items)
        self._note_files(took)
        if not self.failed:
            for name, passed in trials(self._trials(items, took)):
                self.tell(name, passed)
        return True

    def _measure(self, items: list[pytest.Item]) -> dict[str, float]:
        """Seconds of CPU that each test takes; and which functions it calls."""
        took, calls, file = {}, Calls(), None
        for item in items:
            if item.path != file:  # what a test finds in a cache, one before it in its file has put there
                _clear_caches()
            file = item.path
            began = time.process_time()
            with calls.noted(item.nodeid):
                passed = _passes(item)
            took[item.nodeid] = time.process_time() - began
            self.failed += [] if passed else [item.nodeid]
        self.callers = calls.callers([item.nodeid for item in items])
        return took

    def _note_files(self, took: dict[str, float]) -> None:
        """The test files that touch a module, the cheapest first."""
        for (path, _), callers in self.callers.items():
            cost: dict[str, float] = {}
            for nodeid in callers:
                name = _file(nodeid)
                cost[name] = cost.get(name, 0.0) + took[nodeid]
            self.files[path] = sorted(
                {*self.files.get(path, ()), *cost}, key=lambda name: cost.get(name, 9.0)
            )

    def _trials(
        self, items: dict[str, pytest.Item], took: dict[str, float]
    ) -> Iterator[tuple[str, Callable[[], bool], float]]:
        functions = _functions()
        for mutant in self.mutants:
            if mutant.function is None:
                continue
            function = (str(mutant.path.resolve()), mutant.function)
            callers = sorted(self.callers.get(function, []), key=took.__getitem__)
            if not functions.get(function):
                self.untried.append(mutant.name)
                continue
            chosen = [items[nodeid] for nodeid in callers]
            seconds = 5.0 + 4 * sum(took[nodeid] for nodeid in callers)
            yield mutant.name, functools.partial(_try, mutant, functions[function], chosen), seconds


class Calls:
    """Which functions of the domain each test calls."""

    def __init__(self) -> None:
        self._cached = {one.__wrapped__.__code__ for one in _caches()}
        self._called: dict[CodeType, dict[str, None]] = {}
        self._behind_a_cache: set[CodeType] = set()
        self._depth = 0
        self._test = ""

    @contextmanager
    def noted(self, test: str) -> Iterator[None]:
        """Note what is called by this test."""
        self._test, self._depth = test, 0
        sys.settrace(self._called_now)
        try:
            yield
        finally:
            sys.settrace(None)

    def callers(self, tests: list[str]) -> dict[Function, list[str]]:
        """The tests by function; of what is behind a cache, every test in the files of those."""
        found: dict[Function, dict[str, None]] = {}
        for code, callers in self._called.items():
            if code in self._behind_a_cache:
                files = {_file(test) for test in callers}
                callers = dict.fromkeys(test for test in tests if _file(test) in files)
            found.setdefault(outermost(code), {}).update(callers)
        return {function: list(callers) for function, callers in found.items()}

    def _called_now(self, frame: FrameType, event: str, _: object) -> Any:
        code = frame.f_code
        if not code.co_filename.startswith(_DOMAIN):
            return None
        self._called.setdefault(code, {})[self._test] = None
        if self._depth or code in self._cached:
            self._behind_a_cache.add(code)
        if code not in self._cached:
            return None
        self._depth += 1
        frame.f_trace_lines = False
        return self._returned

    def _returned(self, frame: FrameType, event: str, _: object) -> Any:
        self._depth -= event == "return"
        return self._returned


def _file(test: str) -> str:
    return test.partition("::")[0]


def outermost(code: CodeType) -> Function:
    """The function that a piece of code belongs to: of a lambda or a generator in it, the one around."""
    return code.co_filename, code.co_qualname.partition(".<locals>")[0]


def _try(mutant: Mutant, functions: list[FunctionType], items: list[pytest.Item]) -> bool:
    changed = next(code for code in _codes(mutant.code()) if code.co_qualname == mutant.function)
    for function in functions:
        function.__code__ = changed
    _clear_caches()
    return all(_passes(item) for item in items)


def _codes(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _codes(constant)


def _functions() -> dict[Function, list[FunctionType]]:
    """Every function there is, also those that decorators and validators hold."""
    found: dict[Function, list[FunctionType]] = {}
    for one in gc.get_objects():
        if isinstance(one, FunctionType):
            found.setdefault((one.__code__.co_filename, one.__code__.co_qualname), []).append(one)
    return found


@functools.cache
def _caches() -> list[Any]:
    kind = type(functools.cache(lambda: None))
    return [
        one
        for one in gc.get_objects()
        if isinstance(one, kind) and str(one.__module__).startswith("bot.domain")
    ]


def _clear_caches() -> None:
    for cached in _caches():
        cached.cache_clear()


def _passes(item: pytest.Item) -> bool:
    return all(report.passed for report in runtestprotocol(item, log=False, nextitem=None))


def run_inside(mutants: list[Mutant], tests: list[Path], tell: Callable[[str, bool], None]) -> Inside:
    """Collect the tests here, and try each mutant of a function."""
    plugin = Inside(mutants, tell)
    options = ["-n0", "-q", "-p", "no:cacheprovider", "--timeout=0", "--noconftest", "-W", LOADED]
    pytest.main([*options, *map(str, tests)], plugins=[plugin])
    return plugin
