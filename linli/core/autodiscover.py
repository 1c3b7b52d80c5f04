"""Load a room of every app, so that what registers itself on import is there to be listed."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from django.apps import apps


def autodiscover(*names: str) -> list[ModuleType]:
    """Import the rooms called ``names`` of every app of the product, and what is in them."""
    modules: list[ModuleType] = []
    for config in apps.get_app_configs():
        if not config.name.startswith("linli."):
            continue
        for name in names:
            # Looked for, not tried: an ImportError inside a room must not pass for a missing room.
            if find_spec(f"{config.name}.{name}") is not None:
                modules += _with_parts(import_module(f"{config.name}.{name}"))
    return modules


def _with_parts(module: ModuleType) -> list[ModuleType]:
    path = getattr(module, "__path__", None)
    if path is None:
        return [module]
    parts = [import_module(p.name) for p in pkgutil.iter_modules(path, f"{module.__name__}.")]
    return [module, *parts]
