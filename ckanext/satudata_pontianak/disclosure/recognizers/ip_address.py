"""Addresses of persons' devices in the network."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from ckanext.satudata_pontianak.disclosure.finding import Evidence, Finding, PersonalClass
from ckanext.satudata_pontianak.disclosure.persons import MACHINES
from ckanext.satudata_pontianak.disclosure.recognizers.masking import mask_all
from ckanext.satudata_pontianak.msgids import N_

from .base import Place, Recognizer, Tally, trim

_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_V4 = rf"{_OCTET}(?:\.{_OCTET}){{3}}"
_V6 = "(?:[0-9A-Fa-f]{1,4}:){2,7}(?::?[0-9A-Fa-f]{1,4}){1,6}"
WHOLE = rf"^(?:{_V4}(?::[0-9]{{1,5}}|/32)?|{_V6})$"
_INTRODUCED = (
    rf"(?i)(?:^|[^a-z])ip(?: ?(?:address|addr|public|publik|adress|pengguna|client))?"
    rf"[ .:=(]+(?:{_V4})(?:[^0-9.]|\.?$)"
)
_INSIDE = r"^(?:10\.|127\.|0\.|255\.|169\.254\.|192\.168\.|172\.(?:1[6-9]|2[0-9]|3[01])\.)"


@dataclass
class AddressTally(Tally):
    """Whole cells, those of networks inside a house, and those within text."""

    whole: int = 0
    inside: int = 0
    long: int = 0
    text: int = 0


class IPAddress(Recognizer[AddressTally]):
    """Addresses under a heading, in a column of nothing else, or after ``IP`` in a text.

    A server, a camera or a router is no person's device; codes of regions and budgets have octets
    above 255 or leading zeros; versions and paragraphs (1.2.3.4) have short ones. Addresses of
    inner networks say something only in a list of persons. In a list of cameras or servers no
    address is a person's, whatever its own heading says.
    """

    kind = "ip_address"
    label = N_("IP address")
    rank = 180
    since = "2026.3"
    evidence = Evidence.DEVICE
    sentences = {
        "header": N_("The column is headed as IP and holds addresses of devices."),
        "pattern": N_("The values are addresses of devices in the network."),
        "text": N_("The address of a device stands within longer text."),
    }
    personal_class = PersonalClass.GENERAL
    hard = False
    context = frozenset(
        {"ip", "ip address", "ipaddress", "ip addr", "alamat ip", "ipv4", "ipv6", "remote addr"}
    )
    against = MACHINES | frozenset("dns domain subnet network jaringan versi kode".split())
    prefilter = rf"^[\s'\"]*{_V4}[\s'\"]*$|{_INTRODUCED}"
    shortest = 7
    strays = rf"^[\s'\"=`]*(?:{_V4}|{_V6})"

    def start(self) -> AddressTally:
        """Return an empty tally for one column."""
        return AddressTally()

    def wants(self, place: Place) -> bool:
        """Every cell under a heading of this kind, unless it is of a machine of an office."""
        return place.mentions(self.context) and not place.mentions(self.against)

    def update(self, tally: AddressTally, cells: pl.Series, place: Place) -> None:
        """Count addresses."""
        trimmed = trim(cells)
        good = trimmed.str.contains(WHOLE)
        found = trimmed.filter(good)
        if len(found):
            tally.whole += len(found)
            tally.inside += int(found.str.contains(_INSIDE).sum())
            tally.long += int((found.str.len_bytes() >= 10).sum())
            tally.note_distinct(found)
        tally.text += int(trimmed.filter(~good).str.contains(_INTRODUCED).sum())

    def conclude(self, tally: AddressTally, filled: int, place: Place) -> Finding | None:
        """Judge the column; no digit is shown."""
        sample = mask_all("x")
        if place.mentions(self.against) or place.machines:
            return None
        outside = tally.whole if place.person_level else tally.whole - tally.inside
        if not place.free_text and self.wants(place) and outside:
            total = outside + tally.text
            return self.finding(sample, total, filled, 0.9, "ip_address.header")
        most = tally.whole * 2 >= filled and tally.long * 10 >= tally.whole * 8
        if outside and most and not place.free_text and not place.mentions(_CODES):
            return self.finding(sample, outside, filled, 0.6, "ip_address.pattern")
        if tally.text:
            return self.finding(sample, tally.text, filled, 0.7, "ip_address.text")
        return None


_CODES = frozenset({"kode", "kd", "code", "nomor", "no", "pasal", "versi", "version", "rekening"})
