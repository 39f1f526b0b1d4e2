"""The list against the schema: what is wrong, in which row and column, and what to do. Pure.

Spellings are folded to the value that is certainly meant, and that is told; of the three axes
nothing is ever guessed (``schemas/classification.yaml``: an unknown value is refused).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..classification.records import naming
from ..classification.rules.axes import Axes, classification
from ..classification.rules.conditions import why_not_allowed
from ..disclosure import misleading
from ..messages import Message, Translate
from ..metadata import codes, completeness, formats
from ..msgids import N_, bare
from . import fields as known
from . import words
from .fields import FILE, FILE_ABOUT, FILE_FORMAT, FILE_NAME, KEY, Field
from .reading import Manifest, Row
from .remarks import Remark, at, of_row

WRITTEN: Mapping[str, Callable[[str], str]] = {
    "satudata_years": formats.stored_years,
    "satudata_date": formats.stored_date,
    "satudata_mailbox": formats.stored_mailbox,
}
"""Presets whose values have a form, and what gives the form."""
_ADDRESS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_")
_SHORTEST, _ENDING = 2, 8
_FEW = 20
"""Of so many allowed words all are named: a likeness of spelling says nothing of what is meant."""
_IGNORED = frozenset({"no", "nomor", "nourut", "catatan"})
"""Headings (folded) of columns that lists have for themselves."""

LEFT_OUT = N_("No field is called “%(heading)s”; this column is not taken.")
RENAME = N_("If “%(nearest)s” is meant, name the column so. Else leave it as it is.")
EMPTY = N_("“%(field)s” is empty.")
FILL = N_("Fill in this cell.")
FILL_BEFORE_SUBMITTING = N_("Fill it in before the dataset is submitted.")
NOT_A_LINE = N_("This line is not a JSON object.")
MEND_LINE = N_("Write one object in braces on each line.")
UNKNOWN = N_("“%(value)s” is not known for “%(field)s”.")
NEAREST = N_("The nearest is %(nearest)s. Write that if it is meant.")
CHOOSE = N_("Write one of: %(known)s.")
OTHER_NAME = N_("“%(value)s”: this code and this name do not belong together.")
TAKEN_AS = N_("“%(value)s” was read as %(nearest)s.")
CHECK_IT = N_("Nothing to do if that is right.")
MALFORMED = N_("“%(value)s” cannot stand under “%(field)s”.")
TWICE = N_("Row %(row)s describes the same dataset.")
ONE_ROW = N_("Keep one of the two rows, or give each a key or a title of its own.")
BAD_ADDRESS = N_("“%(value)s” cannot be an address on the portal.")
ADDRESS = N_("Write “%(right)s”, or leave the cell empty: an address is made from the title.")
NO_FILE = N_("There is no file “%(value)s”.")
PUT_FILE = N_("Put it into the folder of the list, or mend its name.")
NEAR_FILE = N_("There is “%(nearest)s”. Write that if it is meant.")
OUTSIDE = N_("“%(value)s” is no data file in the folder of the list.")
PUT_INSIDE = N_("Put the file into the folder of the list and name it from there.")
NOTHING_IN_IT = N_("The file “%(value)s” is empty (0 bytes).")
SAVE_ANEW = N_("Save the file anew in the program that made it.")
OTHER_CONTENT = N_("The content of “%(value)s” is not what its ending says.")
KEEPS_NO_FILES = N_("At the level “%(level)s” no file may be stored.")
DESCRIBE_ONLY = N_("Empty this cell; the dataset is described without a file.")
NO_AXIS = N_("“%(field)s” was not proposed.")


@dataclass(frozen=True)
class File:
    """A file of a dataset, as the list names it."""

    path: Path
    name: str = ""
    about: str = ""
    format: str = ""


@dataclass(frozen=True)
class Dataset:
    """What a row asks for, in the values that are stored."""

    row: int
    key: str
    fields: Mapping[str, str]
    files: tuple[File, ...] = ()

    @property
    def address(self) -> str:
        """Its name on the portal."""
        return self.fields["name"]

    @property
    def named(self) -> bool:
        """Whether the row names its address: then something else may stand there as well."""
        return self.address != address(self.fields["owner_org"], self.fields["title"], self.key)


@dataclass(frozen=True)
class Checked:
    """The datasets without a fault, and what is to be said of every row."""

    datasets: tuple[Dataset, ...]
    remarks: tuple[Remark, ...]

    @property
    def faulty(self) -> set[int]:
        """The rows with a fault."""
        return {each.row for each in self.remarks if each.fault}


@dataclass(frozen=True)
class Surroundings:
    """What a list is checked against beside the schema."""

    agencies: Mapping[str, str] | None = None
    """Name → title of the agencies that may be published for; ``None``: nobody asked a portal."""
    licences: Mapping[str, str] | None = None
    """Id → title, likewise."""
    submit: bool = False
    """Whether the datasets shall be submitted: what that needs is a fault then."""
    closed: frozenset[Path] = frozenset()
    """Files that no list may bring, such as the one with the token."""
    secret: str = ""
    """The token: no file may hold it."""
    translate: Translate = str


def address(agency: str, title: str, key: str) -> str:
    """Return a name for a dataset that has none: the same whenever the same row is read.

    So a run that was ended finds what it made. The portal's own names end at random, because an
    ending given only where a name is taken tells that it is; this one is always given.
    """
    code, ending = naming.code_of(agency), hashlib.sha256(key.encode()).hexdigest()[:_ENDING]
    room = naming.LONGEST - len(code) - len(ending) - 2
    words = known.slug(title)[:room].strip("-")
    return "-".join(part for part in (code, words, ending) if part)


def check(manifest: Manifest, around: Surroundings) -> Checked:
    """Check a list, row by row."""
    remarks = list(_unknown_columns(manifest))
    datasets: dict[str, Dataset] = {}
    rows: dict[str, int] = {}
    for row in manifest.rows:
        told: list[Remark] = []
        made = Reader(manifest, row, around, told).dataset()
        if made:
            names = (f"key {made.key}", f"name {made.address}")
            first = next((rows[name] for name in names if name in rows), None)
            if first is not None:
                what = Message(TWICE, {"row": first})
                told.append(of_row(manifest, row, "twice", what, ONE_ROW))
            elif not any(each.fault for each in told):
                datasets[made.key] = made
            for name in names:
                rows.setdefault(name, row.number)
        remarks += told
    return Checked(tuple(datasets.values()), tuple(remarks))


def _unknown_columns(manifest: Manifest) -> Iterator[Remark]:
    for column in manifest.columns:
        if column.field or known.folded(column.heading) in _IGNORED:
            continue
        todo = Message(CHECK_IT)
        if column.nearest:
            todo = Message(RENAME, {"nearest": Message(known.label(column.nearest))})
        what = Message(LEFT_OUT, {"heading": column.heading})
        yield Remark(manifest.head, column.letter, "", "column_left_out", what, todo, fault=False)


class Reader:
    """Reads one row."""

    def __init__(
        self, manifest: Manifest, row: Row, around: Surroundings, told: list[Remark]
    ) -> None:
        """Take a row, and where to put what is to be said of it."""
        self._manifest, self._row, self._around, self._told = manifest, row, around, told

    def _say(
        self, field: str, code: str, what: Message, todo: Message | str, *, fault: bool = True
    ) -> None:
        self._told.append(at(self._manifest, self._row, field, code, what, todo, fault=fault))

    def dataset(self) -> Dataset | None:
        """Return what the row asks for; ``None`` where it says too little to name a dataset."""
        if self._row.broken:
            what = Message(NOT_A_LINE)
            self._told.append(of_row(self._manifest, self._row, "not_json", what, MEND_LINE))
            return None
        values: dict[str, str] = {}
        for name, given in self._row.cells.items():
            field = known.fields().get(name)
            if field is not None:
                stored = self.value(field, given)
                if stored is not None:
                    values[name] = stored
        self._complete(values)
        self._axes(values)
        files = tuple(self._files(values))
        if not values.get("title") or not values.get("owner_org"):
            return None
        key = self._row.cells.get(KEY) or self._row.cells.get("name")
        key = key or f"{known.folded(values['owner_org'])}/{known.folded(values['title'])}"
        self._address(values, key)
        return Dataset(self._row.number, key, values, files)

    # ---------------------------------------------------------------------------- values

    def value(self, field: Field, given: str) -> str | None:
        """Return a value as it is stored; ``None`` where it cannot be."""
        if given in field.empty_values:
            return None
        if field.name == "owner_org":
            return self._listed(field, given, self._around.agencies)
        if field.name == "license_id":
            return self._listed(field, given, self._around.licences)
        if field.choices is not None:
            return self._listed(field, given, field.choices, exact=field.is_axis)
        if field.codes:
            return self._code(field, given)
        rule = WRITTEN.get(field.preset)
        if rule is None:
            return given
        try:
            return rule(given)
        except formats.Malformed as problem:
            what = Message(MALFORMED, {"value": given[:80], "field": Message(field.label)})
            self._say(field.name, problem.code, what, Message(formats.WORDS[problem.code]))
            return None

    def _listed(
        self, field: Field, given: str, values: Mapping[str, str] | None, *, exact: bool = False
    ) -> str | None:
        if values is None or given in values:
            return given
        names: list[tuple[str, str]] = []
        for value, text in values.items():
            names += [(value, value), (bare(text), value)]
            # Downloaded in one language, a sheet may be brought in another.
            spoken = {bare(words.translation(each)(text)) for each in words.LANGUAGES}
            names += [(text, value) for text in {*spoken, bare(self._around.translate(text))}]
        return self._nearest(field, given, names, values, exact=exact)

    def _code(self, field: Field, given: str) -> str | None:
        listed = codes.code_list(field.codes)
        if listed.get(given):
            return given
        if field.codes == "wilayah":
            found = codes.find_region(given)
            if found is not None:
                return found.code
        first, _blank, rest = given.strip().partition(" ")
        named = listed.get(first)
        if named is not None and rest.strip():
            return self._with_name(field, given, named, rest)
        names = []
        for code in listed.codes.values():
            called = (code.label, code.english, *code.aliases, _digits(code.code))
            names += [(text, code.code) for text in called if text]
        labels = {code.code: code.label for code in listed.codes.values()}
        if not given.replace(".", "").replace(",", "").isdigit():
            return self._nearest(field, given, names, labels)
        return self._nearest(field, _digits(given), names, labels, shown=given, exact=True)

    def _with_name(self, field: Field, given: str, code: codes.Code, name: str) -> str | None:
        """Return a code that stands with its name, as the sheet writes it."""
        wanted = known.folded(name)
        if any(known.folded(each) == wanted for each in (code.label, code.english, *code.aliases)):
            return code.code
        others = codes.code_list(field.codes).codes.values()
        meant = [code, *(each for each in others if known.folded(each.label) == wanted)][:_FEW]
        todo = Message(CHOOSE, {"known": [f"{each.code} {each.label}" for each in meant]})
        self._say(field.name, "unknown_value", Message(OTHER_NAME, {"value": given[:80]}), todo)
        return None

    def _nearest(
        self,
        field: Field,
        given: str,
        names: Iterable[tuple[str, str]],
        labels: Mapping[str, str],
        *,
        shown: str = "",
        exact: bool = False,
    ) -> str | None:
        """Return the value that is meant, and say what was taken for what."""
        names = list(names)
        found, sure = known.nearest(given, names)
        same = found is not None and any(
            known.folded(text) == known.folded(given) for text, value in names if value == found
        )
        params = {"value": (shown or given)[:80], "field": Message(field.label)}
        if found is not None and sure and (same or not exact):
            if not same or shown:
                params["nearest"] = _told(found, labels)
                self._say(field.name, "taken_as", Message(TAKEN_AS, params), CHECK_IT, fault=False)
            return found
        if found is not None and len(labels) > _FEW:
            todo = Message(NEAREST, {"nearest": _told(found, labels)})
        elif field.choices and not field.is_axis:
            todo = Message(CHOOSE, {"known": [Message(text) for text in labels.values()]})
        else:
            most = [_told(value, labels) for value in list(labels)[:_FEW]]
            todo = Message(CHOOSE, {"known": most})
        self._say(field.name, "unknown_value", Message(UNKNOWN, params), todo)
        return None

    # ------------------------------------------------------------------------- the whole

    def _complete(self, values: Mapping[str, str]) -> None:
        for name, field in known.fields().items():
            if name in values or any(r.field == name and r.fault for r in self._told):
                continue
            always = name in ("title", "owner_org")
            wanted = always or field.needed
            if wanted and completeness.is_empty(values.get(name), field.empty_values):
                fault = always or self._around.submit
                todo = FILL if fault else FILL_BEFORE_SUBMITTING
                what = Message(EMPTY, {"field": Message(field.label)})
                self._say(name, "empty", what, todo, fault=fault)
            elif field.is_axis and self._around.submit:
                what = Message(NO_AXIS, {"field": Message(field.label)})
                self._say(name, "empty", what, FILL)

    def _axes(self, values: Mapping[str, str]) -> None:
        why = why_not_allowed(Axes.of(values), classification())
        if why is not None:
            self._say("tingkat_keamanan", "combination", why, CHOOSE_OTHER)

    def _address(self, values: dict[str, str], key: str) -> None:
        code = naming.code_of(values["owner_org"])
        given = values.get("name")
        if given is None:
            values["name"] = address(values["owner_org"], values["title"], key)
            return
        right = f"{code}-{known.slug(given)}"[: naming.LONGEST]
        begins = given.startswith(f"{code}-") or self._around.agencies is None
        if not begins or set(given) - _ADDRESS or not _SHORTEST <= len(given) <= naming.LONGEST:
            what = Message(BAD_ADDRESS, {"value": given[:80]})
            self._say("name", "bad_address", what, Message(ADDRESS, {"right": right}))

    # ------------------------------------------------------------------------------ files

    def _files(self, values: Mapping[str, str]) -> Iterator[File]:
        named = list(self._row.files)
        if not named:
            cells = self._row.cells
            paths = [p.strip() for p in cells.get(FILE, "").replace(";", "\n").splitlines()]
            alone = len(list(filter(None, paths))) == 1
            about = (FILE_NAME, FILE_ABOUT, FILE_FORMAT) if alone else ()
            more = {name: cells[name] for name in about if name in cells}
            named = [{FILE: path, **more} for path in paths if path]
        level = values.get("tingkat_keamanan")
        rules = classification()
        if named and level in rules.levels and not rules.levels[level].stores_files:
            shown = Message(rules.label("tingkat_keamanan", level))
            what = Message(KEEPS_NO_FILES, {"level": shown})
            self._say(FILE, "no_files_here", what, DESCRIBE_ONLY)
        for each in named:
            path = self._path(each.get(FILE, ""))
            if path is not None:
                name, about = each.get(FILE_NAME, ""), each.get(FILE_ABOUT, "")
                yield File(path, name or path.stem, about, each.get(FILE_FORMAT, ""))

    def _path(self, given: str) -> Path | None:
        """Return where a file stands: in the folder of the list or below, nowhere else.

        A list may come from somebody else; it shall not bring what it likes of this computer.
        """
        folder = self._manifest.folder.resolve()
        params = {"value": given[:200]}
        try:
            path = (folder / given.replace("\\", "/")).resolve()
            inside = path.is_relative_to(folder) and not self._kept_back(path, folder)
            size = path.stat().st_size if inside and path.is_file() else None
            head = path.open("rb").read(misleading.HEAD) if size else b""
        except (OSError, ValueError):
            inside, size, head, path = True, None, b"", folder
        if not inside or (self._around.secret and self._around.secret.encode() in head):
            self._say(FILE, "outside", Message(OUTSIDE, params), PUT_INSIDE)
        elif size is None or not given:
            self._say(FILE, "no_file", Message(NO_FILE, params), self._like(folder, given))
        elif not size:
            self._say(FILE, "nothing_in_it", Message(NOTHING_IN_IT, params), SAVE_ANEW)
        elif misleading.misleads(head, path.name) is not None:
            self._say(FILE, "other_content", Message(OTHER_CONTENT, params), SAVE_ANEW)
        else:
            return path
        return None

    def _kept_back(self, path: Path, folder: Path) -> bool:
        """Tell whether a file of the folder is none that a list may name.

        Files that begin with a dot are settings of programs, some of them passwords.
        """
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        own = self._manifest.path.resolve()
        beside = path.parent == own.parent and path.name.startswith(f"{own.name}.satudata-")
        return hidden or beside or path == own or path in self._around.closed

    @staticmethod
    def _like(folder: Path, given: str) -> Message:
        """Say which file is called nearly so."""
        near = (folder / given.replace("\\", "/")).parent
        try:
            inside = near.resolve().is_relative_to(folder)
            names = sorted(p.name for p in near.iterdir() if p.is_file()) if inside else []
        except (OSError, ValueError):
            names = []
        found, sure = known.nearest(Path(given).name, [(name, name) for name in names])
        if found and sure:
            return Message(NEAR_FILE, {"nearest": found})
        return Message(PUT_FILE)


CHOOSE_OTHER = N_("Propose another combination, or leave the three cells empty.")


def _told(value: str, labels: Mapping[str, str]) -> Message | str:
    text = labels.get(value, "")
    if not text or text == value:
        return value
    return Message("%(value)s (%(label)s)", {"value": value, "label": Message(text)})


def _digits(text: str) -> str:
    """Return a code without zeros that a spreadsheet drops: 2.1 for 2.10, 1.2 never for 1.02."""
    first, dot, rest = text.replace(",", ".").partition(".")
    parts = rest.split(".")
    if dot and len(parts) == 1:
        return f"{int(first) if first.isdigit() else first}.{parts[0].rstrip('0')}."
    return text
