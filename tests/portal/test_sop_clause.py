"""Each step of a case says which row of which SOP it carries out."""

from __future__ import annotations


def test_a_step_names_the_row_that_it_carries_out(desk, city) -> None:
    dataset = city.dataset()
    page = desk.case("produsen", dataset)
    assert "/satudata/sop/klasifikasi#langkah-" in page.body
    assert "SOP-SDP-01" in page.body
