"""Suggestions under the search field, by keyboard; and the same search without scripts."""

from __future__ import annotations

from playwright.sync_api import expect

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


def test_a_suggestion_is_chosen_by_keyboard(browser, site) -> None:
    context = browser.new_context(viewport=DESKTOP)
    page = context.new_page()
    page.goto(f"{site.url}/dataset/")
    field = page.get_by_role("combobox", name="Cari dataset").last
    field.press_sequentially("pend")
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    assert field.get_attribute("aria-expanded") == "true"
    field.press("ArrowDown")
    assert field.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    field.press("Escape")
    assert field.get_attribute("aria-expanded") == "false"
    assert field.get_attribute("aria-activedescendant") is None
    field.press("ArrowDown")  # asks again
    expect(options.first).to_be_visible()
    label = options.first.locator(".sd-suggest-label").inner_text()
    field.press("ArrowDown")
    field.press("Enter")
    page.wait_for_url("**/dataset/*-*")
    expect(page.get_by_role("heading", name=label).first).to_be_visible()
    context.close()


def test_a_search_without_scripts(browser, site) -> None:
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site.url}/dataset/")
    page.locator("#sd-search").fill("pendudk")
    page.locator("#sd-search").press("Enter")
    page.wait_for_url("**/dataset/?q=pendudk")
    expect(page.locator(".sd-told")).to_contain_text("penduduk")
    page.goto(f"{site.url}/dataset/?q=penduduk+menurut+kelurahan+sei+jawi+dalam")
    expect(page.locator(".sd-search-most")).to_be_visible()
    expect(page.locator(".sd-hit").first).to_be_visible()
    page.get_by_role("link", name="Wilayah: Kelurahan Sungai Jawi Dalam").click()
    page.wait_for_url("**/wilayah/61.71.03.1002")
    page.goto(f"{site.url}/dataset/?q=pendudk")
    page.locator(".sd-filters > summary").click()
    page.locator(".sd-facet a").first.click()
    expect(page.locator(".sd-chip").first).to_be_visible()
    page.locator(".sd-chip").first.click()
    expect(page.locator(".sd-chip")).to_have_count(0)
    context.close()
