"""Every sentence this room can say to a person, by reason code.

The library itself speaks in codes with parameters. The sentences are English message ids with
named placeholders; the portal translates them. Those of a kind of personal data stand in its class.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ..messages import Message
from ..msgids import N_
from .reasons import Reason
from .recognizers import RECOGNIZERS

_GENERAL = {
    # Why a file could not be cleared.
    "empty_file": N_("The file is empty."),
    "no_content": N_("The file holds no text at all."),
    "unreadable": N_("The content is not readable text."),
    "unsupported_format": N_("Files of the format %(format)s cannot be scanned yet."),
    "broken_file": N_("The file is damaged or does not follow its format (%(detail)s)."),
    "hidden_values": N_(
        "The file holds values that its rows do not show. Copy the rows into a new file and"
        " upload that."
    ),
    "encrypted": N_("The file is encrypted or protected by a password."),
    "macro": N_("The file contains macros or scripts, which are not accepted."),
    "program": N_("The file is a program, or contains one, which is not accepted (%(format)s)."),
    "formula": N_("A cell holds a formula that starts programs or fetches from elsewhere."),
    "embedded_content": N_("The file embeds content that cannot be read: %(part)s."),
    "no_text": N_("The content is a picture or a scan without text: a person has to look at it."),
    "too_large": N_("The content exceeds the limit for %(limit)s."),
    "compression_bomb": N_("The file unpacks to far more than its size; it was not opened."),
    "entities": N_("The file declares XML entities, which are not accepted."),
    "not_found": N_("The file does not exist or may not be read."),
    "timeout": N_("The scan did not end within the time limit."),
    "out_of_memory": N_("The scan needed more memory than it may use."),
    "crashed": N_("The scan ended unexpectedly."),
    "bad_output": N_("The scan did not return a usable report."),
    # Why a file gave no table of rows.
    "no_rows": N_("The file holds no table with rows."),
    "no_sheet": N_("The file has no visible sheet of that name with rows."),
    "uneven_rows": N_("Some rows have more cells than the table has columns."),
    "too_many_columns": N_("The table has too many columns for the DataStore."),
    "bytes_missing": N_("The file's bytes are missing from the storage."),
    "database": N_("The DataStore did not take the rows."),
    # Why the rows of a table count as persons.
    "persons.identifier": N_("A row is a person: a column holds numbers that identify one."),
    "persons.name": N_("A row is a person: a column holds their names."),
    "persons.birth": N_("A row is a person: a column holds their birth dates."),
    "persons.contact": N_("A row is a person: a column holds private contacts or devices."),
    "persons.record": N_("A row is a person: a column says who by initials or a number."),
    "persons.attributes": N_(
        "A row is a person: sex and other attributes, and nothing is counted."
    ),
}

SENTENCES = _GENERAL | {
    f"{kind}.{code}": sentence
    for kind, recognizer in RECOGNIZERS.items()
    for code, sentence in recognizer.sentences.items()
}


_HOLE = re.compile(r"%\((\w+)\)s")


def explain(reason: Reason | str, translate: Callable[[str], str] | None = None) -> str:
    """Return the sentence of a reason, through ``translate`` (gettext) if one is given."""
    if isinstance(reason, str):
        reason = Reason(reason)
    template = SENTENCES.get(reason.code)
    if template is None:
        return reason.code
    unsaid = dict.fromkeys(_HOLE.findall(template), "–")
    return Message(template, {**unsaid, **reason.params}).text(translate or str)
