"""What scripts say, in the language of the page: ``/api/i18n/<language>``.

CKAN answers this address from files that ``ckan translation js`` has to write first, and with an
empty catalogue until then; people then read English buttons. Ours is made from the compiled
catalogues when it is first asked for, so there is nothing to forget. Files that CKAN wrote, which
may hold texts of other plugins, are still read; ours come on top.
"""

from __future__ import annotations

import gettext
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import flask

import ckan.plugins.toolkit as tk
from ckan.lib.i18n import get_ckan_i18n_dir, get_js_translations_dir, get_locales_from_config

from ... import paths

DOMAIN = "ckanext-satudata_pontianak"
KEEP_SECONDS = 3600
"""How long a browser may use it without asking again; the answer carries a mark of its content."""

words = flask.Blueprint("satudata_words", __name__)


def catalogue(lang: str) -> Any:
    """Answer with the texts of scripts, in the form that CKAN's scripts load (Jed).

    :returns: 400 with a text for a language that this site does not offer.
    """
    if lang not in get_locales_from_config():
        text = tk._("Unknown locale: {locale}").format(locale=lang)
        return flask.make_response(json.dumps(text), 400, {"Content-Type": "application/json"})
    answer = flask.make_response(_text(lang))
    answer.content_type = "application/json;charset=utf-8"
    answer.add_etag()
    answer.cache_control.public = True
    answer.cache_control.max_age = KEEP_SECONDS
    return answer.make_conditional(flask.request)


@lru_cache(maxsize=8)
def _text(lang: str) -> str:
    return json.dumps(compose(lang), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def compose(lang: str) -> dict[str, Any]:
    """Return the texts of scripts by msgid, after what CKAN may have written for other plugins."""
    found: dict[str, Any] = {}
    written = Path(get_js_translations_dir()) / f"{lang}.js"
    if written.exists():
        found = json.loads(written.read_text("utf-8"))
    spoken = _spoken(lang)
    for ids in json.loads((paths.translations() / "javascript.json").read_text("utf-8")):
        if len(ids) > 1:
            forms = [spoken.ngettext(ids[0], ids[1], number) for number in (1, 2)]
            found[ids[0]] = [ids[1], *dict.fromkeys(forms)]
        else:
            found[ids[0]] = [None, spoken.gettext(ids[0])]
    plural = spoken.info().get("plural-forms", "nplurals=2; plural=(n != 1);")
    found[""] = {"domain": "ckan", "lang": lang, "plural-forms": plural}
    return found


def _spoken(lang: str) -> gettext.NullTranslations:
    """Return our catalogue of a language with CKAN's behind it."""
    ours = gettext.translation(DOMAIN, str(paths.translations()), [lang], fallback=True)
    ours.add_fallback(gettext.translation("ckan", get_ckan_i18n_dir(), [lang], fallback=True))
    return ours


words.add_url_rule("/api/i18n/<lang>", view_func=catalogue)


def get_blueprints() -> list[Any]:
    """Return the blueprint of this module, which stands before CKAN's own address."""
    return [words]
