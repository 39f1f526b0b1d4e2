"""Publish a file: three plain steps from the file to a dataset that is submitted.

What was read of the file is filled in or offered, each with where it comes from; the classification
is never filled in. Whoever else asks for a file that somebody brought is told that there is none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import flask
from sqlalchemy.orm.exc import StaleDataError

import ckan.plugins.toolkit as tk

from ...agencies import registry
from ...agencies.rules.duties import Actor
from ...classification.intake import publishing, reading, recipes, staging
from ...classification.intake.definition import Example, intake
from ...classification.intake.model import Staged
from ...classification.intake.offers import Offer, affairs, as_sister, offers
from ...classification.records import text_findings
from ...classification.rules import indonesian
from ...classification.rules.axes import AXES, Axes, classification
from ...classification.rules.refusals import InvalidFields
from ...classification.variables import kept as variables
from ...metadata import service as metadata
from ...tidying.telling import of_json
from ..web import call
from ..web.form_page import field
from ..web.forms import Choice, Field, axis_values, line_ends
from ..web.request_forms import closed, filled, note
from . import cell_words, new_data_page, next_file_page
from .intake_table import (
    change_of,
    erased,
    in_words,
    own_file,
    row_kinds,
    scan_words,
    shown_table,
    told_part,
)

HOME = "/satudata/unggah"
STEP, TAKE = "langkah", "pakai"
"""What a browser sends of the button that was pressed, and of the offers that were accepted."""
ALL, SAVE, NEXT, SUBMIT, CREATE = "semua", "simpan", "lanjut", "ajukan", "buat"
LIKE = "seperti"
LONG = frozenset({"notes", "definisi"})
OF_THIS_FILE = frozenset({"title", "notes", "tahun"})
"""What another dataset, however like, does not say of this one."""
pages = flask.Blueprint("satudata_intake", __name__)


def start() -> Any:
    """Take a file, and show those of the reader that wait already."""
    if not call.logged_in():
        return call.log_in()
    actor = registry.actor_from_context(call.context())
    if not actor.publishes_for:
        text = tk._("Files are published by the editors of an agency.")
        return note(tk._("Publish a file"), text, 403)
    fields, errors, status = _first_fields(actor), dict[str, list[str]](), 200
    if flask.request.method == "POST":
        sister = _sister()
        agency = flask.request.form.get(staging.AGENCY) or _agency(actor, sister)
        try:
            row = staging.stage(actor, agency, flask.request.files.get(staging.FILE))
        except InvalidFields as refusal:
            errors = in_words(refusal.errors)
            fields, status = filled(fields, {staging.AGENCY: agency}, errors), 422
        else:
            return tk.redirect_to(_begin(row, sister, actor), id=row.id)
    shown = {
        "fields": fields,
        "errors": errors,
        "waiting": staging.mine(actor),
        "days": intake().kept_days,
        "endings": intake().endings,
    }
    return closed(tk.render("satudata/intake/start.html", shown), status)


def _first_fields(actor: Actor) -> list[Field]:
    chosen = field(staging.FILE, "file", tk._("File"), help=tk._("A table: XLSX, XLS, ODS or CSV."))
    agencies = _agencies(actor)
    if len(agencies) < 2:
        return [chosen]
    label = tk._("Agency for which you publish")
    return [chosen, field(staging.AGENCY, "choice", label, choices=agencies)]


def _agencies(actor: Actor) -> list[Choice]:
    known = registry.load_agencies()
    found = [known[id_] for id_ in actor.publishes_for if id_ in known and known[id_].active]
    return [Choice(a.id, a.title) for a in sorted(found, key=lambda a: a.title.casefold())]


def _only(actor: Actor) -> str | None:
    agencies = _agencies(actor)
    return agencies[0].value if len(agencies) == 1 else None


def _agency(actor: Actor, sister: Mapping[str, Any] | None) -> str:
    """Return for whom somebody publishes who did not say: the agency of what it is like."""
    if sister is not None and sister["owner_org"] in actor.publishes_for:
        return str(sister["owner_org"])
    return _only(actor) or ""


def _sister() -> dict[str, Any] | None:
    """Return the dataset that the new one is to be like, or answer as for an unknown name."""
    wanted = flask.request.form.get(LIKE)
    return call.dataset(wanted) if wanted else None


def _begin(row: Staged, sister: Mapping[str, Any] | None, actor: Actor) -> str:
    """Read a file that was just brought, and fill in what is sure, or what its sister says.

    :returns: the step that somebody has to look at next.
    """
    earlier = _earlier(row)
    own = sister is not None and sister["owner_org"] in actor.publishes_for
    known = recipes.pairs(sister["id"]) if sister is not None and own else []
    read = reading.renew(row, known[0].recipe) if known else None
    if read is None or read["table"] is None:
        read = reading.read(row, affairs=affairs(earlier))
    sure = {o.field: o.sure for o in _offers(row, earlier).values() if o.sure}
    part = told_part(read)
    values = sure if sister is None else {**sure, **as_sister(sister, sure.get("tahun", ""), part)}
    problems = staging.save(row, values)
    whole = read["table"] is not None and not read.get("differs") and not problems
    if sister is None or not whole or _missing(row.fields) or _wrong(row.fields):
        return "satudata_intake.table"
    return "satudata_intake.axes"


# ---------------------------------------------------------------------------- what is offered


def _earlier(row: Staged) -> list[dict[str, Any]]:
    """Return the newest datasets of the agency that the reader may see."""
    agency = registry.agency(row.agency_id)
    asked = {
        "fq": f'organization:"{agency.name}" AND dataset_type:dataset' if agency else 'name:""',
        "rows": intake().alike.looked_at,
        "include_private": True,
        "sort": "metadata_modified desc",
    }
    return call.call("package_search", **asked)["results"]


def _offers(row: Staged, earlier: Sequence[Mapping[str, Any]]) -> dict[str, Offer]:
    table = reading.of(row)["table"] or {}
    agency = call.call("organization_show", id=row.agency_id, include_datasets=False)
    return offers(
        table,
        agency,
        earlier,
        indonesian.translator(),
        lambda name, text: not text_findings.hard_findings(name, text),
        row.filename,
    )


@dataclass(frozen=True)
class Shown:
    """A field with what is offered for it: its value, its words, and where it comes from."""

    field: Field
    offered: str = ""
    words: str = ""
    source: str = ""

    @property
    def example(self) -> Example | None:
        """What the field holds where it is filled in well, and where it helps nobody."""
        return intake().examples.get(self.field.name)


def _fields(
    values: Mapping[str, Any], found: Mapping[str, Offer], errors: Mapping[str, Sequence[str]]
) -> list[Shown]:
    drawn = []
    known = {spec["field_name"]: spec for spec in metadata.dataset_fields()}
    for name in intake().fields:
        spec = known.get(name)
        if spec is None:
            continue
        choices = _choices(spec)
        kind = "choice" if choices else "text" if name in LONG else "line"
        value = values.get(name) or ""
        each = field(
            name,
            kind,
            tk._(spec.get("label") or name),
            help=_help(spec),
            required=name == "title" or bool(spec.get("required_for_submission")),
            choices=choices,
            value=value,
        )
        each = replace(each, errors=list(errors.get(name, ())))
        drawn.append(_with_offer(each, value, found.get(name)))
    return drawn


def _with_offer(each: Field, value: str, offer: Offer | None) -> Shown:
    if offer is None:
        return Shown(each)
    source = offer.source.text(tk._)
    if value == offer.value:
        return Shown(each, source=source)
    words = next((c.label for c in each.choices if c.value == offer.value), offer.value)
    return Shown(each, offer.value, words, source)


def _help(spec: Mapping[str, Any]) -> str:
    texts = [spec.get("help_text"), spec.get("form_placeholder")]
    return " ".join(tk._(text) for text in texts if text)


def _choices(spec: Mapping[str, Any]) -> list[Choice]:
    if spec["field_name"] == "license_id":
        unsaid = set(spec.get("empty_values") or ())
        known = [one for one in call.call("license_list") if one["id"] not in unsaid]
        return [Choice(one["id"], tk._(one["title"])) for one in known]
    if "codes" in spec:
        return [Choice(c["value"], c["label"]) for c in tk.h.satudata_code_choices(spec)]
    return [Choice(c["value"], tk._(c["label"])) for c in spec.get("choices") or ()]


# ---------------------------------------------------------------------------- the second step


def table(id: str) -> Any:
    """Show what was read of a file, and keep what is filled in."""
    if not call.logged_in():
        return call.log_in()
    row, _ = own_file(id)
    earlier, status = _earlier(row), 200
    found = _offers(row, earlier)
    values, errors = dict(row.fields), dict[str, list[str]]()
    if flask.request.method == "POST":
        step = flask.request.form.get(STEP, NEXT)
        values, errors = _sent(row, found, every=step == ALL)
        if not errors and step == NEXT:
            return tk.redirect_to("satudata_intake.axes", id=row.id)
        status = 422 if errors else 200
    return _table_page(row, found, values, errors, status, earlier)


def _sent(
    row: Staged, found: Mapping[str, Offer], *, every: bool
) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """Keep what was sent; return it, and what is wrong with it.

    :param every: all offers are accepted.
    """
    form = flask.request.form
    accepted = set(form.getlist(TAKE))
    values: dict[str, Any] = {}
    for name in intake().fields:
        text = line_ends(form.get(name, "").replace("\x00", ""))
        if name in found and text in ("", found[name].first) and (every or name in accepted):
            text = found[name].value
        values[name] = text
    errors = in_words(staging.save(row, values))
    if not values.get("title"):
        errors.setdefault("title", []).append(tk._("Give the dataset a title."))
    return values, errors | {k: v for k, v in _wrong(values).items() if k not in errors}


def _wrong(values: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return what the schema of datasets says of what was filled in, all at once."""
    given = {name: value for name, value in values.items() if value and name != "title"}
    try:
        metadata.checked(given)
    except tk.ValidationError as refusal:
        return call.errors_by_field(refusal.error_dict, intake().fields)
    return {}


def _table_page(
    row: Staged,
    found: Mapping[str, Offer],
    values: Mapping[str, Any],
    errors: Mapping[str, Sequence[str]],
    status: int,
    earlier: Sequence[Mapping[str, Any]],
) -> Any:
    read = reading.of(row)
    drawn = _fields(values, found, errors)
    shown = {
        "staged": row,
        "table": shown_table(read["table"]),
        "problem": reading.problem(read, tk._),
        "question": of_json(read["differs"]["question"]).text(tk._) if read.get("differs") else "",
        "scan": scan_words(read.get("scan") or {}),
        "unknown": cell_words.of_staged(read),
        "drawn": drawn,
        "fields": [each.field for each in drawn],
        "errors": errors,
        "offered": sum(
            bool(each.offered)
            and (values.get(each.field.name) or "") in ("", found[each.field.name].first)
            for each in drawn
        ),
        "missing": _missing(values),
        "earlier": [(dataset["id"], dataset["title"]) for dataset in earlier],
        "kinds": row_kinds(),
    }
    return closed(tk.render("satudata/intake/table.html", shown), status)


def _missing(values: Mapping[str, Any]) -> list[str]:
    """Return the labels of the fields that submission still needs."""
    whole = {**values, "owner_org": "x"}
    return [tk._(problem.label) for problem in metadata.missing_for_submission(whole)]


# ---------------------------------------------------------------------------- mending


def mend(id: str) -> Any:
    """Read a file otherwise, as its author says; or take over what another dataset says."""
    if not call.logged_in():
        return call.log_in()
    row, _ = own_file(id)
    earlier = _earlier(row)
    found = _offers(row, earlier)
    values, errors = _sent(row, found, every=False)
    step = flask.request.form.get(STEP, "")
    if step == LIKE:
        problem = _take_over(row, values, earlier)
    else:
        problem = _read_otherwise(row, values, earlier, change_of(row, step), found)
    if problem:
        errors = {**errors, "": [problem]}
    if errors:
        # What was typed and is not kept still stands there, to be mended.
        shown = {**row.fields, **{name: values[name] for name in errors if name}}
        return _table_page(row, _offers(row, earlier), shown, errors, 422, earlier)
    return tk.redirect_to("satudata_intake.table", id=row.id)


def _read_otherwise(
    row: Staged,
    values: Mapping[str, Any],
    earlier: Sequence[Mapping[str, Any]],
    change: Mapping[str, Any] | None,
    before: Mapping[str, Offer],
) -> str:
    """Read a file by a changed recipe; return what was wrong, "" where nothing was.

    What was filled in by the former reading follows the new one; what somebody typed stays.
    """
    if change is None:
        return tk._("Say which row, column or table you mean.")
    read = reading.read(row, change, affairs=affairs(earlier))
    if read.get("refused") or read.get("problem"):
        return reading.problem({**read, "none": read.get("refused")}, tk._)
    after = _offers(row, earlier)
    untouched = {
        name
        for name in intake().fields
        if not values.get(name)
        or (name in before and values[name] in (before[name].value, before[name].first))
    }
    fresh = {n: after[n].sure if n in after else "" for n in untouched}
    staging.save(row, fresh)
    return ""


def _take_over(row: Staged, values: Mapping[str, Any], earlier: Sequence[Mapping[str, Any]]) -> str:
    """Fill what is empty as another dataset of the agency says it; return what was wrong."""
    wanted = flask.request.form.get("seperti", "")
    if wanted not in {dataset["id"] for dataset in earlier}:
        return tk._("Choose the dataset that this one is like.")
    dataset = call.dataset(wanted)
    taken = {
        name: str(dataset[name])
        for name in intake().fields
        if dataset.get(name) and not values.get(name) and name not in OF_THIS_FILE
    }
    staging.save(row, taken)
    return ""


# ---------------------------------------------------------------------------- the third step


def axes(id: str) -> Any:
    """Ask for the classification, which a person chooses; then make the dataset, and submit it."""
    if not call.logged_in():
        return call.log_in()
    row, _ = own_file(id)
    if flask.request.method != "POST":
        return _axes_page(row, {}, {}, 200)
    chosen = {axis: flask.request.form.get(axis, "") for axis in AXES}
    if publishing.too_secret(chosen):
        staging.forget(row.id)
        text = tk._(
            "Files of this level do not lie on this portal. The file and what you typed were "
            "erased at once. Describe the data here without the file."
        )
        tk.h.flash_notice(text)
        return tk.redirect_to("dataset.new")
    if errors := _axis_errors(chosen):
        return _axes_page(row, chosen, errors, 422)
    if not staging.take(row.id):
        text = tk._("A dataset is being made of this file already. Look at your datasets.")
        return _axes_page(row, chosen, {"": [text]}, 409)
    return _publish(row, chosen, flask.request.form.get(STEP, SUBMIT))


def _axis_errors(chosen: Mapping[str, str]) -> dict[str, list[str]]:
    rules = classification()
    errors = {
        axis: [tk._("Choose one. Nobody else chooses it for you.")]
        for axis, value in chosen.items()
        if value not in rules.axes[axis]["values"]
    }
    if not errors and rules.combination(Axes.of(chosen)) is None:
        errors[""] = [tk._("These three do not go together. Look at what each of them means.")]
    return errors


def _publish(row: Staged, chosen: Mapping[str, str], step: str) -> Any:
    """Make the dataset by CKAN's own action, and submit it where that was asked for."""
    id_ = row.id
    try:
        with publishing.dataset_of(row, chosen) as values:
            created = call.call("package_create", **values)
    except reading.Unread as refusal:
        staging.give_back(id_)
        return _axes_page(row, chosen, {"": [refusal.message.text(tk._)]}, 409)
    except tk.NotAuthorized as refusal:
        staging.give_back(id_)
        text = str(refusal.message or tk._("You may not take this step."))
        return _axes_page(row, chosen, {"": [text]}, 403)
    except tk.ValidationError as refusal:
        staging.give_back(id_)
        return _refused(row, chosen, refusal)
    except BaseException:
        staging.give_back(id_)
        raise
    staging.forget(id_)
    variables.carry_at_once(created["id"], tk.current_user.name)
    if step == SUBMIT:
        return tk.redirect_to(new_data_page.submit(created), id=created["name"])
    tk.h.flash_success(tk._("The dataset is made. Submit it when you are ready."))
    return tk.redirect_to("satudata.case", id=created["name"])


def _refused(row: Staged, chosen: Mapping[str, str], refusal: tk.ValidationError) -> Any:
    """Show at which step something has to be mended."""
    errors = dict(refusal.error_dict)
    of_files = _texts_of_files(errors.pop("resources", None))
    if {"name"} & set(errors) and "title" not in errors:
        errors["title"] = errors.pop("name")
    known = (*intake().fields, *AXES)
    sorted_out = call.errors_by_field(errors, known)
    if of_files:
        sorted_out.setdefault("", []).extend(of_files)
    if set(sorted_out) & set(intake().fields):
        earlier = _earlier(row)
        found = _offers(row, earlier)
        return _table_page(row, found, row.fields, sorted_out, 422, earlier)
    return _axes_page(row, chosen, sorted_out, 422)


def _texts_of_files(items: Any) -> list[str]:
    """Return what was wrong with the files, without the fields that nobody sees here."""
    found: list[str] = []
    for item in items or ():
        for texts in item.values() if isinstance(item, Mapping) else ([item],):
            found += [str(text) for text in (texts if isinstance(texts, list) else [texts])]
    return found


def _filled(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what is filled in, as people read it: label and words."""
    found = []
    for each in (shown.field for shown in _fields(values, {}, {})):
        if each.value:
            words = next((c.label for c in each.choices if c.value == each.value), each.value)
            found.append((each.label, words))
    return found


def _axes_page(
    row: Staged, chosen: Mapping[str, str], errors: Mapping[str, Sequence[str]], status: int
) -> Any:
    rules, read = classification(), reading.of(row)
    fields = [
        replace(
            field(
                axis,
                "axis",
                tk._(rules.axes[axis]["label"]),
                help=tk._(intake().axes[axis].help),
                choices=[Choice(v, tk._(rules.label(axis, v))) for v in axis_values(axis, None)],
                value=chosen.get(axis, ""),
            ),
            errors=list(errors.get(axis, ())),
        )
        for axis in AXES
    ]
    shown = {
        "staged": row,
        "title": row.fields.get("title") or row.filename,
        "fields": fields,
        "errors": errors,
        "scan": scan_words(read.get("scan") or {}),
        "missing": _missing(row.fields),
        "table": shown_table(read["table"]),
        "filled": _filled(row.fields),
        "days": intake().kept_days,
    }
    return closed(tk.render("satudata/intake/axes.html", shown), status)


def remove(id: str) -> Any:
    """Erase a file and what was typed, at its author's word."""
    if not call.logged_in():
        return call.log_in()
    row, _ = own_file(id, next_one=None)
    staging.forget(row.id)
    tk.h.flash_success(tk._("The file and what you typed are erased."))
    return tk.redirect_to("satudata_intake.start")


BOTH = ["GET", "POST"]
pages.register_error_handler(StaleDataError, erased)
pages.add_url_rule(HOME, "start", start, methods=BOTH)
pages.add_url_rule(f"{HOME}/<id>", "table", table, methods=BOTH)
pages.add_url_rule(f"{HOME}/<id>/resep", "mend", mend, methods=["POST"])
pages.add_url_rule(f"{HOME}/<id>/klasifikasi", "axes", axes, methods=BOTH)
pages.add_url_rule(f"{HOME}/<id>/berikutnya", "next_file", next_file_page.show, methods=BOTH)
pages.add_url_rule(f"{HOME}/<id>/hapus", "remove", remove, methods=["POST"])


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprints of this module."""
    return [pages]
