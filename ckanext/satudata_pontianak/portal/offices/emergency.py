"""Emergency access on pages: in by a form, out by the banner, and a trash that says why not."""

from __future__ import annotations

import datetime as dt
from typing import Any

import flask

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.views.admin import TrashView

from ... import clock, days
from ...agencies import registry
from ...agencies.model import BreakGlassRow
from ...agencies.rules import break_glass
from ...agencies.rules.duties import Duty
from ...agencies.words import duty_label
from ...classification.records import reads
from ...classification.rules.definition import workflow
from ..web import call, form_page
from ..web.form_page import Road, field
from ..web.forms import Choice, Field

TRASH = "admin.trash"
PURGES = {
    "package": ("dataset_purge",),
    "organization": ("organization_purge",),
    "all": ("dataset_purge", "group_purge", "organization_purge"),
}

USUAL_HOURS = 2
"""How long emergency access is offered for; the form takes any end that the rules allow."""

emergency = flask.Blueprint("satudata_emergency", __name__)


def satudata_break_glass() -> list[dict[str, Any]]:
    """Return what runs for the reader now, for the banner on every page."""
    user = tk.current_user
    if not call.logged_in() or not getattr(user, "sysadmin", False):
        return []
    actor = registry.current_actor()
    found = []
    for stand_in in sorted(actor.break_glass, key=lambda s: s.until):
        row = model.Session.get(BreakGlassRow, stand_in.id)
        package = model.Package.get(stand_in.dataset_id) if stand_in.dataset_id else None
        found.append(
            {
                "id": stand_in.id,
                "reason": row.reason if row else "",
                "until": stand_in.until,
                "duty": duty_label(stand_in.duty) if stand_in.duty else "",
                "dataset": package.name if package else None,
                "title": (package.title or package.name) if package else "",
            }
        )
    return found


def satudata_may_break_glass(dataset_id: str) -> bool:
    """Tell whether the reader may start emergency access to a dataset, and has not yet."""
    if not call.logged_in() or not getattr(tk.current_user, "sysadmin", False):
        return False
    return not _running_here(dataset_id)


def _running_here(dataset_id: str) -> bool:
    actor = registry.actor_from_context(call.context())
    return any(stand_in.dataset_id == dataset_id for stand_in in actor.break_glass)


def _holder(dataset_id: str) -> str:
    """Return the duty that is most likely needed: who holds the open case, else Walidata."""
    case = reads.open_case(dataset_id)
    state = workflow().states.get(case.state) if case else None
    return state.holder if state and state.holder else Duty.WALIDATA.value


def until_and_reason() -> list[Field]:
    """Return the fields that every start of emergency access asks for."""
    now = clock.now().astimezone(days.CITY).replace(second=0, microsecond=0, tzinfo=None)
    hours = int(break_glass.LONGEST.total_seconds()) // 3600
    return [
        field(
            "until",
            "moment",
            tk._("Until"),
            help=tk._("Time in Pontianak; at most {hours} hours from now.").format(hours=hours),
            value=(now + dt.timedelta(hours=USUAL_HOURS)).isoformat(timespec="minutes"),
        ),
        field(
            "reason",
            "text",
            tk._("Reason"),
            help=tk._("Why nobody who has the duty can act now. It is recorded and shown."),
            max_length=break_glass.LONGEST_REASON,
        ),
    ]


def start(id: str) -> Any:
    """Stand in for one duty on one dataset, with a reason and an end."""
    if not call.logged_in():
        return call.log_in()
    dataset = call.dataset(id)
    if not getattr(tk.current_user, "sysadmin", False):
        text = tk._("Emergency access is for system administrators, with a reason and an end")
        return form_page.closed(dataset, text)
    if _running_here(dataset["id"]):
        text = tk._(
            "Emergency access to this dataset is running already. End it at the top of the page "
            "before you start another one."
        )
        return form_page.closed(dataset, text, 409)
    road = Road(
        screen="emergency",
        title=tk._("Emergency access"),
        intro=tk._(
            "You stand in for one duty on this dataset, until the moment that you give. It is "
            "recorded, and a red bar shows it on every page while it runs. Whoever took one part "
            "in a case takes no second one, also like this."
        ),
        button=tk._("Start emergency access"),
        fields=[
            field(
                "duty",
                "choice",
                tk._("Duty that you stand in for"),
                choices=[Choice(d.value, duty_label(d)) for d in break_glass.STANDS_IN_FOR],
                value=_holder(dataset["id"]),
            ),
            *until_and_reason(),
        ],
        call=lambda values: _start(dataset["id"], values),
        done=tk._("Emergency access has started. The start was recorded."),
    )
    attempt = form_page.travel(road)
    return (
        form_page.after(dataset, "satudata.case")
        if attempt.done
        else form_page.show(dataset, road, attempt)
    )


def _start(dataset_id: str, values: Any) -> Any:
    if not values.get("duty"):
        # The API chooses where none is named; on a page the person says it.
        raise tk.ValidationError({"duty": [tk._("Choose the duty that you stand in for.")]})
    return call.call("satudata_break_glass_start", **{**values, "id": dataset_id})


def end() -> Any:
    """End what runs, from the banner, and go back to the start page."""
    try:
        call.call("satudata_break_glass_end", id=flask.request.form.get("id", ""))
    except tk.NotAuthorized as refusal:
        return tk.abort(403, str(refusal))
    except (tk.ObjectNotFound, tk.ValidationError):
        tk.h.flash_notice(tk._("No emergency access is running"))
    else:
        tk.h.flash_success(tk._("Emergency access has ended. The end was recorded."))
    return tk.redirect_to("home.index")


@emergency.before_app_request
def purge_from_trash() -> Any:
    """Purge from CKAN's trash page what may be purged, and say of the rest why it may not.

    Core's own view falls over a refusal that is not about authorization.
    """
    request = flask.request
    if request.method != "POST" or request.endpoint != TRASH or "cancel" in request.form:
        return None
    wanted = PURGES.get(request.form.get("action", ""))
    if wanted is None or not getattr(tk.current_user, "sysadmin", False):
        return None
    view = TrashView()
    kinds = {
        "dataset_purge": view.deleted_entities["package"],
        "group_purge": view.deleted_entities["group"],
        "organization_purge": view.deleted_entities["organization"],
    }
    done = 0
    for action in wanted:
        found = [e if isinstance(e, dict) else {"id": e.id, "name": e.name} for e in kinds[action]]
        for each in found:
            try:
                call.call(action, id=each["id"])
                done += 1
            except (tk.ValidationError, tk.NotAuthorized, tk.ObjectNotFound) as refusal:
                model.Session.rollback()
                tk.h.flash_error(f"{each['name']}: {_words(refusal)}")
    text = tk.ungettext("{number} item was purged", "{number} items were purged", done)
    tk.h.flash_success(text.format(number=done))
    return tk.redirect_to(TRASH)


def _words(refusal: Exception) -> str:
    if isinstance(refusal, tk.ValidationError):
        return " ".join(str(text) for text in refusal.error_summary.values())
    return str(refusal)


emergency.add_url_rule("/satudata/akses-darurat/akhiri", "end", end, methods=["POST"])
emergency.add_url_rule(
    "/satudata/berkas/<id>/akses-darurat", "start", start, methods=["GET", "POST"]
)


def get_helpers() -> dict[str, Any]:
    """Return the helpers of this module by name."""
    return {
        "satudata_break_glass": satudata_break_glass,
        "satudata_may_break_glass": satudata_may_break_glass,
    }


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprints of this module."""
    return [emergency]
