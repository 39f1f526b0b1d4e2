"""Which datasets need a decision, which need none, and which must not be there at all.

A type that nobody declared has no schema, no pages and no case: what stands in it would be public
at once. So it is refused at the gate, and what is stored of it is closed to everybody but a
system administrator, who clears it away.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins as p

from ... import config
from ...surface.types import Free, is_among
from ...surface.types import types as declared_types

DEFAULT = "dataset"
APP = "layanan"
"""An app of the city: governed as a dataset is, and in no count or list of datasets."""
NO_APPS = f"-dataset_type:{APP}"
"""What a search for datasets of whichever type leaves out."""
EMPTY = ("license_id", "maintainer", "maintainer_email", "notes", "owner_org", "url")
EMPTY_OF_FILE = ("description", "format", "name")
"""Keys of core that schemas leave out where they hold nothing."""


def free() -> dict[str, Free]:
    """Return the types that need no decision, by name."""
    governed = config.governed_types()
    return {
        name: kind
        for name, kind in declared_types().datasets.free.items()
        if p.plugin_loaded(kind.plugin) and name not in governed
    }


def known() -> frozenset[str]:
    """Return every type that there may be."""
    return frozenset({*declared_types().datasets.governed, *config.governed_types(), *free()})


def not_yet() -> frozenset[str]:
    """Return our own types of which none is made while an old portal is taken over.

    It had none of them, and what is made then is public at once.
    """
    governed = frozenset(declared_types().datasets.governed)
    return frozenset() if config.governed_types() else governed - {DEFAULT}


def of_data() -> frozenset[str]:
    """Return the governed types that are data: where datasets are counted, apps are not."""
    return config.governed_types() - {APP}


def is_undeclared(dataset_type: Any) -> bool:
    """Tell whether a stored dataset is of a type that nobody declared.

    While an old portal is taken over nothing is governed, and it keeps what it has.
    """
    governed, kind = config.governed_types(), dataset_type or DEFAULT
    if not governed or (isinstance(kind, str) and kind in governed):
        return False
    return not is_among(kind, known())


def is_governed(dataset_type: Any) -> bool:
    """Tell whether the policy decides on datasets of this type; it closes undeclared ones."""
    kind = dataset_type or DEFAULT
    return (isinstance(kind, str) and kind in config.governed_types()) or is_undeclared(kind)


def with_empty(shown: Any) -> Any:
    """Return a dataset with core's own keys also where they hold nothing.

    Only while an old portal is taken over: whoever reads it by its API reads those keys.
    """
    if isinstance(shown, dict) and not config.governed_types():
        for key, value in {**dict.fromkeys(EMPTY), "extras": []}.items():
            shown.setdefault(key, value)
        for file in shown.get("resources") or ():
            for key in EMPTY_OF_FILE:
                file.setdefault(key, None)
    return shown
