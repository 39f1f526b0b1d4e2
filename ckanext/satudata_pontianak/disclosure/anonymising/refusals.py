"""What a person is told when a plan or a file does not allow masking: what is wrong, what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping


def _(message: str) -> str:
    """Mark a message id for extraction without translating it here."""
    return message


SENTENCES: dict[str, str] = {
    "plan_not_json": _("The plan is not readable as JSON. See `satudata mask --suggest FILE`."),
    "plan_shape": _("The plan is not well formed at '%(where)s': %(expected)s."),
    "unknown_action": _(
        "'%(action)s' is not something that can be done. Choose one of: %(known)s."
    ),
    "unknown_option": _("'%(option)s' is no option of '%(action)s'. Choose one of: %(known)s."),
    "unknown_column": _("The file has no column '%(column)s'. Its columns are: %(known)s."),
    "named_twice": _("The column '%(column)s' is named twice in the plan. Name it once."),
    "dropped_used": _(
        "The column '%(column)s' is taken away and cannot be used for '%(use)s'. Keep it or "
        "generalise it, or do not use it."
    ),
    "no_header": _(
        "The file has no row of headings, so its columns have no names. Add one above the data."
    ),
    "nothing_left": _("The plan takes every column away. Keep at least one."),
    "no_secret": _(
        "A pseudonym needs a secret. Name a file that holds it with --secret or with the "
        "environment variable SATUDATA_MASK_SECRET."
    ),
    "secret_unreadable": _("The file of the secret cannot be read."),
    "secret_open": _(
        "The file of the secret may be read by others. Take their rights away: chmod 600."
    ),
    "secret_short": _(
        "The secret is too short. Make one of at least 32 bytes: openssl rand -hex 32."
    ),
    "too_many_groups": _(
        "The columns to count by have more than %(most)s combinations. Generalise them further, "
        "or count by fewer columns."
    ),
    "too_many_columns": _("A table is counted by at most %(most)s columns."),
    "cannot_read": _("The file cannot be read as a table: %(why)s"),
    "no_table": _(
        "Only tables are masked: CSV (also with semicolons or tabs) and XLSX. Save this file as "
        "CSV or XLSX, upload that instead, then mask it."
    ),
    "several_sheets": _(
        "The workbook has several sheets: %(known)s. Say in the plan which one is masked "
        "('sheet'); the others are left out of the result."
    ),
    "out_exists": _("The output file exists already. Name another one, or add --force."),
    "out_is_input": _("The output would replace the original. Name another file."),
}


class PlanError(Exception):
    """A plan that cannot be carried out. ``code`` is stable; parameters hold no value of a cell."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code = code
        self.params: Mapping[str, str] = params

    def explain(self, translate: Callable[[str], str] | None = None) -> str:
        """Return the sentence, through ``translate`` (gettext) if one is given."""
        text = SENTENCES[self.code]
        return (translate(text) if translate else text) % self.params
