"""What must be mended: a leak found late, a list of officials, a duty nobody can take."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

STEP = "satudata_classification_transition"
CLEAN = b"kecamatan,peserta\nPontianak Kota,12\nPontianak Barat,7\n"
NIKS = b"catatan,nik\nContoh Satu,6171014101900001\nContoh Dua,6171020202850002\n"
# What people say of a finding is bound to the bytes: each test brings bytes of its own.
OFFICIALS = (
    b"nama,jabatan,telepon,surel\n"
    b"Contoh Satu,Kepala Dinas Contoh,081234567890,kadis.contoh@gmail.com\n"
    b"Contoh Dua,Sekretaris Dinas Contoh,081234567891,sekdis.contoh@gmail.com\n"
)
PHONE = {"width": 360, "height": 740}


def _own(content: bytes, title: str) -> bytes:
    """Return the content with a row that no other test has."""
    return content + f"{title}{',' * content.splitlines()[0].count(b',')}\n".encode()


def _status(page: Page, name: str, resource: str) -> tuple[int, bytes]:
    """Return how the download answers, and what it gives."""
    answer = page.request.get(f"/dataset/{name}/resource/{resource}/download/data.csv")
    return answer.status, answer.body()


def _say(page: Page, hands, values: dict[str, str]) -> int:
    """Say something of the first finding that nobody resolved; return how many acts it took."""
    form = page.locator(".satudata-findings .satudata-step", has_text="Selesaikan temuan ini").first
    person = hands(page)
    person.click(form.locator("summary"))
    for field, value in values.items():
        person.fill(form.locator(f"[name={field}]"), value)
    person.click(form.locator("button[type=submit]"))
    person.done()
    return person.count


def _opened_by_mistake(api, proposed, title: str, content: bytes) -> str:
    """Return an open dataset with identity numbers that somebody took for a false alarm."""
    name = proposed(title, content)
    scan = api("walidata_2", "satudata_classification_show", id=name)["scans"][0]
    for item in scan["findings"]:
        api(
            "walidata_2",
            "satudata_finding_resolve",
            id=name,
            version=scan["version"],
            **item["key"],
            resolution="false_alarm",
            reason="Nomor urut, bukan nomor kependudukan",
        )
    api("walidata", STEP, id=name, transition="approve")
    return name


def _hold(visit, hands, site, name: str) -> None:
    """Walidata looks at what is served, and takes it out of sight at once."""
    page = visit("walidata")
    page.goto(f"/dataset/{name}")
    walidata = hands(page)
    walidata.click(page.get_by_role("link", name="Pemindaian berkas tersaji"))
    expect(page.locator(".satudata-findings li").first).to_contain_text("'nik'")
    site.shoot(page, "berkas-tersaji")
    walidata.click(page.get_by_role("link", name="Tangguhkan", exact=True))
    walidata.fill("#road-scope", "data")
    walidata.fill("#road-reason", "Ada nomor kependudukan di berkas ini.")
    walidata.click("form[data-satudata-step] button[type=submit]")
    walidata.done()
    assert walidata.count <= 5
    # Who placed the hold does not lift it.
    expect(page.get_by_role("link", name="Cabut penangguhan")).to_have_count(0)


def test_numbers_found_after_publication(
    visit, hands, steps, button, api, proposed, title, site
) -> None:
    niks = _own(NIKS, title)
    name = _opened_by_mistake(api, proposed, title, niks)
    citizen = visit(None)
    resource = api("walidata", "package_show", id=name)["resources"][0]["id"]
    assert _status(citizen, name, resource) == (200, niks)

    _hold(visit, hands, site, name)
    citizen.goto(f"/dataset/{name}")
    expect(citizen.locator(".satudata-download")).to_have_count(0)
    expect(citizen.get_by_text("Ada nomor kependudukan di berkas ini.")).to_be_visible()
    site.shoot(citizen, "dataset-ditangguhkan-warga")
    assert _status(citizen, name, resource)[0] == 403
    page = visit("produsen_dinkes")
    page.goto(f"/dataset/{name}")
    clerk = hands(page)
    clerk.click(page.locator(".satudata-roads a", has_text="Unggah data baru"))
    clerk.choose("#road-upload", "data.csv", CLEAN)
    clerk.click("form[data-satudata-step] button[type=submit]")
    clerk.done()
    assert clerk.count <= 6

    # Walidata alone does not open it again: what was held goes through PPID and its superior.
    page = visit("walidata_2")
    page.goto(f"/satudata/berkas/{name}")
    expect(button(page, "approve")).to_have_count(0)
    steps(page, "refer", catatan="Berkas pernah memuat nomor kependudukan; mohon diuji.")
    page = visit("ppid")
    page.goto(f"/satudata/berkas/{name}")
    steps(
        page,
        "declare_open",
        alasan="Berkas baru hanya memuat jumlah per kecamatan.",
        dasar_hukum="UU 14/2008 Pasal 2 ayat (4)",
    )
    page = visit("penetap")
    page.goto(f"/satudata/berkas/{name}")
    steps(page, "approve")
    assert _status(citizen, name, resource)[0] == 403

    page = visit("ppid")
    page.goto(f"/dataset/{name}")
    ppid = hands(page)
    ppid.click(page.get_by_role("link", name="Cabut penangguhan"))
    ppid.fill("#road-reason", "Berkas yang bersih sudah ditetapkan.")
    ppid.click("form[data-satudata-step] button[type=submit]")
    ppid.done()
    assert ppid.count <= 3
    assert _status(citizen, name, resource) == (200, CLEAN)


@pytest.mark.xdist_group("produsen_dinkes")
def test_a_list_of_officials_is_opened_lawfully(
    visit, hands, steps, button, clerk, api, title, site
) -> None:
    axes = {
        "jenis_informasi": "setiap_saat",
        "tingkat_keamanan": "biasa",
        "data_pribadi": "umum",
    }
    officials = _own(OFFICIALS, title)
    produsen = clerk("produsen_dinkes")
    name = produsen.create(title, axes, officials)
    page = produsen.page
    page.goto(f"/satudata/berkas/{name}")
    steps(page, "submit")
    expect(page.locator(".satudata-findings form")).to_have_count(0)

    approver = visit("walidata_2")
    approver.goto(f"/satudata/berkas/{name}")
    expect(button(approver, "approve")).to_have_count(0)

    page = visit("walidata")
    page.goto(f"/satudata/berkas/{name}")
    findings = page.locator(".satudata-findings > li")
    number = findings.count()
    assert number >= 2
    for _ in range(number):
        acts = _say(
            page,
            hands,
            {
                "resolution": "lawfully_public",
                "ground": "jabatan",
                "reason": "Nomor dan surel jabatan, diumumkan untuk layanan publik.",
            },
        )
        assert acts <= 5
    expect(page.locator(".satudata-findings .fa-check-circle")).to_have_count(number)
    site.shoot(page, "daftar-pejabat-temuan")
    assert visit(None).goto(f"/dataset/{name}").status == 404

    approver.reload()
    steps(approver, "approve")
    citizen = visit(None)
    citizen.goto(f"/dataset/{name}")
    with citizen.expect_download() as found:
        citizen.locator(".satudata-download a").click()
    assert found.value.path().read_bytes() == officials
    shown = api("pengawas", "satudata_classification_show", id=name)
    assert shown["decision"]["personal_data"] == "umum"


def _tab_to(page: Page, selector: str) -> None:
    wanted = page.locator(selector).first
    for _ in range(120):
        page.keyboard.press("Tab")
        if wanted.evaluate("e => e === document.activeElement"):
            return
    pytest.fail(f"Tab does not reach {selector}")


def test_emergency_access_by_keyboard(visit, proposed, button, title, site) -> None:
    name = proposed(title, CLEAN)
    page = visit("admin")
    page.goto(f"/satudata/berkas/{name}")
    expect(button(page, "approve")).to_have_count(0)
    _tab_to(page, f"a[href='/satudata/berkas/{name}/akses-darurat']")
    page.keyboard.press("Enter")
    expect(page.locator("#road-duty")).to_have_value("walidata")
    site.shoot(page, "akses-darurat")
    _tab_to(page, "#road-reason")
    page.keyboard.type("Walidata dan wakilnya sakit, data harus terbit hari ini.")
    _tab_to(page, "form[data-satudata-step] button[type=submit]")
    page.keyboard.press("Enter")
    expect(page.locator(".satudata-break-glass")).to_be_visible()
    expect(button(page, "approve")).to_have_count(1)
    site.shoot(page, "akses-darurat-berjalan")
    _tab_to(page, "#step-approve button[type=submit]")
    page.keyboard.press("Enter")
    expect(page.locator(".satudata-badge-open")).to_be_visible()
    _tab_to(page, ".satudata-break-glass button")
    page.keyboard.press("Enter")
    expect(page.locator(".flash-messages .alert-success")).to_be_visible()
    expect(page.locator(".satudata-break-glass")).to_have_count(0)


def test_the_pages_of_side_roads_fit_a_phone(visit, published, title, site) -> None:
    name = published(title, CLEAN)
    pages = {
        "unggah": ("produsen_dinkes", f"/satudata/berkas/{name}/unggah"),
        "tersaji": ("walidata", f"/satudata/berkas/{name}/tersaji"),
        "delegasi": (
            "walidata",
            "/satudata/perangkat-daerah/dinas-komunikasi-dan-informatika/pelimpahan",
        ),
        "akses-darurat": ("admin", f"/satudata/berkas/{name}/akses-darurat"),
        "dataset-produsen": ("produsen_dinkes", f"/dataset/{name}"),
    }
    for word, (who, address) in pages.items():
        page = visit(who, size=PHONE)
        assert page.goto(address).status == 200
        site.shoot(page, f"ponsel-{word}")
        wide = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 0, f"{address} is {wide} px too wide"
        unlabelled = page.evaluate(
            "[...document.querySelectorAll('[role=main] :is(input, select, textarea)')]"
            ".filter(e => e.type !== 'hidden' && !e.labels.length && !e.ariaLabel)"
            ".map(e => e.outerHTML)"
        )
        assert unlabelled == [], address
