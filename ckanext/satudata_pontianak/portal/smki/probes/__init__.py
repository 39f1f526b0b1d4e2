"""What looks whether a control holds, in the running portal: one function for each, by its name.

A probe answers with numbers, days and names of options, never with the name of a dataset or a
person: whoever reads the board sees it. What it cannot see it says is not so.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from ....smki.rules.evidence import Probe


def _collected() -> dict[str, Probe]:
    found: dict[str, Probe] = {}
    for module in iter_modules(__path__):
        offered = import_module(f"{__name__}.{module.name}").PROBES
        for name, probe in offered.items():
            if name in found:
                raise ValueError(f"two modules offer the probe '{name}'")
            found[name] = probe
    return found


def probes() -> Mapping[str, Probe]:
    """Return every probe by name."""
    return MappingProxyType(_collected())
