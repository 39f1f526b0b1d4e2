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

from ... import config
from ...access.limits import rates
from ...access.reading import serving
from ...access.reading.serving import Served
from ...agencies import registry
from ...classification.rules import variables
from ...messages import Message
from ...metadata.roles import Column, Seen, see
from ...msgids import N_
from ..web import call
from . import (
    choices,
    geographic_files,
    kept,
    narrowing,
    own_shapes,
    point_map,
    region_map,
    rendering,
)
from .drawing import maps, places
from .drawing.charts import Chart, Kind, NoChart, Refused, Wanted
from .drawing.figure import draw, pointable
from .drawing.looks import LOOKS
from .drawing.shapes import Shapes
from .drawing.shaping import led_by_title, measures_of, period_of_name, with_unit
from .drawing.sizes import Size, about
from .drawing.words import Words
from .regions import NO_PERIOD, choose, key_of, mapped

log = logging.getLogger(__name__)
MOST_ROWS = 30_000
NO_TABLE = N_("There is no table of this file, or it is not ready yet.")
TOO_LONG = N_("The table has more than %(rows)s rows: a picture of a part of it would mislead.")
NO_FIT = N_("The chart that was chosen does not fit the table any more; this is the portal's own.")
NOT_READ = N_("The portal could not make a picture of this table.")
MADE_UP = N_("Contoh: these figures are made up and no official ones.")
NO_COLUMN = N_("There is no column of this name that holds quantities.")
NO_REGION = N_("The table has no rows of this region.")
BUSY = N_("The portal is drawing much at this moment. Try again in a minute.")
UNREADABLE = (ArithmeticError, LookupError, TypeError, ValueError)
"""What a table of a shape that nobody thought of ends in: it must not take its page away."""
_MEMORY, _MADE = "satudata_pictures_read", "satudata_pictures"
_ROWS, _HAS = "satudata_picture_rows", "satudata_picture_has"


@dataclass(frozen=True)
class Asked:
    """What a reader asks for instead of what was chosen: a measure, a map, a region, a period."""

    measure: str = ""
    map: bool = False
    period: str = ""
    region: str = ""


AS_CHOSEN = Asked()


@dataclass(frozen=True)
class Has:
    """What may be asked for of a table: codes of regions, periods by their addresses, columns.

    ``mapped``: the periods that a map may show. ``measure`` and ``map``: the column that is drawn
    where none is asked for. ``stale``: what was chosen does not fit.
    """

    regions: list[str]
    periods: list[str]
    mapped: list[str]
    measures: list[str]
    measure: str
    map: str
    stale: bool


@dataclass(frozen=True)
class Shown:
    """A picture in words; without a chart the reason stands there.

    ``specs``: the specification by look, where the picture was made just now. ``rows`` of the
    data table: a heading and cells. ``measures``: columns that may be drawn, as
    name and text; ``measure`` the one that is drawn. ``sizes``: width and height in pixels, nearly,
    of the wide and of the narrow picture. ``mappable``: the table can be shown as a map too.
    ``regions``: of a map, the code of each region by its heading in the data table.
    ``periods``: those that it may show, as the address names them and in words; ``period`` its own.
    ``shapes``: they are those of a file, or places of a table, on a map.
    ``places``: the regions that it may show alone, by code and name; ``place`` its own.
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
    regions: dict[str, str] = field(default_factory=dict)
    periods: tuple[tuple[str, str], ...] = ()
    period: str = ""
    places: tuple[tuple[str, str], ...] = ()
    place: str = ""
    shapes: bool = False

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
        serving.record(registry.current_actor(), found, shown=True)


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
    personal = _personal(found)
    # The first column is the number of the row, which CKAN adds.
    at = [
        n
        for n, column in enumerate(columns)
        if n and not variables.is_among(personal, column.name, column.label)
    ]
    records = answer["records"]
    text = records if isinstance(records, str) else "".join(records)
    rows = [[row[n] for n in at] for row in csv.reader(io.StringIO(text)) if row]
    package = model.Package.get(found.facts.dataset_id)
    unit = str((package.extras if package is not None else {}).get("satuan") or "")
    seen = see([columns[n] for n in at], rows, places.find)
    return led_by_title(with_unit(seen, unit), str((package and package.title) or ""))


def _personal(found: Served) -> frozenset[str]:
    """Return the columns that the dictionary calls personal: no picture shows one, to nobody."""
    return variables.personal_in(found.facts.dataset_id)


def charted(seen: list[Seen] | Message, wanted: Wanted | None) -> tuple[Chart | NoChart, bool]:
    """Return the chart, and whether what was chosen was given up because it does not fit."""
    if isinstance(seen, Message):
        return NoChart(seen), False
    try:
        return choose(seen, wanted, own_shapes.known()), False
    except Refused:
        return choose(seen, None, own_shapes.known()), True


def shown(found: Served, asked: Asked = AS_CHOSEN, *, counted: bool = True) -> Shown:
    """Return the picture of a resource in words, to whoever was admitted; the read is recorded.

    :param counted: whether making it anew counts for the address that asks, which may be refused.
    :raises ckan.plugins.toolkit.ValidationError: there is no such column.
    """
    record(found)
    try:
        asked = _resolved(found, asked, counted=counted)
    except UNREADABLE:
        log.exception("no picture of version %s", found.version_id)
        return Shown(reason=tk._(NOT_READ))
    content = kept.get(found, _name(found, asked, "words"))
    return _read(json.loads(content)) if content else _made_new(found, asked, counted=counted)


def specification(
    found: Served, look: tuple[str, str], asked: Asked = AS_CHOSEN
) -> dict[str, Any] | None:
    """Return the specification of a picture, ``None`` where there is none; as :func:`shown`."""
    record(found)
    try:
        asked = _resolved(found, asked, counted=True)
    except UNREADABLE:
        log.exception("no picture of version %s", found.version_id)
        return None
    content = kept.get(found, _name(found, asked, "/".join(look)))
    if content:
        return json.loads(content)
    return _made_new(found, asked, counted=True).specs.get(look)


def _resolved(found: Served, asked: Asked, *, counted: bool) -> Asked:
    """Return what is asked, as it is kept: checked by what the table has, before it is read.

    What is drawn anyway is not asked for, so that it is kept once and stays as it was chosen.

    :raises ckan.plugins.toolkit.ValidationError: the table has no such thing.
    """
    if geographic_files.kind_of(found):
        _refuse(region=asked.region, period=asked.period, measure=asked.measure)
        return AS_CHOSEN
    if not (asked.measure or asked.region or asked.period):
        return asked
    has = _has(found, counted=counted)
    if has is None:
        return AS_CHOSEN  # there is no table, and nothing to choose from
    _refuse(
        region=asked.region not in has.regions and asked.region,
        period=asked.period not in (has.mapped if asked.map else has.periods) and asked.period,
        measure=asked.measure not in has.measures and asked.measure,
    )
    same = asked.measure == (has.map if asked.map else has.measure)
    return replace(asked, measure="") if same else asked


def _refuse(*, region: object, period: object, measure: object) -> None:
    """Refuse what a table does not have.

    :raises ckan.plugins.toolkit.ValidationError: one of them is asked for.
    """
    if region:
        raise tk.ValidationError({"wilayah": [tk._(NO_REGION)]})
    if period:
        raise tk.ValidationError({"periode": [tk._(NO_PERIOD)]})
    if measure:
        raise tk.ValidationError({"ukuran": [tk._(NO_COLUMN)]})


def _has(found: Served, *, counted: bool) -> Has | None:
    """Return what may be asked for of a table, ``None`` where there is no table."""
    if found.table is None:
        return None
    known: dict[str | None, Has] = flask.g.setdefault(_HAS, {})
    if found.version_id not in known:
        name = _name(found, AS_CHOSEN, "has")
        content = kept.get(found, name)
        if content:
            return Has(**json.loads(content))
        seen = _table(found, counted=counted)
        if isinstance(seen, Message):
            return None
        known[found.version_id] = _of_table(seen, choices.chosen(found.resource_id))
        kept.put(found, name, json.dumps(asdict(known[found.version_id])).encode())
    return known[found.version_id]


def _of_table(seen: list[Seen], wanted: Wanted | None) -> Has:
    measures = [m.name for m in measures_of(seen)]
    answer, stale = charted(seen, wanted)
    mapped_ = _as_map(seen, _map_wanted(seen, wanted, ""), own_shapes.known())
    table = narrowing.Table(seen)
    of_columns = (period_of_name(m.column) for m in measures_of(seen))
    return Has(
        regions=list(table.regions),
        periods=list(table.periods),
        mapped=[*table.timed, *(key_of(p) for p in of_columns if p is not None)],
        measures=measures,
        measure=_measure_of(answer) or next(iter(measures), ""),
        map=_measure_of(mapped_),
        stale=stale,
    )


def _measure_of(answer: Chart | NoChart) -> str:
    return next(iter(answer.columns[0]), "") if isinstance(answer, Chart) else ""


def _table(found: Served, *, counted: bool) -> list[Seen] | Message:
    """Return the columns of the table, read once a request: it costs much, and has its place."""
    read: dict[str | None, list[Seen] | Message] = flask.g.setdefault(_ROWS, {})
    if found.version_id not in read:
        if counted:
            rates.admit("pictures")
        read[found.version_id] = columns_of(found)
    return read[found.version_id]


def _name(found: Served, asked: Asked, part: str) -> str:
    """Return the name under which a part of a picture is kept: all that it depends on."""
    wanted = choices.chosen(found.resource_id)
    package = model.Package.get(found.facts.dataset_id)
    changed = package.metadata_modified if package is not None else None
    chosen = asdict(wanted) if wanted else None
    ready = found.table is not None
    without = sorted(_personal(found))
    drawn_by = (chosen, asdict(asked), own_shapes.known().digest, without)
    return kept.name_of(part, str(tk.h.lang()), *drawn_by, _source(found), changed, ready)


def _made_new(found: Served, asked: Asked, *, counted: bool) -> Shown:
    """Make a picture out of the rows, once a request, and keep it."""
    made: dict[tuple[str, Asked], Shown] = flask.g.setdefault(_MADE, {})
    key = (found.resource_id, asked)
    if key not in made:
        if counted:
            rates.admit("pictures")
        said, source = words(), _source(found)
        try:
            kind = geographic_files.kind_of(found)
            picture = _mapped(found, kind, said, source) if kind is not None else None
            picture = picture or _drawn_from_rows(found, said, source, asked)
        except rendering.Busy:
            return Shown(reason=tk._(BUSY))
        except UNREADABLE:
            log.exception("no picture of version %s", found.version_id)
            return Shown(reason=tk._(NOT_READ))
        text = json.dumps(asdict(replace(picture, specs={})))
        kept.put(found, _name(found, asked, "words"), text.encode())
        for look, spec in picture.specs.items():
            kept.put(found, _name(found, asked, "/".join(look)), json.dumps(spec).encode())
        made[key] = picture
    return made[key]


def _drawn_from_rows(found: Served, said: Words, source: list[str], asked: Asked) -> Shown:
    seen, shapes = _table(found, counted=False), own_shapes.known()
    if isinstance(seen, Message):
        return made_of(NoChart(seen), said, source, stale=False)
    wanted, table = choices.chosen(found.resource_id), narrowing.Table(seen)
    stale, measure = False, asked.measure
    answer: Chart | NoChart
    if asked.map:
        answer = _as_map(seen, _map_wanted(seen, wanted, measure), shapes, asked.period)
        _refuse(
            region="",
            period=isinstance(answer, NoChart) and answer.reason.msgid == NO_PERIOD,
            measure="",
        )
    elif asked.region or asked.period:
        has = _has(found, counted=False) or _of_table(seen, wanted)
        stale, measure = has.stale and not measure, measure or has.measure
        answer = table.chart(measure, asked.region, asked.period)
    elif measure:
        answer = choose(seen, Wanted(measure=asked.measure), shapes)
    else:
        answer, stale = charted(seen, wanted)
        if isinstance(answer, NoChart):
            spread = maps.of_table(seen)
            if spread is not None:
                return _made_map(spread, said, source)
    made = made_of(answer, said, source, stale=stale)
    if isinstance(answer, Chart) and answer.kind is Kind.MAP:
        return made
    mappable = isinstance(_as_map(seen, _map_wanted(seen, wanted, asked.measure), shapes), Chart)
    measure = measure or made.measure or next((m.name for m in measures_of(seen)), "")
    made = replace(made, mappable=mappable, measure=measure)
    return _with_parts(made, table, said, asked)


def _with_parts(made: Shown, table: narrowing.Table, said: Words, asked: Asked) -> Shown:
    """Say which measures, regions and periods may be asked for alone, also where none is drawn."""
    regions, periods = table.offered(made.measure)
    # What was asked for is named, though it draws nothing.
    places = [(c, one.place.name) for c, one in table.regions.items()
              if c in regions or c == asked.region]  # fmt: skip
    times = [(key, said.value(value)) for key, value in table.periods.items()
             if key in periods or key == asked.period]  # fmt: skip
    return replace(
        made,
        measures=tuple((m.name, m.column.shown) for m in measures_of(table.seen)),
        places=tuple(places),
        place=asked.region,
        periods=tuple(times),
        period=asked.period,
    )


def _map_wanted(seen: list[Seen], wanted: Wanted | None, measure: str) -> Wanted:
    """Return the map that a reader asks for: of the measure that was chosen, or of another.

    One that was chosen and is no column any more is not asked for.
    """
    if wanted is not None and wanted.measure and wanted.measure not in {s.name for s in seen}:
        wanted = None
    same = wanted is not None and measure in ("", wanted.measure)
    if wanted is not None and same and wanted.kind == Kind.MAP:
        return wanted
    return Wanted(kind=Kind.MAP, measure=measure or (wanted.measure if wanted is not None else ""))


def _as_map(seen: list[Seen], wanted: Wanted, shapes: Shapes, period: str = "") -> Chart | NoChart:
    try:
        return mapped(seen, wanted, shapes, period)
    except Refused as problem:
        return NoChart(problem.why)


def _mapped(found: Served, kind: str, said: Words, source: list[str]) -> Shown | None:
    """Return the map of a geographic file, as it was approved."""
    try:
        return _made_map(geographic_files.map_of(found, kind), said, source)
    except FileNotFoundError:
        return None
    except maps.NoMap as problem:
        return Shown(reason=said.note(problem.why))


def _made_map(map: maps.Map, said: Words, source: list[str]) -> Shown:
    table = maps.table(map, said)
    title = tk._(maps.MAP) % {"name": source[0].partition(": ")[2]}
    ground = point_map.drawable(own_shapes.outlines()[0])
    drawn_on = ground if maps.lies_on(map, ground) else []
    notes = maps.notes(map, said, on_ground=bool(drawn_on))
    if drawn_on:
        notes.append(own_shapes.boundary(ground=True))
    below = [*notes, *source]
    specs = {k: maps.draw(map, said, look, title, below, drawn_on) for k, look in LOOKS.items()}
    return Shown(
        title=title,
        sentence=maps.sentence(map, said),
        notes=tuple(notes),
        heading=table.heading,
        columns=tuple(table.columns),
        rows=tuple((heading, tuple(cells)) for heading, cells in table.rows),
        sizes=_sizes(specs),
        specs=specs,
        shapes=True,
    )


def made_of(answer: Chart | NoChart, said: Words, source: list[str], *, stale: bool) -> Shown:
    """Return a chart in words and as specifications, or why there is none.

    :param source: the lines that say where the numbers come from.
    :param stale: what was chosen does not fit the table.
    """
    if isinstance(answer, NoChart):
        return Shown(reason=said.note(answer.reason))
    table = said.table(answer)
    notes = said.notes(answer)
    if stale:
        notes.insert(0, tk._(NO_FIT))
    drawn = answer.columns[0]
    shapes = own_shapes.known()
    if answer.kind is Kind.MAP:
        source = [*source, own_shapes.boundary()]
        notes.append(source[-1])
    specs = {
        k: region_map.draw(answer, shapes, said, look, source, page_of)
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
        regions={said.place(p): p.region for p in answer.places if p.region},
        periods=tuple((key_of(p), said.value(p)) for p in answer.periods if p is not None),
        period=next((key_of(v) for _, v in answer.fixed if v in answer.periods), ""),
    )


def page_of(code: str) -> str:
    """Return the whole address of the page of a region, since pictures are taken along."""
    return str(tk.url_for("satudata_portal.region", code=code, qualified=True))


def _sizes(specs: dict[tuple[str, str], Any]) -> dict[str, Size]:
    return {size: about(spec) for (_, size), spec in specs.items()}


def _read(kept_: dict[str, Any]) -> Shown:
    kept_["rows"] = tuple((heading, tuple(cells)) for heading, cells in kept_["rows"])
    for name in ("notes", "columns", "measures", "periods", "places"):
        kept_[name] = tuple(tuple(v) if isinstance(v, list) else v for v in kept_[name])
    return Shown(**kept_)


def _source(found: Served) -> list[str]:
    """Return the lines that say where the numbers come from."""
    package = model.Package.get(found.facts.dataset_id)
    if package is None:
        return [tk._("Source: %(source)s") % {"source": ""}]
    title = str(package.title or package.name)
    return source_of(package, title, str(package.extras.get("tahun") or ""))


def source_of(package: model.Package, title: str, years: str) -> list[str]:
    """Return the lines that say where the numbers of a picture come from.

    :param package: a dataset whose agency is named.
    :param title: what is named as the source.
    :param years: what the numbers are about.
    """
    agency = registry.agency(package.owner_org) if package.owner_org else None
    titles = [title, agency.title if agency is not None else "", years]
    said = [tk._("Source: %(source)s") % {"source": ", ".join(t for t in titles if t)}]
    if _is_made_up(package):
        said.append(tk._(MADE_UP))
    return said


def _is_made_up(package: model.Package) -> bool:
    """Tell whether figures are no real ones: all of a demo's, or a dataset says so of itself.

    Pages of a demo say it once, in the ribbon; a picture is taken along without it.
    """
    return (
        bool(config.demo_mailbox())
        or "angka contoh" in f"{package.title} {package.notes}".casefold()
    )


def drawn(found: Served, spec: dict[str, Any], format: str) -> bytes:
    """Return a picture as SVG or PNG, or as what browsers draw it from.

    :raises .rendering.NotDrawn: it could not be drawn now.
    """
    language = str(tk.h.lang())
    name = kept.name_of(format, language, spec)
    content = kept.get(found, name)
    if content is None:
        rates.admit("pictures")
        drawn_ = pointable(spec) if format == "vega" else spec
        content = rendering.rendered(drawn_, format, language)
        kept.put(found, name, content)
    return content
