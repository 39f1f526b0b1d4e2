"""Scans that somebody uploaded, sent to the few who may have them."""

from __future__ import annotations

import io

import flask

from ...access.reading import problems


def send(content: bytes, name: str) -> flask.Response:
    """Send a PDF as a file that runs nothing and asks for nothing, whoever opens it.

    Who may have it was asked before; no cache keeps it.
    """
    answer = flask.send_file(
        io.BytesIO(content),
        mimetype="application/pdf",
        as_attachment=True,
        download_name=name,
        conditional=False,
    )
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = problems.CLOSED
    return answer
