"""Whether the page of a dataset helped: one answer, without scripts, cookies or a name."""

from __future__ import annotations

from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ... import config
from ...access.limits import rates
from ...surface import methods
from ..web import call
from ..web.request_forms import closed

of_helped = flask.Blueprint("satudata_helped", __name__)
ANSWERS = {"ya": True, "tidak": False}
SAID = "jawaban"
LIMITED = "whether a page helped"


def thanks(id: str) -> Any:
    """Thank for an answer that was counted; looking at the page counts nothing."""
    helped = ANSWERS.get(flask.request.args.get(SAID, ""))
    package = call.dataset(id)
    if helped is None:
        return tk.abort(404, tk._("Not found"))
    return closed(tk.render("satudata/cooperation/helped.html", {"pkg": package, "helped": helped}))


def answer(id: str) -> Any:
    """Count an answer that was sent from a page of this site, which may be a kept one."""
    said = flask.request.headers
    here = methods.is_from_here(
        config.site_url(),
        flask.request.host,
        said.get("Origin"),
        said.get("Referer"),
        said.get("Sec-Fetch-Site"),
    )
    if not here:
        return tk.abort(403, tk._("This was not sent from a page of this site."))
    word = flask.request.form.get("helped", "")
    helped = ANSWERS.get(word)
    if helped is None:
        return tk.abort(404, tk._("Not found"))
    rates.admit(LIMITED)
    try:
        call.call("satudata_helped_answer", id=id, helped=helped)
    except (tk.ObjectNotFound, tk.ValidationError):
        return tk.abort(404, tk._("Dataset not found"))
    address = tk.url_for("satudata_helped.thanks", id=id, **{SAID: word})
    return flask.redirect(address, 303)


of_helped.add_url_rule("/membantu/<id>", "thanks", thanks)
of_helped.add_url_rule("/membantu/<id>", "answer", answer, methods=["POST"])


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprints of this module."""
    return [of_helped]
