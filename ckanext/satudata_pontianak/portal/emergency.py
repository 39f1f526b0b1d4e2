"""Emergency access on pages: the banner's way out, and the trash that must say why it refuses."""

from __future__ import annotations

from typing import Any

import flask

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.views.admin import TrashView

from ..agencies import registry
from ..agencies.model import BreakGlassRow
from ..agencies.words import duty_label
from . import asking

TRASH = "admin.trash"
PURGES = {
    "package": ("dataset_purge",),
    "organization": ("organization_purge",),
    "all": ("dataset_purge", "group_purge", "organization_purge"),
}

emergency = flask.Blueprint("satudata_emergency", __name__)


def satudata_break_glass() -> list[dict[str, Any]]:
    """Return what runs for the reader now, for the banner on every page."""
    user = tk.current_user
    if not asking.logged_in() or not getattr(user, "sysadmin", False):
        return []
    actor = registry.actor_for(user if isinstance(user, model.User) else None)
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


def end() -> Any:
    """End what runs, from the banner, and go back to the start page."""
    try:
        asking.call("satudata_break_glass_end", id=flask.request.form.get("id", ""))
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
                asking.call(action, id=each["id"])
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


def get_helpers() -> dict[str, Any]:
    """Return the helpers of this module by name."""
    return {"satudata_break_glass": satudata_break_glass}


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprints of this module."""
    return [emergency]
