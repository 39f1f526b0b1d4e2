"""Pages of notices: what a person was told, where each leads, and which mails they want."""

from __future__ import annotations

from typing import Any

import flask

import ckan.plugins.toolkit as tk
from ckan import model

from ...access.reading import guard
from ...classification.incidents import notices_of_a_person
from ...classification.records.incident_model import Incident
from ...classification.rules.policy import Channel
from ...surface import page_names
from ..web import call
from ..web.request_forms import closed, tried

PER_PAGE = 20
LARGEST = 2**63 - 1


def notices() -> Any:
    """List what the reader was told, newest first."""
    if not call.logged_in():
        return call.log_in()
    page = max(1, flask.request.args.get("page", 1, type=int))
    found = call.call(
        "satudata_notice_list", limit=PER_PAGE, offset=min((page - 1) * PER_PAGE, 10**9)
    )
    shown = {
        "notices": found["results"],
        "count": found["count"],
        "page": page,
        "pages": -(-found["count"] // PER_PAGE) or 1,
    }
    return closed(tk.render("satudata/notices.html", shown))


NUMBERED = {
    "smki_incident": "smki_incident",
    "smki_subject": "smki_subject",
    "smki_finding": "smki_finding",
    "smki_": "smki_task",
    "jepin_report": "jepin_report",
    "agency_task": "agency_task",
    "help_": "help_question",
    "wish_": "wish_desk",
    "reuse_": "reuse_desk",
}
"""How a kind of notice begins → the page of its number; the first that fits."""
LISTS = {
    "smki_lines": "smki_registers",
    "smki_lines_late": "smki_registers",
    "smki_destruction": "smki_destructions",
    "jepin_lack": "jepin_forum",
    "jepin_late": "jepin_reports",
    "points_stale": "jepin_reports",
    "points_stale_late": "jepin_reports",
    "monthly_letter": "monthly_letter",
    "agreed_due": "agreed_owed",
    "agreed_late": "agreed_owed",
    "agreed_overdue": "agreed_owed",
    "figure_asked": "figures",
}
"""Kind of notice → the list that it leads to."""
OF_DATASET = {
    "jepin_down": "jepin_pulse",
    "jepin_certificate": "jepin_pulse",
    "release_due": "new_data",
    "release_late": "new_data",
}
"""Kind of notice → the page of its dataset, where it is not that of the case."""


def notice(number: int) -> Any:
    """Go to what a notice of the reader's is about; the address itself says nothing of it."""
    if not call.logged_in():
        return call.log_in()
    user = tk.current_user
    row = notices_of_a_person.own(user.id, number) if number <= LARGEST else None
    if row is None:
        return tk.abort(404, tk._("Notice not found"))
    if row.incident_id:
        incident = model.Session.get(Incident, row.incident_id)
        if incident is not None:
            return tk.redirect_to("satudata.incident", number=incident.number)
    if row.request_id:
        return tk.redirect_to("satudata.request", request_id=row.request_id)
    listed = LISTS.get(row.kind)
    if listed:
        return tk.redirect_to(page_names.endpoint(listed))
    if row.package_id and not row.kind.startswith(("jepin_report", "jepin_lack")):
        if not guard.may(call.context(), row.package_id, Channel.METADATA):
            # Decided meanwhile, or gone: not for this person any more, and it is not said why.
            tk.h.flash_notice(tk._("What this told you of does not lie with you any more."))
            return tk.redirect_to("satudata.notices")
        own = OF_DATASET.get(row.kind)
        endpoint = page_names.endpoint(own) if own else "satudata.case"
        return tk.redirect_to(endpoint, id=row.package_id)
    for begins, page in NUMBERED.items():
        if row.kind.startswith(begins):
            return tk.redirect_to(page_names.endpoint(page), number=row.facts["number"])
    return tk.redirect_to("satudata.notices")


def choices() -> Any:
    """Show which mails the reader wants, and keep what they choose."""
    if not call.logged_in():
        return call.log_in()
    errors: dict[str, list[str]] = {}
    status = 200
    mails = call.call("satudata_notice_list", limit=0)["mails"]
    if flask.request.method == "POST":
        wanted = set(flask.request.form.getlist("mail"))
        without = [item["kind"] for item in mails if item["kind"] not in wanted]
        done, errors, status = tried(
            lambda: call.call("satudata_notice_choose", without=without), ()
        )
        if done is not None:
            tk.h.flash_success(tk._("Your choice is kept."))
            return tk.redirect_to("satudata.notice_choices")
    shown = {"mails": mails, "always": notices_of_a_person.always(), "errors": errors}
    return closed(tk.render("satudata/notice_choices.html", shown), status)


def register(portal: flask.Blueprint) -> None:
    """Add the pages of notices."""
    base, both = "/satudata/pemberitahuan", ["GET", "POST"]
    portal.add_url_rule(base, "notices", notices)
    portal.add_url_rule(f"{base}/<int:number>", "notice", notice)
    portal.add_url_rule(f"{base}/surat", "notice_choices", choices, methods=both)
    page_names.known_as(
        notices="satudata.notices",
        notice="satudata.notice",
        notice_choices="satudata.notice_choices",
    )
