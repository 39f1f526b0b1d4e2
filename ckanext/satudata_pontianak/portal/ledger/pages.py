"""The ledger on pages: receipts and files are looked up, heads published, the auditor reads."""

from __future__ import annotations

import json
import re
from typing import Any

import flask

import ckan.plugins.toolkit as tk
from ckan import model

from ... import config
from ...access.limits import rates
from ...access.reading import problems
from ...classification.cases import show
from ...ledger import codes, heads, proving, reading, sentences
from ...ledger.heads import SignedHead
from ...msgids import N_
from ...surface import formulas
from ...surface.pages import page
from ..web import call
from . import entries as ledger_entries

LONGEST = 4000
SHOWN = 50
FEED = 100
"""Heads in the feed; the files have all of them."""

EXPORTED = 5000
"""Entries in one file."""

FILTERS = ("id", "actor", "group", "event", "outcome", "since", "until")
_HASH = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
COLUMNS = ("size", "entry", "hash", "root", "at", "ledger", "signature", "key")

ledger = flask.Blueprint("satudata_ledger", __name__)


def receipt_in(text: str) -> dict[str, Any] | None:
    """Return what somebody pasted: ``hash`` and perhaps ``entry``, or ``code``; or ``None``.

    It may be the receipt as the API gives it, its code, an address with it, or just the hash of an
    entry or of a file, with words around it. A code with a slip in it gives ``code: None``.
    """
    hashes = set(_HASH.findall(text.lower()))
    if len(hashes) == 1:
        number = re.search(r'"entry"\s*:\s*(\d{1,18})\b', text)
        return {"hash": hashes.pop(), **({"entry": int(number[1])} if number else {})}
    found, slip = codes.found(text) if not hashes else ([], False)
    if len(found) == 1:
        return {"code": codes.shown(found[0])}
    return {"code": None} if slip and not found else None


def look_up(receipt: dict[str, Any] | None) -> tuple[str, Any]:
    """Return what is to be said of a receipt or a file, and what says it.

    A hash is asked for as that of an entry, and then as that of a file: of each that is not there,
    or not for the reader, both are asked.
    """
    if receipt is None:
        return "none", None
    if receipt.get("code", "") is None:
        return "slip", None
    if "hash" in receipt:
        proof = call.call("satudata_ledger_verify", **receipt)
        if proof["known"]:
            covered = "proven" if proof["proven"] else "broken"
            return covered if proof["covered"] else "waiting", proof
        told = call.call("satudata_receipt_show", sha256=receipt["hash"])
    else:
        told = call.call("satudata_receipt_show", code=receipt["code"])
    return ("found" if told["known"] else "unknown"), told


def index() -> str:
    """Say what the ledger is, look up a receipt or a file, show the newest head."""
    pasted = flask.request.args.get("tanda-terima", "")[:LONGEST].strip()
    if pasted:
        rates.admit("receipts")
    state, answer = look_up(receipt_in(pasted)) if pasted else ("", None)
    return tk.render(
        "satudata/ledger.html",
        {
            "pasted": pasted,
            "state": state,
            "answer": answer,
            "last": call.call("satudata_ledger_head"),
            "auditor": _is_auditor(),
            "demo": reading.is_of_a_demo(model.Session),
            "log_in": None if call.logged_in() else log_in_first(pasted),
        },
    )


def log_in_first(pasted: str) -> str:
    """Return the address of the log-in that leads back to the same question."""
    back = tk.h.url_for("satudata_ledger.index", **{"tanda-terima": pasted})
    return tk.h.url_for("user.login", came_from=back)


def satudata_receipt(dataset_id: str) -> str | None:
    """Return the receipt of a dataset's decision in force, for a page that shows the decision."""
    return show.code_of_decision(dataset_id)


def get_helpers() -> dict[str, Any]:
    """Return the helpers of this module by name."""
    return {"satudata_receipt": satudata_receipt}


def _is_auditor() -> bool:
    try:
        tk.check_access("satudata_ledger_list", call.context(), {})
    except tk.NotAuthorized:
        return False
    return True


def entries() -> Any:
    """Show entries to the auditor, the newest first."""
    if not call.logged_in():
        return call.log_in()
    asked = _asked()
    errors: dict[str, Any] = {}
    found: dict[str, Any] = {"entries": [], "next": None}
    try:
        before = flask.request.args.get("before") or None
        found = _listed(asked, before=before, limit=SHOWN)
    except tk.NotAuthorized as refused:
        return tk.abort(403, str(refused))
    except tk.ValidationError as refused:
        errors = refused.error_dict
    older = None
    if found["next"]:
        older = tk.h.url_for("satudata_ledger.entries", **asked, before=found["next"])
    page = {
        "entries": ledger_entries.told(found["entries"]),
        "older": older,
        "asked": asked,
        "errors": errors,
        "groups": [(name, tk._(label)) for name, (label, _) in sentences.GROUPS.items()],
        "csv": tk.h.url_for("satudata_ledger.entries_csv", **asked),
        "most": EXPORTED,
    }
    return tk.render("satudata/ledger_entries.html", page)


def _asked() -> dict[str, str]:
    return {k: v.strip() for k in FILTERS if (v := flask.request.args.get(k, "")).strip()}


def _listed(asked: dict[str, str], **more: Any) -> Any:
    """Return entries as the reader; who may not read any is refused before words are looked for."""
    tk.check_access("satudata_ledger_list", call.context(), {})
    return call.call("satudata_ledger_list", **ledger_entries.asked_for(asked), **more)


def entries_csv() -> Any:
    """Give the same entries as a table for spreadsheets, the newest first."""
    if not call.logged_in():
        return call.log_in()
    found: list[Any] = []
    before = None
    try:
        while len(found) < EXPORTED:
            told = _listed(_asked(), before=before, limit=min(1000, EXPORTED - len(found)))
            found += told["entries"]
            before = told["next"]
            if before is None:
                break
    except tk.NotAuthorized as refused:
        return tk.abort(403, str(refused))
    except tk.ValidationError as refused:
        return tk.abort(400, str(refused.error_summary))
    body = ledger_entries.as_csv(ledger_entries.told(found))
    response = flask.Response(body, mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="buku-catatan.csv"'
    response.headers["Cache-Control"] = problems.CLOSED
    return response


def _published(mimetype: str, body: str | bytes, mark: str) -> Any:
    """Give a file whose ETag changes with the newest head, and only then."""
    response = flask.Response(body, mimetype=mimetype)
    response.set_etag(f"{mark}-{mimetype.rpartition('/')[2]}")
    response.headers["Cache-Control"] = "no-cache"
    return response.make_conditional(flask.request)


def _mark(known: list[SignedHead]) -> str:
    return f"{known[0].head.size}-{known[0].head.root[:16]}" if known else "none"


def as_csv(known: list[SignedHead]) -> bytes:
    """Return signed heads as CSV, one a line under a heading."""
    rows = []
    for signed in known:
        told = {**signed.as_dict()["head"], "signature": signed.signature, "key": signed.key}
        rows.append([told[name] for name in COLUMNS])
    return formulas.sheet(COLUMNS, rows, exact=True)


def heads_json() -> Any:
    """Give every signed head, the newest first, as JSON."""
    known = proving.published(model.Session)
    body = json.dumps({"heads": [signed.as_dict() for signed in known]}, ensure_ascii=False)
    return _published("application/json", body, _mark(known))


def heads_csv() -> Any:
    """Give every signed head, the newest first, as CSV."""
    known = proving.published(model.Session)
    return _published("text/csv", as_csv(known), _mark(known))


def heads_atom() -> Any:
    """Give the newest signed heads as a feed, so that others keep them."""
    known = proving.published(model.Session, limit=FEED)
    told = {"heads": known, "site": config.site_url().rstrip("/")}
    body = tk.render("satudata/ledger_atom.html", told)
    return _published("application/atom+xml", body, _mark(known))


def key() -> Any:
    """Give the public key that signed the newest head."""
    signed = proving.last_head(model.Session)
    if signed is None:
        return tk.abort(404, tk._("No head has been signed yet."))
    return _published("application/x-pem-file", heads.pem(signed.key), signed.fingerprint())


ledger.add_url_rule(
    "/satudata/buku-catatan",
    "index",
    page(
        index,
        light=True,
        about=N_(
            "The ledger of every step, and how anybody proves that nothing in it was changed."
        ),
    ),
)
ledger.add_url_rule("/satudata/buku-catatan/entri", "entries", entries)
ledger.add_url_rule("/satudata/buku-catatan/entri.csv", "entries_csv", entries_csv)
ledger.add_url_rule("/satudata/buku-catatan/kepala.json", "heads_json", heads_json)
ledger.add_url_rule("/satudata/buku-catatan/kepala.csv", "heads_csv", heads_csv)
ledger.add_url_rule("/satudata/buku-catatan/kepala.atom", "heads_atom", heads_atom)
ledger.add_url_rule("/satudata/buku-catatan/kunci.pem", "key", key)


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprints of this room."""
    return [ledger]
