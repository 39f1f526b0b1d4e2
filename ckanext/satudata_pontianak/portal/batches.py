"""Like cases decided together: groups of the queue, what was chosen, one act for all of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ..classification import cases
from . import asking, forms, wording
from .forms import Form, Posted

MAX_CHOSEN = 100
SEVERITY = ("failed", "findings", "pending", "clear", "none")


@dataclass(frozen=True)
class Group:
    """Cases of one kind, in one state, at one level and with one verdict."""

    title: str
    cases: Sequence[Mapping[str, Any]]
    choose: bool

    @property
    def names(self) -> str:
        """The datasets of the group, as the button for all of them sends them."""
        return " ".join(case["dataset_name"] for case in self.cases)


@dataclass(frozen=True)
class Chosen:
    """One case of a batch, as it stood when the person looked."""

    id: str
    name: str
    title: str
    owner: str
    level: str | None
    kind: str
    state: str
    verdict: str
    evidence: str
    case: Mapping[str, Any]


def groups(rows: Sequence[Mapping[str, Any]], *, choose: bool) -> list[Group]:
    """Gather like cases; the group with the nearest deadline comes first.

    :param choose: the person may choose among them: they lie on their own desk.
    """
    gathered: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for row in rows:
        level = (row["proposal"] or {}).get("tingkat_keamanan")
        gathered.setdefault((row["kind"], row["state"], level, row["scan"]), []).append(row)
    return [Group(_title(found[0], key), found, choose) for key, found in gathered.items()]


def _title(row: Mapping[str, Any], key: tuple[Any, ...]) -> str:
    kind, _state, level, scan = key
    parts = [wording.case_kind(kind), row["state_label"]]
    parts.append(wording.level(level).label if level else tk._("Level not filled in yet"))
    if scan:
        parts.append(wording.scan_of_case(scan))
    return " · ".join(parts)


def _wanted(sent: Any) -> list[str]:
    """Return the datasets that were chosen: one by one, or a whole group."""
    whole = sent.get("group", "").split()
    return list(dict.fromkeys(whole or [n for n in sent.getlist("id") if n.strip()]))


def look(wanted: Sequence[str]) -> list[Chosen]:
    """Return what was chosen as this person sees it now; what they may not see is left out."""
    found = []
    for name in wanted:
        try:
            shown = asking.call("satudata_classification_show", id=name)
            dataset = asking.call("package_show", id=shown["dataset_id"])
        except (tk.ObjectNotFound, tk.NotAuthorized, tk.ValidationError):
            continue
        case = shown["case"]
        if case is None:
            continue
        verdicts = {scan["verdict"] for scan in shown["scans"]} or {"none"}
        found.append(
            Chosen(
                id=shown["dataset_id"],
                name=dataset["name"],
                title=tk.h.dataset_display_name(dataset),
                owner=(dataset.get("organization") or {}).get("title") or "",
                level=(case["assessment"] or {})
                .get("axes", case["proposal"])
                .get("tingkat_keamanan"),
                kind=case["kind"],
                state=case["state_label"],
                verdict=next(v for v in SEVERITY if v in verdicts),
                evidence=case["evidence"],
                case=case,
            )
        )
    return found


def common(chosen: Sequence[Chosen], posted: Posted) -> list[Form]:
    """Return the steps that this person may take in every chosen case, asking the same."""
    today = cases.today().isoformat()
    drawn: list[dict[str, Form]] = []
    for item in chosen:
        steps = item.case["transitions"]
        drawn.append({t["name"]: forms.draw(t, item.case, None, posted, today) for t in steps})
    if not drawn:
        return []
    return [
        # A batch says nothing of the axes: each case keeps its own proposal.
        replace(form, fields=[f for f in form.fields if f.type != "axis"])
        for name, form in drawn[0].items()
        if all(name in other and _asks(other[name]) == _asks(form) for other in drawn)
    ]


def _asks(form: Form) -> tuple[Any, ...]:
    return (
        form.label,
        tuple((f.name, f.required, tuple(c.value for c in f.choices)) for f in form.fields),
    )


def choose() -> Any:
    """Show what was chosen, and the steps that are possible in all of it."""
    if not asking.logged_in():
        return asking.log_in()
    wanted = _wanted(flask.request.args)
    if not wanted:
        tk.h.flash_error(tk._("Choose at least one case."))
        return tk.redirect_to("satudata.queue")
    return _confirm(wanted, Posted())


def _confirm(wanted: Sequence[str], posted: Posted, status: int = 200) -> Any:
    chosen = look(wanted[:MAX_CHOSEN])
    shown = {
        "chosen": chosen,
        "left_out": len(wanted) - len(chosen),
        "forms": common(chosen, posted),
        "posted": posted,
    }
    return flask.make_response(tk.render("satudata/batch.html", shown), status)


def take() -> Any:
    """Take the step in every chosen case, and list what was done and what was refused."""
    if not asking.logged_in():
        return asking.log_in()
    sent = flask.request.form
    seen: dict[str, str] = {}
    for item in sent.getlist("item"):
        dataset_id, _, digest = item.partition(" ")
        seen[dataset_id] = digest
    name = sent.get("transition", "")
    chosen = look(list(seen)[:MAX_CHOSEN])
    form = next((f for f in common(chosen, Posted()) if f.name == name), None)
    if form is None:
        text = tk._("This step is not possible in all of these cases any more. Look at each one.")
        return _confirm(list(seen), Posted("", {}, {"": [text]}), 422)
    spec = {"fields": [{"name": f.name, "type": f.type} for f in form.fields]}
    values = forms.read(spec, sent)
    items = [{"id": id, "evidence": digest} for id, digest in seen.items()]
    try:
        result = asking.call(
            "satudata_classification_batch", **{**values, "items": items, "transition": name}
        )
    except (tk.NotAuthorized, tk.ValidationError) as refusal:
        errors = {"": [str(refusal)]}
        return _confirm(list(seen), Posted(name, values, errors), 422)
    known = {f.name for f in form.fields}
    refusals = [r["error"] for r in result["results"] if not r["done"]]
    if not result["done"] and all(known & set(error) for error in refusals):
        # The answers were wrong, not the cases: they are asked for again.
        errors = asking.errors_by_field(refusals[0], known)
        return _confirm(list(seen), Posted(name, values, errors), 422)
    known_cases = {item.id: item for item in chosen}
    rows = [_row(known_cases.get(r["id"]), r) for r in result["results"]]
    return tk.render("satudata/batch_result.html", {"result": result, "rows": rows, "form": form})


def _row(item: Chosen | None, result: Mapping[str, Any]) -> dict[str, Any]:
    """Return what became of one case."""
    errors = asking.errors_by_field(result.get("error") or {}, ())
    return {
        "title": item.title if item else result["id"],
        "name": item.name if item else "",
        "done": result["done"],
        "receipt": (result.get("receipt") or {}).get("entry"),
        "reason": " ".join(errors.get("", ())),
    }


def register(portal: flask.Blueprint) -> None:
    """Add the pages of a batch."""
    portal.add_url_rule("/satudata/antrean/pilihan", "choose", choose, methods=["GET"])
    portal.add_url_rule("/satudata/antrean/pilihan", "take_batch", take, methods=["POST"])
