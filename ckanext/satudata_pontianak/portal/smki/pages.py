"""Pages of information security: what the public knows of it, and the board of those inside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ... import days
from ...agencies import registry
from ...agencies.rules.duties import Actor
from ...msgids import N_
from ...smki.cooperation import security_tasks
from ...smki.cooperation.handed import LONGEST
from ...smki.records import roles
from ...smki.rules.definition import smki
from ...smki.show import WORST_FIRST, status_label
from ...sop.documents import library
from ...surface import page_names
from ...surface.pages import page
from ..offices.decrees import satudata_decree_choices
from ..web import call, form_page
from ..web.form_page import Attempt, Road, field
from ..web.forms import Choice
from ..web.request_forms import closed

security = flask.Blueprint("satudata_smki", __name__)

PER_PAGE = 20
DO, HAND = "do", "hand"
OWN_PAGES = {
    "control_audit": ("satudata_smki.checklist", N_("Go through the checklist")),
    "audit_own": ("satudata_smki.checklist", N_("Go through the checklist")),
    "rights_review": ("satudata_smki.rights", N_("Go through the list of rights")),
    "management_review": ("satudata_smki.reviewed", N_("Hold the management review")),
}
"""Kind of task → the page on which it is worked through, and what its link says."""


def public() -> Any:
    """Show the policy, its scope, the controls by name and the SOPs: never how a control stands."""
    known = smki()
    controls = [c for c in known.controls.controls.values() if not c.excluded]
    chapters = [
        (tk._(label.label), [tk._(c.label) for c in controls if c.chapter == name])
        for name, label in known.policy.chapters.items()
    ]
    shown = {
        "policy": known.policy,
        "title": tk._(known.policy.title),
        "scope": tk._(known.policy.scope),
        "statements": [tk._(each.label) for each in known.policy.statements],
        "chapters": chapters,
        "documents": [
            (name, tk._(library.documents()[name].title.msgid)) for name in library.public()
        ],
    }
    return tk.render("satudata/smki/public.html", shown)


def called(action: str, **params: Any) -> Any:
    """Call an action, or answer as the page does for who may not see it."""
    try:
        return call.call(action, **params)
    except tk.NotAuthorized as refusal:
        return tk.abort(403, str(refusal.message or ""))
    except (tk.ObjectNotFound, tk.ValidationError):
        return tk.abort(404, tk._("Not found"))


def satudata_sees_smki() -> bool:
    """Tell whether the reader sees the board of information security."""
    return call.logged_in() and roles.inside(_actor())


def _actor() -> Actor:
    return registry.actor_from_context(call.context())


def board() -> Any:
    """Show how information security stands, red first, and what the reader must do."""
    if not call.logged_in():
        return call.log_in()
    found = called("satudata_smki_board")
    groups = [
        (status, status_label(status), [c for c in found["controls"] if c["status"] == status])
        for status in WORST_FIRST
    ]
    shown = {"board": found, "groups": [group for group in groups if group[2]]}
    return closed(tk.render("satudata/smki/board.html", shown))


def control(name: str) -> Any:
    """Show one control: what was found, what mends it, and how it stood before."""
    if not call.logged_in():
        return call.log_in()
    found = called("satudata_smki_control_show", control=name)
    return closed(tk.render("satudata/smki/control.html", {"control": found}))


def paged(action: str, name: str, endpoint: str, **asked: Any) -> dict[str, Any]:
    """Return one page of what an action lists, for a template with ``snippets/pager.html``.

    :param name: what the template calls the items.
    :param endpoint: of the page, to which ``asked`` is handed on as well.
    """
    number = max(1, flask.request.args.get("page", 1, type=int))
    offset = min((number - 1) * PER_PAGE, 10**9)
    found = called(action, limit=PER_PAGE, offset=offset, **asked)
    return {
        name: found["results"],
        "count": found["count"],
        "whole": found,
        "page": number,
        "pages": -(-found["count"] // PER_PAGE) or 1,
        "query": lambda page: tk.h.url_for(endpoint, page=page, **asked),
    }


def stepped(roads: Mapping[str, Road], key: str) -> tuple[Attempt | None, dict[str, Any]]:
    """Take the one of several forms that was sent; return what became of it, and what is drawn.

    :param roads: name → form, of those that the reader may send.
    :param key: the field of a form that says which one it is.
    """
    sent = flask.request.form.get(key, "") if flask.request.method == "POST" else ""
    if flask.request.method == "POST" and sent not in roads:
        tk.abort(403, tk._("You may not take this step."))
    attempt = form_page.travel(roads[sent]) if sent else None
    drawn = [
        (name, road, attempt.fields if attempt is not None and name == sent else road.fields)
        for name, road in roads.items()
    ]
    return attempt, {
        "forms": drawn,
        "sent": sent,
        "errors": attempt.errors if attempt else {},
        "fields": attempt.fields if attempt else (),
    }


def naming(title: str, intro: str, action: str, **of: str) -> Road:
    """Return the form by which a dataset is named that something concerns.

    :param action: what takes it; ``of`` says what the dataset is named for.
    """
    return Road(
        title=title,
        intro=intro,
        button=tk._("Name the dataset"),
        fields=[
            field(
                "id",
                "line",
                tk._("Dataset"),
                help=tk._("Its name, as it stands in the address of its page."),
                max_length=100,
            )
        ],
        call=lambda values: on_dataset(action, values, **of),
        done=tk._("The dataset is named."),
    )


def on_dataset(action: str, values: Mapping[str, Any], **of: str) -> Any:
    """Call an action on a dataset; one that is not for the caller is said at its field."""
    try:
        return call.call(action, **values, **of)
    except tk.ObjectNotFound as refusal:
        raise tk.ValidationError({"id": [str(refusal.message or "")]}) from None


def tasks() -> Any:
    """List the tasks: open ones by their deadline, or those that are done."""
    if not call.logged_in():
        return call.log_in()
    state = "done" if flask.request.args.get("state") == "done" else "open"
    found = paged("satudata_smki_task_list", "tasks", "satudata_smki.tasks", state=state)
    return closed(tk.render("satudata/smki/tasks.html", {**found, "state": state}))


def task(number: str) -> Any:
    """Show a task, and record it as done."""
    if not call.logged_in():
        return call.log_in()
    found = called("satudata_smki_task_show", task=number)
    roads = {
        DO: _task_road(found) if found["mine"] else None,
        HAND: _handing(found) if found["hands_on"] else None,
    }
    sent = HAND if flask.request.form.get("act") == HAND else DO
    attempt = form_page.offered(roads[sent])
    if attempt.done:
        return tk.redirect_to("satudata_smki.task", number=found["number"])
    own = OWN_PAGES.get(found["kind"])
    # The page of the review is one of a year: of the task's, though it is done in the next.
    of_year = found["kind"] == "management_review"
    asked = {"year": found["period"][:4]} if of_year else {"number": found["number"]}
    page = (tk.h.url_for(own[0], **asked), tk._(own[1])) if own else None
    drawn = [
        (name, road, attempt.fields if name == sent else road.fields)
        for name, road in roads.items()
        if road is not None
    ]
    shown = {"task": found, "page": page, "drawn": drawn, "sent": sent}
    return form("satudata/smki/task.html", roads[sent], attempt, **shown)


def _task_road(found: dict[str, Any]) -> Road:
    return Road(
        title=tk._("Record as done"),
        intro=found["help"],
        button=tk._("Record as done"),
        fields=[
            field(
                spec["name"],
                spec["type"] if spec["type"] != "number" else "line",
                spec["label"],
                help=spec["help"],
                required=spec["required"],
                max_length=spec["max_length"],
                choices=[Choice(*item) for item in spec["choices"].items()],
            )
            for spec in found["fields"]
        ],
        call=lambda values: call.call(
            "satudata_smki_task_do", **{k: v for k, v in values.items() if v}, task=found["id"]
        ),
        done=tk._("The task is recorded as done."),
    )


def _handing(found: dict[str, Any]) -> Road:
    known = sorted(registry.load_agencies().values(), key=lambda agency: agency.title.lower())
    choices = [Choice(each.name, each.title) for each in known]
    mine = [each for each in known if each.id in security_tasks.senders(_actor())]
    fields = [
        field("agency", "choice", tk._("To which agency"), choices=choices),
        field(
            "text",
            "text",
            tk._("What is asked for"),
            help=tk._("Name no person and none of the data."),
            max_length=LONGEST,
        ),
    ]
    if len(mine) > 1:
        of = [Choice(each.name, each.title) for each in mine]
        fields.insert(0, field("sender", "choice", tk._("From which agency"), choices=of))
    return Road(
        title=tk._("Hand a part of it to another agency"),
        intro=tk._(
            "It reads the name of this task and what you write, and owes an answer, which then "
            "stands here. The task stays yours until it is done."
        ),
        button=tk._("Hand it over"),
        fields=fields,
        call=lambda values: call.call(
            "satudata_agency_task_create", **values, security_task=found["id"]
        ),
        done=tk._("The task is handed over."),
    )


def plan() -> Any:
    """Show the tasks of a year by month, and how many each person has."""
    if not call.logged_in():
        return call.log_in()
    this = days.today().year
    asked = flask.request.args.get("year", this, type=int)
    year = asked if this - 1 <= asked <= this + 1 else this
    found = called("satudata_smki_plan", year=year)
    people = sorted({item["user"] for item in found["load"]})
    months = [f"{year}-{number:02}" for number in range(1, 13)]
    load = {(item["user"], item["month"]): item["tasks"] for item in found["load"]}
    shown = {"plan": found, "people": people, "months": months, "load": load, "this": this}
    return closed(tk.render("satudata/smki/plan.html", shown))


def carried() -> Any:
    """Show who carries which role; lay one on a person by decree."""
    if not call.logged_in():
        return call.log_in()
    held = called("satudata_smki_board")["roles"]
    laid = called("satudata_smki_role_list")
    road = _role_road() if _lays() else None
    attempt = form_page.offered(road)
    if attempt.done:
        return tk.redirect_to("satudata_smki.carried")
    return form("satudata/smki/roles.html", road, attempt, roles=held, laid=laid)


def end_role(id: str) -> Any:
    """End a role of a person at once."""
    if not call.logged_in():
        return call.log_in()
    try:
        call.call("satudata_smki_role_end", id=id)
    except tk.NotAuthorized as refusal:
        return tk.abort(403, str(refusal.message or ""))
    except (tk.ObjectNotFound, tk.ValidationError):
        return tk.abort(404, tk._("Role not found"))
    tk.h.flash_success(tk._("The role has ended."))
    return tk.redirect_to("satudata_smki.carried")


def _lays() -> bool:
    try:
        tk.check_access("satudata_smki_role_create", call.context(), {})
    except tk.NotAuthorized:
        return False
    return True


def _role_road() -> Road:
    laid = [
        Choice(name, tk._(role.label))
        for name, role in smki().roles.roles.items()
        if role.duty is None
    ]
    return Road(
        title=tk._("Lay a role on a person"),
        intro=tk._("By a decree that is recorded. A role gives no right to see data."),
        button=tk._("Record"),
        fields=[
            field("role", "choice", tk._("Role"), choices=laid),
            field("user", "line", tk._("Username"), max_length=100),
            field(
                "nomor_sk",
                "line",
                tk._("Decree number (SK)"),
                max_length=200,
                suggestions=satudata_decree_choices(),
            ),
            field("from", "date", tk._("First day")),
            field("until", "date", tk._("Last day"), required=False),
        ],
        call=lambda values: call.call(
            "satudata_smki_role_create", **{k: v for k, v in values.items() if v}
        ),
        done=tk._("The role is laid on the person."),
    )


def form(template: str, road: Road | None, attempt: Attempt, **shown: Any) -> Any:
    """Return a page with a form that not everybody gets."""
    said = {"road": road, "fields": attempt.fields, "errors": attempt.errors}
    return closed(tk.render(template, {**shown, **said}), attempt.status)


HOME = "/satudata/keamanan"
security.add_url_rule(
    HOME,
    "public",
    page(
        public,
        kept=True,
        light=True,
        about=N_("How the portal keeps data safe: policy, scope, procedures and controls."),
    ),
)
security.add_url_rule(f"{HOME}/papan", "board", board)
security.add_url_rule(f"{HOME}/kendali/<name>", "control", control)
security.add_url_rule(f"{HOME}/tugas", "tasks", tasks)
security.add_url_rule(f"{HOME}/tugas/<number>", "task", task, methods=["GET", "POST"])
security.add_url_rule(f"{HOME}/rencana", "plan", plan)
security.add_url_rule(f"{HOME}/peran", "carried", carried, methods=["GET", "POST"])
security.add_url_rule(f"{HOME}/peran/<id>/akhiri", "end_role", end_role, methods=["POST"])
page_names.known_as(smki="satudata_smki.board", smki_task="satudata_smki.task")


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprints of this module."""
    return [security]


def get_helpers() -> dict[str, Any]:
    """Return the helpers of this module by name."""
    return {"satudata_sees_smki": satudata_sees_smki}
