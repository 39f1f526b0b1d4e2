"""Pages of the side roads of a dataset: reopen it, hold it, lift a hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask

import ckan.plugins.toolkit as tk
from ckan import model

from ...agencies import registry
from ...classification.cases import reopening
from ...classification.reopening import older
from ..web import call as asking
from ..web import form_page, wording
from ..web.form_page import Road, field
from ..web.forms import Choice
from . import holds


def _page(dataset: dict[str, Any], road: Road, goes_to: str) -> Any:
    """Show the form of a side road, or take it and go on."""
    attempt = form_page.travel(road)
    return (
        form_page.after(dataset, goes_to)
        if attempt.done
        else form_page.show(dataset, road, attempt)
    )


def _licences() -> list[Choice]:
    register = model.Package.get_license_register()
    named = [Choice(name, tk._(licence.title)) for name, licence in register.items()]
    return sorted(named, key=lambda choice: choice.label.casefold())


def reopen(id: str) -> Any:
    """Open a case on something decided."""
    if not asking.logged_in():
        return asking.log_in()
    dataset = asking.dataset(id)
    # A removal has a form of its own, which says what goes.
    kinds = [kind for kind in holds.reopening_kinds(dataset["id"]) if kind != "remove"]
    if not kinds:
        return form_page.closed(
            dataset, tk._("You may not open a case on this dataset, or one is open already.")
        )
    fields = [
        field(
            "case_kind",
            "choice",
            tk._("Kind of case"),
            choices=[Choice(kind, wording.case_kind(kind)) for kind in kinds],
        ),
        field("reason", "text", tk._("Why it is opened")),
    ]
    if "move" in kinds:
        agencies = sorted(registry.load_agencies().values(), key=lambda a: a.title.casefold())
        fields.append(
            field(
                "owner_org",
                "choice",
                tk._("Receiving agency"),
                required=False,
                help=tk._("Only for a move to another agency."),
                choices=[Choice(a.name, a.title) for a in agencies if a.id != dataset["owner_org"]],
            )
        )
    fields.append(
        field(
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
            screen="reopen",
            title=tk._("Open a new case"),
            intro=tk._(
                "What is decided stays in force until the new case is decided. The case begins on "
                "your desk."
            ),
            button=tk._("Open the case"),
            fields=fields,
            call=call,
            done=tk._("The case is open."),
        ),
        "satudata.case",
    )


FILES = "files"
"""What is chosen where only some files go; the API knows them by their ids alone."""


def remove(id: str) -> Any:
    """Ask for the removal of files that are named, or of the whole dataset."""
    if not asking.logged_in():
        return asking.log_in()
    dataset = asking.dataset(id)
    if "remove" not in holds.reopening_kinds(dataset["id"]):
        return form_page.closed(
            dataset,
            tk._("You may not ask for a removal of this dataset, or a case is open already."),
        )
    decided = holds.decided_files(dataset["id"])
    files = [r for r in dataset["resources"] if r["id"] in decided]
    asked = flask.request.args
    chosen = [r["id"] for r in files if r["id"] in asked.getlist("berkas")]
    whole = reopening.WHOLE if asked.get("semua") == "1" else None
    goes = [Choice(reopening.WHOLE, tk._("The whole dataset, with all its files"))]
    if files:
        goes.insert(0, Choice(FILES, tk._("Only the files chosen below")))
    fields = [
        field(
            "removes",
            "choice",
            tk._("What goes"),
            choices=goes,
            value=whole or (FILES if chosen else None),
        )
    ]
    if files:
        fields.append(
            field(
                "resources",
                "agencies",
                tk._("Files to remove"),
                required=False,
                choices=[Choice(r["id"], r.get("name") or tk._("Unnamed file")) for r in files],
                value=chosen,
            )
        )
    fields.append(field("reason", "text", tk._("Why it is removed")))

    def call(values: Mapping[str, Any]) -> Any:
        sent = {**values, "id": dataset["id"], "transition": "reopen", "case_kind": "remove"}
        if sent.get("removes") == FILES:
            del sent["removes"]
        return asking.call("satudata_classification_transition", **sent)

    return _page(
        dataset,
        Road(
            screen="reopen",
            title=tk._("Ask for removal"),
            intro=tk._(
                "Nothing goes before the removal is decided. The case begins on your desk: submit "
                "it there."
            ),
            button=tk._("Open the case"),
            fields=fields,
            call=call,
            done=tk._("The case is open."),
        ),
        "satudata.case",
    )


def instead_of_core() -> Any:
    """Lead core's "Delete" of what was decided into the form, filled in."""
    if not (flask.request.endpoint or "").endswith(".delete") or not asking.logged_in():
        return None
    args = dict(flask.request.view_args or {})
    resource = args.pop("resource_id", None)
    if set(args) - {"package_type"} != {"id"}:
        return None
    try:
        dataset = asking.call("package_show", id=args["id"])
    except (tk.ObjectNotFound, tk.NotAuthorized, tk.ValidationError):
        return None  # core answers, as for what there is not
    if "remove" not in holds.reopening_kinds(dataset["id"]):
        return None
    if resource and resource not in holds.decided_files(dataset["id"]):
        return None
    said = {"berkas": resource} if resource else {"semua": "1"}
    return tk.redirect_to("satudata.remove", id=dataset["name"], **said)


def hold(id: str) -> Any:
    """Take data, or everything, out of sight at once."""
    if not asking.logged_in():
        return asking.log_in()
    dataset = asking.dataset(id)
    if not holds.may_hold(dataset["id"]):
        return form_page.closed(dataset, tk._("You may not place a hold on this dataset."))
    allowed = holds.hold_scopes(dataset["id"])
    scopes = [Choice(scope, wording.hold_scope(scope)) for scope in allowed]
    fields = [
        field("scope", "choice", tk._("What is held back"), choices=scopes),
        field(
            "reason",
            "text",
            tk._("Reason"),
            help=tk._("It is shown to everybody who may see the dataset. Name no person in it."),
        ),
    ]
    return _page(
        dataset,
        Road(
            screen="hold",
            title=tk._("Hold back"),
            intro=tk._(
                "A hold works at once. Somebody else confirms it: an admin of the agency, Walidata "
                "or PPID. Another person of Walidata or PPID lifts it."
            ),
            button=tk._("Hold back now"),
            fields=fields,
            call=lambda values: asking.call(
                "satudata_hold_create", **{**values, "id": dataset["id"]}
            ),
            done=tk._("The hold is in force."),
        ),
        f"{dataset['type']}.read",
    )


def confirm_hold(id: str, hold: str) -> Any:
    """Confirm a hold that somebody else placed."""
    if not asking.logged_in():
        return asking.log_in()
    dataset = asking.dataset(id)
    if hold not in holds.confirmable(dataset["id"]):
        return form_page.closed(
            dataset,
            tk._("There is no such hold, or you may not confirm it. Nobody does their own."),
        )
    return _page(
        dataset,
        Road(
            screen="hold",
            title=tk._("Confirm the hold"),
            intro=tk._(
                "The data stay held back until somebody of Walidata or PPID lifts the hold."
            ),
            button=tk._("Confirm the hold"),
            facts=holds.told(dataset["id"], hold),
            fields=[],
            call=lambda _values: asking.call("satudata_hold_confirm", id=dataset["id"], hold=hold),
            done=tk._("The hold is confirmed."),
        ),
        f"{dataset['type']}.read",
    )


def release(id: str, hold: str) -> Any:
    """Lift a hold."""
    if not asking.logged_in():
        return asking.log_in()
    dataset = asking.dataset(id)
    if hold not in holds.releasable(dataset["id"]):
        return form_page.closed(
            dataset, tk._("There is no such hold, or you may not lift it. Nobody lifts their own.")
        )
    grounds = holds.release_grounds(dataset["id"])
    return _page(
        dataset,
        Road(
            screen="release",
            title=tk._("Lift the hold"),
            intro=tk._("The dataset is given again as its decision says."),
            button=tk._("Lift the hold"),
            facts=holds.told(dataset["id"], hold),
            fields=[
                field(
                    "ground",
                    "choice",
                    tk._("Why it is lifted"),
                    choices=[Choice(name, tk._(label)) for name, label in grounds.items()],
                ),
                field("reason", "text", tk._("Reason")),
            ],
            call=lambda values: asking.call(
                "satudata_hold_release", **{**values, "id": dataset["id"], "hold": hold}
            ),
            done=tk._("The hold is lifted."),
        ),
        f"{dataset['type']}.read",
    )


def older_versions(id: str) -> Any:
    """Say whether older versions of open data may go on being given."""
    if not asking.logged_in():
        return asking.log_in()
    dataset = asking.dataset(id)
    if not holds.may_say_older(dataset["id"]):
        text = tk._("Whoever decided this dataset as open says it, and nobody who proposed it.")
        return form_page.closed(dataset, text)
    return _page(
        dataset,
        Road(
            screen="older",
            title=tk._("Older versions"),
            intro=tk._(
                "May the versions before this decision go on being downloaded by everybody, and be "
                "put side by side? Say yes only if none of them was replaced because something was "
                "wrong in it: a person who could be recognised, a secret, an error that misleads. "
                "It holds for this decision alone; the next one begins with no."
            ),
            button=tk._("Save"),
            fields=[
                field(
                    "given",
                    "choice",
                    tk._("May older versions go on being given?"),
                    choices=[Choice(older.NO, tk._("No")), Choice(older.YES, tk._("Yes"))],
                ),
                field("reason", "text", tk._("Reason")),
            ],
            call=lambda values: asking.call(
                "satudata_older_versions_set", **{**values, "id": dataset["id"]}
            ),
            done=tk._("It is recorded whether older versions are given."),
        ),
        f"{dataset['type']}.read",
    )


def register(portal: flask.Blueprint) -> None:
    """Add the pages of the side roads."""
    both = ["GET", "POST"]
    portal.before_app_request(instead_of_core)
    portal.add_url_rule("/satudata/berkas/<id>/hapus", "remove", remove, methods=both)
    portal.add_url_rule("/satudata/berkas/<id>/buka", "reopen", reopen, methods=both)
    portal.add_url_rule("/satudata/berkas/<id>/tahan", "hold", hold, methods=both)
    before = "/satudata/berkas/<id>/versi-lama"
    portal.add_url_rule(before, "older_versions", older_versions, methods=both)
    confirmed = "/satudata/berkas/<id>/pastikan/<hold>"
    portal.add_url_rule(confirmed, "confirm_hold", confirm_hold, methods=both)
    portal.add_url_rule("/satudata/berkas/<id>/lepas/<hold>", "release", release, methods=both)
