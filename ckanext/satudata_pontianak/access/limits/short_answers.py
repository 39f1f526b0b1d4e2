"""Answers of a few bytes to whoever asks too much: no session, no template, no database.

A page for a person, a problem document (RFC 9457) for a program, in the language of the address.
"""

from __future__ import annotations

import gettext
import html
import json
from collections.abc import Callable
from functools import cache
from typing import Any

import ckan.plugins.toolkit as tk

from ... import paths
from ...surface import headers

DOMAIN = "ckanext-satudata_pontianak"
MEDIA_TYPE = "application/problem+json"
_PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title></head>
<body><main><h1>{title}</h1><p>{detail}</p><p><a href="{home}">{site}</a></p></main></body>
</html>
"""


def said() -> list[tuple[str, str]]:
    """Return the headers of such an answer: those of every answer, and that nobody keeps it."""
    https = str(tk.config["ckan.site_url"]).startswith("https:")
    return [("Cache-Control", "private, no-store"), *headers.of_answer(https=https)]


def languages() -> list[str]:
    """Return the languages that an address may begin with."""
    offered = tk.config.get("ckan.locales_offered") or []
    return offered if isinstance(offered, list) else str(offered).split()


def split(path: str) -> tuple[str, str]:
    """Return the language and the path behind it, as CKAN takes an address apart."""
    parts = path.split("/", 2)
    if len(parts) > 1 and parts[1] in languages():
        return parts[1], "/" + (parts[2] if len(parts) > 2 else "")
    return str(tk.config["ckan.locale_default"]), path


@cache
def catalogue(language: str) -> Callable[[str], str]:
    """Return what translates into a language outside of a request."""
    folder = str(paths.translations())
    return gettext.translation(DOMAIN, folder, [language], fallback=True).gettext


def written(
    status: int,
    title: str,
    detail: str,
    *,
    language: str,
    path: str,
    accepted: str,
    errors: dict[str, Any] | None = None,
) -> tuple[bytes, str]:
    """Return the bytes of an answer, and their type.

    :param status: The code of HTTP.
    :param title: What happened, in the language.
    :param detail: What to do, in the language.
    :param language: The language.
    :param path: The address, without the language.
    :param accepted: The header ``Accept``.
    :param errors: What CKAN's own clients read beside it, for calls of the API.
    """
    is_call = path.startswith("/api/")
    if not is_call and ("html" in accepted or "json" not in accepted):
        page = _PAGE.format(
            language=html.escape(language),
            title=html.escape(title),
            detail=html.escape(detail),
            home=html.escape(tk.config["ckan.site_url"]),
            site=html.escape(str(tk.config["ckan.site_title"])),
        )
        return page.encode(), "text/html; charset=utf-8"
    document: dict[str, Any] = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": path,
    }
    if is_call:
        document |= {"success": False, "error": {"message": detail, **(errors or {})}}
    return json.dumps(document).encode(), MEDIA_TYPE
