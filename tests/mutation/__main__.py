"""`python -m tests.mutation [WORD...]`: no change of a rule goes unnoticed by the domain's tests.

Ends with 1 if a mutant survives that `survivors.toml` does not explain, or if that file explains one that
does not survive.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
import tomllib
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from hypothesis import HealthCheck, settings

from tests.mutation.afresh import load_libraries, run_afresh
from tests.mutation.inside import run_inside
from tests.mutation.mutants import Mutant, mutants

DOMAIN = Path("bot/domain")
TESTS = Path("tests/domain")
DECIDING = """
    approval approvers placement call_status submission wanted_time ask_form forgetting duration states
    phone_number record
    freeze suppression number_list visible command_text card_channel
"""
MODULES = [
    *sorted((DOMAIN / "policy").glob("*.py")),
    *(DOMAIN / f"{name}.py" for name in DECIDING.split()),
]
OTHER_TESTS = ("test_countries", "test_metadata", "test_spreadsheet")  # of modules that are not mutated


def main(words: list[str]) -> int:
    """Try the mutants whose name has one of these words; all of them, if there are none.

    Words that are test files are the only tests that are run then.
    """
    tests = [Path(word) for word in words if Path(word).match("test_*.py")]
    parts = [word for word in words if Path(word) not in tests]
    everything = [mutant for path in MODULES for mutant in mutants(path)]
    if parts:
        everything = [mutant for mutant in everything if any(part in mutant.name for part in parts)]
    began = time.monotonic()
    load_libraries()
    settings.register_profile(
        "mutants",
        deadline=None,
        derandomize=True,
        database=None,
        max_examples=50,
        suppress_health_check=HealthCheck,
    )
    settings.load_profile("mutants")
    survived = _survivors(everything, tests or _all_tests())
    return _report(everything, survived, time.monotonic() - began, whole=not words)


def _survivors(everything: list[Mutant], tests: list[Path]) -> set[str]:
    """The names of those that no test noticed."""
    survived: set[str] = set()

    def tell(name: str, passed: bool) -> None:
        if passed:
            survived.add(name)
            print("survived", name, flush=True)

    files = _in_a_child(everything, tests)
    survived |= set(files.pop("", []))
    again = set(files.pop("?", []))
    rest = [mutant for mutant in everything if mutant.function is None or mutant.name in again]
    run_afresh(rest, lambda mutant: _ordered(mutant, files.get(str(mutant.path.resolve()), []), tests), tell)
    return survived


def _all_tests() -> list[Path]:
    return [path for path in sorted(TESTS.rglob("test_*.py")) if path.stem not in OTHER_TESTS]


def _ordered(mutant: Mutant, files: list[str], tests: list[Path]) -> list[str]:
    """The tests of the module itself first, then those that call anything in it, then the others."""
    own = [str(test) for test in tests if test.stem == f"test_{mutant.path.stem}"]
    return list(dict.fromkeys([*own, *files, *map(str, tests)]))


def _in_a_child(everything: list[Mutant], tests: list[Path]) -> dict[str, list[str]]:
    """Mutants of functions, in a child so that this process never imports what is mutated.

    The test files of each module; under "" the survivors, under "?" what has to be tried afresh.
    """
    with tempfile.NamedTemporaryFile("r") as answer:
        child = os.fork()
        if not child:
            _leave(lambda: Path(answer.name).write_text(json.dumps(_inside(everything, tests))))
        os.waitpid(child, 0)
        return dict(json.loads(answer.read() or sys.exit("The tests fail without any mutant.")))


def _leave(after: Callable[[], object]) -> NoReturn:
    """End a forked process without cleaning up what belongs to its parent."""
    try:
        after()
    except BaseException:
        traceback.print_exc()
    os._exit(0)


def _inside(everything: list[Mutant], tests: list[Path]) -> dict[str, list[str]]:
    survived: list[str] = []

    def tell(name: str, passed: bool) -> None:
        if passed:
            survived.append(name)
            print("survived", name, flush=True)

    done = run_inside(everything, tests, tell)
    if done.failed:
        print(*done.failed, sep="\n", flush=True)
        sys.exit(1)
    return {**done.files, "": survived, "?": done.untried}


def _report(everything: list[Mutant], survived: set[str], seconds: float, whole: bool) -> int:
    explained = {
        name: kind
        for kind, names in tomllib.loads(Path(__file__).with_name("survivors.toml").read_text()).items()
        for name in names
    }
    counts = Counter(mutant.name in survived for mutant in everything)
    print(f"{len(everything)} mutants, {counts[False]} killed, {counts[True]} survived; {seconds:.0f} s")
    print(dict(Counter(explained.get(mutant.name, "?") for mutant in everything if mutant.name in survived)))
    unexplained = sorted(survived - set(explained))
    killed = sorted(set(explained) - survived) if whole else []
    print(*(f"not explained: {name}" for name in unexplained), sep="\n")
    print(*(f"explained, but killed: {name}" for name in killed), sep="\n")
    return 1 if unexplained or killed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
