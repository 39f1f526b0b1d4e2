"""``ckan satudata check``: what is wrong with a site and how to repair it."""

from __future__ import annotations

import json

import pytest

from ckan import model
from ckan.cli.cli import ckan

from ckanext.satudata_pontianak import config
from ckanext.satudata_pontianak.access.search import fields
from ckanext.satudata_pontianak.accounts import factors
from ckanext.satudata_pontianak.agencies.checks import Level
from ckanext.satudata_pontianak.classification.writes import moved_keys
from ckanext.satudata_pontianak.portal import helpers
from ckanext.satudata_pontianak.portal.operator import checks, exposure_checks, left_over_checks
from ckanext.satudata_pontianak.portal.web.local_address import is_loopback

pytestmark = [
    pytest.mark.ckan_config("ckan.locale_default", "en"),
    pytest.mark.usefixtures("city"),
]


def problems(findings) -> str:
    return "\n".join(f.problem % f.params for f in findings)


@pytest.mark.parametrize("option", checks.MUST_BE_OFF)
def test_an_option_that_opens_a_door_is_named(option):
    assert problems(checks.check_options({option: True, checks.CASCADE: ["admin", "editor"]})) == (
        f"The option {option} is on. {checks.MUST_BE_OFF[option][1]}"
    )


@pytest.mark.parametrize("roles", ["admin", ["admin"], "", "admin editor member"])
def test_core_and_we_must_agree_on_what_comes_down_the_tree(roles):
    found = checks.check_options({checks.CASCADE: roles})
    assert checks.CASCADE in problems(found)
    assert "admin editor" in found[0].repair


def test_the_datastore_has_no_door_beside_ours():
    config = {checks.SQL_SEARCH: True, checks.TABLE_SEARCH: ["x"]}
    found = problems(checks.check_datastore(config))
    assert "sqlsearch.enabled is on. SQL queries" in found
    assert "public_table_search is on. It lists tables" in found
    assert checks.check_datastore({}) == []


def test_a_good_configuration_has_no_findings():
    assert checks.check_options({checks.CASCADE: "admin editor"}) == []


def test_plugins_and_database_of_the_tests_are_in_order():
    assert checks.check_plugins() == []
    assert "ledger" not in problems(checks.check_database())


def test_a_worker_that_does_not_run_is_an_error():
    assert "No worker is running" in problems(checks.check_services())


@pytest.mark.own_app
def test_the_command_says_what_to_do_and_ends_with_one(cli):
    result = cli.invoke(ckan, ["satudata", "check"])
    assert result.exit_code == 1, result.output
    assert "ckan jobs worker priority default bulk" in result.output
    # What is to be confirmed in the law is no fault of the site: it follows the count of these.
    assert "Perlu dikonfirmasi Bagian Hukum: " in result.output.partition("Kesalahan: ")[2]
    assert "UU 14/2008 Pasal 22 ayat (7)" in result.output


def test_the_command_speaks_json(cli):
    result = cli.invoke(ckan, ["satudata", "check", "--json"])
    answer = json.loads(result.output[result.output.index('{"findings"') :])
    assert answer["errors"] >= 1
    assert {"level", "problem", "repair"} == set(answer["findings"][0])
    assert "PP 61/2010" in [fact["text"] for fact in answer["to_be_confirmed"]]
    assert result.exit_code == 1


def test_the_bodies_of_the_city_are_complete(city):
    found = problems(checks.check_agencies())
    assert "Nobody who is active" not in found
    assert "more than one agency" not in found
    city.act("admin", "organization_patch", id="ppid", sdi_role=[], nomor_sk="SK/9")
    assert 'No agency holds the duty "Public information officer (PPID)"' in problems(
        checks.check_agencies()
    )


def test_a_system_administrator_with_a_duty_is_named(city):
    """Also one who only publishes for an agency: they have its files."""
    users = {n: model.User.get(city.users[n]["id"]) for n in ("walidata", "produsen", "warga")}
    assert "system administrator and holds" not in problems(checks.check_agencies())
    for user in users.values():
        user.sysadmin = True
    model.Session.commit()
    try:
        found = problems(checks.check_agencies())
    finally:
        for user in users.values():
            user.sysadmin = False
        model.Session.commit()
    said = "{} is a system administrator and holds a duty as well: {}"
    assert said.format(users["walidata"].name, "walidata") in found
    assert said.format(users["produsen"].name, "produsen_data") in found
    assert f"{users['warga'].name} is a system" not in found


def test_an_agency_whose_data_nobody_else_can_check_is_named(city):
    """Its only publisher is the only Walidata; a second publisher puts it right."""
    walidata = city.users["walidata"]["name"]
    second = model.User.get(city.users["walidata_2"]["id"])
    said = f"{walidata} alone publishes for these agencies and alone holds the duty Walidata: "
    city.act("admin", "organization_create", name="dispora", title="Dispora", nomor_sk="SK/9")
    member = {"id": "dispora", "role": "editor", "nomor_sk": "SK/9"}
    city.act("admin", "organization_member_create", **member, username=walidata)
    assert said not in problems(checks.check_agencies())  # the other Walidata checks
    second.state = "deleted"
    model.Session.commit()
    try:
        assert f"{said}Diskominfo, Dispora." in problems(checks.check_agencies())
        publisher = city.users["produsen"]["name"]
        city.act("admin", "organization_member_create", **member, username=publisher)
        assert f"{said}Diskominfo." in problems(checks.check_agencies())
    finally:
        second.state = "active"
        model.Session.commit()


SAFE = {
    "ckan.site_url": "https://data.contoh.example",
    "SECRET_KEY": "kQ3vR8sT1wX5yZ7aB9cD2eF4",
    "SESSION_COOKIE_SECURE": True,
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "REMEMBER_COOKIE_SECURE": True,
    "REMEMBER_COOKIE_HTTPONLY": True,
    "REMEMBER_COOKIE_SAMESITE": "Strict",
    "sqlalchemy.url": "postgresql://x:kQ3vR8sT1wX5@127.0.0.1/x",
}


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("ckan.site_url", "http://data.contoh.example", "is not https"),
        ("SESSION_COOKIE_SECURE", False, "SESSION_COOKIE_SECURE is not set"),
        ("SESSION_COOKIE_HTTPONLY", False, "SESSION_COOKIE_HTTPONLY is not set"),
        ("SESSION_COOKIE_SAMESITE", "None", "SESSION_COOKIE_SAMESITE is not set"),
        ("REMEMBER_COOKIE_SECURE", None, "REMEMBER_COOKIE_SECURE is not set"),
        ("REMEMBER_COOKIE_SAMESITE", None, "REMEMBER_COOKIE_SAMESITE is not set"),
        ("SECRET_KEY", "", "The secret SECRET_KEY"),
        ("SECRET_KEY", "pendek", "The secret SECRET_KEY"),
        ("api_token.jwt.encode.secret", "string:secret", "The secret api_token.jwt.encode.secret"),
        ("sqlalchemy.url", "postgresql://x:ckan_default@db/x", "The password in sqlalchemy.url"),
        (
            "ckan.datastore.read_url",
            "postgresql://x@db/x",
            "The password in ckan.datastore.read_url",
        ),
    ],
)
def test_insecure_cookies_and_secrets_of_examples_are_errors(option, value, said):
    def found(config):
        return exposure_checks.check_cookies(config) + exposure_checks.check_secrets(config)

    assert problems(found(SAFE)) == ""
    (error,) = found({**SAFE, option: value})
    assert said in problems([error])
    assert error.level is exposure_checks.Level.ERROR


def test_a_second_factor_that_is_off_is_an_error_where_others_reach_the_site(
    ckan_config, monkeypatch
):
    monkeypatch.setitem(ckan_config, "ckan.site_url", "https://data.contoh.example")
    monkeypatch.setitem(ckan_config, config.SECOND_FACTOR, False)
    assert "The second factor is off" in problems(exposure_checks.check())
    monkeypatch.setitem(ckan_config, config.SECOND_FACTOR, True)
    assert "second factor" not in problems(exposure_checks.check())
    monkeypatch.setitem(ckan_config, config.SECOND_FACTOR, False)
    monkeypatch.setitem(ckan_config, "ckan.site_url", "http://127.0.0.1:5000")
    assert exposure_checks.check() == []


def test_a_key_of_second_factors_that_is_missing_or_open_is_an_error(
    city, ckan_config, monkeypatch, tmp_path
):
    key = tmp_path / "factors.key"
    monkeypatch.setitem(ckan_config, config.SECOND_FACTOR, True)
    monkeypatch.setitem(ckan_config, config.SECOND_FACTOR_KEY_FILE, str(key))
    assert exposure_checks.check_factor_key() == []  # it is made with the first factor
    factors.begin(city.users["walidata"]["id"])
    assert exposure_checks.check_factor_key() == []
    key.chmod(0o640)
    said = "The key of second factors is missing, no key, or readable by others."
    assert problems(exposure_checks.check_factor_key()) == said
    key.chmod(0o600)
    key.write_text("bukan kunci")
    assert problems(exposure_checks.check_factor_key()) == said
    key.unlink()
    (error,) = exposure_checks.check_factor_key()
    assert (problems([error]), error.level) == (said, exposure_checks.Level.ERROR)
    monkeypatch.setitem(ckan_config, config.SECOND_FACTOR, False)
    assert exposure_checks.check_factor_key() == []


def test_a_solr_that_answers_what_is_never_asked_is_an_error(monkeypatch):
    assert "answers what the portal never asks" not in problems(checks.check_services())
    # As a core does whose configuration is CKAN's own.
    for asked in ({"q": "*:*"}, {"q": "*:*", "sort": "name asc"}):
        monkeypatch.setattr(fields, "NEVER_ASKED", (asked,))
        assert "answers what the portal never asks" in problems(checks.check_services())


def test_fields_that_are_stored_past_every_door_are_named(city, cli):
    dataset = city.publish()
    package, group = model.Package.get(dataset["id"]), model.Group.get("dinkes")
    assert left_over_checks.check_stored_keys() == []
    package.extras = {**package.extras, "catatan": "6171014101900001"}
    group.extras = {**group.extras, "catatan": "6171014101900001"}
    resource = model.Resource.get(dataset["resources"][0]["id"])
    resource.extras = {**(resource.extras or {}), "lampiran": "6171014101900001"}
    model.Session.commit()
    said = problems(left_over_checks.check_stored_keys())
    assert f"1 datasets hold fields that are not declared: {dataset['id']}." in said
    assert f"1 groups or agencies hold fields that are not declared: {group.id}." in said
    assert "6171014101900001" not in said
    moved = moved_keys.move_all()
    assert set(moved) == {dataset["id"], model.Group.get("dinkes").id}
    assert left_over_checks.check_stored_keys() == []
    assert moved_keys.move_all() == []


def test_redis_and_solr_that_answer_others_without_a_password_are_errors(ckan_config):
    reached = ["127.0.0.1"]  # stands for an address of this machine that others reach
    url, solr = ckan_config["ckan.redis.url"], ckan_config["solr_url"]
    assert "Redis answers on 127.0.0.1" in problems(exposure_checks.check_redis(url, reached))
    assert "Solr answers on 127.0.0.1" in problems(exposure_checks.check_solr(solr, reached))
    # On loopback alone they are nobody else's, and where nothing listens nothing is open.
    assert exposure_checks.check_redis(url, []) == exposure_checks.check_solr(solr, []) == []
    nothing = exposure_checks.own_addresses()
    assert exposure_checks.check_redis(url, nothing) == []
    assert exposure_checks.check_solr(solr, nothing) == []


def test_a_demo_is_an_error_where_others_reach_it(city, ckan_config, monkeypatch):
    user = model.User.get(city.users["warga"]["id"])
    user.plugin_extras = {exposure_checks.MARK: {"made_by": "x"}}
    model.Session.commit()
    try:
        monkeypatch.setitem(ckan_config, "ckan.site_url", "http://127.0.0.1:5000")
        assert exposure_checks.check() == []
        monkeypatch.setitem(ckan_config, "ckan.site_url", "https://data.contoh.example")
        assert "1 accounts of the demo are active" in problems(exposure_checks.check())
    finally:
        user.plugin_extras = None
        model.Session.commit()


@pytest.mark.parametrize(
    ("address", "own"),
    [
        ("http://127.0.0.1:5000", True),
        ("http://localhost", True),
        ("http://[::1]:5000", True),
        ("https://data.contoh.example", False),
        ("http://10.0.0.4", False),
        ("http://127.0.0.1.contoh.example", False),
        ("", False),
    ],
)
def test_only_this_machines_own_address_is_loopback(address, own):
    assert is_loopback(address) is own


@pytest.mark.parametrize(
    ("site", "page", "wrong"),
    [
        ("http://127.0.0.1:5000", "http://127.0.0.1:5005/", False),
        ("http://127.0.0.1:5000", "", False),
        ("http://127.0.0.1:5000", "http://10.0.0.4:5005/", True),
        ("https://data.contoh.example", "http://127.0.0.1:5005/", True),
        ("https://data.contoh.example", "", False),
    ],
)
def test_a_page_of_all_mails_is_an_error_where_others_reach_it(
    ckan_config, monkeypatch, app, site, page, wrong
):
    monkeypatch.setitem(ckan_config, "ckan.site_url", site)
    monkeypatch.setitem(ckan_config, config.DEMO_MAILBOX, page)
    found = [f for f in exposure_checks.check() if "every mail" in f.problem]
    assert [f.level for f in found] == [Level.ERROR] * wrong
    monkeypatch.setitem(ckan_config, "ckan.site_url", site)
    with app.flask_app.test_request_context("/"):
        assert helpers.satudata_demo_mailbox() == (page if page and not wrong else None)


def test_a_folder_of_files_that_everybody_reads_is_an_error(ckan_config, monkeypatch, tmp_path):
    monkeypatch.setitem(ckan_config, "ckan.storage_path", str(tmp_path))
    tmp_path.chmod(0o750)
    assert exposure_checks.check_files() == []
    tmp_path.chmod(0o755)
    assert "look into the folder of files" in problems(exposure_checks.check_files())
