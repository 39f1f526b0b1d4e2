"""What is filled in and offered for each field, and where it comes from. Nothing is invented. Pure.

From the file what :mod:`...tidying.describing` read, from the agency its mailbox, and from its own
earlier datasets what several of them say, or what one says that is about the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...messages import Message, Translate
from ...metadata import title_periods
from ...metadata.periods import Period
from ...msgids import N_
from ...tidying.definition import definition as tidying
from ...tidying.telling import of_json
from ...tidying.words import folded
from .definition import intake

FIRST_WORD = re.compile(r"\b(?:19|20)\d\d\b")
MANY, MOST_COLUMNS, MOST_NOTES = 3, 8, 3
OFTEN = 0.7
GROUPS = frozenset({"region", "category"})
OF_A_SISTER = (
    "konsep",
    "definisi",
    "klasifikasi_penyajian",
    "satuan",
    "jenis_data",
    "urusan",
    "ukuran",
    "frekuensi_penerbitan",
)
"""What a dataset about the same says as well."""
OF_THE_AGENCY = ("license_id", "maintainer_email")
"""What the datasets of an agency have in common."""

USUAL = {
    "license_id": "lisensi_bawaan",
    "frekuensi_penerbitan": "frekuensi_bawaan",
    "urusan": "urusan_bawaan",
}
"""Field → what the agency says of its data in general."""

AGENCY = N_("the page of the agency")
SEVERAL = N_("%(count)s earlier datasets of the agency")
SISTER = N_("the dataset “%(title)s”")
TITLE = N_("the title")
COLUMNS = N_("the columns of the table")
FILE, SHEET = N_("the name of the file"), N_("the name of the sheet")
MONTHLY = "bulanan"
PERIODS = frozenset({"period", "date"})
"""What columns are that tell of time: then the table is about more than its name says."""
PORTAL = N_("what this portal recommends")
DESCRIPTION = N_("A table of %(count)s rows with the columns %(columns)s.")


@dataclass(frozen=True)
class Offer:
    """A value of a field, where it comes from, and whether it is filled in at once."""

    field: str
    value: str
    source: Message
    filled: bool = False
    first: str = ""
    """What is filled in until somebody accepts it."""

    @property
    def sure(self) -> str:
        """What is filled in at once, "" where nothing is."""
        return self.value if self.filled else self.first


def offers(
    table: Mapping[str, Any],
    agency: Mapping[str, Any],
    earlier: Sequence[Mapping[str, Any]],
    indonesian: Translate,
    harmless: Callable[[str, str], bool] = lambda field, text: True,
    file: str = "",
) -> dict[str, Offer]:
    """Return field → what is offered for it.

    :param table: what was read of the file.
    :param agency: ``kotak_surat``, and what it says of its data in general.
    :param earlier: datasets of the agency that the author may read, the newest first.
    :param indonesian: of texts that stand in the dataset.
    :param harmless: whether a text holds no hard identifier; what does is not offered.
    :param file: its name, which may say a month that the file does not.
    """
    found: dict[str, Offer] = {}

    def add(offer: Offer | None) -> None:
        if offer is None or not offer.value or offer.field in found:
            return
        if offer.field in intake().fields and harmless(offer.field, offer.value):
            found[offer.field] = offer

    for told in table.get("told") or ():
        filled = told["state"] == "filled"
        add(Offer(told["field"], told["value"], of_json(told["source"]), filled))
    title = found["title"].value if "title" in found else ""
    for offer in _of_the_month(found, table, file):
        if harmless(offer.field, offer.value):
            found[offer.field] = offer
    add(Offer("maintainer_email", str(agency.get("kotak_surat") or ""), Message(AGENCY), True))
    sister = like(title, earlier)
    if sister is not None:
        source = Message(SISTER, {"title": sister["title"]})
        for name in OF_A_SISTER:
            add(Offer(name, str(sister.get(name) or ""), source))
    for name, usual in USUAL.items():
        # A licence is chosen by the agency; what a file is about, the file says.
        said = str(agency.get(usual) or "")
        add(Offer(name, said, Message(AGENCY), name in OF_THE_AGENCY))
    for name in OF_THE_AGENCY:
        add(_common(name, earlier))
    add(Offer("license_id", intake().licence, Message(PORTAL)))
    for offer in _of_columns(table, title, indonesian):
        add(offer)
    return found


def as_sister(sister: Mapping[str, Any], years: str, part: Period | None = None) -> dict[str, str]:
    """Return the fields as a dataset about the same says them, of the period that follows.

    :param sister: the other dataset.
    :param years: what the file says that its figures are about, "" where it says nothing.
    :param part: the month, quarter or semester that the file names.
    """
    found = {name: str(sister[name]) for name in intake().fields if sister.get(name)}
    before = title_periods.part_of_year(found.get("title", ""))
    if before is not None:
        same = part is not None and part.grain is before.grain
        now = part if part is not None and same else title_periods.following(before)
        if not years or str(now.year) in years:
            old, new = title_periods.shown(before), title_periods.shown(now)
            notes = found.get("notes", "").replace(old, new)
            title = title_periods.renamed(found["title"], now)
            kept = {"title": title, "notes": notes, "tahun": years or str(now.year)}
            return {**found, **{name: value for name, value in kept.items() if value}}
    known = FIRST_WORD.findall(found.get("tahun", "")) or FIRST_WORD.findall(found.get("title", ""))
    if not years and known:
        years = str(int(known[-1]) + 1)
    if not years:
        return found
    last = FIRST_WORD.findall(years)[-1]
    title = found.get("title", "")
    said = FIRST_WORD.findall(title)
    if said:
        place = title.rindex(said[-1])
        found["title"] = title[:place] + last + title[place + len(said[-1]) :]
    elif title:
        # Two of one name could not be told apart.
        found["title"] = f"{title} {last}"
    if known and "notes" in found:
        found["notes"] = re.sub(rf"\b{known[-1]}\b", last, found["notes"])
    return {**found, "tahun": years}


def affairs(earlier: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the government affairs of earlier datasets, the most frequent first."""
    counted = Counter(str(d["urusan"]) for d in earlier if d.get("urusan"))
    return [code for code, _ in counted.most_common()]


def like(title: str, earlier: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Return the earlier dataset whose title has the most words in common with this one."""
    wanted, best, shared = _words(title), None, 0.0
    for dataset in earlier:
        words = _words(str(dataset.get("title") or ""))
        share = len(words & wanted) / len(words | wanted) if words and wanted else 0.0
        if share > shared:
            best, shared = dataset, share
    return best if shared >= intake().alike.words else None


def _words(title: str) -> set[str]:
    said = FIRST_WORD.sub(" ", title)
    return set(folded(said).split()) - set(intake().divided_by)


def _of_the_month(found: Mapping[str, Offer], table: Mapping[str, Any], file: str) -> list[Offer]:
    """Return what a month says that stands in the name of the file or of its sheet alone."""
    years = found["tahun"].value if "tahun" in found else ""
    title = found.get("title")
    if title is None or title_periods.part_of_year(title.value) is not None:
        return []
    if any(field["role"] in PERIODS for field in table.get("fields") or ()):
        return []
    part, source = title_periods.named(Path(file).stem, years), Message(FILE)
    if part is None:
        part = title_periods.named(str(table.get("sheet") or ""), years)
        source = Message(SHEET)
    if part is None:
        return []
    shown = f"{title_periods.bare(title.value)} {title_periods.shown(part)}"
    offers = [Offer("title", shown, source, first=title.sure)]
    if not years:
        offers.append(Offer("tahun", str(part.year), source))
    often = found.get("frekuensi_penerbitan")
    if often is None or not often.filled:
        offers.append(Offer("frekuensi_penerbitan", MONTHLY, source))
    return offers


def _common(name: str, earlier: Sequence[Mapping[str, Any]]) -> Offer | None:
    """Return what most datasets of the agency say; filled in where many agree."""
    said = Counter(str(dataset[name]) for dataset in earlier if dataset.get(name))
    if not said:
        return None
    value, count = said.most_common(1)[0]
    sure = count >= MANY and count >= OFTEN * said.total()
    return Offer(name, value, Message(SEVERAL, {"count": count}), sure)


def _of_columns(table: Mapping[str, Any], title: str, indonesian: Translate) -> list[Offer]:
    """Return what title and columns say, none of it sure enough to be filled in."""
    fields = table.get("fields") or ()
    source = Message(COLUMNS)
    groups = [_written(f["name"]) for f in fields if f["role"] in GROUPS]
    figures = any(f["role"] == "measure" for f in fields)
    named = [_written(f["name"]) for f in fields[:MOST_COLUMNS]]
    count = {"count": table.get("count", 0), "columns": named}
    notes = [x["text"] for x in table.get("left") or () if x["kind"] == "note"][:MOST_NOTES]
    said = " ".join([Message(DESCRIPTION, count).text(indonesian), *notes])
    return [
        Offer("klasifikasi_penyajian", "; ".join(groups), source),
        Offer("jenis_data", "statistik" if figures else "", source),
        Offer("konsep", concept(title), Message(TITLE)),
        Offer("notes", f"{title}. {said}" if title and fields else "", source),
    ]


def concept(title: str) -> str:
    """Return what a title is about: without the kind of figure before it, and what divides it."""
    words = FIRST_WORD.sub(" ", title).split()
    measures = {folded(w) for known in tidying().measures.values() for w in known}
    for length in (2, 1):
        if folded(" ".join(words[:length])) in measures and len(words) > length:
            words = words[length:]
            break
    for place, word in enumerate(words):
        if place and folded(word) in intake().divided_by:
            words = words[:place]
            break
    return " ".join(words)


def _written(name: str) -> str:
    """Return a heading in small letters with a capital, where it is written in capitals alone."""
    return name.capitalize() if name.isupper() and len(name) > 3 else name
