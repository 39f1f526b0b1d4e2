"""The picture of a resource for whoever asks: the policy, the rows, the chart, its words.

Rows are read as the reader, by the DataStore's own action, which asks the policy and records. What
comes out is kept for open data only (:mod:`.kept`), and the policy is asked before it is given.
"""

from __future__ import annotations

import csv
import io
import json
import logging
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import flask

import ckan.plugins.toolkit as tk
from ckan import model

from ...access.limits import rates
from ...access.reading import serving
from ...access.reading.serving import Served
from ...agencies import registry
from ...classification.versions import storage
from ...messages import Message
from ...metadata.roles import Column, Seen, see
from ...msgids import N_
from ..web import call
from . import choices, kept, own_shapes, region_map, rendering
from .drawing import maps, places
from .drawing.charts import Chart, Kind, NoChart, Refused, Wanted
from .drawing.figure import draw
from .drawing.looks import LOOKS
from .drawing.shapes import Shapes
from .drawing.shaping import measures_of, with_unit
from .drawing.sizes import Size, about
from .drawing.words import Words
from .regions import choose

log = logging.getLogger(__name__)
MOST_ROWS = 30_000
NO_TABLE = N_("There is no table of this file, or it is not ready yet.")
TOO_LONG = N_("The table has more than %(rows)s rows: a picture of a part of it would mislead.")
NO_FIT = N_("The chart that was chosen does not fit the table any more; this is the portal's own.")
NOT_READ = N_("The portal could not make a picture of this table.")
NO_COLUMN = N_("There is no column of this name that holds quantities.")
_MEMORY, _MADE = "satudata_pictures_read", "satudata_pictures"


@dataclass(frozen=True)
class Asked:
    """What a reader asks for instead of what was chosen: a measure, or the picture as a map."""

    measure: str = ""
    map: bool = False


AS_CHOSEN = Asked()


@dataclass(frozen=True)
class Shown:
    """A picture in words; without a chart the reason stands there.

    ``specs``: the specification by look, where the picture was made just now. ``rows`` of the
    data table: a heading and cells. ``measures``: columns that may be drawn, as
    name and text; ``measure`` the one that is drawn. ``sizes``: width and height in pixels, nearly,
    of the wide and of the narrow picture. ``mappable``: the table can be shown as a map too.
    """

    title: str = ""
    sentence: str = ""
    reason: str = ""
    notes: tuple[str, ...] = ()
    heading: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, tuple[str, ...]], ...] = ()
    measures: tuple[tuple[str, str], ...] = ()
    measure: str = ""
    sizes: dict[str, Size] = field(default_factory=dict)
    specs: dict[tuple[str, str], Any] = field(default_factory=dict)
    mappable: bool = False

    @property
    def drawn(self) -> bool:
        """Tell whether there is a chart."""
        return not self.reason


def words() -> Words:
    """Return the words of the reader's language."""
    return Words(str(tk.h.lang()), tk._, tk.ungettext)


def admitted(id: str, resource_id: str) -> Served:
    """Return what is served of a resource of this dataset, to whoever may have its data.

    :raises ckan.plugins.toolkit.ObjectNotFound: there is nothing, or they may not know of it.
    :raises ckan.plugins.toolkit.NotAuthorized: with the policy's reason.
    """
    found = serving.served(resource_id)
    package = model.Package.get(id)
    if found is None or package is None or package.id != found.facts.dataset_id:
        raise serving.unknown()
    serving.admit(registry.current_actor(), found)
    return found


def record(found: Served) -> None:
    """Record or count this read, once a request."""
    done: set[str] = flask.g.setdefault(_MEMORY, set())
    if found.resource_id not in done:
        done.add(found.resource_id)
        serving.record(registry.current_actor(), found)


def columns_of(found: Served) -> list[Seen] | Message:
    """Return the columns of the table with their roles, or why there are none."""
    if found.table is None:
        return Message(NO_TABLE)
    if found.rows > MOST_ROWS:
        return Message(TOO_LONG, {"rows": MOST_ROWS})
    try:
        with serving.pinned(serving.admitted(found)):
            answer = call.call(
                "datastore_search",
                resource_id=found.resource_id,
                limit=MOST_ROWS,
                sort="_id",
                records_format="csv",
                include_total=False,
            )
    except tk.ObjectNotFound:
        return Message(NO_TABLE)  # a restored database, before its tables are made
    columns = [
        Column(f["id"], f["type"], str((f.get("info") or {}).get("label") or ""))
        for f in answer["fields"]
    ]
    records = answer["records"]
    text = records if isinstance(records, str) else "".join(records)
    # The first column is the number of the row, which CKAN adds.
    rows = [row[1:] for row in csv.reader(io.StringIO(text)) if row]
    package = model.Package.get(found.facts.dataset_id)
    unit = str((package.extras if package is not None else {}).get("satuan") or "")
    return with_unit(see(columns[1:], rows, places.find), unit)


def charted(seen: list[Seen] | Message, wanted: Wanted | None) -> tuple[Chart | NoChart, bool]:
    """Return the chart, and whether what was chosen was given up because it does not fit."""
    if isinstance(seen, Message):
        return NoChart(seen), False
    try:
        return choose(seen, wanted, own_shapes.known()), False
    except Refused:
        return choose(seen, None, own_shapes.known()), True


def shown(found: Served, asked: Asked = AS_CHOSEN) -> Shown:
    """Return the picture of a resource in words, to whoever was admitted; the read is recorded.

    :raises ckan.plugins.toolkit.ValidationError: there is no such column.
    """
    record(found)
    content = kept.get(found, _name(found, asked, "words"))
    return _read(json.loads(content)) if content else _made_new(found, asked)


def specification(
    found: Served, look: tuple[str, str], asked: Asked = AS_CHOSEN
) -> dict[str, Any] | None:
    """Return the specification of a picture, ``None`` where there is none; as :func:`shown`."""
    record(found)
    content = kept.get(found, _name(found, asked, "/".join(look)))
    return json.loads(content) if content else _made_new(found, asked).specs.get(look)


def _name(found: Served, asked: Asked, part: str) -> str:
    """Return the name under which a part of a picture is kept: all that it depends on."""
    wanted = choices.chosen(found.resource_id)
    package = model.Package.get(found.facts.dataset_id)
    changed = package.metadata_modified if package is not None else None
    chosen = asdict(wanted) if wanted else None
    ready = found.table is not None
    drawn_by = (chosen, asdict(asked), own_shapes.known().digest)
    return kept.name_of(part, str(tk.h.lang()), *drawn_by, _source(found), changed, ready)


def _made_new(found: Served, asked: Asked) -> Shown:
    """Make a picture out of the rows, once a request, and keep it."""
    made: dict[tuple[str, Asked], Shown] = flask.g.setdefault(_MADE, {})
    key = (found.resource_id, asked)
    if key not in made:
        wanted, said, source = choices.chosen(found.resource_id), words(), _source(found)
        try:
            picture = _mapped(found, said, source) if is_geographic(found) else None
            picture = picture or _drawn_from_rows(found, said, source, wanted, asked)
        except (ArithmeticError, LookupError, TypeError, ValueError):
            # A table of a shape that nobody thought of must not take its page away.
            log.exception("no picture of version %s", found.version_id)
            return Shown(reason=tk._(NOT_READ))
        text = json.dumps(asdict(replace(picture, specs={})))
        kept.put(found, _name(found, asked, "words"), text.encode())
        for look, spec in picture.specs.items():
            kept.put(found, _name(found, asked, "/".join(look)), json.dumps(spec).encode())
        made[key] = picture
    return made[key]


def is_geographic(found: Served) -> bool:
    """Tell whether the file says by its name that it holds shapes."""
    return found.filename.casefold().endswith(".geojson")


def _drawn_from_rows(
    found: Served, said: Words, source: list[str], wanted: Wanted | None, asked: Asked
) -> Shown:
    seen, shapes = columns_of(found), own_shapes.known()
    stale = False
    if isinstance(seen, Message):
        answer: Chart | NoChart = NoChart(seen)
    elif asked.measure and not _measures(seen, asked.measure):
        raise tk.ValidationError({"ukuran": [tk._(NO_COLUMN)]})
    elif asked.map:
        answer = _as_map(seen, _map_wanted(wanted, asked.measure), shapes)
    elif asked.measure and (wanted is None or asked.measure != wanted.measure):
        answer = choose(seen, Wanted(measure=asked.measure), shapes)
    else:
        answer, stale = charted(seen, wanted)
        if isinstance(answer, NoChart):
            spread = maps.of_table(seen)
            if spread is not None:
                return _made_map(spread, said, source)
    made = _made(answer, said, source, stale=stale)
    if isinstance(seen, Message) or (isinstance(answer, Chart) and answer.kind is Kind.MAP):
        return made
    mappable = isinstance(_as_map(seen, _map_wanted(wanted, asked.measure), shapes), Chart)
    return replace(made, mappable=mappable)


def _measures(seen: list[Seen], name: str) -> bool:
    """Tell whether a column may be asked for; where there is no measure at all, any may."""
    names = {m.name for m in measures_of(seen)}
    return not names or name in names


def _map_wanted(wanted: Wanted | None, measure: str) -> Wanted:
    """Return the map that a reader asks for: of the measure that was chosen, or of another."""
    same = wanted is not None and measure in ("", wanted.measure)
    if wanted is not None and same and wanted.kind == Kind.MAP:
        return wanted
    return Wanted(kind=Kind.MAP, measure=measure or (wanted.measure if wanted is not None else ""))


def _as_map(seen: list[Seen], wanted: Wanted, shapes: Shapes) -> Chart | NoChart:
    try:
        return choose(seen, wanted, shapes)
    except Refused as problem:
        return NoChart(problem.why)


def _mapped(found: Served, said: Words, source: list[str]) -> Shown | None:
    """Return the map of a geographic file, as it was approved."""
    try:
        with storage.open_file(str(found.sha256)) as stream:
            content = stream.read(maps.MOST_BYTES + 1)
        return _made_map(maps.read(content), said, source)
    except FileNotFoundError:
        return None
    except maps.NoMap as problem:
        return Shown(reason=said.note(problem.why))


def _made_map(map: maps.Map, said: Words, source: list[str]) -> Shown:
    table = maps.table(map, said)
    title = tk._(maps.MAP) % {"name": source[0].partition(": ")[2]}
    specs = {k: maps.draw(map, said, look, title, source) for k, look in LOOKS.items()}
    return Shown(
        title=title,
        sentence=maps.sentence(map, said),
        notes=tuple(maps.notes(map, said)),
        heading=table.heading,
        columns=tuple(table.columns),
        rows=tuple((heading, tuple(cells)) for heading, cells in table.rows),
        sizes=_sizes(specs),
        specs=specs,
    )


def _made(answer: Chart | NoChart, said: Words, source: list[str], *, stale: bool) -> Shown:
    if isinstance(answer, NoChart):
        return Shown(reason=said.note(answer.reason))
    table = said.table(answer)
    notes = said.notes(answer)
    if stale:
        notes.insert(0, tk._(NO_FIT))
    drawn = answer.columns[0]
    shapes = own_shapes.known()
    specs = {
        k: region_map.draw(answer, shapes, said, look, source)
        if answer.kind is Kind.MAP
        else draw(answer, said, look, source)
        for k, look in LOOKS.items()
    }
    return Shown(
        title=said.title(answer),
        sentence=said.sentence(answer),
        notes=tuple(notes),
        heading=table.heading,
        columns=tuple(table.columns),
        rows=tuple((heading, tuple(cells)) for heading, cells in table.rows),
        measures=tuple((name, text) for name, text in answer.measures),
        measure=drawn[0] if drawn else "",
        sizes=_sizes(specs),
        specs=specs,
    )


def _sizes(specs: dict[tuple[str, str], Any]) -> dict[str, Size]:
    return {size: about(spec) for (_, size), spec in specs.items()}


def _read(kept_: dict[str, Any]) -> Shown:
    kept_["rows"] = tuple((heading, tuple(cells)) for heading, cells in kept_["rows"])
    for name in ("notes", "columns", "measures"):
        kept_[name] = tuple(tuple(v) if isinstance(v, list) else v for v in kept_[name])
    return Shown(**kept_)


def _source(found: Served) -> list[str]:
    """Return the lines that say where the numbers come from."""
    package = model.Package.get(found.facts.dataset_id)
    agency = registry.agency(found.facts.owner_org) if found.facts.owner_org else None
    titles = [str(package.title or package.name) if package is not None else ""]
    titles += [agency.title] if agency is not None else []
    return [tk._("Source: %(source)s") % {"source": ", ".join(t for t in titles if t)}]


def drawn(found: Served, spec: dict[str, Any], format: str) -> bytes:
    """Return a picture as SVG or PNG.

    :raises .rendering.NotDrawn: it could not be drawn now.
    """
    language = str(tk.h.lang())
    name = kept.name_of(format, language, spec)
    content = kept.get(found, name)
    if content is None:
        rates.admit("pictures")
        content = rendering.rendered(spec, format, language)
        kept.put(found, name, content)
    return content
