"""Every page in a real browser: desktop and phone, light and dark, without scripts, for those who cannot see.

AIWIRE_SHOTS=DIR keeps the screenshots, to be looked at.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.api.conftest import Site

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PLACES = (
    *("/", "/?provider=acme", "/models", "/models?q=swift", "/models/acme/swift-2", "/models/acme/slow-1"),
    *("/providers/acme", "/compare", "/compare?model=acme/swift-2&model=acme/slow-1", "/deadlines", "/corrections"),
    *("/news", "/funding", "/incidents", "/figures", "/search?q=swift", "/sources", "/docs", "/no-such-page"),
)
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
MODES = {
    "desktop-light": (DESKTOP, "light"), "desktop-dark": (DESKTOP, "dark"),
    "phone-light": (PHONE, "light"), "phone-dark": (PHONE, "dark"),
}  # fmt: skip
USUAL = ("desktop-light", "phone-dark")
SHOTS = os.environ.get("AIWIRE_SHOTS")

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: apt-get install chromium")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


def places(site: Site) -> list[str]:
    """The pages, and the evidence of a change."""
    newest = site.data("/v1/events?baseline=false&kind=price.changed&limit=1")[0]
    return [*PLACES, f"/evidence/{newest['id']}"]


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "mode", [mode if mode in USUAL else pytest.param(mode, marks=pytest.mark.torture) for mode in MODES]
)
def test_every_page_without_scripts_fits_and_says_nothing_on_the_console(market, browser, mode, tmp_path):
    size, scheme = MODES[mode]
    context = browser.new_context(viewport=size, color_scheme=scheme, java_script_enabled=False)
    page = context.new_page()
    said, elsewhere = [], []
    page.on("console", lambda message: said.append(f"{page.url}: {message.text}"))
    page.on("request", lambda asked: None if asked.url.startswith(market.base_url) else elsewhere.append(asked.url))
    into = Path(SHOTS) if SHOTS else tmp_path
    for number, place in enumerate(places(market)):
        answer = page.goto(market.base_url + place)
        assert answer.status == (404 if place == "/no-such-page" else 200), place
        picture = into / f"{mode}-{number:02}.png"
        page.screenshot(path=picture, full_page=bool(SHOTS))  # whole pages take long, and are for people to look at
        assert picture.stat().st_size > 5_000
        body = page.locator("body").bounding_box()
        assert body["width"] <= size["width"], f"{place} is wider than the screen"
        assert page.locator("h1").count() == 1, place
    context.close()
    assert [line for line in said if "no-such-page" not in line] == []
    assert elsewhere == []


@pytest.mark.timeout(300)
@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.torture)])
def test_no_page_is_hard_to_use_for_those_who_cannot_see(market, browser, scheme):
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(viewport=DESKTOP, color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    axe, found = Axe(), []
    for place in places(market):
        page.goto(market.base_url + place)
        for one in axe.run(page, options={"resultTypes": ["violations"]}).response["violations"]:
            if one["impact"] in ("serious", "critical"):
                found.append((place, one["id"], one["nodes"][0]["html"][:160]))
    context.close()
    assert found == []
