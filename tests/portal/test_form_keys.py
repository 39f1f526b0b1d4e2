"""Forms of pages send nothing but declared keys, and an undeclared one is refused there as well."""

from __future__ import annotations

from html.parser import HTMLParser

from ckan import model

from ckanext.satudata_pontianak.metadata import service as metadata
from ckanext.satudata_pontianak.surface import keys

NIK = "6171014101900001"


class Fields(HTMLParser):
    """Collects the names of what a page's form of a thing sends, with the values."""

    def __init__(self, mark: str) -> None:
        super().__init__()
        self.mark, self.inside, self.names = mark, False, {}

    def handle_starttag(self, tag: str, attrs: list) -> None:
        given = dict(attrs)
        if tag == "form":
            self.inside = self.mark in (given.get("class") or "") + (given.get("id") or "")
        elif self.inside and given.get("name") and tag in ("input", "select", "textarea", "button"):
            self.names[given["name"]] = given.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False


def fields(app, headers, address: str, mark: str) -> dict[str, str]:
    page = app.get(address, headers=headers)
    assert page.status_code == 200, address
    parser = Fields(mark)
    parser.feed(page.body)
    assert parser.names, address
    return parser.names


def test_what_forms_send_is_declared(city, app) -> None:
    dataset = city.dataset()
    file = dataset["resources"][0]["id"]
    editor, at = city.token("produsen"), f"/dataset/{dataset['name']}/resource"
    schemas = {
        "dataset": keys.fields_of(metadata.dataset_fields()),
        "resource": keys.fields_of(metadata.resource_fields()),
    }
    for kind, address, mark in (
        ("dataset", "/dataset/new", "dataset"),
        ("dataset", f"/dataset/edit/{dataset['name']}", "dataset"),
        ("resource", f"{at}/new", "resource"),
        ("resource", f"{at}/{file}/edit", "resource"),
    ):
        for name in fields(app, editor, address, mark):
            key = name.partition("__")[0] if not name.startswith("_") else name
            declared = keys.declares(kind, key, schemas[kind])
            assert declared or key == "_csrf_token", (address, name)
    user = city.users["produsen"]["name"]
    known = keys.load().acts["user_update"].keys or ()
    for name in fields(app, editor, f"/user/edit/{user}", "user"):
        assert name in known or name == "_csrf_token", name


def test_a_form_with_an_undeclared_key_changes_nothing(city, app) -> None:
    dataset = city.publish()
    file = dataset["resources"][0]
    editor = city.token("produsen")
    address = f"/dataset/{dataset['name']}/resource/{file['id']}/edit"
    good = {
        "save": "go-metadata",
        "id": file["id"],
        "name": "Nama baru",
        "url": file["url"],
        "format": "CSV",
        "description": "",
        "url_type": "upload",
        "clear_upload": "",
    }
    page = app.post(address, data={**good, "lampiran": NIK}, headers=editor)
    assert page.status_code == 200
    assert "lampiran" in page.body.lower()
    model.Session.rollback()
    assert model.Resource.get(file["id"]).name == "Data"
    app.post(address, data=good, headers=editor, follow_redirects=False)
    model.Session.expire_all()
    assert model.Resource.get(file["id"]).name == "Nama baru"
    edit = f"/dataset/edit/{dataset['name']}"
    known = {
        k: v for k, v in dataset.items() if isinstance(v, str) and not k.startswith("metadata")
    }
    sent = {**known, "save": "save", "extras__0__key": "lampiran", "extras__0__value": NIK}
    page = app.post(edit, data=sent, headers=editor)
    assert page.status_code == 200
    model.Session.expire_all()
    assert "lampiran" not in model.Package.get(dataset["id"]).extras
