"""Photos with citizens' reports: pixels alone, for who answers alone, until the answer."""

from __future__ import annotations

import datetime as dt
import io

import pytest
import sqlalchemy as sa
from PIL import Image
from werkzeug.datastructures import FileStorage

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak.classification.rules.refusals import InvalidFields
from ckanext.satudata_pontianak.jepin.records.photo_model import ReportPhoto
from ckanext.satudata_pontianak.jepin.records.report_model import Report
from ckanext.satudata_pontianak.jepin.reports import photos
from ckanext.satudata_pontianak.jepin.rules.point_definition import common

SECRET = b"kamera-rahasia-warga"
DESK = "/satudata/jepin/laporan"


def taken(size=(80, 40), form="JPEG") -> bytes:
    """Return a photo that says where and with what it was taken, lying on its side."""
    image = Image.new("RGB", size, (200, 30, 30))
    exif = image.getexif()
    exif[0x0110] = SECRET.decode()
    exif[0x0112] = 6
    exif.get_ifd(0x8825).update({1: "S", 2: (0.0, 1.0, 34.68)})
    content = io.BytesIO()
    more = {"comment": SECRET} if form == "JPEG" else {}
    image.save(content, form, exif=exif, **more)
    return content.getvalue()


def report(city, package, content: bytes | None, **asked):
    given = {"id": package["id"], "kind": "broken", "point": "WF-1", **asked}
    if content is not None:
        given["photo"] = FileStorage(io.BytesIO(content), filename="foto.jpg")
    return city.act(None, "satudata_jepin_report_create", **given)


def kept() -> list[bytes]:
    found = list(model.Session.scalars(sa.select(ReportPhoto.content)))
    model.Session.rollback()
    return found


def answer(city, **asked):
    given = {"report": number(city), "outcome": "repaired", "answer": "Titik sudah diperbaiki."}
    return city.act("produsen", "satudata_jepin_report_answer", **{**given, **asked})


def number(city) -> int:
    return city.act("produsen", "satudata_jepin_report_list", state="all")["results"][0]["number"]


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_kept_as_pixels_alone(form) -> None:
    content = taken(form=form)
    assert SECRET in content
    made = photos.content_of(FileStorage(io.BytesIO(content), filename="f"))
    assert made is not None
    assert SECRET not in made
    with Image.open(io.BytesIO(made)) as image:
        assert (image.format, image.size, len(image.getexif())) == ("JPEG", (40, 80), 0)
        assert not {"exif", "comment", "icc_profile"} & set(image.info)


def test_what_is_no_photo_or_too_large_is_refused_and_nothing_is_kept(city) -> None:
    package = city.publish()
    large = taken((common().photos.side + 600, 40))
    bomb = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(bomb, "PNG")
    heavy = b"\xff\xd8\xff" + bytes(common().photos.bytes)
    for content in (b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a", bomb.getvalue(), heavy,
                    taken()[:200]):  # fmt: skip
        with pytest.raises(tk.ValidationError) as refusal:
            report(city, package, content)
        assert list(refusal.value.error_dict) == ["photo"]
    with pytest.raises(tk.ValidationError):
        report(city, package, taken(), point="", kind="cannot_open")
    with pytest.raises(tk.ValidationError):
        city.act(None, "satudata_jepin_report_create", id=package["id"], kind="broken",
                 point="WF-1", photo="foto.jpg")  # fmt: skip
    assert (kept(), model.Session.query(Report).count()) == ([], 0)
    report(city, package, large)
    with Image.open(io.BytesIO(kept()[0])) as image:
        assert max(image.size) == common().photos.side


def test_only_who_answers_sees_it_and_the_answer_erases_it(city, app) -> None:
    package = city.publish()
    report(city, package, taken())
    shown = city.act("produsen", "satudata_jepin_report_show", report=number(city))
    (photo,) = shown["photos"]
    address = f"{DESK}/{number(city)}/foto/{photo}"
    for who in ("walidata", "pengawas"):
        seen = city.act(who, "satudata_jepin_report_show", report=number(city))
        assert seen["photos"] == []
    for who in ("walidata", "pengawas", "produsen_lain", "warga", "admin"):
        assert app.get(address, headers=city.token(who), status=404)
    assert app.get(address, follow_redirects=False).status_code == 302
    got = app.get(address, headers=city.token("produsen"))
    assert (got.mimetype, got.headers["Cache-Control"]) == ("image/jpeg", "private, no-store")
    assert got.data.startswith(photos.JPEG)
    assert address in app.get(f"{DESK}/{number(city)}", headers=city.token("produsen")).body
    answer(city, outcome="known")
    assert len(kept()) == 1
    answer(city)
    assert kept() == []
    assert app.get(address, headers=city.token("produsen"), status=404)


def test_a_form_brings_a_photo_and_the_clock_erases_what_is_old(city, app) -> None:
    package = city.publish()
    form = app.get(f"/jepin/lapor/{package['name']}?point=WF-1").body
    assert 'type="file"' in form
    assert 'type="file"' not in app.get(f"/jepin/lapor/{package['name']}").body
    sent = {"kind": "broken", "point": "WF-1", "photo": (io.BytesIO(taken()), "foto.jpg")}
    made = app.post(f"/jepin/lapor/{package['name']}", data=sent, headers=city.token("warga"),
                    content_type="multipart/form-data", follow_redirects=False)  # fmt: skip
    assert made.status_code == 302
    assert len(kept()) == 1
    row = model.Session.query(Report).one()
    for _ in range(common().photos.of_a_thing - 1):
        photos.keep(row, photos.JPEG)
    with pytest.raises(InvalidFields):
        photos.keep(row, photos.JPEG)
    model.Session.commit()
    assert len(kept()) == common().photos.of_a_thing
    soon = dt.datetime.now(dt.UTC) + dt.timedelta(days=common().photos.days)
    assert photos.erase(soon - dt.timedelta(hours=1)) == 0
    assert photos.erase(soon + dt.timedelta(hours=1)) == common().photos.of_a_thing
    assert kept() == []


def test_a_purge_takes_photos_along(city) -> None:
    package = city.dataset()
    said = {"id": package["id"], "kind": "cannot_open"}
    city.act("produsen", "satudata_jepin_report_create", **said)
    row = model.Session.scalars(sa.select(Report)).one()
    model.Session.add(ReportPhoto(report_id=row.id, content=photos.JPEG))
    model.Session.commit()
    city.act("admin", "dataset_purge", id=package["id"])
    assert kept() == []
