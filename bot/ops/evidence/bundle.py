"""Writes the evidence of one request: a folder or one zip file, for its owner's eyes only.

The same database gives the same bytes. Nothing is overwritten, and what could not be finished is removed.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from sqlite_utils import Database

from bot.domain.errors import Misconfigured
from bot.ops.evidence.check import CHAIN, SUMS, sums_of
from bot.ops.evidence.documents import documents
from storage.calls import evidence

Pieces = Iterable[bytes]


class Target(Protocol):
    """Where the files go."""

    def write(self, name: str, pieces: Pieces) -> None:
        """Write one file; `name` has slashes for folders."""


def write_evidence(db: Database, request_id: str, output: Path, *, zipped: bool) -> None:
    """Write everything about the request, as it stands at one moment.

    Raises:
        Refused: there is no such request.
        Misconfigured: `output` is there already, or cannot be written.
    """
    found = evidence.load(db, request_id)
    with _zip(output, f"evidence-{request_id}") if zipped else _folder(output) as target:
        _write_all(target, _files(db, found))


def _files(db: Database, found: evidence.StoredEvidence) -> Iterator[tuple[str, Pieces]]:
    for name, content in documents(found).items():
        yield name, [content]
    links = evidence.chain(db, found.events[0].id)
    yield CHAIN, (json.dumps(link).encode() + b"\n" for link in links)


def _write_all(target: Target, files: Iterable[tuple[str, Pieces]]) -> None:
    sums: dict[str, str] = {}
    for name, pieces in files:
        digest = hashlib.sha256()
        target.write(name, _hashed(pieces, digest))
        sums[name] = digest.hexdigest()
    target.write(SUMS, [sums_of(sums).encode()])


def _hashed(pieces: Pieces, digest: hashlib._Hash) -> Iterator[bytes]:
    for piece in pieces:
        digest.update(piece)
        yield piece


class _Folder:
    def __init__(self, root: Path) -> None:
        self._root = root

    def write(self, name: str, pieces: Pieces) -> None:
        path = self._root / name
        path.parent.mkdir(mode=0o700, exist_ok=True)
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.writelines(pieces)


class _Zip:
    def __init__(self, archive: zipfile.ZipFile, root: str) -> None:
        self._archive = archive
        self._root = root

    def write(self, name: str, pieces: Pieces) -> None:
        info = zipfile.ZipInfo(f"{self._root}/{name}")  # of 1980, so that the same is the same
        info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
        with self._archive.open(info, "w", force_zip64=True) as file:
            file.writelines(pieces)


@contextmanager
def _folder(output: Path) -> Iterator[Target]:
    with _refusing(output):
        output.mkdir(mode=0o700)
        try:
            yield _Folder(output)
        except BaseException:
            shutil.rmtree(output)
            raise


@contextmanager
def _zip(output: Path, root: str) -> Iterator[Target]:
    with _refusing(output):
        descriptor = os.open(output, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file, zipfile.ZipFile(file, "w") as archive:
                yield _Zip(archive, root)
        except BaseException:
            output.unlink()
            raise


@contextmanager
def _refusing(output: Path) -> Iterator[None]:
    try:
        yield
    except FileExistsError:
        raise Misconfigured(f"{output} is there already. Remove it, or name another with --output.") from None
    except OSError as error:
        raise Misconfigured(f"{output} cannot be written: {error.strerror}.") from None
