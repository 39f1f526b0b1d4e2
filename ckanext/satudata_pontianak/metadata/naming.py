"""In which of two names something is read: the official one, or its translation into English."""

from __future__ import annotations

import flask

import ckan.plugins.toolkit as tk


def in_english() -> bool:
    """Tell whether this page is read in English; outside a request nothing is."""
    return flask.has_request_context() and str(tk.h.lang()).partition("_")[0] == "en"


def language() -> str:
    """Return the language in which somebody asks for something here; Indonesian without a page."""
    return "en" if in_english() else "id"


def called(official: str, english: str) -> str:
    """Return the name in the reader's language; the official one where there is no other."""
    return english if english and in_english() else official


def formal(official: str, english: str) -> str:
    """Return the official name, where a reader was given another; else nothing."""
    return official if english and english != official and in_english() else ""
