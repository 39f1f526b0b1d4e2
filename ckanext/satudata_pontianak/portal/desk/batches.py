"""Like cases decided together: what was chosen, page by page, and one act for all of it.

The act may take longer than somebody waits for a page. It goes in portions, each case with a
transaction of its own, and may be sent again at any moment: what is done stays done and keeps
its receipt.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

import flask

import ckan.plugins.toolkit as tk
from ckan import model

from ... import days
from ...agencies import registry
from ...classification.cases import sampling
from ...classification.rules import batch_rules
from ...classification.rules.definition import workflow
from ..web import call, forms
from ..web.forms import Form, Posted
from . import contradictions, queues

log = logging.getLogger(__name__)
MAX_CHOSEN = 500
PORTION = 25
PER_PAGE = 50

Chosen = Mapping[str, Any]


def look(
    *, names: Sequence[str] | None = None, wanted: queues.Filter | None = None
) -> list[Chosen]:
    """Return what was chosen as this person sees it now; what they may not see is left out.

    :param names: datasets that were chosen one by one.
    :param wanted: or the group of like cases that was chosen, on the person's own desk.
    """
    asked: dict[str, Any] = {"limit": MAX_CHOSEN, "details": True}
    if wanted is not None:
        found = call.call("satudata_classification_list", **{**wanted.params(), **asked})
        return found["results"]
    ids = [name for name in names or () if "\x00" not in name][:MAX_CHOSEN]
    if not ids:
        return []
    found = call.call("satudata_classification_list", ids=ids, mine=False, **asked)
    place = {name: number for number, name in enumerate(ids)}
    last = len(place)
    return sorted(
        found["results"],
        key=lambda r: min(place.get(r["dataset_id"], last), place.get(r["dataset_name"], last)),
    )


def common(chosen: Sequence[Chosen], posted: Posted) -> list[Form]:
    """Return the steps that this person may take in every chosen case, asking the same."""
    today = days.today().isoformat()
    drawn: dict[str, dict[str, Form]] = {}
    for item in chosen:
        axes = (item["assessment"] or {}).get("axes")
        names = [(t["name"], t["from"]) for t in item["transitions"]]
        # Cases that ask the same are drawn once, however many there are.
        alike = repr((item["kind"], item["proposal"], axes, names))
        if alike not in drawn:
            drawn[alike] = {
                t["name"]: forms.draw(t, item, None, posted, today) for t in item["transitions"]
            }
    if not drawn:
        return []
    first, *others = drawn.values()
    proposed = all(
        ((item["assessment"] or {}).get("fields") or {}).get("penerima") for item in chosen
    )
    return [
        replace(form, fields=_of_all(form, proposed=proposed))
        for name, form in first.items()
        if all(name in other and _asks(other[name]) == _asks(form) for other in others)
    ]


def _of_all(form: Form, *, proposed: bool) -> list[forms.Field]:
    """Return the fields of a step that say the same of every case.

    A batch says nothing of the axes, nor of recipients where PPID proposed some in each case: each
    case keeps its own. Where it did not, nobody's are offered as the answer for all.
    """
    return [
        replace(f, value=None) if f.type == "agencies" and not form.failed else f
        for f in form.fields
        if f.type != "axis" and not (f.type == "agencies" and proposed)
    ]


def _asks(form: Form) -> tuple[Any, ...]:
    return (
        form.label,
        tuple((f.name, f.required, tuple(c.value for c in f.choices)) for f in form.fields),
    )


def choose() -> Any:
    """Show what was chosen, and the steps that are possible in all of it."""
    if not call.logged_in():
        return call.log_in()
    sent = flask.request.args
    number = queues.page_number(sent.get("page"))
    wanted = queues.read(sent)
    if "group" in wanted.values:
        wanted = replace(wanted, everything=False)
        chosen = look(wanted=wanted)
        total = call.call("satudata_classification_list", **wanted.params(), limit=0)["count"]
        return _confirm(chosen, Posted(), number=number, wanted=wanted, total=total)
    names = list(dict.fromkeys(name for name in sent.getlist("id") if name.strip()))
    if not names:
        tk.h.flash_error(tk._("Choose at least one case."))
        return tk.redirect_to("satudata.queue")
    return _confirm(look(names=names), Posted(), number=number, names=names)


def _confirm(
    chosen: Sequence[Chosen],
    posted: Posted,
    status: int = 200,
    *,
    number: int = 1,
    names: Sequence[str] = (),
    wanted: queues.Filter | None = None,
    total: int = 0,
    asked: bool = False,
) -> Any:
    """Show the chosen cases, a page at a time; every form carries all of them."""
    pages = max(1, math.ceil(len(chosen) / PER_PAGE))
    number = min(number, pages)
    start = (number - 1) * PER_PAGE
    drawn = _drawn(chosen)
    offered = [
        f for f in common(chosen, posted) if not (drawn["against"] and f.name in drawn["steps"])
    ]
    shown = {
        "drawn": drawn,
        "chosen": chosen[start : start + PER_PAGE],
        "start": start + 1,
        "number": len(chosen),
        "items": pack([(c["dataset_id"], c["evidence"]) for c in chosen]),
        "page": number,
        "pages": pages if wanted else 1,
        "query": wanted.query() if wanted else {},
        "left_out": max(0, len(names) - len(chosen)),
        "left_for_later": max(0, total - len(chosen)),
        "forms": offered,
        "posted": posted,
        "asked": asked,
        "today": days.today(),
    }
    if wanted is None and pages > 1:
        # Chosen one by one, they stand on one page: their names may not fit into an address.
        shown["chosen"], shown["start"] = chosen, 1
    return flask.make_response(tk.render("satudata/batch.html", shown), status)


def _drawn(chosen: Sequence[Chosen]) -> dict[str, Any]:
    """Return what stands against deciding these together, and the sample that is to be opened."""
    may = {t["name"] for item in chosen for t in item["transitions"]}
    steps = {name for name in may if batch_rules.governs(name, len(chosen))}
    if not steps:
        return {"steps": steps, "against": [], "sample": []}
    items = [{"id": c["dataset_id"], "evidence": c["evidence"]} for c in chosen]
    looked = sampling.look_at(registry.current_actor(), items)
    rows = {c["dataset_id"]: c for c in chosen}
    sample = [
        {"row": rows[name], "opened": name not in looked.sample.unopened}
        for name in looked.sample.drawn
        if name in rows
    ]
    against = [message.text(tk._) for message in looked.against]
    return {"steps": steps, "against": against, "sample": [] if against else sample}


def pack(items: Sequence[tuple[str, str]]) -> str:
    """Return cases with the evidence that was looked at, as one hidden field carries them."""
    return " ".join(f"{dataset_id} {digest}" for dataset_id, digest in items)


def unpack(sent: Any) -> list[tuple[str, str]]:
    """Return what :func:`pack` wrote, each case once; an odd rest is left out."""
    words = [word for word in " ".join(sent.getlist("item")).split() if "\x00" not in word]
    pairs = dict(zip(words[::2], words[1::2], strict=False))
    return list(pairs.items())[:MAX_CHOSEN]


def take() -> Any:
    """Take the step in the chosen cases, a portion at a time, and list what became of each."""
    if not call.logged_in():
        return call.log_in()
    sent = flask.request.form
    seen = unpack(sent)
    name = sent.get("transition", "").replace("\x00", "")
    start = queues.page_number(sent.get("offset")) if sent.get("offset") else 0
    if batch_rules.governs(name, len(seen)):
        start = 0  # it has no portions
    ids = [dataset_id for dataset_id, _ in seen]
    if start:
        label, values = sent.get("label", "")[:200], forms.read(_any_step(), sent)
        known: set[str] = set()
    else:
        chosen = look(names=ids)
        form = _form(name, chosen) or _form(name, _left(seen, name, chosen))
        if form is None:
            return _again_or_refused(seen, name, chosen)
        spec = {"fields": [{"name": f.name, "type": f.type} for f in form.fields]}
        label, values, known = form.label, forms.read(spec, sent), {f.name for f in form.fields}
        if not sent.get(contradictions.SENT):
            doubts = contradictions.before(name, chosen)
            if doubts:
                posted = Posted(name, values, {"": doubts})
                return _confirm(chosen, posted, 422, names=ids, asked=True)
    # What is drawn is drawn of the whole: an act that needs a sample is one portion.
    size = len(seen) if batch_rules.governs(name, len(seen)) else PORTION
    portion = seen[start : start + size]
    try:
        result = _act(portion, name, values)
    except (tk.NotAuthorized, tk.ValidationError) as refusal:
        posted = Posted(name, values, {"": _said(refusal)})
        return _confirm(look(names=ids), posted, 422, names=ids)
    refusals = [r["error"] for r in result["results"] if not r["done"]]
    if not result["done"] and refusals and known and all(known & set(e) for e in refusals):
        # The answers were wrong, not the cases: they are asked for again.
        posted = Posted(name, values, call.errors_by_field(refusals[0], known))
        return _confirm(look(names=ids), posted, 422, names=ids)
    if start + size < len(seen):
        return _go_on(seen, name, values, label, start + size, result)
    if start:
        # Sent once more as a whole: what is done answers with its receipt, the rest is tried.
        try:
            result = _act(seen, name, values)
        except (tk.NotAuthorized, tk.ValidationError) as refusal:
            log.info("the whole of a batch is not told: %s", type(refusal).__name__)
    return _result(result, label)


def _form(name: str, chosen: Sequence[Chosen]) -> Form | None:
    return next((form for form in common(chosen, Posted()) if form.name == name), None)


def _left(seen: Sequence[tuple[str, str]], name: str, chosen: Sequence[Chosen]) -> list[Chosen]:
    """Return where a step is still to be taken, if this person took it in all of the others.

    So an act that was broken off is sent once more, also where a case stays open after the step.
    """
    left = [c for c in chosen if name in {t["name"] for t in c["transitions"]}]
    return left if left and _taken_before(_past(seen, left), name) is not None else []


def _past(seen: Sequence[tuple[str, str]], left: Sequence[Chosen]) -> list[tuple[str, str]]:
    still = {c["dataset_id"] for c in left}
    return [item for item in seen if item[0] not in still]


def _taken_before(past: Sequence[tuple[str, str]], name: str) -> dict[str, Any] | None:
    """Return the receipts of a step that was taken in all of these; ``None`` where it was not.

    It is possible in none of them any more: asking anew decides nothing.
    """
    if not past:
        return None
    try:
        result = _act(past, name, {})
    except (tk.NotAuthorized, tk.ValidationError):
        return None
    return result if result["done"] == len(past) else None


def _said(refusal: Exception) -> list[str]:
    """Return why an act was refused as a whole."""
    if isinstance(refusal, tk.ValidationError):
        told = cast("Mapping[str, list[str]]", refusal.error_dict)
        return [str(text) for each in told.values() for text in each]
    return [str(refusal)]


def _any_step() -> dict[str, Any]:
    """Return every field that a step may ask for: the engine refuses what it does not know."""
    specs = workflow().fields.values()
    return {"fields": [{"name": spec.name, "type": spec.type} for spec in specs]}


def _act(seen: Sequence[tuple[str, str]], name: str, values: Mapping[str, Any]) -> dict[str, Any]:
    items = [{"id": dataset_id, "evidence": digest} for dataset_id, digest in seen]
    asked = {**values, "items": items, "transition": name}
    return call.call("satudata_classification_batch", **asked)


def _again_or_refused(seen: Sequence[tuple[str, str]], name: str, chosen: Sequence[Chosen]) -> Any:
    """Answer a batch whose step is not possible in all: it may be one that was sent again."""
    labels = {t.name: tk._(t.label) for t in workflow().transitions.values()}
    if name in labels:
        left = [c for c in chosen if name in {t["name"] for t in c["transitions"]}]
        past = _past(seen, left)
        result = _taken_before(past, name) if len(past) == len(seen) else None
        if result is not None:
            return _result(result, labels[name])
    text = tk._("This step is not possible in all of these cases any more. Look at each one.")
    ids = [dataset_id for dataset_id, _ in seen]
    return _confirm(chosen, Posted("", {}, {"": [text]}), 422, names=ids)


def _go_on(
    seen: Sequence[tuple[str, str]],
    name: str,
    values: Mapping[str, Any],
    label: str,
    offset: int,
    result: Mapping[str, Any],
) -> Any:
    """Say how far the batch is; the page goes on by itself, or by a button."""
    fields = [
        (key, part)
        for key, value in values.items()
        for part in (value if isinstance(value, list) else [value])
    ]
    shown = {
        "label": label,
        "transition": name,
        "items": pack(seen),
        "fields": fields,
        "offset": offset,
        "number": len(seen),
        "rows": [r for r in rows_of(result) if not r["done"]],
    }
    return tk.render("satudata/batch_progress.html", shown)


def _result(result: Mapping[str, Any], label: str) -> Any:
    shown = {"result": result, "rows": rows_of(result), "label": label}
    return tk.render("satudata/batch_result.html", shown)


def rows_of(result: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what became of each case, what was refused first."""
    results = result["results"]
    refused = [r["id"] for r in results if not r["done"] and r["id"]]
    known = {item["dataset_id"]: item for item in look(names=refused)} if refused else {}
    titles = _titles([r["id"] for r in results if r["done"]])
    rows = []
    for one in results:
        item = known.get(one["id"])
        name, title = titles.get(one["id"], ("", one["id"]))
        errors = call.errors_by_field(one.get("error") or {}, ())
        rows.append(
            {
                "title": item["title"] if item else title,
                "name": item["dataset_name"] if item else name,
                "done": one["done"],
                "repeated": one.get("repeated", False),
                "receipt": (one.get("receipt") or {}).get("code"),
                "reason": " ".join(errors.get("", ())),
            }
        )
    return sorted(rows, key=lambda row: row["done"])


def _titles(ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Return name and title of datasets in which this person has just taken a step."""
    if not ids:
        return {}
    query = model.Session.query(model.Package.id, model.Package.name, model.Package.title)
    rows = query.filter(model.Package.id.in_(ids))
    return {row[0]: (row[1], row[2] or row[1]) for row in rows}


def register(portal: flask.Blueprint) -> None:
    """Add the pages of a batch."""
    portal.add_url_rule("/satudata/antrean/pilihan", "choose", choose, methods=["GET"])
    portal.add_url_rule("/satudata/antrean/pilihan", "take_batch", take, methods=["POST"])
