"""What people and agencies asked and answered in the demo, each by whoever has the duty.

What is refused, objected to and reported is of an agency that does not exist.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa

from ckan import model

from ckanext.satudata_pontianak.classification.records.request_model import AccessRequest
from ckanext.satudata_pontianak.classification.requests import links
from ckanext.satudata_pontianak.jepin.records.report_model import Report
from ckanext.satudata_pontianak.jepin.records.wish_model import Wish, WishVoice
from ckanext.satudata_pontianak.jepin.wishes import wishing

from ... import days
from .people import MAIL, act

Part = tuple[dt.datetime, Callable[[], Any]]
LIMITED = "peserta-pelatihan-peragaan-menurut-kelurahan"
REFUSED = "aduan-peragaan-menurut-bulan"
REPORTED = "kunjungan-peragaan-menurut-bulan"
WISHED = "titik-halte-bus"
PURPOSE = "Contoh: penelitian tentang pemerataan layanan"


def on(day: int, hour: int, month: int = 11) -> dt.datetime:
    """Return an hour of a day of the last weeks."""
    return dt.datetime(2026, month, day, hour, tzinfo=days.CITY)


def parts() -> list[Part]:
    """Return the acts of the stories that have not begun, in their order."""
    found = [
        *_request(LIMITED, "warga", ("ppid", True), (12, 17)),
        *_request(REFUSED, "produsen_dinkes", ("walidata", False), (13, 18)),
        *_request(REFUSED, "warga", ("ppid", False), (16, 20), objects=True),
        *_report(),
        *_wish(),
    ]
    model.Session.rollback()
    return sorted(found, key=lambda part: part[0])


def _there(row: Any, *conditions: Any) -> bool:
    return bool(model.Session.scalar(sa.select(sa.exists(sa.select(row).where(*conditions)))))


def _id_of(model_class: Any, name: str) -> str:
    found = model_class.get(name)
    return found.id if found else ""


def _request(
    name: str, who: str, answer: tuple[str, bool], on_days: tuple[int, int], objects: bool = False
) -> Iterator[Part]:
    package, user = _id_of(model.Package, name), _id_of(model.User, who)
    asked = (AccessRequest.package_id == package, AccessRequest.user_id == user)
    if not (package and user) or _there(AccessRequest, *asked):
        return
    begun, answered = on_days
    made: dict[str, Any] = {}

    def ask() -> None:
        until = on(begun, 9).date() + dt.timedelta(days=60)
        fields = {"purpose": PURPOSE, "until": until.isoformat()}
        made.update(act(who, "satudata_access_request_create", id=name, **fields))

    def decide() -> None:
        by, grants = answer
        reason = "Contoh: tujuan sesuai dengan penetapannya"
        if not grants:
            reason = "Contoh: dapat dipenuhi dari angka kota yang terbuka"
        fields = {"request": made["id"], "grant": grants, "reason": reason}
        act(by, "satudata_access_request_decide", **fields)

    def object_() -> None:
        reason = "Contoh: angka kota tidak cukup untuk penelitian ini"
        act(who, "satudata_access_request_object", request=made["id"], reason=reason)

    yield on(begun, 9), ask
    yield on(answered, 10), decide
    if objects:
        yield on(answered + 4, 11), object_


def _report() -> Iterator[Part]:
    package = _id_of(model.Package, REPORTED)
    if not package or _there(Report, Report.package_id == package):
        return

    def report() -> None:
        text = "Contoh: jumlah bulan Agustus lebih kecil dari yang diumumkan"
        act("warga", "satudata_jepin_report_create", id=REPORTED, kind="wrong", text=text)

    def answer() -> None:
        row = act("produsen_peragaan", "satudata_jepin_report_list", id=REPORTED)["results"][0]
        text = "Contoh: angka sudah diperiksa; pengumuman lama memakai bulan yang belum lengkap."
        act(
            "produsen_peragaan",
            "satudata_jepin_report_answer",
            report=row["number"],
            outcome="answered",
            answer=text,
        )

    yield on(17, 8), report
    yield on(19, 14), answer


def _wish() -> Iterator[Part]:
    if not _id_of(model.Package, WISHED) or _there(Wish):
        return
    made: dict[str, Any] = {}

    def ask() -> None:
        text = "Contoh: letak halte bus dan keadaannya, untuk peta perjalanan warga."
        email = f"peminta@{MAIL}"
        fields = {"title": "Letak halte bus kota", "text": text, "email": email}
        act("", "satudata_wish_create", **fields)
        # Nobody reads that mailbox: the link in its mail is made here.
        voice = model.Session.scalars(sa.select(WishVoice)).one()
        token = links.make(wishing.CONFIRM, voice.id, voice.nonce)
        made.update(act("", "satudata_wish_confirm", token=token))

    def step(name: str, **fields: Any) -> Callable[[], Any]:
        return lambda: act(
            "walidata", "satudata_wish_step", wish=made["number"], step=name, **fields
        )

    yield on(12, 15), ask
    yield on(13, 11), step("accept")
    answer = "Contoh: datanya sudah terbit, dengan keadaan tiap halte."
    yield on(24, 13), step("answer", outcome="here", dataset=WISHED, answer=answer)
