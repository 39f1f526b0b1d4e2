"""What people and agencies asked and answered in the demo, each by whoever has the duty.

What is refused, objected to and reported is of an agency that does not exist.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa
from werkzeug.datastructures import FileStorage

from ckan import model

from ckanext.satudata_pontianak.classification.records.request_model import AccessRequest
from ckanext.satudata_pontianak.classification.requests import links
from ckanext.satudata_pontianak.jepin.records.report_model import Report
from ckanext.satudata_pontianak.jepin.records.reuse_model import Reuse
from ckanext.satudata_pontianak.jepin.records.wish_model import Wish, WishVoice
from ckanext.satudata_pontianak.jepin.reuses import proposing
from ckanext.satudata_pontianak.jepin.wishes import wishing

from ... import days
from . import catalogue
from .people import MAIL, act

Part = tuple[dt.datetime, Callable[[], Any]]
LIMITED = "peserta-pelatihan-peragaan-menurut-kelurahan"
PRODUCER = "produsen_peragaan"
REFUSED = "aduan-peragaan-menurut-bulan"
REPORTED = "kunjungan-peragaan-menurut-bulan"
WRONG, MISSED = "2026-08", 46
"""The month that was reported as wrong, and what it lacked."""
WISHED = "titik-halte-bus"
GROWING, DISTRICTS = "jumlah-penduduk-menurut-kelurahan", "jumlah-penduduk-menurut-kecamatan"
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
        *_reuses(),
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

    def answer(outcome: str, text: str) -> Callable[[], Any]:
        def say() -> None:
            row = act(PRODUCER, "satudata_jepin_report_list", id=REPORTED)["results"][0]
            fields = {"report": row["number"], "outcome": outcome, "answer": f"Contoh: {text}"}
            act(PRODUCER, "satudata_jepin_report_answer", **fields)

        return say

    def bring() -> None:
        resource = act(PRODUCER, "package_show", id=REPORTED)["resources"][0]
        file = FileStorage(io.BytesIO(corrected()), filename=f"{REPORTED}.csv")
        act(PRODUCER, "resource_patch", id=resource["id"], upload=file)

    def step(who: str, name: str) -> Callable[[], Any]:
        taken = "satudata_classification_transition"
        return lambda: act(who, taken, id=REPORTED, transition=name)

    yield on(17, 8), report
    known = "benar, satu loket belum masuk hitungan bulan Agustus. Berkas yang benar disiapkan."
    yield on(18, 14), answer("known", known)
    yield on(19, 9), bring
    yield on(19, 10), step(PRODUCER, "submit")
    yield on(23, 9), step("walidata", "approve")
    yield on(23, 11), answer("repaired", "angka Agustus sudah dibetulkan dalam versi yang baru.")


def corrected() -> bytes:
    """Return the file of what was reported, with the month that was wrong as it should be."""
    (dataset,) = (each for each in catalogue.datasets() if each.name == REPORTED)
    heading, *rows = csv.reader(io.StringIO(dataset.files[0].content().decode()))
    text = io.StringIO()
    mended = ([m, str(int(v) + MISSED) if m == WRONG else v] for m, v in rows)
    csv.writer(text, lineterminator="\n").writerows([heading, *mended])
    return text.getvalue().encode()


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


def _reuses() -> Iterator[Part]:
    """Two works that were accepted, one of an account and one of a mailbox, and one that waits."""
    if not all(_id_of(model.Package, name) for name in (WISHED, GROWING, DISTRICTS)):
        return
    if _there(Reuse):
        return

    def propose(who: str, **fields: Any) -> Callable[[], Any]:
        return lambda: act(who, "satudata_reuse_create", **fields)

    def accept(title: str) -> Callable[[], Any]:
        def take() -> None:
            row = _work(title)
            act("walidata", "satudata_reuse_step", reuse=row.id, step="accept")

        return take

    def confirm(title: str) -> None:
        row = _work(title)
        token = links.make(proposing.CONFIRM, row.id, row.nonce)
        act("", "satudata_reuse_confirm", token=token)

    app = {
        "title": "Peta halte terdekat",
        "kind": "app",
        "url": f"https://halte.{MAIL}/",
        "maker": "Komunitas Peta Rekaan",
        "text": "Contoh: peta halte bus, dengan jalan kaki terpendek ke tiap halte.",
        "datasets": [WISHED],
    }
    chart = {
        "title": "Penduduk tiap kelurahan dalam satu grafik",
        "kind": "chart",
        "url": f"https://grafik.{MAIL}/penduduk",
        "text": "Contoh: grafik pertambahan penduduk tiap kelurahan dari tahun ke tahun.",
        "datasets": [GROWING],
    }
    teaching = {
        "title": "Bahan ajar statistik untuk SMP",
        "kind": "teaching",
        "url": f"https://kelas.{MAIL}/statistik",
        "text": "Contoh: latihan menghitung rata-rata dan persen dari penduduk kecamatan.",
        "datasets": [DISTRICTS],
    }
    yield on(24, 14), propose("warga", **app)
    yield on(24, 15), propose("", **chart, email=f"pembuat@{MAIL}")
    yield on(24, 16), lambda: confirm(chart["title"])
    yield on(26, 9), accept(app["title"])
    yield on(26, 10), accept(chart["title"])
    yield on(27, 15), propose("warga", **teaching)


def _work(title: str) -> Reuse:
    """Return a work as it was proposed; nobody reads the mailbox to which its link went."""
    return model.Session.scalars(sa.select(Reuse).where(Reuse.title == title)).one()
