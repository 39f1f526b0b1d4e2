"""Light, dark or as the device says: kept in a cookie, changed by an address, without scripts.

The choice is no content and nobody's secret, so a plain link changes it: the worst that a
foreign page can do with the address is to turn on the light.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import quote

import flask
from markupsafe import Markup, escape
from werkzeug.routing import BuildError

import ckan.plugins.toolkit as tk

from ... import config
from ...msgids import N_
from ...surface import cookies
from .local_address import safe_local
from .request_cache import once_a_request

DEVICE = "otomatis"
# What the cookie holds → what Bootstrap calls it.
THEMES = {"terang": "light", "gelap": "dark"}
LABELS = {"terang": N_("Light"), "gelap": N_("Dark"), DEVICE: N_("As the device")}

theme = flask.Blueprint("satudata_theme", __name__)


@dataclass(frozen=True)
class Choice:
    """One theme that a reader may choose: what it is called, where it is chosen, is it on now?"""

    name: str
    label: str
    url: str
    active: bool


def chosen() -> str:
    """Return the name of the theme that the reader chose; ``otomatis`` without a choice."""
    name = cookies.name_of(cookies.THEME, config.site_url())
    found = flask.request.cookies.get(name, "") if flask.has_request_context() else ""
    return found if found in THEMES else DEVICE


def choose(name: str) -> Any:
    """Keep a theme for a year, or forget it, and lead back to where the reader was.

    :param name: ``terang``, ``gelap`` or ``otomatis``; others are not found.
    :returns: A redirect to the local address in ``kembali``; to the home page where there is none,
        or where it leads out of the site.
    """
    if name not in LABELS:
        return tk.abort(404, tk._("There is no theme of this name."))
    back = safe_local(flask.request.args.get("kembali")) or tk.url_for("home.index")
    answer = flask.redirect(back, code=303)
    cookie = cookies.name_of(cookies.THEME, config.site_url())
    how: Any = cookies.attributes(cookies.THEME, config.site_url())
    if name == DEVICE:
        answer.delete_cookie(cookie, **{k: v for k, v in how.items() if k != "max_age"})
    else:
        answer.set_cookie(cookie, name, **how)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def satudata_theme() -> str:
    """Return ``light`` or ``dark`` for ``data-bs-theme``; empty: as the device says."""
    return THEMES.get(chosen(), "")


@once_a_request
def satudata_themes() -> list[Choice]:
    """Return the themes to choose from, each with the address that comes back to this page."""
    now, here = chosen(), _here()
    return [
        Choice(name, tk._(label), _address(name, here), name == now)
        for name, label in LABELS.items()
    ]


def satudata_link_if(endpoint: str, text: str, **more: Any) -> str:
    """Return a link to a page if this site has it, and nothing if it has not.

    :param endpoint: The page's endpoint in Flask's words.
    :param text: What the link says, translated.
    :param more: ``class_`` for its class; everything else is a part of the address.
    :returns: Safe HTML; with ``aria-current`` where the reader is on that page or below it.
    """
    look = more.pop("class_", "")
    try:
        url = tk.url_for(endpoint, **more) if more else _plain_url(*_site(), endpoint)
    except (BuildError, KeyError):
        return Markup("")
    if url is None:
        return Markup("")
    marks = Markup(' class="{}"').format(look) if look else Markup("")
    marks += _current(endpoint, url)
    return Markup('<a href="{}"{}>{}</a>').format(url, marks, escape(text))


def _site() -> tuple[str, ...]:
    """Return all that the address of a page without parameters depends on, but its name."""
    within = flask.request.script_root if flask.has_request_context() else ""
    return str(tk.h.lang()), within, str(tk.config.get("ckan.root_path"))


@lru_cache(maxsize=256)
def _plain_url(_lang: str, _within: str, _root: str, endpoint: str) -> str | None:
    """Return the address of a page: each page links to the same two dozen."""
    return tk.url_for(endpoint)


def satudata_is_page(endpoint: str) -> bool:
    """Tell whether the reader is on the page of this endpoint."""
    return flask.has_request_context() and flask.request.endpoint == endpoint


@once_a_request
def satudata_languages() -> list[dict[str, Any]]:
    """Return the languages of the site, each with this page's address in it."""
    now, here, first = tk.h.lang(), _here(), tk.config.get("ckan.locale_default")
    return [
        {
            "code": locale.short_name,
            "label": str(locale.display_name or locale.english_name).title(),
            # The site's own language has no sign in the address: one page, one address.
            "url": tk.url_for(
                here, locale="default" if locale.short_name == first else locale.short_name
            ),
            "active": locale.short_name == now,
        }
        for locale in tk.h.get_available_locales()
    ]


def _address(name: str, here: str) -> str:
    return tk.url_for("satudata_theme.choose", name=name, kembali=tk.url_for(here))


def _here() -> str:
    """Return the address of this page without its language; of a sent form, the page it is on."""
    if not flask.has_request_context():
        return "/"
    path = quote(flask.request.path, safe="/:@!$&'()*+,;=~")
    query = flask.request.query_string.decode("latin-1")
    return safe_local(f"{path}?{query}" if query else path) or "/"


def _current(endpoint: str, url: str) -> Markup:
    if not flask.has_request_context():
        return Markup("")
    if flask.request.endpoint == endpoint:
        return Markup(' aria-current="page"')
    here = flask.request.environ.get("CKAN_CURRENT_URL", flask.request.path).partition("?")[0]
    below = url.rstrip("/") + "/"
    return Markup(' aria-current="true"') if here.startswith(below) and below != "/" else Markup("")


theme.add_url_rule("/tema/<name>", "choose", choose, methods=["GET"])


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprint of the theme."""
    return [theme]


def get_helpers() -> dict[str, Any]:
    """Return the helpers of layout by name."""
    return {
        f.__name__: f
        for f in (
            satudata_is_page,
            satudata_languages,
            satudata_link_if,
            satudata_theme,
            satudata_themes,
        )
    }
