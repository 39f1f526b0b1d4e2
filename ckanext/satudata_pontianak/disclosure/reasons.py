"""Every sentence this room can say to a person, by reason code.

The library itself speaks in codes with parameters, which are stable and go into reports and
the database. The sentences are English message ids with named placeholders; the portal
translates them. ``_`` only marks them for extraction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


def _(message: str) -> str:
    """Mark a message id for extraction without translating it here."""
    return message


@dataclass(frozen=True)
class Reason:
    """A stable code with its parameters. Parameters never hold a value that was found."""

    code: str
    params: Mapping[str, str] = field(default_factory=dict)


SENTENCES: dict[str, str] = {
    # Why a file could not be cleared.
    "empty_file": _("The file is empty."),
    "no_content": _("The file holds no text at all."),
    "unreadable": _("The content is not readable text."),
    "unsupported_format": _("Files of the format %(format)s cannot be scanned yet."),
    "broken_file": _("The file is damaged or does not follow its format (%(detail)s)."),
    "encrypted": _("The file is encrypted or protected by a password."),
    "macro": _("The file contains macros or scripts, which are not accepted."),
    "program": _("The file is a program, or contains one, which is not accepted (%(format)s)."),
    "formula": _("A cell holds a formula that starts programs or fetches from elsewhere."),
    "embedded_content": _("The file embeds content that cannot be read: %(part)s."),
    "no_text": _("The content is a picture or a scan without text: a person has to look at it."),
    "too_large": _("The content exceeds the limit for %(limit)s."),
    "compression_bomb": _("The file unpacks to far more than its size; it was not opened."),
    "entities": _("The file declares XML entities, which are not accepted."),
    "not_found": _("The file does not exist or may not be read."),
    "timeout": _("The scan did not end within the time limit."),
    "out_of_memory": _("The scan needed more memory than it may use."),
    "crashed": _("The scan ended unexpectedly."),
    "bad_output": _("The scan did not return a usable report."),
    # Why a file gave no table of rows.
    "no_rows": _("The file holds no table with rows."),
    "uneven_rows": _("Some rows have more cells than the table has columns."),
    "too_many_columns": _("The table has too many columns for the DataStore."),
    "bytes_missing": _("The file's bytes are missing from the storage."),
    "database": _("The DataStore did not take the rows."),
    # Why a column counts as personal data.
    "nik.header": _("The column is headed as NIK and its values have the form of a NIK."),
    "nik.pattern": _("The values have region, birth date and serial number of a NIK."),
    "nik.text": _("A NIK stands within longer text."),
    "nik.digit_lost": _(
        "The values are NIK whose last digits were lost because a spreadsheet stored them "
        "as numbers; region and birth date are still there."
    ),
    "nik.header_only": _(
        "The column is headed as NIK and holds 16-digit numbers, though without a valid date."
    ),
    "nik.mixed": _("NIK of this region stand among other 16-digit numbers."),
    "nik.other_header": _("The values have the form of a NIK although the heading says otherwise."),
    "nik.among_kk": _("NIK (birth day with 40 added) stand in a column of family card numbers."),
    "no_kk.header": _("The column is headed as family card number and its values have that form."),
    "no_kk.text": _("A family card number stands within longer text."),
    "no_kk.digit_lost": _(
        "The values are family card numbers whose last digits were lost because a spreadsheet "
        "stored them as numbers."
    ),
    "no_kk.header_only": _(
        "The column is headed as family card number and holds 16-digit numbers, though without "
        "a valid date."
    ),
    "email.personal": _("E-mail addresses at a provider of personal mailboxes."),
    "email.other": _("E-mail addresses outside the government domain."),
    "email.role": _("E-mail addresses that seem to belong to an office rather than a person."),
    "telepon.header": _("The column is headed as telephone and holds mobile numbers."),
    "telepon.pattern": _("The values have the form of Indonesian mobile numbers."),
    "telepon.text": _("A mobile number stands within longer text."),
}


NEEDS_PERSON = frozenset({"unsupported_format", "embedded_content", "no_content", "no_text"})
"""Reasons of content that is merely unreadable, so that a person may inspect it instead
(``inspectable`` in schemas/classification.yaml). All others say: damaged or hostile."""


def worse(known: Reason | None, new: Reason) -> Reason:
    """Return which of two reasons a report gives: what no person can clear comes first."""
    if known is None or (known.code in NEEDS_PERSON and new.code not in NEEDS_PERSON):
        return new
    return known


def explain(reason: Reason | str, translate: Callable[[str], str] | None = None) -> str:
    """Return the sentence of a reason, through ``translate`` (gettext) if one is given."""
    if isinstance(reason, str):
        reason = Reason(reason)
    template = SENTENCES.get(reason.code)
    if template is None:
        return reason.code
    text = translate(template) if translate else template
    return text % defaultdict(lambda: "–", reason.params)
