"""``ckan satudata demo``: what it makes, who sees it, and that running it again changes nothing."""

from __future__ import annotations

import datetime as dt
import json
import stat

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.cli.cli import ckan
from ckan.lib import search
from ckan.lib.api_token import get_user_from_token
from ckan.tests import factories
from ckanext.activity.model import Activity

from ckanext.satudata_pontianak import clock, days
from ckanext.satudata_pontianak.agencies import fixtures
from ckanext.satudata_pontianak.jepin.records.lifecycle import lives
from ckanext.satudata_pontianak.jepin.rules.lifecycle import lifecycle
from ckanext.satudata_pontianak.ledger import proving, reading
from ckanext.satudata_pontianak.ledger.tables import entry_table
from ckanext.satudata_pontianak.ledger.verify import Kind
from ckanext.satudata_pontianak.portal.demo import apps, catalogue, keys, people, seed, stories

NAMES = {
    "produsen_dinkes",
    "produsen_disdukcapil",
    "walidata",
    "walidata_2",
    "plh_walidata",
    "ppid",
    "penetap",
    "pengawas",
    "pejabat_pdp",
    "anggota_ttis",
    "operator_server",
    "warga",
    "admin",
}
MADE = {
    "jumlah-penduduk-menurut-kelurahan",  # three versions
    "ringkasan-belanja-daerah",  # a workbook with a letterhead
    "arsip-statis-menurut-tahun",  # a paper
    "titik-halte-bus",  # places, which the public asked for
    "kunjungan-peragaan-menurut-bulan",  # of the agency that is made up
}
"""Of the datasets of ``city.yaml`` those that are made here: the browser's site has all."""
CHOSEN = tuple(
    d
    for d in catalogue.datasets()
    if d.name in MADE or d.owner == "dinas-peragaan" or not d.files or not d.files[0].table
)
DATASETS = "dataset_type:dataset"
RECIPIENTS = ("produsen_disdukcapil", "produsen_bappeda")
HELD = "jumlah-posyandu-aktif-menurut-kecamatan"
RENEWED = "kasus-tuberkulosis-menurut-kelurahan"
PAST = "harga-perkiraan-pengadaan-obat"
LIMITED = "kasus-demam-berdarah-menurut-rw"
SECRET = "pengamanan-jaringan-layanan-kependudukan"
DESKS = {
    "draft": ("produsen_dinkes", "jumlah-tenaga-kesehatan-menurut-kecamatan"),
    "verification": ("walidata", "jumlah-penduduk-menurut-kelompok-umur"),
    "consequence_test": ("ppid", "daftar-kontak-posyandu"),
    "approval": ("penetap", "perpindahan-penduduk-menurut-rt"),
}

_made = []


@pytest.fixture(autouse=True)
def few(monkeypatch):
    """Keep to the datasets that these tests look at."""
    monkeypatch.setattr(catalogue, "datasets", lambda: CHOSEN)


def quiet(_line):
    pass


def act(who, action, **params):
    """Call an action as somebody; ``None`` is nobody."""
    context = {
        "user": who or "",
        "auth_user_obj": model.User.get(who) if who else None,
        "ignore_auth": False,
    }
    try:
        return tk.get_action(action)(context, params)
    finally:
        model.Session.rollback()


@pytest.fixture
def site(few, with_plugins, request, tmp_path_factory):
    """A site with the demo, made once for all tests that only look. Gives the run folder."""
    if not _made or where_cases_stand().keys() != {d.name for d in catalogue.datasets()}:
        _made.clear()  # another test has emptied the site
        for fixture in ("clean_db", "clean_index"):
            request.getfixturevalue(fixture)
        folder = tmp_path_factory.mktemp("run")
        seed.run(quiet, folder)
        _made.append(folder)
    yield _made[0]
    model.Session.rollback()


@pytest.fixture
def changed_site(site):
    """The demo for a test that changes it: the next one that looks at it makes it anew."""
    _made.clear()
    return site


@pytest.fixture
def empty_site(clean_db, clean_index):
    """An empty site; the demo of the other tests is gone with what was there."""
    _made.clear()
    yield
    model.Session.rollback()


def snapshot():
    """How many rows every table has, and when each dataset was changed."""
    inspector = sa.inspect(model.Session.get_bind())
    counts = {}
    for schema in ("public", "satudata_ledger"):
        for table in inspector.get_table_names(schema=schema):
            query = sa.text(f'SELECT count(*) FROM "{schema}"."{table}"')
            counts[f"{schema}.{table}"] = model.Session.execute(query).scalar_one()
    tables = {
        "packages": "SELECT name, metadata_modified, state, private FROM package ORDER BY name",
        "users": 'SELECT name, password, email, state, sysadmin FROM "user" ORDER BY name',
        "cases": "SELECT id, state, entered_at FROM satudata_case ORDER BY id",
        "tokens": "SELECT id, last_access FROM api_token ORDER BY id",
    }
    rows = {k: [tuple(r) for r in model.Session.execute(sa.text(v))] for k, v in tables.items()}
    model.Session.rollback()
    return counts, rows


def where_cases_stand():
    """Name of the dataset → where its last case stands."""
    query = sa.text(
        "SELECT p.name, c.state FROM package p JOIN satudata_case c ON c.package_id = p.id"
        " WHERE p.type = 'dataset' ORDER BY c.opened_at"
    )
    found = {row.name: row.state for row in model.Session.execute(query)}
    model.Session.rollback()
    return found


def found_by_all():
    """Names of the datasets that everyone finds, also those whose data are limited."""
    opened = {d.name for d in catalogue.datasets() if d.opened}
    limited = (LIMITED, RENEWED, PAST, stories.LIMITED, stories.REFUSED)
    return opened | {d.name for d in catalogue.datasets() if d.name in limited}


def index_of(who):
    return {r["name"] for r in act(who, "package_search", fq=DATASETS, rows=100)["results"]}


def test_nobody_in_particular_finds_exactly_what_is_published(site):
    assert index_of(None) == found_by_all()
    assert index_of("warga") == found_by_all()
    assert set(act(None, "package_list")) >= {d.name for d in catalogue.datasets() if d.opened}


def test_what_is_published_can_be_downloaded(site, app):
    for dataset in catalogue.datasets():
        if not dataset.published:
            continue
        shown = act(None, "package_show", id=dataset.name)
        assert len(shown["resources"]) == len(dataset.files)
        newest = dataset.later[-1:] or dataset.files
        mended = dataset.name == stories.REPORTED
        for resource, file in zip(shown["resources"], newest, strict=True):
            answer = app.get(resource["url"])
            assert answer.status_code == 200
            assert resource["name"] == file.name
            if file.filename.endswith(".xlsx"):
                assert answer.data.startswith(b"PK")
            else:
                assert answer.data == (stories.corrected() if mended else file.content())


def test_every_case_stands_where_it_should(site):
    assert where_cases_stand() == {d.name: d.stands for d in catalogue.datasets()}


def test_its_apps_stand_in_every_state_of_their_life(site):
    ids = {item["name"]: model.Package.get(item["name"]).id for item in apps.apps()}
    stands = lives(ids.values())
    assert {life.state for life in stands.values()} == set(lifecycle().states)
    seen = act(None, "package_search", fq="dataset_type:layanan", rows=100)["results"]
    decided = {item["name"] for item in apps.apps() if not item.get("undecided")}
    assert {each["name"] for each in seen} == decided
    # What has ended leads nowhere.
    ended = {each["name"] for each in seen if stands[each["id"]].ended}
    assert ended
    assert {each["name"] for each in seen if not each["url"]} == ended
    assert all(
        each["url"].endswith(".contoh.pontianak.go.id")
        for each in seen
        if each["name"] not in ended
    )
    replaced = stands[ids["dinas-kesehatan-jadwal-dokter"]].successor
    assert replaced == ids["dinas-kesehatan-antrean-puskesmas"]


@pytest.mark.parametrize("desk", DESKS)
def test_every_desk_has_a_case_and_its_holder_may_act(site, desk):
    who, name = DESKS[desk]
    found = act(who, "satudata_classification_list", state=desk)["results"]
    assert name in [row["dataset_name"] for row in found]
    steps = act(who, "satudata_classification_show", id=name)["case"]["transitions"]
    assert steps
    for outsider in (None, "warga"):
        with pytest.raises((tk.ObjectNotFound, tk.NotAuthorized)):
            act(outsider, "package_show", id=name)


def test_the_limited_dataset_is_read_by_the_agencies_it_names(site, app):
    for reader in (*RECIPIENTS, "produsen_dinkes"):
        shown = act(reader, "package_show", id=LIMITED)
        assert len(shown["resources"]) == 1, reader
    with app.flask_app.test_request_context():
        address = act("produsen_disdukcapil", "package_show", id=LIMITED)["resources"][0]["url"]
    token = keys.read(site / keys.TOKENS)["produsen_disdukcapil"]
    assert app.get(address, headers={"Authorization": token}).status_code == 200
    for stranger in (None, keys.read(site / keys.TOKENS)["warga"]):
        headers = {"Authorization": stranger} if stranger else {}
        answer = app.get(address, headers=headers, expect_errors=True, follow_redirects=False)
        assert answer.status_code in (302, 403, 404)
    decision = act("ppid", "satudata_classification_show", id=LIMITED)["decision"]
    assert decision["level"] == "terbatas"
    assert len(decision["recipients"]) == 2


def test_the_secret_dataset_has_no_file_and_is_unknown_to_the_public(site):
    for outsider in (None, "warga", "produsen_dinkes"):
        with pytest.raises((tk.ObjectNotFound, tk.NotAuthorized)):
            act(outsider, "package_show", id=SECRET)
    assert act("ppid", "package_show", id=SECRET)["resources"] == []
    assert act("ppid", "satudata_classification_show", id=SECRET)["decision"]["level"] == "rahasia"


def test_the_regions_carry_source_and_licence(site):
    shown = act(None, "package_show", id="kode-wilayah-kota-pontianak")
    assert shown["license_id"] == "odc-odbl"
    assert shown["license_title"]
    for text in (shown["notes"], shown["resources"][0]["description"], shown["rujukan"]):
        assert "idn-area-data" in text
        assert "4.0.1" in text


def test_all_agencies_of_the_list_are_there(site):
    expected = {a["name"] for a in (*fixtures.load(), catalogue.MADE_UP)}
    assert set(act(None, "organization_list")) == expected


def test_keys_are_for_these_people_and_for_nobody_elses_eyes(site):
    for name in (keys.TOKENS, keys.PASSWORDS):
        path = site / name
        assert set(json.loads(path.read_text())) == NAMES
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_every_token_and_password_opens_its_account(site):
    for name, token in keys.read(site / keys.TOKENS).items():
        user = get_user_from_token(token, update_access_time=False)
        assert user.name == name
    for name, password in keys.read(site / keys.PASSWORDS).items():
        assert model.User.get(name).validate_password(password)


def test_mail_to_these_people_goes_nowhere(site):
    for person in people.PEOPLE:
        assert model.User.get(person.name).email.endswith(".example")


def test_what_is_of_the_past_has_its_times_in_core_too(site):
    dataset = next(d for d in catalogue.datasets() if d.later)
    package = model.Package.get(dataset.name)
    decided = [step.at.date() for step in dataset.steps(days.today())]
    assert package.metadata_created.replace(tzinfo=dt.UTC).date() == dataset.begun.date()
    assert package.metadata_modified.date() == decided[-1]
    resource = package.resources[0]
    assert resource.created.date() == dataset.begun.date()
    assert resource.last_modified.date() == decided[-1]
    assert package.extras["tahun"] == dataset.later[-1].years
    told = model.Session.scalars(
        sa.select(Activity.timestamp).where(Activity.object_id == package.id)
    )
    assert {moment.year for moment in told} <= {2024, 2025, 2026}
    query = "SELECT decided_at FROM satudata_decision WHERE package_id = :id ORDER BY decided_at"
    at = model.Session.scalars(sa.text(query), {"id": package.id}).all()
    assert [moment.date() for moment in at] == decided[1::3]
    assert model.User.get(people.SYSADMIN).created.year == people.FOUNDED.year
    # What is handed out works now, not years ago.
    given = model.Session.scalars(sa.select(model.ApiToken.created_at)).all()
    assert min(given) > clock.now().replace(tzinfo=None) - dt.timedelta(days=1)


def test_the_ledger_is_whole_and_says_that_it_is_of_a_demo(site, app):
    # What other tests signed was signed with their keys.
    assert {p.kind for p in proving.verify(model.Session, ()).problems} <= {Kind.KEY}
    rows = model.Session.execute(
        sa.select(entry_table.c.event, entry_table.c.at).order_by(entry_table.c.id)
    ).all()
    events = [row.event for row in rows]
    begin, end = (len(events) - 1 - events[::-1].index(event) for event in reading.DEMO)
    past = [row.at for row in rows[begin + 1 : end]]
    assert past == sorted(past)
    assert past[0] >= people.FOUNDED
    assert past[-1] < rows[begin].at <= rows[end].at
    assert "data-satudata-demo" in app.get("/satudata/buku-catatan").body


def test_people_asked_and_were_answered(site):
    query = sa.text(
        "SELECT p.name, r.state FROM satudata_request r JOIN package p ON p.id = r.package_id"
    )
    states = {(row.name, row.state) for row in model.Session.execute(query)}
    assert states == {
        (stories.LIMITED, "granted"),
        (stories.REFUSED, "refused"),
        (stories.REFUSED, "objection"),
    }
    wish = act(None, "satudata_wish_list")["results"][0]
    assert wish["dataset"]["name"] == stories.WISHED
    of_nobody = (stories.LIMITED, stories.REFUSED, stories.REPORTED, HELD, PAST)
    owners = {d.owner for d in catalogue.datasets() if d.name in of_nobody}
    assert owners == {catalogue.MADE_UP["name"]}


def test_what_was_reported_is_mended_in_a_version_that_walidata_approved(site):
    told = act("pengawas", "satudata_jepin_report_list", state="ended")["results"]
    (report,) = [row for row in told if row["dataset"]["name"] == stories.REPORTED]
    assert report["outcome"] == "repaired"
    query = "SELECT decided_at FROM satudata_decision WHERE package_id = :id ORDER BY decided_at"
    package = model.Package.get(stories.REPORTED)
    first, second = model.Session.scalars(sa.text(query), {"id": package.id})
    assert first < dt.datetime.fromisoformat(report["first"]) < second
    assert second < dt.datetime.fromisoformat(report["answered"])


def test_two_works_are_public_and_one_waits(site):
    public = act(None, "satudata_reuse_list")["results"]
    assert {each["datasets"][0]["name"] for each in public} == {stories.WISHED, stories.GROWING}
    (waiting,) = act("walidata", "satudata_reuse_list", list="waiting")["results"]
    assert waiting["datasets"][0]["name"] == stories.DISTRICTS


def test_only_the_administrator_is_one(site):
    assert {p.name for p in people.PEOPLE if model.User.get(p.name).sysadmin} == {"admin"}
    assert model.User.get("warga").get_group_ids() == []


def test_a_second_run_changes_nothing(site):
    files = {p.name: p.read_bytes() for p in site.iterdir()}
    before, found = snapshot(), index_of("walidata")
    lines = []
    assert seed.run(lines.append, site).nothing
    assert snapshot() == before
    assert index_of("walidata") == found
    assert {p.name: p.read_bytes() for p in site.iterdir()} == files
    assert sum(line.startswith("[") for line in lines) == len(catalogue.datasets())


def test_what_an_interrupted_run_left_out_of_the_index_is_found_again(site, clean_index):
    assert index_of(None) == set()
    assert seed.run(quiet, site).nothing
    assert LIMITED in index_of(None)
    assert index_of(None) == found_by_all()


def test_lost_keys_are_made_anew_and_the_old_tokens_end(site):
    old = keys.read(site / keys.TOKENS)
    (site / keys.TOKENS).unlink()
    (site / keys.PASSWORDS).write_text("not what it was")
    assert seed.run(quiet, site).nothing
    new = keys.read(site / keys.TOKENS)
    assert set(new) == NAMES
    for name in NAMES:
        assert get_user_from_token(old[name], update_access_time=False) is None
        assert get_user_from_token(new[name], update_access_time=False).name == name
    for name, password in keys.read(site / keys.PASSWORDS).items():
        assert model.User.get(name).validate_password(password)


class Interrupted(Exception):
    pass


def only(monkeypatch, *names):
    """Keep to these datasets and to the agencies that they need, so that a run is short."""
    few = tuple(d for d in catalogue.datasets() if d.name in names)
    needed = {d.owner for d in few} | {p.agency for p in people.PEOPLE}
    agencies = [a for a in fixtures.load() if a["name"] in needed]
    monkeypatch.setattr(catalogue, "datasets", lambda: few)
    monkeypatch.setattr(fixtures, "load", lambda: agencies)
    monkeypatch.setattr(apps, "apps", list)


@pytest.fixture
def small_demo(empty_site, tmp_path, monkeypatch):
    """The people with two datasets only: one published, one waiting at verification."""
    only(monkeypatch, "jumlah-penduduk-menurut-kecamatan", DESKS["verification"][1])
    seed.run(quiet, tmp_path)
    return tmp_path


def test_an_interrupted_run_goes_on_where_it_stopped(empty_site, tmp_path, monkeypatch):
    only(
        monkeypatch,
        "jumlah-penduduk-menurut-kecamatan",
        *(LIMITED, RENEWED, HELD),
        *(n for _, n in DESKS.values()),
    )
    real, runs, left = people.act, 0, 0

    def act_until_it_stops(*arguments, **params):
        nonlocal left
        if left == 0:
            raise Interrupted
        left -= 1
        return real(*arguments, **params)

    monkeypatch.setattr(people, "act", act_until_it_stops)
    for _ in range(30):
        runs, left = runs + 1, 7
        try:
            seed.run(quiet, tmp_path)
            break
        except Interrupted:
            model.Session.rollback()
    assert runs > 4
    assert where_cases_stand() == {d.name: d.stands for d in catalogue.datasets()}
    monkeypatch.setattr(people, "act", real)
    assert seed.run(quiet, tmp_path).nothing
    assert index_of(None) == {"jumlah-penduduk-menurut-kecamatan", LIMITED, RENEWED, HELD}


def test_where_somebody_worked_meanwhile_nothing_is_undone(small_demo):
    name = DESKS["verification"][1]
    step = "satudata_classification_transition"
    act("walidata", step, id=name, transition="return", catatan="Lengkapi satuannya.")
    before = snapshot()
    assert seed.run(quiet, small_demo).nothing
    assert snapshot() == before
    assert where_cases_stand()[name] == "draft"


def test_on_a_new_database_old_tokens_are_replaced(small_demo):
    old = keys.read(small_demo / keys.TOKENS)
    passwords = keys.read(small_demo / keys.PASSWORDS)
    model.repo.delete_all()
    model.Session.commit()
    search.clear_all()
    seed.run(quiet, small_demo)
    new = keys.read(small_demo / keys.TOKENS)
    assert set(new) == NAMES
    assert not set(new.values()) & set(old.values())
    assert keys.read(small_demo / keys.PASSWORDS) == passwords


def test_a_site_with_an_account_of_that_name_is_left_alone(empty_site, tmp_path):
    factories.Sysadmin(name="admin")
    with pytest.raises(people.DemoError, match="admin"):
        seed.run(quiet, tmp_path)
    assert act(None, "organization_list") == []
    assert not (tmp_path / keys.TOKENS).exists()


def test_a_refusal_says_which_dataset_and_step(small_demo, monkeypatch):
    dataset = next(d for d in catalogue.datasets() if d.published)
    broken = catalogue.DemoDataset(
        **{
            **vars(dataset),
            "name": "lain",
            "values": {**dataset.values, "satuan": ""},
        }
    )
    monkeypatch.setattr(catalogue, "datasets", lambda: (broken,))
    with pytest.raises(people.DemoError, match=r"'lain'.*'submit'"):
        seed.run(quiet, small_demo)


def test_the_command_prints_where_the_keys_are(small_demo, cli, monkeypatch):
    monkeypatch.setenv(keys.FOLDER_VARIABLE, str(small_demo))
    result = cli.invoke(ckan, ["satudata", "demo"])
    assert result.exit_code == 0, result.output
    assert "[2/2] " in result.output
    assert str(small_demo) in result.output


def test_the_command_ends_with_an_error_that_says_why(empty_site, cli, tmp_path, monkeypatch):
    monkeypatch.setenv(keys.FOLDER_VARIABLE, str(tmp_path))
    factories.Sysadmin(name="admin")
    result = cli.invoke(ckan, ["satudata", "demo"])
    assert result.exit_code == 1
    assert "'admin'" in result.output
