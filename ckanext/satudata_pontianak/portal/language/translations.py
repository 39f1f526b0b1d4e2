"""The message catalogue: extract, merge, check.

    python -m ckanext.satudata_pontianak.portal.language.translations --update
    python -m ckanext.satudata_pontianak.portal.language.translations --check

A catalogue has two sections. First what our own code, templates and definitions say. Then texts
of CKAN and the site's plugins (``core_texts.py``), marked ``core``: CKAN's own Indonesian is a
fifth of what people see, and a plugin's catalogue may fill in and correct it. Both must be complete
in every language; what scripts look up in the browser is listed in ``i18n/javascript.json``.
Needs the source tree (``babel.cfg`` stands there), and no services.
"""

from __future__ import annotations

import io
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from ...msgids import in_context
from .core_texts import Entry, Key, Text, core_entries

DOMAIN = "ckanext-satudata_pontianak"
LOCALES = ("id", "en")
SOURCE = "en"
"""The language of the msgids: its texts are copies."""

PLURALS = {"id": "nplurals=1; plural=0;"}
"""Indonesian has one form for any number; Babel does not know."""

KEYWORDS = {**DEFAULT_KEYWORDS, **parse_keywords(["Message", "error:2", "NP_:1c,2"])}
CORE = "core: "
"""How a comment on a text of CKAN or of one of its plugins begins."""

PLACEHOLDER = re.compile(r"%\(\w+\)[a-zA-Z]|%[srdif]|\{\w*\}|%%")
HEADER = "# Satu Data Pontianak: what people read. See portal/language/translations.py.\n"
JAVASCRIPT = "javascript.json"
"""The msgids that scripts of ours, of CKAN and of its plugins look up in the browser."""

ERRORS = "errors.json"
"""The msgids that are raised outside gettext."""


def ids_of(message: Message) -> Text:
    """Return the msgids of a message."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def key_of(message: Message) -> Key:
    """Return what gettext looks a message up by."""
    first = ids_of(message)[0]
    return in_context(message.context, first) if message.context else first


def strings_of(message: Message) -> Text:
    """Return the translations of a message; empty when there is none."""
    given = message.string or ()
    forms = (given,) if isinstance(given, str) else tuple(given)
    return forms if all(forms) else ()


def core_mark(message: Message) -> str | None:
    """Return the package that a text of the core section comes from."""
    marks = [c.removeprefix(CORE) for c in message.user_comments if c.startswith(CORE)]
    return marks[0] if marks else None


def extract(root: Path) -> dict[Key, Entry]:
    """Return what code, templates and definitions below ``root`` say."""
    with (root / "babel.cfg").open(encoding="utf-8") as config:
        methods, options = parse_mapping_cfg(config)
    places: dict[tuple[str | None, Text], list[str]] = {}
    for name, line, ids, _comments, context in extract_from_dir(
        root, methods, options, KEYWORDS, directory_filter=_no_hidden_folders
    ):
        said = (ids,) if isinstance(ids, str) else tuple(ids)
        places.setdefault((context, said), []).append(f"{name}:{line}")
    entries = [
        Entry(ids, tuple(found), context)
        for (context, ids), found in sorted(places.items(), key=_order)
    ]
    return {entry.key: entry for entry in entries}


def _order(item: tuple[tuple[str | None, Text], list[str]]) -> tuple[str, int, Text]:
    """Sort plurals after the singular that they may share a key with, so that they win."""
    name, _, line = item[1][0].rpartition(":")
    return name, int(line), item[0][1]


def _no_hidden_folders(folder: str) -> bool:
    return not Path(folder).name.startswith((".", "build", "dist", "tests", "node_modules"))


def read(path: Path, locale: str) -> Catalog:
    """Return a catalogue, empty when there is no such file."""
    if not path.exists():
        return Catalog(locale=locale, domain=DOMAIN)
    with path.open("rb") as source:
        return read_po(source, locale=locale, domain=DOMAIN)


def catalogue_path(root: Path, locale: str) -> Path:
    """Return where a language's catalogue stands."""
    return root / "i18n" / locale / "LC_MESSAGES" / f"{DOMAIN}.po"


def lists(
    root: Path, entries: Mapping[Key, Entry], core: Mapping[Key, tuple[str, Entry]]
) -> dict[Path, str]:
    """Return the lists of msgids that the running site needs, as JSON, by their paths.

    What scripts look up: one text, or singular and plural. What is raised outside gettext, and
    what the web framework says of errors: texts with ``%s`` where something is filled in.
    """
    said = {e.ids for e in [*entries.values(), *(e for _, e in core.values())] if e.in_javascript}
    raised = {e.key for _, e in core.values() if e.raised}
    found = {JAVASCRIPT: sorted(said), ERRORS: sorted(raised)}
    return {
        root / "i18n" / name: json.dumps(texts, ensure_ascii=False, indent=1) + "\n"
        for name, texts in found.items()
    }


# ------------------------------------------------------------------------------------- check


def placeholders(text: str) -> tuple[frozenset[str], list[str]]:
    """Return what is filled into a text: by name, and by place, where the order counts."""
    found = PLACEHOLDER.findall(text)
    named = [p for p in found if p.startswith("%(") or (len(p) > 2 and p.startswith("{"))]
    return frozenset(named), [p for p in found if p not in named]


def wrong_placeholders(message: Message) -> bool:
    """Tell whether a translation would be filled in otherwise than its msgid."""
    wanted = placeholders(ids_of(message)[-1])
    return any(placeholders(s) != wanted for s in strings_of(message))


def problems(
    entries: Mapping[Key, Entry],
    catalogue: Catalog,
    core: Mapping[Key, tuple[str, Entry]] | None = None,
) -> Iterator[str]:
    """Say what is missing or wrong in a catalogue, one line each.

    :param core: what CKAN and the plugins say, with the package; ``None`` where the catalogue
        needs no such section.
    """
    known = {key_of(m): m for m in catalogue if m.id}
    for key, entry in entries.items():
        yield from _problem(entry, known.get(key), entry.places[0] if entry.places else "?")
        if key in known and core_mark(known[key]):
            yield f"in the core section but said by us: {key!r}"
    for key, (package, entry) in (core or {}).items():
        if key not in entries:
            yield from _problem(entry, known.get(key), package)
    for key, message in known.items():
        by_core = core_mark(message) is not None and (core is None or key in core)
        if key not in entries and not by_core:
            yield f"stale: {key!r} is said nowhere any more"
        if message.fuzzy:
            yield f"fuzzy: {key!r}"
        if strings_of(message) and wrong_placeholders(message):
            yield f"placeholders differ: {key!r} → {message.string!r}"


def _problem(entry: Entry, message: Message | None, where: str) -> Iterator[str]:
    if message is None or not strings_of(message):
        yield f"untranslated: {entry.key!r} ({where})"
    elif ids_of(message) != entry.ids:
        yield f"plural differs: {entry.key!r} ({where})"


def check(root: Path, entries: Mapping[Key, Entry] | None = None) -> list[str]:
    """Return what is wrong with the catalogues of a source tree.

    :param entries: what was extracted from it, where that is known.
    """
    entries = extract(root) if entries is None else entries
    core = core_entries(root)
    found = []
    for locale in LOCALES:
        catalogue = read(catalogue_path(root, locale), locale)
        wanted = None if locale == SOURCE else core
        found += [f"{locale}: {line}" for line in problems(entries, catalogue, wanted)]
    for path, texts in lists(root, entries, core).items():
        if not path.exists() or path.read_text("utf-8") != texts:
            found.append(f"the list {path.name} is not up to date")
    template = read(root / "i18n" / f"{DOMAIN}.pot", SOURCE)
    if {key_of(m) for m in template if m.id} != set(entries):
        found.append("the template (.pot) is not up to date")
    return found


# ------------------------------------------------------------------------------------ update


def merge(
    entries: Mapping[Key, Entry], core: Mapping[Key, tuple[str, Entry]], old: Catalog
) -> Catalog:
    """Return a catalogue of what is said now, with the translations that there were.

    Texts that are said no more become obsolete: should they come back, so does their translation.
    """
    locale = str(old.locale)
    known = {(m.context, ids_of(m)): m for m in [*old.obsolete.values(), *old] if m.id}
    new = _blank(old)
    for entry in entries.values():
        _add(new, entry, known.get((entry.context, entry.ids)), copies=locale == SOURCE)
    if locale != SOURCE:
        for key, (package, entry) in core.items():
            if key not in entries:
                message = _add(new, entry, known.get((entry.context, entry.ids)), copies=False)
                message.user_comments = [f"{CORE}{package}"]
    for (context, ids), message in known.items():
        if strings_of(message) and new.get(ids[0], context) is None and locale != SOURCE:
            new.obsolete[ids[0] if context is None else (ids[0], context)] = message
    return new


def _blank(old: Catalog) -> Catalog:
    new = Catalog(
        locale=old.locale,
        domain=DOMAIN,
        header_comment=HEADER,
        project=DOMAIN,
        version="0.1",
        creation_date=old.creation_date,
        revision_date=old.revision_date,
        msgid_bugs_address=" ",
        last_translator=" ",
        language_team=" ",
        fuzzy=False,
    )
    plural = PLURALS.get(str(old.locale))
    if plural:
        new.mime_headers = [("Plural-Forms", plural)]
    return new


def _add(catalogue: Catalog, entry: Entry, old: Message | None, *, copies: bool) -> Message:
    """Add a text with its old translation, or with itself in the language of the msgids."""
    plural = len(entry.ids) > 1
    forms = catalogue.num_plurals if plural else 1
    strings: Text = strings_of(old) if old else ()
    if copies:
        strings = entry.ids
    if len(strings) != forms:
        strings = ("",) * forms
    places = [(p.rpartition(":")[0], 1) for p in entry.places]
    flags = ["python-format"] if re.search(r"%\(\w+\)|%[srdi]\b", entry.ids[0]) else []
    return catalogue.add(
        entry.ids if plural else entry.ids[0],
        strings if plural else "".join(strings),
        locations=list(dict.fromkeys(places)),
        flags=flags,
        context=entry.context,
    )


def write(path: Path, catalogue: Catalog) -> bool:
    """Write a catalogue where it differs from the file; lines of the source are left out."""
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=100, include_lineno=False)
    if path.exists() and path.read_bytes() == buffer.getvalue():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(buffer.getvalue())
    return True


def update(root: Path) -> list[str]:
    """Write template and catalogues anew; return the names of those that changed."""
    entries = extract(root)
    core = core_entries(root)
    changed = []
    template_path = root / "i18n" / f"{DOMAIN}.pot"
    template = _blank(read(template_path, SOURCE))
    for entry in entries.values():
        _add(template, entry, None, copies=False)
    if write(template_path, template):
        changed.append(template_path.name)
    for locale in LOCALES:
        path = catalogue_path(root, locale)
        if write(path, merge(entries, core, read(path, locale))):
            changed.append(f"{locale}: {path.name}")
    for listed, texts in lists(root, entries, core).items():
        if not listed.exists() or listed.read_text("utf-8") != texts:
            listed.write_text(texts, "utf-8")
            changed.append(listed.name)
    return changed


def counts(root: Path, entries: Mapping[Key, Entry]) -> dict[str, int]:
    """Return how many texts there are by who says them: ``satudata`` for ours, or the package."""
    said = Counter(
        package for key, (package, _) in core_entries(root).items() if key not in entries
    )
    return {"satudata": len(entries), **dict(sorted(said.items()))}


@click.command()
@click.option("--check", "checks", is_flag=True, help="Name what is missing or wrong; end with 1.")
@click.option("--update", "updates", is_flag=True, help="Extract again, keep the translations.")
@click.option("--root", type=click.Path(path_type=Path), default=None, help="The source tree.")
def main(*, checks: bool, updates: bool, root: Path | None) -> None:
    """Keep the message catalogue complete."""
    root = root or Path(__file__).parents[4]
    if not (root / "babel.cfg").exists():
        raise click.ClickException("This needs the source tree: babel.cfg is not there.")
    if updates:
        for name in update(root):
            click.echo(f"written: {name}")
    if checks or not updates:
        entries = extract(root)
        found = check(root, entries)
        for line in found:
            click.echo(line)
        said = counts(root, entries).items()
        click.echo("Texts: " + ", ".join(f"{name} {n}" for name, n in said))
        sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
