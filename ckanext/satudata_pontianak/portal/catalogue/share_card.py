"""The picture beside a link that somebody shares: title and agency of data that are open to all."""

from __future__ import annotations

import io
import textwrap
from functools import lru_cache
from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ...access.reading import problems
from ...agencies import registry
from ...agencies.helpers import called
from ...agencies.rules.duties import ANONYMOUS
from ...classification.records import reads
from ...classification.rules.policy import Channel, decide
from ..web import call
from . import places

SIZE, EDGE = (1200, 630), 72
GROUND, PAPER, LIGHT = "#073b57", "#ffffff", "#bfe3f5"
TITLE, WORDS = 60, 34
LINES, LETTERS = 5, 34
LETTERS_OF_WORDS = 60


@lru_cache(maxsize=128)
def drawn(title: str, agency: str, site: str) -> bytes:
    """Return the card as PNG: our own drawing, without an emblem."""
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.new("RGB", SIZE, GROUND)
    pen = ImageDraw.Draw(picture)
    large, small = ImageFont.load_default(TITLE), ImageFont.load_default(WORDS)
    lines = textwrap.wrap(title, LETTERS, max_lines=LINES, placeholder=" …")
    pen.rectangle((0, 0, SIZE[0], 14), fill=LIGHT)
    pen.text((EDGE, EDGE), textwrap.shorten(agency, LETTERS_OF_WORDS), font=small, fill=LIGHT)
    pen.multiline_text((EDGE, EDGE + 70), "\n".join(lines), font=large, fill=PAPER, spacing=14)
    pen.text((EDGE, SIZE[1] - EDGE - WORDS), site, font=small, fill=LIGHT)
    made = io.BytesIO()
    picture.quantize(32).save(made, "PNG", optimize=True)
    return made.getvalue()


def card(id: str) -> Any:
    """Give the card of a dataset whose data everybody may have; of others none is there."""
    dataset = call.dataset(id)
    facts = reads.facts_for([dataset["id"]]).get(dataset["id"])
    if facts is None or not decide(ANONYMOUS, facts, Channel.DATA):
        return tk.abort(404, tk._("Dataset not found"))
    agency = registry.load_agencies().get(dataset.get("owner_org") or "")
    site = str(tk.config.get("ckan.site_title") or "")
    title = str(dataset.get("title") or dataset["name"])
    answer = flask.Response(
        drawn(title, called(agency) if agency else "", site), mimetype="image/png"
    )
    answer.headers["Cache-Control"] = problems.OPEN
    answer.add_etag()
    return answer.make_conditional(flask.request.environ)


places.blueprint.add_url_rule("/dataset/<id>/kartu.png", "share_card", card)
