"""A browser, the people of the demo, and the site that ``bin/test`` started."""

from __future__ import annotations

import fcntl
import io
import json
import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from ckanapi import RemoteCKAN
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright
from xdist.scheduler import LoadScopeScheduling

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}
KEPT = "local_storage,session_storage,indexeddb,cache_storage,service_workers"

expect.set_options(timeout=20_000)


@dataclass
class Site:
    """The site to visit and what is known of its people."""

    url: str
    passwords: dict[str, str]
    tokens: dict[str, str]
    screenshots: Path

    def shoot(self, page: Page, name: str) -> None:
        """Keep a picture of the whole page, where pictures are asked for."""
        if "SATUDATA_PICTURES" in os.environ:
            page.screenshot(path=self.screenshots / f"{name}.png", full_page=True)


@pytest.fixture(scope="session")
def site() -> Site:
    folder = Path(os.environ["SATUDATA_RUN_DIR"])
    screenshots = folder / "screenshots"
    screenshots.mkdir(exist_ok=True)
    return Site(
        os.environ["SATUDATA_SITE_URL"].rstrip("/"),
        json.loads((folder / "demo-passwords.json").read_text("utf-8")),
        json.loads((folder / "demo-tokens.json").read_text("utf-8")),
        screenshots,
    )


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=os.environ["SATUDATA_CHROMIUM"], args=list(ARGUMENTS)
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def sessions() -> dict[str, Any]:
    """Cookies of everybody who logged in once: people → what their browser was given."""
    return {}


@dataclass
class Visitors:
    """Opens pages as somebody; ``None`` is a citizen without an account.

    Windows stay open from test to test, so that what every page needs is fetched and made ready
    once. A test gets them as new: what they kept of a person or a page is gone.
    """

    browser: Browser
    site: Site
    sessions: dict[str, Any]
    idle: list[BrowserContext] = field(default_factory=list)
    used: list[BrowserContext] = field(default_factory=list)
    windows: dict[str, BrowserContext] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def __call__(
        self, who: str | None, *, size: dict[str, int] | None = None, new: bool = False
    ) -> Page:
        """Return a page of this person, in their window; each citizen has a window of their own.

        :param new: in a browser that was never here before.
        """
        context = None if new or who is None else self.windows.get(who)
        if context is None:
            context = self._window() if new or not self.idle else self.idle.pop()
            self.used.append(context)
            if who:
                self.windows[who] = context
                context.add_cookies(self.sessions.get(who, []))
        page = context.new_page()
        if size:
            page.set_viewport_size(size)  # type: ignore[arg-type]
        page.on("response", self._watch)
        page.on("pageerror", lambda error: self.failures.append(f"script: {error}"))
        page.on("console", self._listen)
        if who and who not in self.sessions:
            # What the pages still load carries the cookie of before: let it come first.
            page.goto("/user/login", wait_until="networkidle")
            page.fill("#field-login", who)
            page.fill("#field-password", self.site.passwords[who])
            page.press("#field-password", "Enter")
            page.wait_for_url(lambda url: "/user/login" not in url)
            page.wait_for_load_state("networkidle")
            self.sessions[who] = context.cookies()
        return page

    def _window(self) -> BrowserContext:
        context = self.browser.new_context(
            base_url=self.site.url,
            viewport=DESKTOP,  # type: ignore[arg-type]
            locale="id-ID",
            accept_downloads=True,
        )
        context.new_page()  # keeps the window open between the tests
        return context

    def _listen(self, message: Any) -> None:
        """Take what a browser refuses to run or to ask for as a failure of the page."""
        if "Content Security Policy" in message.text:
            self.failures.append(f"refused: {message.text}")

    def _watch(self, response: Any) -> None:
        if response.status >= 500:
            self.failures.append(f"{response.status} {response.url}")

    def close(self) -> None:
        """Close the pages; the windows forget what they know of anybody and wait."""
        for context in self.used:
            first, *pages = context.pages
            for page in pages:
                page.close()
            context.clear_cookies()
            wire = context.new_cdp_session(first)
            known = {"origin": self.site.url, "storageTypes": KEPT}
            wire.send("Storage.clearDataForOrigin", known)
            wire.detach()
        self.idle += self.used
        self.used, self.windows = [], {}


@pytest.fixture(scope="session")
def windows() -> list[BrowserContext]:
    """Windows that wait for whoever comes next."""
    return []


@pytest.fixture
def visit(
    browser: Browser, site: Site, sessions: dict[str, Any], windows: list[BrowserContext]
) -> Iterator[Visitors]:
    """Open pages as somebody; no page may fail in any journey."""
    visitors = Visitors(browser, site, sessions, windows)
    yield visitors
    visitors.close()
    assert visitors.failures == []


# Calls of one person scan one at a time, so whoever brings files does so in one process. The desk
# is emptied only after every kind of page was looked at with its cases.
GROUPS = ("produsen_disdukcapil", "produsen_dinkes", "pages")
BY_FIXTURE = {"names": "pages"} | dict.fromkeys(
    ("drafted", "proposed", "published"), "produsen_dinkes"
)


@pytest.hookimpl(trylast=True)  # of those that are left
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Share the tests out between processes, where there are some; the long ones begin."""
    if not hasattr(config, "workerinput"):
        return
    ranks: dict[pytest.Item, tuple[int, bool]] = {}
    groups: dict[str, str] = {}
    for item in items:
        needed = getattr(item, "fixturenames", ())
        mark = item.get_closest_marker("xdist_group")
        group = next((BY_FIXTURE[each] for each in needed if each in BY_FIXTURE), None)
        name = mark.args[0] if mark else group
        if name:
            groups[item.nodeid] = name
        rank = GROUPS.index(name) if name in GROUPS else len(GROUPS)
        ranks[item] = rank, item.get_closest_marker("last") is not None
    items.sort(key=lambda item: ranks[item])
    # It makes what the demo lacks, as people who may be at work elsewhere.
    for first in [item for item in items if "names" in getattr(item, "fixturenames", ())][:1]:
        first.add_marker("alone")
    draft = _groups_file().with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps(groups), "utf-8")
    draft.replace(_groups_file())


def _groups_file() -> Path:
    """Return where the processes that collect the tests tell the one that hands them out."""
    return Path(os.environ["SATUDATA_RUN_DIR"], "browser-groups.json")


class ByGroup(LoadScopeScheduling):
    """Hands out a group as a whole to one process, and every other test by itself.

    (xdist's own ``loadgroup`` writes the group into what names a test, which pytest 9 forgets.)
    """

    def _split_scope(self, nodeid: str) -> str:
        known = json.loads(_groups_file().read_text("utf-8"))
        return known.get(nodeid, nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByGroup:
    """Hand the tests out by their groups."""
    return ByGroup(config, log)


@contextmanager
def lock(name: str, how: int = fcntl.LOCK_EX) -> Iterator[None]:
    """Hold a lock between the processes of a run."""
    with Path(os.environ["SATUDATA_RUN_DIR"], f"{name}.lock").open("w") as file:
        fcntl.flock(file, how)
        yield


@pytest.fixture(scope="session")
def locked() -> Callable[[str], AbstractContextManager[None]]:
    """Return what lets one process at a time do something, by a name for it."""
    return lock


@pytest.fixture(autouse=True)
def turn(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let tests of both processes run beside one another, but for those marked ``alone``."""
    alone = request.node.get_closest_marker("alone") is not None
    with ExitStack() as held:
        # Whoever waits stands in the door: nobody goes in before him.
        with lock("door"):
            held.enter_context(lock("site", fcntl.LOCK_EX if alone else fcntl.LOCK_SH))
        yield


FIELDS = {
    "notes": "Contoh untuk pengujian.",
    "konsep": "Penduduk",
    "definisi": "Orang yang tinggal di wilayah kota",
    "klasifikasi_penyajian": "Kecamatan",
    "ukuran": "Jumlah",
    "satuan": "Orang",
    "tahun": "2025",
    "maintainer": "Bidang Data",
    "maintainer_email": "data@contoh.pontianak.go.id",
}
CHOICES = {
    "urusan": "2.12",
    "jenis_data": "statistik",
    "frekuensi_penerbitan": "tahunan",
    "cakupan": "61.71",
    "level_penyajian": "kecamatan",
    "license_id": "cc-by",
}
OPEN = {
    "jenis_informasi": "berkala",
    "tingkat_keamanan": "biasa",
    "data_pribadi": "tidak_ada",
}
LIMITED = {**OPEN, "jenis_informasi": "dikecualikan", "tingkat_keamanan": "terbatas"}


@pytest.fixture
def answers() -> dict[str, str]:
    """Return what a clerk answers on the first form, but for title, agency and classification."""
    return {**FIELDS, **CHOICES}


@dataclass
class Clerk:
    """Somebody of an agency who fills in CKAN's own forms."""

    page: Page

    def describe(self, title: str, axes: dict[str, str]) -> None:
        """Fill in the first form and go on to the second."""
        page = self.page
        page.goto("/dataset/new")
        page.fill("#field-title", title)
        for name, value in FIELDS.items():
            page.fill(f"[name={name}]", value)
        owner = page.locator("#field-organizations option:not([value=''])").first
        page.select_option("#field-organizations", owner.get_attribute("value") or "", force=True)
        for name, value in {**CHOICES, **axes}.items():
            page.select_option(f"select[name={name}]", value, force=True)
        page.click("#dataset-edit button[name=save].btn-primary")

    def attach(self, name: str, content: bytes) -> None:
        """Choose a file on the second form and finish."""
        page = self.page
        with page.expect_file_chooser() as chooser:
            page.click("#resource-upload-button")
        chooser.value.set_files({"name": name, "mimeType": "text/csv", "buffer": content})
        page.click("#resource-edit button[value=go-metadata]")

    def create(self, title: str, axes: dict[str, str], content: bytes) -> str:
        """Make a dataset with a file; return its address."""
        self.describe(title, axes)
        self.page.wait_for_selector("#resource-edit")
        self.attach("data.csv", content)
        self.page.wait_for_selector("#dataset-resources")
        return self.page.url.rsplit("/", 1)[-1]


@pytest.fixture
def clerk(visit: Visitors) -> Callable[[str], Clerk]:
    """Return the clerk that somebody is."""
    return lambda who: Clerk(visit(who))


@pytest.fixture
def title() -> str:
    """Return a title that no other dataset has; its last word is one to the search as well."""
    word = uuid.uuid4().hex[:12].translate(str.maketrans("0123456789", "ghijklmnop"))
    return f"Penduduk menurut Kecamatan {word}"


def step_button(page: Page, name: str) -> Any:
    """Return the button of a step on the page of a case."""
    return page.locator(f"button[data-step={name}]")


def take(page: Page, name: str, **fields: Any) -> None:
    """Take a step on the page of a case and wait for its receipt."""
    form = page.locator(f"#step-{name}")
    if form.get_attribute("open") is None:
        form.locator("summary").click()
    for key, value in fields.items():
        field = form.locator(f"[name={key}]")
        if isinstance(value, list):
            for each in value:
                form.locator(f"[name={key}][value='{each}']").check()
        elif field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    form.locator("button[type=submit]").click()
    expect(page.locator(".flash-messages .alert-success")).to_be_visible()


@pytest.fixture
def steps() -> Callable[..., None]:
    """Return the hand that takes a step: page, name of the step, its fields."""
    return take


@pytest.fixture
def button() -> Callable[[Page, str], Any]:
    """Return the finder of a step's button."""
    return step_button


@dataclass
class Hands:
    """Somebody at a page, whose acts are counted: a click, a filled field, a chosen file.

    Choosing in a list and ticking a box count as a filled field; looking counts nothing.
    """

    page: Page
    count: int = 0

    def click(self, what: Locator | str) -> None:
        """Press a link, a button, or what opens a form."""
        self._find(what).click()
        self.count += 1

    def fill(self, what: Locator | str, value: str) -> None:
        """Write into a field, or choose in a list."""
        field = self._find(what)
        if field.evaluate("e => e.tagName") == "SELECT":
            # A list that a script draws anew stands behind what it draws.
            field.select_option(value, force=True)
        else:
            field.fill(value)
        self.count += 1

    def choose(self, what: Locator | str, name: str, content: bytes) -> None:
        """Choose a file."""
        file: Any = {"name": name, "mimeType": "text/csv", "buffer": content}
        self._find(what).set_input_files(file)
        self.count += 1

    def done(self) -> None:
        """See that the page says that it was done."""
        expect(self.page.locator(".flash-messages .alert-success")).to_be_visible()

    def _find(self, what: Locator | str) -> Locator:
        return self.page.locator(what) if isinstance(what, str) else what


ACTS_OF = "acts"
ACTS: dict[str, list[int]] = {}
"""The acts of each journey, by the name of its test: printed at the end of a run."""


@pytest.fixture
def hands(request: pytest.FixtureRequest) -> Iterator[Callable[[Page], Hands]]:
    """Return the counted hands of somebody at a page."""
    made: list[Hands] = []

    def take(page: Page) -> Hands:
        made.append(Hands(page))
        return made[-1]

    yield take
    request.node.user_properties.append((ACTS_OF, [one.count for one in made]))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note the acts of a journey, in whichever process it was."""
    if report.when == "teardown":
        told = dict(report.user_properties)
        if ACTS_OF in told:
            ACTS[report.nodeid.rpartition("::")[2]] = told[ACTS_OF]  # type: ignore[assignment]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how many acts each journey took, of each person in it."""
    if ACTS:
        terminalreporter.section("acts of each journey, person by person")
    for name, counts in ACTS.items():
        terminalreporter.write_line(f"{', '.join(map(str, counts)):>12}  {name}")


@pytest.fixture
def api(site: Site) -> Callable[..., Any]:
    """Return how somebody calls the site's API, to prepare what a journey begins with."""

    def call(who: str, action: str, **params: Any) -> Any:
        with RemoteCKAN(site.url, apikey=site.tokens[who]) as remote:
            return getattr(remote.action, action)(**params)

    return call


@pytest.fixture
def drafted(api: Callable[..., Any]) -> Callable[..., tuple[str, str]]:
    """Return the maker of a dataset of Dinas Kesehatan with a file: its name, the file's id."""

    def make(title: str, content: bytes, **axes: str) -> tuple[str, str]:
        name = f"dinas-kesehatan-contoh-{uuid.uuid4().hex[:12]}"
        fields = {**FIELDS, **CHOICES, **OPEN, **axes}
        who = "produsen_dinkes"
        api(who, "package_create", name=name, title=title, owner_org="dinas-kesehatan", **fields)
        file = io.BytesIO(content)
        file.name = "data.csv"
        made = api(who, "resource_create", package_id=name, name="Data", upload=file)
        return name, made["id"]

    return make


@pytest.fixture
def proposed(api: Callable[..., Any], drafted: Callable[..., Any]) -> Callable[..., str]:
    """Return the maker of a dataset of Dinas Kesehatan that was submitted: its name."""

    def make(title: str, content: bytes, **axes: str) -> str:
        name, _file = drafted(title, content, **axes)
        api(
            "produsen_dinkes",
            "satudata_classification_transition",
            id=name,
            transition="submit",
        )
        return name

    return make


@pytest.fixture
def published(api: Callable[..., Any], proposed: Callable[..., str]) -> Callable[..., str]:
    """Return the maker of an open dataset of Dinas Kesehatan: its name."""

    def make(title: str, content: bytes) -> str:
        name = proposed(title, content)
        api("walidata", "satudata_classification_transition", id=name, transition="approve")
        return name

    return make
