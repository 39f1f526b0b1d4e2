"""Tables of information-security management. Rows are ended, never deleted.

No foreign keys to CKAN's own tables: who carried what must survive their account. What people
write stands here; the ledger keeps that it was written, and by whom.
"""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

import ckan.plugins.toolkit as tk

from ...agencies.model import new_id, now

OPEN = "open"


class SmkiRole(tk.BaseModel):
    """A role laid on a person by decree, for dated days or until it is ended."""

    __tablename__ = "satudata_smki_role"

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=new_id)
    role: Mapped[str] = mapped_column(sa.Text, index=True)
    user_id: Mapped[str] = mapped_column(sa.Text, index=True)
    nomor_sk: Mapped[str] = mapped_column(sa.Text)
    first_day: Mapped[dt.date] = mapped_column(sa.Date)
    last_day: Mapped[dt.date | None] = mapped_column(sa.Date)
    created_by: Mapped[str | None] = mapped_column(sa.Text)
    created_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
    ended_by: Mapped[str | None] = mapped_column(sa.Text)
    ended_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True))


class SmkiTask(tk.BaseModel):
    """Something that one person is to do until a day: of the calendar, or what a control asks for.

    ``kind`` names a task of ``tasks.yaml``, or ``control:`` and a control; ``period`` says which
    one of several it is.
    """

    __tablename__ = "satudata_smki_task"
    __table_args__ = (
        sa.UniqueConstraint("kind", "period", name="satudata_smki_task_once"),
        sa.Index("satudata_smki_task_open", "due", postgresql_where=sa.text("state = 'open'")),
    )

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=new_id)
    number: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), unique=True)
    kind: Mapped[str] = mapped_column(sa.Text)
    period: Mapped[str] = mapped_column(sa.Text)
    role: Mapped[str] = mapped_column(sa.Text)
    user_id: Mapped[str | None] = mapped_column(sa.Text, index=True)
    state: Mapped[str] = mapped_column(sa.Text, default=OPEN)
    opened: Mapped[dt.date] = mapped_column(sa.Date)
    due: Mapped[dt.date] = mapped_column(sa.Date)
    escalated: Mapped[dt.date | None] = mapped_column(sa.Date)
    done_by: Mapped[str | None] = mapped_column(sa.Text)
    done_role: Mapped[str | None] = mapped_column(sa.Text)
    done_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True))
    answers: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    ledger_entry: Mapped[int | None] = mapped_column(sa.BigInteger)


class SmkiControl(tk.BaseModel):
    """How a control stands since when, and what was found: the words in English, as a msgid."""

    __tablename__ = "satudata_smki_control"

    name: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    status: Mapped[str] = mapped_column(sa.Text)
    since: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True))
    looked_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True))
    said: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)


class SmkiControlChange(tk.BaseModel):
    """That a control stood otherwise from a moment on, and who was told. Never changed."""

    __tablename__ = "satudata_smki_control_change"

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    name: Mapped[str] = mapped_column(sa.Text, index=True)
    at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True))
    status: Mapped[str] = mapped_column(sa.Text)
    before: Mapped[str | None] = mapped_column(sa.Text)
    said: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    told: Mapped[list[str]] = mapped_column(JSONB, default=list)


def no_number() -> int:
    """Return what stands where a line has no number: nothing that is shown or looked up."""
    return -1 - secrets.randbits(62)


class SmkiEntry(tk.BaseModel):
    """One line of a register: what the portal knows of it, and what its owner wrote.

    Lines of datasets are named by their id and take no number (:func:`no_number`): gaps in the
    numbers of other lines would tell how many datasets there are that the reader may not know of.
    """

    __tablename__ = "satudata_smki_entry"
    __table_args__ = (
        sa.Index(
            "satudata_smki_entry_key",
            "register",
            "key",
            unique=True,
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=new_id)
    number: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), unique=True)
    register: Mapped[str] = mapped_column(sa.Text)
    key: Mapped[str] = mapped_column(sa.Text)
    package_id: Mapped[str | None] = mapped_column(sa.Text, index=True)
    known: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    written: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    created_by: Mapped[str | None] = mapped_column(sa.Text)
    created_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
    changed_by: Mapped[str | None] = mapped_column(sa.Text)
    changed_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True))
    ended_by: Mapped[str | None] = mapped_column(sa.Text)
    ended_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True))


class SmkiFinding(tk.BaseModel):
    """What an audit found of a control, until somebody else than who answered closes it.

    ``texts``: field of ``audit.yaml`` → what was written. ``steps``: step → everybody who
    took it, the last one last.
    """

    __tablename__ = "satudata_smki_finding"

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=new_id)
    number: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), unique=True)
    control: Mapped[str] = mapped_column(sa.Text, index=True)
    grade: Mapped[str] = mapped_column(sa.Text)
    role: Mapped[str] = mapped_column(sa.Text)
    state: Mapped[str] = mapped_column(sa.Text, default=OPEN)
    due: Mapped[dt.date] = mapped_column(sa.Date)
    texts: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    steps: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    opened_by: Mapped[str | None] = mapped_column(sa.Text)
    opened_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
    changed_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True))
    closed_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True))


class SmkiIncident(tk.BaseModel):
    """An incident of information security, also where no dataset is concerned.

    ``told``: notice of ``smki/incidents.yaml`` → its day, or why it was not given.
    """

    __tablename__ = "satudata_smki_incident"

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=new_id)
    number: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), unique=True)
    kind: Mapped[str] = mapped_column(sa.Text)
    severity: Mapped[str] = mapped_column(sa.Text)
    state: Mapped[str] = mapped_column(sa.Text, default=OPEN)
    personal: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    vital: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    known_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True))
    due_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True))
    reported_by: Mapped[str | None] = mapped_column(sa.Text, index=True)
    reported_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
    texts: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    told: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    closed_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True))
    closed_by: Mapped[str | None] = mapped_column(sa.Text)


class SmkiIncidentStep(tk.BaseModel):
    """Something that was done in an incident, and when. Never changed."""

    __tablename__ = "satudata_smki_incident_step"

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    incident_id: Mapped[str] = mapped_column(sa.Text, index=True)
    at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True))
    action: Mapped[str] = mapped_column(sa.Text)
    text: Mapped[str] = mapped_column(sa.Text, default="")
    actor_id: Mapped[str | None] = mapped_column(sa.Text)
    recorded_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
    ledger_entry: Mapped[int | None] = mapped_column(sa.BigInteger)


class SmkiIncidentDataset(tk.BaseModel):
    """That an incident concerns a dataset; who took it out again is kept as well."""

    __tablename__ = "satudata_smki_incident_dataset"
    __table_args__ = (
        sa.Index(
            "satudata_smki_incident_dataset_once",
            "incident_id",
            "package_id",
            unique=True,
            postgresql_where=sa.text("removed_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=new_id)
    incident_id: Mapped[str] = mapped_column(sa.Text)
    package_id: Mapped[str] = mapped_column(sa.Text, index=True)
    added_by: Mapped[str | None] = mapped_column(sa.Text)
    added_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
    removed_by: Mapped[str | None] = mapped_column(sa.Text)
    removed_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True))


TABLES = (
    SmkiIncident,
    SmkiIncidentDataset,
    SmkiIncidentStep,
    SmkiRole,
    SmkiTask,
    SmkiControl,
    SmkiControlChange,
    SmkiEntry,
    SmkiFinding,
)
