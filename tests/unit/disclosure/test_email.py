from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("values", "count", "reason"),
    [
        (["budi.contoh@gmail.com"], 1, "email.personal"),
        (["BUDI@GMAIL.COM"], 1, "email.personal"),
        (["budi@yahoo.co.id"], 1, "email.personal"),
        (["hubungi budi_c+x@outlook.com, terima kasih."], 1, "email.personal"),
        (["<budi@gmail.com>", "mailto:siti@gmail.com"], 2, "email.personal"),
        (["a@dinkes.go.id; budi@gmail.com"], 1, "email.personal"),
        (["budi@perusahaan.co.id"], 1, "email.other"),
        (["x@go.id.contoh.com"], 1, "email.other"),
        (["x@palsugo.id"], 1, "email.other"),
        (["budi@sman1.sch.id"], 1, "email.other"),
        (["kelurahan.dalambugis@gmail.com"], 1, "email.role"),
        (["info@contoh.or.id"], 1, "email.role"),
        (["budi＠gmail．com"], 1, "email.personal"),
    ],
)
def test_found(column, values, count, reason):
    finding = column("kontak", values)["email"]
    assert (finding.count, finding.reason.code) == (count, reason)
    assert not finding.hard


@pytest.mark.parametrize(
    "value",
    [
        "kominfo@pontianak.go.id",
        "a@dinkes.pontianak.go.id.",
        "sdn12@pontianak.sch.id",
        "x@go.id",
        "@pontianak",
        "3 @ 5.000",
        "a@b",
        "logo@2x.png",
        "budi at gmail.com",
    ],
)
def test_silent(column, value):
    assert "email" not in column("kontak", [value])
