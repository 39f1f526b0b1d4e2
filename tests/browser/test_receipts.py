"""A citizen checks a file, the auditor a code: each is told what they may know, and no more."""

from __future__ import annotations

import re

from playwright.sync_api import expect

PAGE = "/satudata/buku-catatan"
CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{5}")


def test_a_citizen_chooses_a_file_and_the_auditor_types_a_code(
    visit, drafted, api, title, site
) -> None:
    content = f"kecamatan,pasar\nPontianak Kota,7\n{title},1\n".encode()
    name, _ = drafted(title, content)
    for who, step in (("produsen_dinkes", "submit"), ("walidata", "approve")):
        api(who, "satudata_classification_transition", id=name, transition=step)

    citizen = visit(None)
    sent: list[str] = []
    citizen.on("request", lambda request: sent.append(request.post_data or ""))
    citizen.goto(f"/dataset/{name}")
    code = CODE.findall(citizen.locator(".sd-facts").inner_text())[0]
    citizen.goto(PAGE)
    chosen = {"name": "pasar.csv", "mimeType": "text/csv", "buffer": content}
    citizen.set_input_files("#berkas", chosen)  # type: ignore[arg-type]
    expect(citizen.locator("#tanda-terima")).to_have_value(re.compile("^[0-9a-f]{64}$"))
    citizen.get_by_role("button", name="Periksa", exact=True).click()
    answer = citizen.locator("[data-satudata-receipt]")
    expect(answer).to_contain_text(title)
    expect(answer).to_contain_text(code)
    # The file itself left the browser with none of the requests.
    assert not any("pasar" in body for body in sent)
    site.shoot(citizen, "receipt-citizen")
    citizen.goto(PAGE)
    chosen["buffer"] = content + b" "
    citizen.set_input_files("#berkas", chosen)  # type: ignore[arg-type]
    expect(citizen.locator("#tanda-terima")).to_have_value(re.compile("^[0-9a-f]{64}$"))
    citizen.get_by_role("button", name="Periksa", exact=True).click()
    expect(answer).to_contain_text("berkas yang disimpan ulang mempunyai hash lain")

    page = visit("pengawas")
    page.goto(PAGE)
    page.fill("#tanda-terima", code.replace("-", " ").lower())
    page.get_by_role("button", name="Periksa", exact=True).click()
    expect(page.locator("[data-satudata-receipt]")).to_contain_text(title)
    # One wrong sign is noticed before anything is looked for.
    page.fill("#tanda-terima", code[:-1] + ("A" if code[-1] != "A" else "B"))
    page.get_by_role("button", name="Periksa", exact=True).click()
    expect(page.locator("[data-satudata-receipt]")).to_contain_text("salah ketik")
