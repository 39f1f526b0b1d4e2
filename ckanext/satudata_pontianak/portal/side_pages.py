"""Pages of the side roads of a dataset: reopen it, hold it, lift a hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import flask

import ckan.plugins.toolkit as tk
from ckan import model

from ..agencies import registry
from ..classification import holds
from . import asking, side_roads, wording
from .forms import Choice, Field, line_ends

MAX_REASON = 4000


@dataclass(frozen=True)
class Road:
    """One side road: its page and what it calls."""

    title: str
    intro: str
    button: str
    fields: Sequence[Field]
    call: Callable[[Mapping[str, str]], Any]
    done: str
    goes_to: str


def _field(name: str, type: str, label: str, **more: Any) -> Field:
    choices = more.get("choices", ())
    return Field(
        name=name,
        type=type,
        label=label,
        help=more.get("help", ""),
        required=more.get("required", True),
        max_length=MAX_REASON if type == "text" else None,
        choices=choices,
        value=choices[0].value if len(choices) == 1 and more.get("required", True) else None,
        errors=(),
        id=f"road-{name}",
    )


def _filled(field: Field, values: Mapping[str, str], errors: Mapping[str, Sequence[str]]) -> Field:
    """Return the field with what was typed, and what was wrong with it."""
    return Field(
        **{
            **field.__dict__,
            "value": values.get(field.name, field.value if not values and not errors else None),
            "errors": list(errors.get(field.name, ())),
        }
    )


def _page(dataset: dict[str, Any], road: Road) -> Any:
    """Show the form of a side road, or take it."""
    values: dict[str, str] = {}
    errors: dict[str, list[str]] = {}
    status = 200
    if flask.request.method == "POST":
        names = [field.name for field in road.fields]
        sent = flask.request.form
        texts = {name: line_ends(sent.get(name, "").replace("\x00", "")) for name in names}
        values = {name: text for name, text in texts.items() if text}
        try:
            road.call(values)
        except tk.NotAuthorized as refusal:
            errors = {"": [str(refusal.message or tk._("You may not take this step."))]}
            status = 403
        except tk.ValidationError as refusal:
            errors = asking.errors_by_field(refusal.error_dict, names)
            status = 422
        else:
            tk.h.flash_success(road.done)
            return _after(dataset, road.goes_to)
    shown = {
        "pkg_dict": dataset,
        "dataset_type": dataset["type"],
        "road": road,
        "fields": [_filled(field, values, errors) for field in road.fields],
        "errors": errors,
    }
    return flask.make_response(tk.render("satudata/side_road.html", shown), status)


def _after(dataset: dict[str, Any], endpoint: str) -> Any:
    """Go on to the dataset or its case, or to the queue where it is out of this person's sight."""
    try:
        asking.call("package_show", id=dataset["id"])
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return tk.redirect_to("satudata.queue")
    return tk.redirect_to(endpoint, id=dataset["name"])


def _licences() -> list[Choice]:
    register = model.Package.get_license_register()
    named = [Choice(name, tk._(licence.title)) for name, licence in register.items()]
    return sorted(named, key=lambda choice: choice.label.casefold())


def reopen(id: str) -> Any:
    """Open a case on something decided."""
    if not asking.logged_in():
        return asking.log_in()
    dataset = asking.dataset(id)
    kinds = side_roads.reopening_kinds(dataset["id"])
    if not kinds:
        return not_yours(
            dataset, tk._("You may not open a case on this dataset, or one is open already.")
        )
    fields = [
        _field(
            "case_kind",
            "choice",
            tk._("Kind of case"),
            choices=[Choice(kind, wording.case_kind(kind)) for kind in kinds],
        ),
        _field("reason", "text", tk._("Why it is opened")),
    ]
    if "move" in kinds:
        agencies = sorted(registry.load_agencies().values(), key=lambda a: a.title.casefold())
        fields.append(
            _field(
                "owner_org",
                "choice",
                tk._("Receiving agency"),
                required=False,
                help=tk._("Only for a move to another agency."),
                choices=[Choice(a.name, a.title) for a in agencies if a.id != dataset["owner_org"]],
            )
        )
    fields.append(
        _field(
            "license_id",
            "choice",
            tk._("New licence"),
            required=False,
            help=tk._("Only where the licence is to change."),
            choices=_licences(),
        )
    )

    def call(values: Mapping[str, str]) -> Any:
        return asking.call(
            "satudata_classification_transition",
            **{**values, "id": dataset["id"], "transition": "reopen"},
        )

    return _page(
        dataset,
        Road(
            title=tk._("Open a new case"),
            intro=tk._(
                "What is decided stays in force until the new case is decided. The case begins on "
                "your desk."
            ),
            button=tk._("Open the case"),
            fields=fields,
            call=call,
            done=tk._("The case is open."),
            goes_to="satudata.case",
        ),
    )


def hold(id: str) -> Any:
    """Take data, or everything, out of sight at once."""
    if not asking.logged_in():
        return asking.log_in()
    dataset = asking.dataset(id)
    if not side_roads.may_hold(dataset["id"]):
        return not_yours(dataset, tk._("You may not place a hold on this dataset."))
    scopes = [Choice(scope, wording.hold_scope(scope)) for scope in holds.SCOPES]
    fields = [
        _field("scope", "choice", tk._("What is held back"), choices=scopes),
        _field(
            "reason",
            "text",
            tk._("Reason"),
            help=tk._("It is shown to everybody who may see the dataset. Name no person in it."),
        ),
    ]
    return _page(
        dataset,
        Road(
            title=tk._("Hold back"),
            intro=tk._("A hold works at once. Another person of Walidata or PPID lifts it."),
            button=tk._("Hold back now"),
            fields=fields,
            call=lambda values: asking.call(
                "satudata_hold_create", **{**values, "id": dataset["id"]}
            ),
            done=tk._("The hold is in force."),
            goes_to=f"{dataset['type']}.read",
        ),
    )


def release(id: str, hold: str) -> Any:
    """Lift a hold."""
    if not asking.logged_in():
        return asking.log_in()
    dataset = asking.dataset(id)
    if hold not in side_roads.releasable(dataset["id"]):
        return not_yours(
            dataset, tk._("There is no such hold, or you may not lift it. Nobody lifts their own.")
        )
    return _page(
        dataset,
        Road(
            title=tk._("Lift the hold"),
            intro=tk._("The dataset is given again as its decision says."),
            button=tk._("Lift the hold"),
            fields=[_field("reason", "text", tk._("Reason"))],
            call=lambda values: asking.call(
                "satudata_hold_release", **{**values, "id": dataset["id"], "hold": hold}
            ),
            done=tk._("The hold is lifted."),
            goes_to=f"{dataset['type']}.read",
        ),
    )


def not_yours(dataset: dict[str, Any], text: str) -> Any:
    """Say that this road is not for this person, who may see the dataset."""
    shown = {
        "pkg_dict": dataset,
        "dataset_type": dataset["type"],
        "road": None,
        "fields": [],
        "errors": {"": [text]},
    }
    return flask.make_response(tk.render("satudata/side_road.html", shown), 403)


def register(portal: flask.Blueprint) -> None:
    """Add the pages of the side roads."""
    both = ["GET", "POST"]
    portal.add_url_rule("/satudata/berkas/<id>/buka", "reopen", reopen, methods=both)
    portal.add_url_rule("/satudata/berkas/<id>/tahan", "hold", hold, methods=both)
    portal.add_url_rule("/satudata/berkas/<id>/lepas/<hold>", "release", release, methods=both)
