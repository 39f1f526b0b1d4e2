"""What CKAN and the plugins of the site say: the second section of the catalogue.

Reads the installed packages, not a copy. Which plugins count is what the site loads
(``bin/lib/ckan.ini.template``, ``test.ini``): one more there, and its texts are wanted here.
What no extractor can see stands in ``i18n/said.yaml`` and ``i18n/bare.yaml``. Needs the source
tree, and no services.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import click
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

from ...msgids import in_context
from ...surface import yaml_text

EXTRACT_PYTHON = "ckanext.satudata_pontianak.portal.language.extract:extract_python"
EXTRACT_YAML = "ckanext.satudata_pontianak.portal.language.extract:extract_yaml"
EXTRACT_REFUSALS = "ckanext.satudata_pontianak.portal.language.extract:extract_refusals"
RAISED = " raised"
"""Marks the place of a message that is raised outside gettext."""

NOT_KNOWN = {"raised", "werkzeug", "flask_wtf"}
"""Lists of messages that nobody translates before they leave."""

OURS = "ckanext.satudata_pontianak"
SITES = ("bin/lib/ckan.ini.template", "test.ini")
"""Files that say which plugins a site of ours loads."""

PLUGINS = re.compile(r"^ckan\.plugins\s*=(.*)$", re.MULTILINE)
METHODS = [
    ("**/templates/**.html", "ckan"),
    ("templates/**.html", "ckan"),
    ("**/templates/**.txt", "ckan"),
    ("templates/**.txt", "ckan"),
    ("**.js", "javascript"),
    ("**presets.json", EXTRACT_YAML),
    ("**.py", EXTRACT_PYTHON),
]
NOT_READ = {"tests", "vendor", "node_modules", "migration", "development", "i18n", "__pycache__"}
"""Folders in which nothing is said to people."""

Key = str
Text = tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """A text to translate: singular, and plural where there is one."""

    ids: Text
    places: tuple[str, ...] = ()
    context: str | None = None

    @property
    def key(self) -> Key:
        """What gettext looks it up by: the text, behind its context where it has one."""
        return in_context(self.context, self.ids[0]) if self.context else self.ids[0]

    @property
    def in_javascript(self) -> bool:
        """Tell whether a browser needs it."""
        return any(place.rpartition(":")[0].endswith(".js") for place in self.places)

    @property
    def raised(self) -> bool:
        """Tell whether somebody raises it outside gettext."""
        return any(place.endswith(RAISED) for place in self.places)


def packages(root: Path) -> tuple[str, ...]:
    """Return CKAN and the packages of the plugins that the sites of a source tree load.

    :returns: names of packages such as ``ckanext.activity``; nothing where the tree has no site.
    """
    names: set[str] = set()
    for name in SITES:
        path = root / name
        if path.exists():
            names |= set(" ".join(PLUGINS.findall(path.read_text("utf-8"))).split())
    known = {e.name: e.module for e in importlib.metadata.entry_points(group="ckan.plugins")}
    found = {".".join(known[name].split(".")[:2]) for name in names if name in known}
    return ("ckan", *sorted(found - {OURS})) if found else ()


@lru_cache(maxsize=4)
def core_entries(root: Path) -> dict[Key, tuple[str, Entry]]:
    """Return package and text for what CKAN and the plugins of the site say.

    :raises click.ClickException: a package is not installed.
    """
    chosen = packages(root)
    if not chosen:
        return {}
    found: dict[Key, tuple[str, Entry]] = {}
    # CKAN's template is not complete, and the plugins have none or an old one.
    for name in chosen:
        for entry in _said_in(name):
            _add(found, name.rpartition(".")[2], entry)
    for entry in _in_template():
        _add(found, "ckan", entry)
    for name, texts in [*_listed(root, "said.yaml").items(), *_bare(root)]:
        places = (f"said.yaml{RAISED}",) if name in NOT_KNOWN else ()
        for text in texts:
            ids = (text,) if isinstance(text, str) else tuple(text)
            _add(found, name, Entry(ids, places))
    return dict(sorted(found.items()))


def _add(found: dict[Key, tuple[str, Entry]], package: str, entry: Entry) -> None:
    """Keep a text: the first package has it, and everywhere that it is said counts."""
    package, first = found.get(entry.key, (package, entry))
    places = tuple(dict.fromkeys((*first.places, *entry.places)))
    found[entry.key] = (package, Entry(max(first.ids, entry.ids, key=len), places))


@cache
def _in_template() -> tuple[Entry, ...]:
    with (_package("ckan") / "i18n" / "ckan.pot").open("rb") as source:
        return tuple(
            Entry(
                (message.id,) if isinstance(message.id, str) else tuple(message.id),
                tuple(f"{file}:{line or 0}" for file, line in message.locations),
            )
            for message in read_po(source)
            if message.id
        )


@cache
def _said_in(name: str) -> tuple[Entry, ...]:
    """Return what an installed package says; it is read once, whichever tree asks."""
    places: dict[Text, list[str]] = {}
    for file, line, ids, _comments, _context in extract_from_dir(
        _package(name), METHODS, keywords=DEFAULT_KEYWORDS, directory_filter=_may_speak
    ):
        texts = (ids,) if isinstance(ids, str) else tuple(i for i in ids if i)
        if texts and texts[0]:
            places.setdefault(texts, []).append(f"{name}/{file}:{line}")
    for file, line, text, _comments, _context in extract_from_dir(
        _package(name), [("**.py", EXTRACT_REFUSALS)], directory_filter=_may_speak
    ):
        places.setdefault((str(text),), []).append(f"{name}/{file}:{line}{RAISED}")
    # A text with a plural wins over the same text without.
    return tuple(
        Entry(texts, tuple(places[texts])) for texts in sorted(places, key=len, reverse=True)
    )


def _may_speak(folder: str) -> bool:
    name = Path(folder).name
    return name not in NOT_READ and not name.startswith((".", "templates-"))


def _listed(root: Path, name: str) -> dict[str, Any]:
    path = root / "i18n" / name
    return yaml_text.read(path) if path.exists() else {}


def _bare(root: Path) -> list[tuple[str, list[str]]]:
    by_template = _listed(root, "bare.yaml").items()
    return [(name, texts) for name, found in by_template for texts in found.values()]


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise click.ClickException(f"{name} is not installed")
    return Path(spec.origin).parent
