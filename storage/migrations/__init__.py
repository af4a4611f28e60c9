"""The schema, one migration after the other. An applied migration is never changed."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from sqlite_utils import Migrations

migrations = Migrations("callgate")

names = sorted(module.name for module in iter_modules(__path__))
for name in names:
    migrations(name=name)(import_module(f"{__name__}.{name}").apply)
