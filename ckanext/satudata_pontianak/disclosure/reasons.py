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
    "hidden_values": _(
        "The file holds values that its rows do not show. Copy the rows into a new file and"
        " upload that."
    ),
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
    "no_sheet": _("The file has no visible sheet of that name with rows."),
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
    "telepon.office": _(
        "The column is headed as telephone of an office or a service and holds mobile numbers,"
        " which may be private."
    ),
    "telepon.text": _("A mobile number stands within longer text."),
    "telepon.home": _("Fixed lines in a list of persons: they ring at home."),
    "npwp.header": _("The column is headed as NPWP and its values pass the check digit."),
    "npwp.pattern": _("The values are written as an NPWP and pass its check digit."),
    "npwp.digits": _(
        "Nearly all of these numbers, and they differ, have the check digit of an NPWP; chance does"
        " not explain it."
    ),
    "npwp.text": _("An NPWP stands within longer text."),
    "npwp.body": _("NPWP that begin as those of companies and offices do."),
    "nip.header": _("The column is headed as NIP and its values have that form."),
    "nip.pattern": _("The values have birth date, appointment and sex of a civil servant's NIP."),
    "nip.official": _("NIP of whoever acts for an office; on signed documents they are public."),
    "nip.text": _("An NIP stands within longer text."),
    "nisn.header": _("The column is headed as NISN and holds numbers of that length."),
    "nisn.text": _("A pupil's NISN stands within longer text."),
    "bpjs.header": _("The column is headed as insurance number and holds numbers of that length."),
    "bpjs.pattern": _("Thirteen digits that begin with 000, as numbers of BPJS Kesehatan do."),
    "bpjs.text": _("A number of BPJS stands within longer text."),
    "paspor.header": _("The column is headed as passport and its values have that form."),
    "paspor.text": _("The number of a passport stands within longer text."),
    "sim.header": _("The column is headed as SIM and holds numbers of that length."),
    "sim.text": _("The number of a driving licence stands within longer text."),
    "plat_nomor.header": _("The column is headed as vehicle number and holds plates."),
    "plat_nomor.pattern": _("The values have the form of plates of West Kalimantan."),
    "plat_nomor.text": _("The plate of a vehicle stands within longer text."),
    "rekening.header": _("The column is headed as account and holds numbers of that length."),
    "rekening.text": _("The number of a bank account stands within longer text."),
    "kartu_pembayaran.header": _(
        "The column is headed as card and its values pass the check digit."
    ),
    "kartu_pembayaran.pattern": _("The values have issuer and check digit of a payment card."),
    "kartu_pembayaran.text": _("The number of a payment card stands within longer text."),
    "nama_orang.header": _("The column is headed as names and holds names of persons."),
    "nama_orang.values": _("Most values are names of persons, whatever the heading says."),
    "nama_orang.official": _("Names of those who act for an office; they are often public."),
    "nama_orang.text": _("A person is named within longer text."),
    "alamat.header": _("The column is headed as address in a list of persons."),
    "alamat.home": _("The column is headed as address of a home."),
    "alamat.values": _("Many values are addresses, in a list of persons."),
    "alamat.text": _("A text says where somebody lives."),
    "tanggal_lahir.header": _("The column is headed as birth date and holds dates."),
    "tanggal_lahir.values": _("Dates over several decades, in a list of persons."),
    "tanggal_lahir.text": _("A birth date stands within longer text."),
    "koordinat_rumah.header": _("Exact coordinates in a list of persons."),
    "koordinat_rumah.values": _("Exact points within the city, in a list of persons."),
    "ip_address.header": _("The column is headed as IP and holds addresses of devices."),
    "ip_address.pattern": _("The values are addresses of devices in the network."),
    "ip_address.text": _("The address of a device stands within longer text."),
    "kesehatan.header": _("A person's health, by the heading."),
    "kesehatan.values": _("A person's health: most values are illnesses or codes of them."),
    "disabilitas.header": _("A person's disability, by the heading."),
    "disabilitas.values": _("A person's disability: most values name one."),
    "biometrik.header": _("Biometric data of persons, by the heading."),
    "anak.header": _("A child's data, by the heading."),
    "anak.age": _("Most ages in this list of persons are below 18."),
    "catatan_kejahatan.header": _("A person's criminal record, by the heading."),
    "catatan_kejahatan.values": _("A person's criminal record: most values are offences."),
    "keuangan_pribadi.header": _("A person's income, savings or debts, by the heading."),
    "bantuan_sosial.header": _("Social aid that a person gets, by the heading."),
    "bantuan_sosial.values": _("Social aid that a person gets: most values name one."),
    "agama.header": _("A person's religion, by the heading."),
    "agama.values": _("A person's religion: most values are religions."),
    "suku.header": _("A person's ethnicity, by the heading."),
    "suku.values": _("A person's ethnicity: most values name one."),
    # Why the rows of a table count as persons.
    "persons.identifier": _("A row is a person: a column holds numbers that identify one."),
    "persons.name": _("A row is a person: a column holds their names."),
    "persons.birth": _("A row is a person: a column holds their birth dates."),
    "persons.contact": _("A row is a person: a column holds private contacts or devices."),
    "persons.record": _("A row is a person: a column says who by initials or a number."),
    "persons.attributes": _("A row is a person: sex and other attributes, and nothing is counted."),
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
