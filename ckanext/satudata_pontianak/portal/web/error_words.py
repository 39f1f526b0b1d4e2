"""Refusals that CKAN and its plugins raise without gettext, in the reader's language.

A hundred messages of actions and validators are plain English in the code. They are extracted like
any other text (``core_texts.py``, listed in ``i18n/errors.json``) and translated where an answer
leaves: in the JSON of a refused call, and on the page of an error. What our own code says, and what
CKAN translated itself, is left as it is.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import flask
from werkzeug.wrappers import Response

import ckan.plugins.toolkit as tk

from ... import paths
from ...classification.records import text_findings
from ...disclosure.recognizers import OF_OFFICES

HOLE = re.compile(r"%\(\w+\)[a-z]|%[srdi]|\{\w*\}")
TECHNICAL = re.compile(r"\w(?:Pool|Error|Exception)\(")
"""An exception as Python writes it, with addresses within the site: nobody is told that."""
ID = re.compile(r"(?<!\s)\s*\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
"""An id of CKAN's, which its refusals name: it tells a person nothing."""
LONGEST = 2000
"""Characters of a message that are looked at: what is longer than ours all are is no message."""

REPEATING = ('Could not find vocabulary "%s"', 'Could not find tag "%s"')
"""What core translates itself, with the caller's own word in it."""

DIGITS = re.compile(r"\d(?:[ .\-/]?\d){7,}")
"""What may be the number of a person."""

SPOKEN = ("error", "detail", "title")
"""Keys of a refusal whose texts people read."""

CODES = ("__type", "type", "code", "instance", "how", "data")
ERROR_PAGE = "error_document_template.html"


@cache
def known() -> tuple[dict[str, str], list[tuple[list[str], str]]]:
    """Return the messages without holes, and the parts of those with holes, the longest first."""
    listed = json.loads((paths.translations() / "errors.json").read_text("utf-8"))
    whole = {flat(text): text for text in listed if not HOLE.search(text)}
    holed = sorted((text for text in listed if HOLE.search(text)), key=len, reverse=True)
    return whole, [(HOLE.split(flat(text)), text) for text in holed]


def flat(text: str) -> str:
    """Return a text with single spaces: some messages are broken over lines of the code."""
    return " ".join(text.split()) + (" " if text.endswith(" ") else "")


def filled(parts: list[str], text: str) -> tuple[str, ...] | None:
    """Return what fills the holes between the parts of a message, ``None`` where it is another.

    Each part is looked for behind the one before, once: what somebody sent stands in the holes, and
    an expression with several of them tries every way to cut it.
    """
    first, *between, last = parts
    end = len(text) - len(last)
    if not (text.startswith(first) and text.endswith(last) and len(first) <= end):
        return None
    values, at = [], len(first)
    for part in between:
        found = text.find(part, at, end)
        if found < 0:
            return None
        values.append(text[at:found])
        at = found + len(part)
    return (*values, text[at:end])


def fill(text: str, values: tuple[str, ...]) -> str:
    """Fill the holes of a translation, in their order, with what stood in the message."""
    left = ["" if TECHNICAL.search(value) else value for value in values]
    return HOLE.sub(lambda hole: left.pop(0) if left else hole.group(), text)


def told(text: str) -> str:
    """Return a message in the reader's language; one that is not known stays as it is.

    No personal value that somebody sent is said back to them.
    """
    return without_values(_without_words(_told(text)))


def without_values(text: str) -> str:
    """Return a message without the numbers of persons in it, whoever wrote it."""
    if not DIGITS.search(text):
        return text
    found = text_findings.hard_findings("text", text)
    hard = any(each.kind not in OF_OFFICES for each in found)
    return DIGITS.sub("…", text) if hard else text


def _without_words(text: str) -> str:
    """Return what core says of something that is not there without what it was called."""
    for msgid in REPEATING:
        said = tk._(msgid)
        if filled(HOLE.split(said), text) is not None:
            return HOLE.sub("…", said)
    return text


def _told(text: str) -> str:
    if len(text) > LONGEST:
        # Whatever is told of it stands at its beginning; the rest is what somebody sent.
        text = text[:LONGEST] + "…"
    whole, holed = known()
    plain = flat(text)
    if plain in whole:
        return tk._(whole[plain])
    for before in (tk._("Access denied: %s"), tk._("Not found: %s"), tk._("Bad request: %s")):
        start = before.removesuffix("%s")
        if text.startswith(start):
            return start + _without_words(_told(text.removeprefix(start)))
    for parts, msgid in holed:
        values = filled(parts, plain)
        if values is not None:
            return fill(tk._(msgid), values).rstrip()
    return text


def walked(value: Any) -> Any:
    """Return a refusal with its messages in the reader's language."""
    if isinstance(value, str):
        return told(value)
    if isinstance(value, list):
        return [walked(item) for item in value]
    if isinstance(value, dict):
        # Core names keys as they were sent.
        return {without_values(k): v if k in CODES else walked(v) for k, v in value.items()}
    return value


def _answer(response: Response) -> Response:
    """Translate what a program is refused with."""
    if response.status_code < 400 or not flask.request.path.startswith("/api/"):
        return response
    if "json" not in (response.mimetype or "") or response.is_streamed:
        return response
    body = response.get_json(silent=True)
    if isinstance(body, str):
        changed: Any = told(body)
    elif isinstance(body, dict):
        changed = {k: walked(v) if k in SPOKEN else v for k, v in body.items()}
    else:
        return response
    if changed != body:
        response.set_data(json.dumps(changed, ensure_ascii=False))
    return response


def _page(_app: Any, template: Any, context: dict[str, Any], **_: Any) -> None:
    """Translate what the page of an error says."""
    if template.name and template.name.endswith(ERROR_PAGE):
        for key in ("content", "name"):
            if isinstance(context.get(key), str):
                # What was said at first is what the page knows the texts of its framework by.
                context[f"{key}_first"] = context[key]
                context[key] = ID.sub("", told(context[key]))


def install(app: Any) -> None:
    """Translate refusals of the site on their way out."""
    # Flask asks the first of them last: what is told instead of a refusal is translated as well.
    app.after_request_funcs.setdefault(None, []).insert(0, _answer)
    flask.before_render_template.connect(_page, app, weak=False)
