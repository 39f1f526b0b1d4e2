"""The dictionary of a dataset: who says what of a column, who reads it, and what it keeps shut."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from rdflib import Graph
from rdflib.collection import Collection
from rdflib.namespace import DCTERMS, XSD

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak.classification.rules import variables as rules
from ckanext.satudata_pontianak.classification.variables import kept, linked

from ...refusals import refusal_of

ROWS = "".join(f"Toko {i},Jalan Kenari {i},{'LP'[i % 2]},{i}\n" for i in range(12))
SHOPS = f"usaha,Letak_Usaha,kelas,jumlah\n{ROWS}".encode()


@pytest.fixture
def shops(city, make_upload):
    """A dataset with one file that waits."""
    return city.dataset(file=make_upload(SHOPS, "usaha.csv"))


def say(city, dataset, column: str, who: str = "produsen", **said):
    return city.act(who, "satudata_variable_update", id=dataset["id"], column=column, **said)


def listed(city, dataset, who: str = "produsen") -> dict:
    return city.act(who, "satudata_variable_list", id=dataset["id"])


def test_what_is_said_of_a_column_is_read_by_who_may_have_the_file(city, shops) -> None:
    done = say(city, shops, "letak usaha", meaning="Tempat usaha", type="teks", public="ya")
    assert done["column"]["name"] == "Letak_Usaha"
    assert done["receipt"]["entry"]
    assert done["column"]["missing"] == []
    assert say(city, shops, "LETAK_USAHA", meaning="Tempat usaha")["receipt"] is None
    found = listed(city, shops)
    assert [row["name"] for row in found["results"]] == ["usaha", "Letak_Usaha", "kelas", "jumlah"]
    assert (found["count"], found["described"], found["may_say"]) == (4, 1, True)
    assert "Meaning" in found["results"][0]["missing"]
    with pytest.raises(tk.NotAuthorized):
        listed(city, shops, "walidata")
    city.step("produsen", shops, "submit")
    assert listed(city, shops, "walidata")["may_say"] is False
    with pytest.raises(tk.ObjectNotFound):
        listed(city, shops, "warga")


def test_everybody_reads_the_dictionary_of_what_is_open_and_of_limited_data_nobody_else(
    city, shops
) -> None:
    say(city, shops, "kelas", meaning="Kelas usaha")
    city.step("produsen", shops, "submit")
    city.step("walidata", shops, "approve")
    found = listed(city, shops, "warga")
    assert found["results"][2]["meaning"] == "Kelas usaha"
    assert found["may_say"] is False
    with pytest.raises(tk.NotAuthorized):
        say(city, shops, "kelas", "warga", meaning="Lain")


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"public": "tidak"}, "why"),
        ({"public": "tidak", "why": "malu"}, "why"),
        ({"public": "ya", "why": "pribadi"}, "why"),
        ({"public": "mungkin"}, "public"),
        ({"type": "warna"}, "type"),
        ({"meaning": "x" * 1001}, "meaning"),
        ({"meaning": "NIK 6171014101900001"}, "meaning"),
    ],
)
def test_what_cannot_stand_is_refused_at_its_field(city, shops, said, field) -> None:
    with pytest.raises(tk.ValidationError) as refused:
        say(city, shops, "kelas", **said)
    assert set(refused.value.error_dict) == {field}
    assert "6171014101900001" not in str(refused.value.error_dict)


def test_of_a_column_that_no_file_has_nothing_is_said(city, shops) -> None:
    with pytest.raises(tk.ValidationError) as refused:
        say(city, shops, "nama pemilik", public="ya")
    assert set(refused.value.error_dict) == {"column"}


def test_a_personal_column_is_masked_away_before_its_file_is_opened(city, shops) -> None:
    say(city, shops, "letak_usaha", public="tidak", why="pribadi")
    with refusal_of("transition", code="no_personal_columns"):
        city.step("produsen", shops, "submit")
    (row,) = [r for r in listed(city, shops)["results"] if r["why"] == rules.PERSONAL]
    (version,) = row["waiting"]
    plan = {"columns": {"usaha": "keep", "Letak_Usaha": "drop", "kelas": "keep", "jumlah": "keep"}}
    city.act("produsen", "satudata_version_mask", id=shops["id"], version=version, plan=plan)
    city.step("produsen", shops, "submit")
    assert city.step("walidata", shops, "approve")["decision"]["level"] == "biasa"
    assert [r["name"] for r in listed(city, shops, "warga")["results"]] == [
        "usaha",
        "kelas",
        "jumlah",
    ]


def test_the_mark_goes_with_what_is_masked_into_a_dataset_of_its_own(city, shops) -> None:
    say(city, shops, "letak_usaha", public="tidak", why="pribadi")
    (row,) = [r for r in listed(city, shops)["results"] if r["why"] == rules.PERSONAL]
    plan = {"columns": {"usaha": "drop", "Letak_Usaha": "keep", "kelas": "keep", "jumlah": "keep"}}
    done = city.act(
        "produsen",
        "satudata_version_mask",
        id=shops["id"],
        version=row["waiting"][0],
        plan=plan,
        target="derived",
    )
    axes = {
        "jenis_informasi": "berkala",
        "tingkat_keamanan": "biasa",
        "data_pribadi": "dianonimkan",
    }
    with refusal_of("transition", code="no_personal_columns"):
        city.step("produsen", {"id": done["dataset_id"]}, "submit", **axes)


def test_a_referred_column_is_opened_by_ppid_alone(city, shops) -> None:
    say(city, shops, "letak_usaha", public="tidak", why="dirujuk_ppid")
    city.step("produsen", shops, "submit")
    with refusal_of("transition", code="no_referred_columns"):
        city.step("walidata", shops, "approve")
    city.step("walidata", shops, "refer", catatan="Mohon diuji.")
    (row,) = [r for r in listed(city, shops, "ppid")["results"] if r["why"] == rules.REFERRED]
    assert row["name"] == "Letak_Usaha"
    said = {"alasan": "Alamat usaha sudah terbuka.", "dasar_hukum": "UU 14/2008 Pasal 11"}
    city.step("ppid", shops, "declare_open", **said)
    assert city.step("penetap", shops, "approve")["decision"]["level"] == "biasa"


def test_a_mark_after_submission_changes_the_evidence_that_was_seen(city, shops) -> None:
    city.step("produsen", shops, "submit")
    seen = city.act("walidata", "satudata_classification_show", id=shops["id"])["case"]["evidence"]
    say(city, shops, "letak_usaha", public="tidak", why="dirujuk_ppid")
    with pytest.raises(tk.ValidationError) as refused:
        city.step("walidata", shops, "approve", evidence=seen)
    assert refused.value.error_dict["code"] != ["no_referred_columns"]


def test_what_is_said_goes_with_a_dataset_that_is_purged(city, shops) -> None:
    say(city, shops, "kelas", meaning="Kelas usaha")
    count = sa.text("SELECT count(*) FROM satudata_variable WHERE package_id = :id")
    assert model.Session.scalar(count, {"id": shops["id"]}) == 1
    model.Package.get(shops["id"]).purge()
    model.Session.commit()
    assert model.Session.scalar(count, {"id": shops["id"]}) == 0


def test_the_pages_show_columns_and_take_what_is_said(city, app, shops) -> None:
    address = f"/satudata/berkas/{shops['name']}/kamus"
    who = city.token("produsen")
    page = app.get(address, headers=who)
    assert "Letak_Usaha" in page.body
    assert app.get(address, status=404).status_code == 404
    one = app.get(f"{address}/{rules.key('kelas')}", headers=who)
    assert "kelas" in one.body
    app.get(f"{address}/000000000000", headers=who, status=404)


def test_all_columns_are_said_in_one_table_and_what_is_wrong_stands_at_its_cell(
    city, app, shops
) -> None:
    address, who = f"/satudata/berkas/{shops['name']}/kamus", city.token("produsen")
    kelas, jumlah, place = (rules.key(name) for name in ("kelas", "jumlah", "letak_usaha"))
    sent = {
        f"meaning-{kelas}": "Kelas usaha",
        f"public-{kelas}": "ya",
        f"type-{jumlah}": "warna",
        f"unit-{jumlah}": "usaha",
        f"public-{place}": "pribadi",
    }
    page = app.post(address, data=sent, headers=who, status=422)
    assert f'aria-describedby="road-type-{jumlah}-error"' in page.body
    assert f'href="#road-type-{jumlah}"' in page.body
    assert 'value="usaha"' in page.body
    rows = {row["name"]: row for row in listed(city, shops)["results"]}
    assert (rows["kelas"]["meaning"], rows["kelas"]["public"]) == ("Kelas usaha", True)
    assert rows["Letak_Usaha"]["why"] == rules.PERSONAL
    # Nothing of a column is saved in which something is wrong.
    assert rows["jumlah"]["unit"] == ""
    done = {f"type-{jumlah}": "bilangan_bulat", f"unit-{jumlah}": "usaha"}
    app.post(address, data=done, headers=who, status=303, follow_redirects=False)
    rows = {row["name"]: row for row in listed(city, shops)["results"]}
    assert (rows["jumlah"]["type"], rows["jumlah"]["unit"]) == ("bilangan_bulat", "usaha")
    assert (rows["kelas"]["meaning"], rows["Letak_Usaha"]["public"]) == ("Kelas usaha", False)


def test_only_who_writes_the_dataset_sends_the_table(city, app, shops) -> None:
    address = f"/satudata/berkas/{shops['name']}/kamus"
    sent = {f"meaning-{rules.key('kelas')}": "Lain"}
    app.post(address, data=sent, headers=city.token("warga"), status=404)
    city.step("produsen", shops, "submit")
    app.post(address, data=sent, headers=city.token("walidata"), status=403)
    assert listed(city, shops)["results"][2]["meaning"] == ""


def test_what_the_portal_reads_of_a_column_stands_in_its_cells_until_somebody_saves_it(
    city, app, shops
) -> None:
    rows = {row["name"]: row for row in listed(city, shops)["results"]}
    assert rows["jumlah"]["offered"]["type"] == "bilangan_bulat"
    assert rows["kelas"]["offered"]["type"] == "teks"
    assert rows["kelas"]["offered_from"]
    assert rows["kelas"]["meaning"] == ""
    assert not any("public" in row["offered"] for row in rows.values())
    address, who = f"/satudata/berkas/{shops['name']}/kamus", city.token("produsen")
    offered = rows["kelas"]["offered"]["meaning"]
    assert offered in app.get(address, headers=who).body
    sent = {f"meaning-{rules.key('kelas')}": offered, "public-rest": "ya"}
    sent |= {f"public-{row['key']}": "" for row in rows.values()}
    sent[f"public-{rules.key('letak_usaha')}"] = "pribadi"
    app.post(address, data=sent, headers=who, status=303, follow_redirects=False)
    rows = {row["name"]: row for row in listed(city, shops)["results"]}
    assert (rows["kelas"]["meaning"], rows["kelas"]["public"]) == (offered, True)
    assert (rows["usaha"]["public"], rows["Letak_Usaha"]["why"]) == (True, rules.PERSONAL)
    assert "meaning" not in rows["kelas"]["offered"]


def test_a_case_lists_the_columns_that_its_dictionary_lacks_with_the_place_to_say_them(
    city, app, shops
) -> None:
    def lacking() -> list[str]:
        shown = city.act("produsen", "satudata_classification_show", id=shops["id"])
        return shown["case"]["undescribed"]

    assert lacking() == ["usaha", "Letak_Usaha", "kelas", "jumlah"]
    say(city, shops, "kelas", meaning="Kelas usaha")
    assert "kelas" in lacking()
    say(city, shops, "kelas", public="ya")
    assert lacking() == ["usaha", "Letak_Usaha", "jumlah"]
    page = app.get(f"/satudata/berkas/{shops['name']}", headers=city.token("produsen")).body
    assert 'id="case-undescribed"' in page
    assert f'href="/satudata/berkas/{shops["name"]}/kamus"' in page
    # It is needed for the standard; no step waits for it.
    city.step("produsen", shops, "submit")


def test_the_dictionary_stays_with_the_next_file_and_is_offered_to_a_dataset_of_its_own(
    city, shops, make_upload
) -> None:
    said = {"meaning": "Kelas usaha", "unit": "kelas", "public": "ya"}
    say(city, shops, "kelas", **said)
    resource = {**city.act("produsen", "package_show", id=shops["id"])["resources"][0]}
    content = SHOPS + b"Toko 12,Jalan Kenari 12,P,12\n"
    upload = make_upload(content, "usaha.csv")
    city.act("produsen", "resource_patch", id=resource["id"], upload=upload)
    rows = {row["name"]: row for row in listed(city, shops)["results"]}
    assert (rows["kelas"]["meaning"], rows["kelas"]["public"]) == ("Kelas usaha", True)
    sister = city.dataset(file=make_upload(content, "usaha-2.csv"))
    rows = {row["name"]: row for row in listed(city, sister)["results"]}
    assert rows["kelas"]["offered"] == {"meaning": "Kelas usaha", "unit": "kelas"}
    assert shops["title"] in rows["kelas"]["offered_from"]
    other = city.dataset(
        "produsen_lain", owner_org="disdukcapil", file=make_upload(content, "usaha-3.csv")
    )
    rows = {row["name"]: row for row in listed(city, other, "produsen_lain")["results"]}
    assert rows["kelas"]["offered"]["meaning"] != "Kelas usaha"


def test_a_new_dataset_of_the_same_columns_takes_over_what_is_said_of_them(
    city, shops, make_upload
) -> None:
    say(city, shops, "kelas", meaning="Kelas usaha", public="ya")
    say(city, shops, "letak_usaha", meaning="Letak", public="tidak", why="pribadi")
    sister = city.dataset(file=make_upload(SHOPS, "usaha-2.csv"))
    fewer = city.dataset(file=make_upload(b"kelas,jumlah\nL,1\nP,2\n", "usaha-3.csv"))
    for dataset in (sister, fewer):
        kept.carry_at_once(dataset["id"], city.person("produsen")["name"])
    rows = {row["name"]: row for row in listed(city, sister)["results"]}
    assert (rows["kelas"]["meaning"], rows["kelas"]["public"]) == ("Kelas usaha", True)
    assert rows["Letak_Usaha"]["why"] == rules.PERSONAL
    assert listed(city, fewer)["results"][0]["meaning"] == ""


def test_linked_data_say_of_what_columns_an_open_file_is_and_never_of_a_marked_one(
    city, app, shops
) -> None:
    address = f"/dataset/{shops['name']}.ttl"
    say(city, shops, "kelas", meaning="Kelas usaha", unit="kelas", type="kode", public="ya")
    app.get(address, status=404)
    assert "tableSchema" not in app.get(address, headers=city.token("produsen")).body
    city.step("produsen", shops, "submit")
    city.step("walidata", shops, "approve")
    graph = Graph().parse(data=app.get(address).body, format="turtle")
    (schema,) = graph.objects(None, linked.CSVW.tableSchema)
    (first,) = graph.objects(schema, linked.CSVW.column)
    columns = [*Collection(graph, first)]
    titles = [str(graph.value(each, linked.CSVW.title)) for each in columns]
    assert titles == ["usaha", "Letak_Usaha", "kelas", "jumlah"]
    assert str(graph.value(columns[2], DCTERMS.description)) == "Kelas usaha"
    assert graph.value(columns[2], linked.CSVW.datatype) == XSD.string
    assert str(graph.value(columns[2], linked.SCHEMA.unitText)) == "kelas"
    say(city, shops, "letak_usaha", public="tidak", why="pribadi")
    say(city, shops, "jumlah", public="tidak", why="dirujuk_ppid")
    told = app.get(address).body
    assert "tableSchema" in told
    assert "Letak_Usaha" not in told
    assert "jumlah" not in told
