"""A dataset's whole way by keyboard alone: no key but Tab, Enter, Space, arrows and letters.

Wherever the focus goes it is seen, it is never trapped, and it follows the order of the page.
"""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, expect

OFFICIALS = (
    b"nama,jabatan,surel\n"
    b"Contoh Satu,Kepala Dinas Contoh,kadis.%(mark)s@gmail.com\n"
    b"Contoh Dua,Sekretaris Dinas Contoh,sekdis.%(mark)s@gmail.com\n"
)
CONTENT = b"gudang,kelurahan\nGudang A,Sungai Jawi\nGudang B,Parit Tokaya\n"
AXES = {"jenis_informasi": "setiap_saat", "tingkat_keamanan": "biasa", "data_pribadi": "umum"}
LIMITED = {
    "jenis_informasi": "dikecualikan",
    "tingkat_keamanan": "terbatas",
    "data_pribadi": "tidak_ada",
}
ASSESSMENT = {
    "informasi": "Daftar lokasi gudang obat",
    "pasal_pengecualian": "b",
    "dasar_hukum": "UU 14/2008 Pasal 17 huruf b",
    "konsekuensi_dibuka": "Pengadaan obat terganggu",
    "konsekuensi_ditutup": "Pengadaan obat terlindungi",
    "mulai": "11242026",
    "akhir": "11242028",
}
"""Days as the browser's field takes them from the keyboard in its own language (en-US)."""

MOST = 250


@dataclass
class Keys:
    """Somebody at a page who has a keyboard and nothing else."""

    page: Page

    def tab(self) -> dict[str, Any] | None:
        """Press Tab; wherever the focus comes to stand, it is seen and the order is the page's."""
        self.page.keyboard.press("Tab")
        state = self.page.evaluate("satudataEyes.focus()")
        if state:
            assert state["inside"], f"The focus is not on the screen: {state['text']}"
            assert state["shown"], f"The focus is not seen: {state['text']}"
            assert not state["covered"], f"Something lies over the focus: {state['text']}"
            assert not state["positive"], f"Out of the order of the page: {state['text']}"
        return state

    def to(self, selector: str) -> None:
        """Press Tab until the focus stands on the first such element."""
        wanted = self.page.locator(selector).first
        expect(wanted).to_be_attached()
        last = None
        for _ in range(MOST):
            state = self.tab()
            seen = state and state["seen"]
            assert seen is None or seen != last, f"The focus is trapped: {state}"
            last = seen
            if wanted.evaluate("e => e === document.activeElement"):
                return
        pytest.fail(f"Tab does not reach {selector} of {self.page.url}")

    def press(self, selector: str) -> None:
        """Go to a link, a button or a summary and press Enter."""
        self.to(selector)
        self.page.keyboard.press("Enter")

    def write(self, selector: str, text: str) -> None:
        """Go to a field and write."""
        self.to(selector)
        self.page.keyboard.type(text)

    def fill_in(self, values: dict[str, str], last: str) -> None:
        """Go through a form once, from field to field, and press its button."""
        left = dict(values)
        for _ in range(MOST):
            state = self.tab()
            if state is None:
                continue
            if left and state["name"] in left:
                self._answer(state, left.pop(state["name"]))
            elif state["select2"]:
                self._answer_select2(left)
            elif self.page.locator(last).first.evaluate("e => e === document.activeElement"):
                assert left == {}, f"Passed by: {sorted(left)}"
                self.page.keyboard.press("Enter")
                return
        pytest.fail(f"Tab does not reach {last}")

    def _answer(self, state: dict[str, Any], value: str) -> None:
        if state["tag"] == "SELECT":
            self._choose(value)
        elif state["type"] == "checkbox":
            self.page.keyboard.press("Space")
        else:
            self.page.keyboard.press("Control+a")
            self.page.keyboard.type(value)

    def _choose(self, value: str) -> None:
        """Go down a list with the arrow until the wanted value is the one shown."""
        self.page.keyboard.press("Home")
        for _ in range(MOST):
            if self.page.evaluate("document.activeElement.value") == value:
                return
            self.page.keyboard.press("ArrowDown")
        pytest.fail(f"The list has no {value}")

    def _answer_select2(self, left: dict[str, str]) -> None:
        """Answer a list that core draws itself: it is opened, searched and left by keys."""
        name = self.page.evaluate(
            "(document.activeElement.closest('.select2-container').parentElement"
            ".querySelector('select, input[name]') || {}).name || ''"
        )
        if name not in left:
            return
        label = self.page.locator(f"select[name={name}] option[value='{left[name]}']").inner_text()
        self.page.keyboard.press("Enter")
        # The focus comes to the field of the list a moment after it is open.
        expect(self.page.locator(".select2-search__field:focus")).to_be_attached()
        self.page.keyboard.type(label)
        self.page.keyboard.press("Enter")
        left.pop(name)

    def done(self) -> None:
        """See that the page says that it was done."""
        expect(self.page.locator(".flash-messages .alert-success")).to_be_visible()

    def log_in(self, who: str, password: str) -> None:
        """Log in from the first page."""
        self.page.goto("/")
        self.press("a[href='/user/login']")
        self.page.wait_for_url("**/user/login")
        self.fill_in({"login": who, "password": password}, "form:has(#field-login) [type=submit]")
        self.page.wait_for_url(lambda url: "/user/login" not in url)

    def open_case(self, title: str) -> None:
        """Go by the queue to a case."""
        self.press(".satudata-queue-link")
        self.page.wait_for_url("**/satudata/antrean")
        self.write("#queue-q", title)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url("**q=*")
        self.press(".satudata-queue th a[href*='/berkas/']")
        expect(self.page.locator("#case-state")).to_be_visible()

    def take(self, step: str, fields: dict[str, str] | None = None) -> None:
        """Take a step of the case, opening its form where it is folded."""
        form = self.page.locator(f"#step-{step}")
        expect(form).to_be_attached()
        if form.get_attribute("open") is None:
            self.press(f"#step-{step} summary")
        self.fill_in(fields or {}, f"#step-{step} button[type=submit]")
        self.done()


@pytest.fixture
def keys(visit: Any, site: Any, eyes: str) -> Callable[[str], Keys]:
    """Return who logs in with a keyboard."""

    def sit_down(who: str) -> Keys:
        page = visit(None)
        page.add_init_script(eyes)
        # The page comes to where the focus stands at once, not in a movement.
        page.emulate_media(reduced_motion="reduce")
        person = Keys(page)
        person.log_in(who, site.passwords[who])
        return person

    return sit_down


def test_the_whole_review_by_keyboard(
    keys: Any, answers: dict[str, str], proposed: Any, title: str
) -> None:
    clerk = keys("produsen_dinkes")
    _make(clerk, {**answers, **AXES}, title)

    walidata = keys("walidata")
    walidata.open_case(title)
    findings = walidata.page.locator(".satudata-findings form")
    for _ in range(findings.count()):
        step = ".satudata-findings li:not(:has(.fa-check-circle)) .satudata-step"
        walidata.press(f"{step} summary")
        fields = {
            "resolution": "lawfully_public",
            "ground": "jabatan",
            "reason": "Surel jabatan, diumumkan untuk layanan publik.",
        }
        walidata.fill_in(fields, f"{step} button[type=submit]")
        walidata.done()
    walidata.take("approve")
    expect(walidata.page.locator(".satudata-badge-open")).to_be_visible()
    expect(walidata.page.locator("h1")).to_contain_text(title)

    # What may have to be closed goes on to PPID and its superior.
    closed = f"{title} gudang"
    proposed(closed, CONTENT, **LIMITED)
    walidata.open_case(closed)
    walidata.take("refer", {"catatan": "Mohon diuji konsekuensinya."})
    ppid = keys("ppid")
    ppid.open_case(closed)
    ppid.take("assess", ASSESSMENT)
    superior = keys("penetap")
    superior.open_case(closed)
    superior.take("approve", {"nomor": "SK-7/PPID/2026", "penerima": "the first of them"})
    expect(superior.page.locator(".satudata-badge-limited")).to_be_visible()


def _make(clerk: Keys, values: dict[str, str], title: str) -> None:
    """Make a dataset with a file and submit it."""
    page = clerk.page
    clerk.press("a[href^='/dataset/new']")
    page.wait_for_selector("#dataset-edit")
    owner = page.locator("#field-organizations option:not([value=''])").first
    values = {**values, "title": title, "owner_org": owner.get_attribute("value") or ""}
    clerk.fill_in(values, "#dataset-edit button[name=save].btn-primary")
    page.wait_for_selector("#resource-edit")
    content = OFFICIALS % {b"mark": uuid.uuid4().hex[:8].encode()}
    with page.expect_file_chooser() as chooser:
        clerk.press("#resource-upload-button")
    file: Any = {"name": "pejabat.csv", "mimeType": "text/csv", "buffer": content}
    chooser.value.set_files(file)
    clerk.press("#resource-edit button[value=go-metadata]")
    page.wait_for_selector("#dataset-resources")
    clerk.press(".satudata-panel a.btn")
    expect(page.locator("#case-state")).to_be_visible()
    clerk.take("submit", {"catatan": "Siap diperiksa"})


def test_files_are_put_in_order_without_a_mouse(
    keys: Any, api: Any, drafted: Any, title: str
) -> None:
    name, _ = drafted(title, CONTENT)
    second = io.BytesIO(CONTENT)
    second.name = "kedua.csv"
    api("produsen_dinkes", "resource_create", package_id=name, name="Kedua", upload=second)
    clerk = keys("produsen_dinkes")
    clerk.page.goto(f"/dataset/resources/{name}")
    first = clerk.page.locator(".resource-list .resource-item").first
    expect(first).to_contain_text("Data")
    expect(first.locator(".sd-move")).to_have_count(2)
    clerk.press(".resource-list > li:first-child .sd-move:nth-of-type(2)")
    expect(first).to_contain_text("Kedua")
    # The focus went down with the file; the button before leads it up again.
    clerk.page.keyboard.press("Shift+Tab")
    clerk.page.keyboard.press("Enter")
    expect(first).to_contain_text("Data")
    clerk.press(".form-actions .save")
    expect(clerk.page.locator(".form-actions .save")).to_be_hidden()


def test_the_first_key_leads_past_the_header(visit: Any) -> None:
    page = visit(None)
    for address in ("/", "/dataset/", "/satudata/dip"):
        page.goto(address)
        page.keyboard.press("Tab")
        first = page.locator(":focus")
        expect(first).to_have_attribute("href", "#content")
        expect(first).to_be_in_viewport()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('#content') !== null"), address
