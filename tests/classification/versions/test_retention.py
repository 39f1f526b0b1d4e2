"""How long bytes are kept that nobody decided, and what becomes of sealed ones."""

from __future__ import annotations

import datetime as dt
import hashlib

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak.classification import cli
from ckanext.satudata_pontianak.classification.records.model import Version
from ckanext.satudata_pontianak.classification.versions import storage

from ...refusals import refusal_of

NEW = b"kecamatan,penduduk\nPontianak Kota,99001\nPontianak Barat,99002\n"
NEWER = b"kecamatan,penduduk\nPontianak Kota,99003\nPontianak Barat,99004\n"
SECRET = {
    "jenis_informasi": "dikecualikan",
    "tingkat_keamanan": "rahasia",
    "data_pribadi": "tidak_ada",
}
WHY = "Salinan ada di arsip dinas"


def kept(content: bytes) -> bool:
    """Tell whether the bytes are still stored."""
    return storage.exists(hashlib.sha256(content).hexdigest())


def a_day(days: int) -> str:
    """Let days pass, and run what runs every day."""
    earlier = Version.created - dt.timedelta(days=days)
    model.Session.execute(sa.update(Version).values(created=earlier))
    model.Session.commit()
    result = CliRunner().invoke(cli.clock, catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def test_undecided_bytes_are_purged_after_their_days_and_decided_ones_stay(
    city, app, make_upload, csv_bytes
) -> None:
    dataset = city.publish()
    resource = dataset["resources"][0]
    city.act("produsen", "resource_patch", id=resource["id"], upload=make_upload(NEW, "b.csv"))
    city.act("produsen", "resource_patch", id=resource["id"], upload=make_upload(NEWER, "c.csv"))
    assert "0 undecided" in a_day(80)
    assert kept(NEW)
    assert "1 undecided" in a_day(20)
    assert not kept(NEW)
    assert kept(NEWER)
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "approve")
    assert "0 undecided" in a_day(400)
    assert kept(csv_bytes)
    assert app.get(resource["url"]).data == NEWER
    assert "0 undecided" in a_day(0)


def test_bytes_that_another_dataset_needs_stay(city, app, make_upload) -> None:
    other = city.publish(file=make_upload(NEW, "b.csv"))
    dataset = city.dataset(file=make_upload(NEW, "b.csv"))
    city.step("produsen", dataset, "withdraw")
    assert "1 undecided" in a_day(100)
    assert app.get(other["resources"][0]["url"]).data == NEW


def close(city, dataset) -> None:
    """Close a dataset at a level that keeps nothing."""
    city.act("produsen", "package_patch", id=dataset["id"], **SECRET)
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "refer", catatan="uji")
    city.step("ppid", dataset, "assess", **city.assess_fields())
    city.step("penetap", dataset, "approve", nomor="SK-9/2026")


def test_sealed_bytes_are_purged_once_the_owner_has_another_copy(city, make_upload) -> None:
    dataset = city.publish(file=make_upload(NEW, "b.csv"))
    resource = dataset["resources"][0]["id"]
    city.act("produsen", "resource_patch", id=resource, upload=make_upload(NEWER, "c.csv"))
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "approve")
    close(city, dataset)
    assert kept(NEW)
    assert kept(NEWER)
    purge = {"id": dataset["id"], "reason": WHY}
    for who in ("produsen", "walidata", "ppid", "pengawas", "penetap", "warga", "admin", None):
        with pytest.raises((tk.NotAuthorized, tk.ObjectNotFound)):
            city.act(who, "satudata_sealed_purge", **purge)
    for wrong in ("", "pendek", "a\x00b" + WHY, 7):
        with refusal_of("reason"):
            city.act("kepala_dinkes", "satudata_sealed_purge", **{**purge, "reason": wrong})
    city.step("produsen", dataset, "reopen", reason="Perlu ditinjau")
    with pytest.raises(tk.ValidationError) as refused:
        city.act("kepala_dinkes", "satudata_sealed_purge", **purge)
    assert refused.value.error_dict["code"] == ["disputed"]
    city.step("produsen", dataset, "withdraw")
    done = city.act("kepala_dinkes", "satudata_sealed_purge", **purge)
    assert done["receipt"]["entry"] > 0
    assert not kept(NEW)
    assert not kept(NEWER)
    with pytest.raises(tk.ValidationError) as refused:
        city.act("kepala_dinkes", "satudata_sealed_purge", **purge)
    assert refused.value.error_dict["code"] == ["nothing_sealed"]
