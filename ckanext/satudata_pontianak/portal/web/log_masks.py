"""No mailbox stands in a log, whoever writes it: core's mailer, a job, the access log, a traceback.

A log is read by more people than the portal's accounts, and kept longer.
"""

from __future__ import annotations

import logging
import re
import traceback
from typing import Any

MASK = "[mailbox]"
# Each run of letters is begun once and never given back, so long texts cost their length.
_PLAIN = re.compile(r"(?<![\w.%+\-])[\w.%+\-]++@[\w.\-]++")
_QUOTED = re.compile(r"(?<![\w.+\-])(?:[\w.+\-]|%2[Bb])++%40[\w.\-]++")


def masked(text: str) -> str:
    """Return a text without mailboxes, also as they stand in an address (``%40``)."""
    if "%40" in text:
        text = _QUOTED.sub(MASK, text)
    return _PLAIN.sub(MASK, text) if "@" in text else text


class Record(logging.LogRecord):
    """A line of the log, with what it says of an exception, without mailboxes."""

    def __init__(self, *args: Any, **more: Any) -> None:
        """Take the line as it is logged."""
        super().__init__(*args, **more)
        try:
            said = self.getMessage()
        except Exception:  # noqa: BLE001 - what is formatted wrongly is told of by logging itself
            return
        told = masked(said)
        if told != said:
            self.msg, self.args = told, None
        kind, problem, trace = self.exc_info or (None, None, None)
        if kind is not None and not self.exc_text:
            self.exc_text = masked(
                "".join(traceback.format_exception(kind, problem, trace))
            ).rstrip()
        if self.stack_info:
            self.stack_info = masked(self.stack_info)


def install() -> None:
    """Let every logger of this process make such lines."""
    if logging.getLogRecordFactory() is not Record:
        logging.setLogRecordFactory(Record)
