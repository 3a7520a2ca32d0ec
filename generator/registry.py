"""Finds the modules of a package, so that a new kind, rule, resource type or command is one new file."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType


def module_names(package: ModuleType) -> tuple[str, ...]:
    """Names of the package's modules, sorted, without the private ones."""
    return tuple(
        sorted(found.name for found in pkgutil.iter_modules(package.__path__) if not found.name.startswith("_"))
    )


def modules(package: ModuleType) -> dict[str, ModuleType]:
    """Import each module of the package; name → module."""
    return {name: importlib.import_module(f"{package.__name__}.{name}") for name in module_names(package)}
