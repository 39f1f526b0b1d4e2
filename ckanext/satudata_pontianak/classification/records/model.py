"""Tables of cases, versions, decisions and holds.

No foreign keys to CKAN's own tables (its guide for extensions asks so): a dataset may be
purged by core, and what was decided must survive. Every invariant that matters under
concurrency is held by the database: one open case, one decision in force, one pointer.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

import ckan.plugins.toolkit as tk

from ...clock import now

OPEN = "ended_at IS NULL"
"""Of a case: it has not ended. Whoever takes a step asks the workflow whether it ends the case."""


def new_id() -> str:
    """Return a new random identifier."""
    return str(uuid.uuid4())


class Case(tk.BaseModel):
    """One pass of a dataset through the workflow."""

    __tablename__ = "satudata_case"
    __table_args__ = (
        sa.Index(
            "satudata_case_one_open",
            "package_id",
            unique=True,
            postgresql_where=sa.text(OPEN),
        ),
        sa.Index("satudata_case_state_due", "state", "due"),
        sa.Index(
            "satudata_case_queue",
            "due",
            "entered_at",
            "id",
            postgresql_where=sa.text(OPEN),
        ),
    )

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=new_id)
    package_id: Mapped[str] = mapped_column(sa.Text, index=True)
    kind: Mapped[str] = mapped_column(sa.Text, default="classify")
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    state: Mapped[str] = mapped_column(sa.Text)
    opened_by: Mapped[str | None] = mapped_column(sa.Text)
    opened_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
    submitted_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True))
    entered_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
    due: Mapped[dt.date | None] = mapped_column(sa.Date)
    ended_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True))
    proposal: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    pending: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    evidence: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    assessment: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    wait_submit: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    changes: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    accepted_by: Mapped[str | None] = mapped_column(sa.Text)
    scan_verdict: Mapped[str] = mapped_column(sa.Text, default="none")
    """What :mod:`..versions.likeness` says of the files, kept: a queue need not look at them."""
    likeness: Mapped[str] = mapped_column(sa.Text, default="new")

    @property
    def is_open(self) -> bool:
        """The case has not ended."""
        return self.ended_at is None


class Step(tk.BaseModel):
    """Something that a person did in a case. Never changed, never deleted."""

    __tablename__ = "satudata_step"

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    case_id: Mapped[str] = mapped_column(sa.Text, index=True)
    package_id: Mapped[str] = mapped_column(sa.Text, index=True)
    at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
    actor_id: Mapped[str | None] = mapped_column(sa.Text)
    duty: Mapped[str | None] = mapped_column(sa.Text)
    part: Mapped[str | None] = mapped_column(sa.Text)
    action: Mapped[str] = mapped_column(sa.Text)
    from_state: Mapped[str | None] = mapped_column(sa.Text)
    to_state: Mapped[str | None] = mapped_column(sa.Text)
    fields: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    ledger_entry: Mapped[int | None] = mapped_column(sa.BigInteger)
    evidence: Mapped[str | None] = mapped_column(sa.Text)
    """The digest of what was decided on: so an act that is sent twice is known again."""


class Version(tk.BaseModel):
    """The exact bytes of a resource, named by SHA-256, with the metadata that came with them."""

    __tablename__ = "satudata_version"
    __table_args__ = (sa.Index("satudata_version_package_state", "package_id", "state"),)

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=new_id)
    package_id: Mapped[str] = mapped_column(sa.Text)
    resource_id: Mapped[str] = mapped_column(sa.Text, index=True)
    case_id: Mapped[str | None] = mapped_column(sa.Text, index=True)
    state: Mapped[str] = mapped_column(sa.Text, default="waiting")
    kind: Mapped[str] = mapped_column(sa.Text)
    sha256: Mapped[str | None] = mapped_column(sa.Text, index=True)
    size: Mapped[int | None] = mapped_column(sa.BigInteger)
    filename: Mapped[str] = mapped_column(sa.Text)
    mimetype: Mapped[str | None] = mapped_column(sa.Text)
    meta: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    sealed: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    # What became of its table in the DataStore: see ``tabling.Tabled``.
    tabled: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    # What was measured when it was made by masking, and of what: see ``masking.kept``.
    masked: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    # The recipe by which it was made of a workbook: ``recipe``, ``digest`` and ``source``.
    tidied: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    uploaded_by: Mapped[str | None] = mapped_column(sa.Text)
    created: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)


class Scan(tk.BaseModel):
    """The findings of one ruleset over one version."""

    __tablename__ = "satudata_scan"
    __table_args__ = (sa.UniqueConstraint("version_id", "ruleset"),)

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=new_id)
    version_id: Mapped[str] = mapped_column(sa.Text, index=True)
    ruleset: Mapped[str] = mapped_column(sa.Text)
    verdict: Mapped[str] = mapped_column(sa.Text)
    reason: Mapped[str | None] = mapped_column(sa.Text)
    report: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    finished: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)


class Decision(tk.BaseModel):
    """What a case decided. At most one in force for each dataset."""

    __tablename__ = "satudata_decision"
    __table_args__ = (
        sa.Index(
            "satudata_decision_one_in_force",
            "package_id",
            unique=True,
            postgresql_where=sa.text("in_force"),
        ),
    )

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=new_id)
    package_id: Mapped[str] = mapped_column(sa.Text, index=True)
    case_id: Mapped[str] = mapped_column(sa.Text, index=True)
    in_force: Mapped[bool] = mapped_column(sa.Boolean, default=True)
    jenis_informasi: Mapped[str] = mapped_column(sa.Text)
    tingkat_keamanan: Mapped[str] = mapped_column(sa.Text)
    data_pribadi: Mapped[str] = mapped_column(sa.Text)
    nomor: Mapped[str | None] = mapped_column(sa.Text)
    mulai: Mapped[dt.date | None] = mapped_column(sa.Date)
    akhir: Mapped[dt.date | None] = mapped_column(sa.Date)
    tanggal_reviu: Mapped[dt.date | None] = mapped_column(sa.Date)
    recipients: Mapped[list[str]] = mapped_column(JSONB, default=list)
    all_agencies: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    older_given: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    """A person said that older versions may go on being given; what is not said is no."""
    basis: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    decided_by: Mapped[str | None] = mapped_column(sa.Text)
    decided_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)


class SignedPaper(tk.BaseModel):
    """The signed paper of a number: its hash, and the cases that it decides. Never public.

    ``removal``: the case whose removal it records; its number is of another book.
    """

    __tablename__ = "satudata_signed_paper"

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=new_id)
    nomor: Mapped[str] = mapped_column(sa.Text)
    key: Mapped[str] = mapped_column(sa.Text, index=True)
    cases: Mapped[list[str]] = mapped_column(JSONB, default=list)
    sha256: Mapped[str] = mapped_column(sa.Text)
    size: Mapped[int] = mapped_column(sa.Integer)
    created_by: Mapped[str | None] = mapped_column(sa.Text)
    created_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
    removal: Mapped[str | None] = mapped_column(sa.Text, index=True)


class DecisionVersion(tk.BaseModel):
    """The version of a resource that a decision covers."""

    __tablename__ = "satudata_decision_version"

    decision_id: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    resource_id: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    version_id: Mapped[str] = mapped_column(sa.Text)
    sha256: Mapped[str | None] = mapped_column(sa.Text)


class Pointer(tk.BaseModel):
    """The one row that says which version of a resource is served."""

    __tablename__ = "satudata_pointer"

    resource_id: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    package_id: Mapped[str] = mapped_column(sa.Text, index=True)
    version_id: Mapped[str] = mapped_column(sa.Text)
    decision_id: Mapped[str] = mapped_column(sa.Text)


class Hold(tk.BaseModel):
    """Data, or everything, taken out of sight at once."""

    __tablename__ = "satudata_hold"
    __table_args__ = (
        sa.Index(
            "satudata_hold_active", "package_id", postgresql_where=sa.text("released_at IS NULL")
        ),
    )

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=new_id)
    package_id: Mapped[str] = mapped_column(sa.Text)
    scope: Mapped[str] = mapped_column(sa.Text)
    reason: Mapped[str] = mapped_column(sa.Text)
    placed_by: Mapped[str | None] = mapped_column(sa.Text)
    placed_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
    released_by: Mapped[str | None] = mapped_column(sa.Text)
    released_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True))
    release_reason: Mapped[str | None] = mapped_column(sa.Text)
    release_ground: Mapped[str | None] = mapped_column(sa.Text)
    confirmed_by: Mapped[str | None] = mapped_column(sa.Text)
    confirmed_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True))


class Resolution(tk.BaseModel):
    """What a person said of a finding, or of content that cannot be read.

    Bound to the bytes and to the rule: ``ruleset`` is the one that it was said under, ``rule`` the
    one in which the rule of this kind was changed last. Of metadata the text
    in its place counts as the bytes.
    """

    __tablename__ = "satudata_resolution"
    __table_args__ = (
        sa.UniqueConstraint("sha256", "table_name", "column_name", "kind"),
        sa.Index("satudata_resolution_package", "package_id"),
    )

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=new_id)
    package_id: Mapped[str] = mapped_column(sa.Text)
    sha256: Mapped[str] = mapped_column(sa.Text)
    table_name: Mapped[str] = mapped_column(sa.Text, default="")
    column_name: Mapped[str] = mapped_column(sa.Text, default="")
    kind: Mapped[str] = mapped_column(sa.Text)
    resolution: Mapped[str] = mapped_column(sa.Text)
    ground: Mapped[str | None] = mapped_column(sa.Text)
    reason: Mapped[str] = mapped_column(sa.Text)
    resolved_by: Mapped[str | None] = mapped_column(sa.Text)
    resolved_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
    ruleset: Mapped[str] = mapped_column(sa.Text, default="")
    rule: Mapped[str] = mapped_column(sa.Text, default="")
    # The one that was said of the file before, where it stands for this one: see ``carrying``.
    carried_from: Mapped[str | None] = mapped_column(sa.Text)


class KnownRuleset(tk.BaseModel):
    """A ruleset that this site began to try, and when it was enforced."""

    __tablename__ = "satudata_ruleset"

    ruleset: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    begun_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
    enforced_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True))
    enforced_by: Mapped[str | None] = mapped_column(sa.Text)


class Trial(tk.BaseModel):
    """What would become of a dataset under a ruleset that is not enforced yet."""

    __tablename__ = "satudata_trial"

    ruleset: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    package_id: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    files: Mapped[int] = mapped_column(sa.Integer)
    consequence: Mapped[str] = mapped_column(sa.Text)
    kinds: Mapped[list[str]] = mapped_column(JSONB, default=list)
    opens_case: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    decided_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True))
    tried_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
    applied_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True))


TABLES = (
    Case,
    Step,
    Version,
    Scan,
    Decision,
    SignedPaper,
    DecisionVersion,
    Pointer,
    Hold,
    Resolution,
    KnownRuleset,
    Trial,
)
