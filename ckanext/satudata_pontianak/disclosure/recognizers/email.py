"""E-mail addresses other than government mailboxes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from ckanext.satudata_pontianak.disclosure.finding import Evidence, Finding, PersonalClass
from ckanext.satudata_pontianak.disclosure.recognizers.masking import mask_email
from ckanext.satudata_pontianak.msgids import N_

from .base import Place, Recognizer, Tally
from .parts import Parts

ADDRESS = r"[A-Za-z0-9._%+\-]+@(?:[A-Za-z0-9](?:[A-Za-z0-9\-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,24}"
GOVERNMENT = r"(?i)@(?:[a-z0-9\-]+\.)*go\.id$"
PUBLIC_BODY = r"(?i)@(?:[a-z0-9\-]+\.)*(?:sch|desa)\.id$"
NOT_A_DOMAIN = r"(?i)\.(?:png|jpe?g|gif|svg|webp|css|js|pdf)$"
PERSONAL = (
    r"(?i)@(?:gmail|googlemail|yahoo|ymail|rocketmail|hotmail|outlook|live|msn|icloud|me|aol|"
    r"proton|protonmail|gmx|zoho|mail)\.(?:com|co\.id|co\.uk|net|me|id)$"
)
ROLE = (
    r"(?i)^(?:info|admin|humas|kontak|contact|layanan|pengaduan|sekretariat|dinas|badan|kantor|"
    r"kelurahan|kecamatan|puskesmas|rsud|sdn?|smpn?|sman?|ppid|noreply|no-reply|webmaster|"
    r"support|helpdesk)[^@]*@"
)


@dataclass
class EmailTally(Tally):
    cells: int = 0
    addresses: int = 0
    personal: int = 0
    role: int = 0


class Email(Recognizer[EmailTally]):
    """Mailboxes at ``*.go.id`` are contact points of offices and stay silent.

    So do those of schools and villages (``sch.id``, ``desa.id``) that are named after the office,
    not after a teacher.

    Others are reported: at providers of personal mailboxes 0.95, elsewhere 0.6; where most
    names of the mailboxes are those of offices (``info@``, ``kelurahan…@``) 0.5.
    """

    kind = "email"
    label = N_("E-mail address")
    rank = 110
    since = "2026.3"
    evidence = Evidence.CONTACT
    headings = frozenset({"email", "e mail"})
    of_offices = True
    sentences = {
        "personal": N_("E-mail addresses at a provider of personal mailboxes."),
        "other": N_("E-mail addresses outside the government domain."),
        "role": N_("E-mail addresses that seem to belong to an office rather than a person."),
    }
    personal_class = PersonalClass.GENERAL
    hard = False
    context = frozenset({"email", "e mail", "surel", "surat elektronik"})
    prefilter = "[A-Za-z0-9]@[A-Za-z0-9]|[._%+-]@[A-Za-z0-9]"
    shortest = 6

    def start(self) -> EmailTally:
        return EmailTally()

    def update(self, tally: EmailTally, cells: pl.Series, place: Place) -> None:
        self.update_many([tally], [cells], [place])

    def manner(self, place: Place) -> bool:
        return True

    def update_many(
        self, tallies: Sequence[EmailTally], columns: Sequence[pl.Series], places: Sequence[Place]
    ) -> None:
        parts = Parts.of(columns)
        parts = parts.filter(parts.cells.str.contains("@", literal=True))
        if not len(parts.cells):
            return
        number = pl.int_range(len(parts.cells), eager=True)
        found = (
            pl.DataFrame({"part": parts.places(), "cell": number, "text": parts.cells})
            .with_columns(pl.col("text").str.extract_all(ADDRESS))
            .explode("text")
            .drop_nulls("text")
            .filter(
                ~pl.col("text").str.contains(GOVERNMENT)
                & ~pl.col("text").str.contains(NOT_A_DOMAIN)
                & ~(pl.col("text").str.contains(PUBLIC_BODY) & pl.col("text").str.contains(ROLE))
            )
        )
        if not len(found):
            return
        text = pl.col("text")
        counts = found.group_by("part", maintain_order=True).agg(
            pl.col("cell").n_unique(),
            pl.len(),
            text.str.contains(PERSONAL).sum().alias("personal"),
            text.str.contains(ROLE).sum().alias("role"),
            text.first(),
        )
        for part, cells, addresses, personal, role, first in counts.iter_rows():
            tally = tallies[part]
            tally.cells += cells
            tally.addresses += addresses
            tally.personal += personal
            tally.role += role
            tally.sample = tally.sample or mask_email(first)

    def conclude(self, tally: EmailTally, filled: int, place: Place) -> Finding | None:
        if not tally.cells:
            return None
        if tally.role * 2 > tally.addresses:
            score, code = 0.5, "email.role"
        elif tally.personal:
            score, code = 0.95, "email.personal"
        else:
            score, code = 0.6, "email.other"
        return self.finding(tally.sample, tally.cells, filled, score, code)
