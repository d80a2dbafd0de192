"""The page in a browser: it is drawn, keyboards and screen readers get through it, nothing hostile runs."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.conftest import Write
from tests.corpus import sources
from tests.examples import BAD, LINE
from tests.output.test_pictures import MANY, drawn, hostile
from tie_lint.api import Configuration, explain_paths
from tie_lint.output.html import write_html

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
WIDTHS = (390, 1400)
LARGEST = 5_000_000
"""The bytes that a page of a whole release may have."""

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        yield started
        started.close()


class Opened:
    """A page that was written to a file and opened."""

    def __init__(self, browser: Browser, folder: Path, text: str, width: int = 1400) -> None:
        self.page: Page = browser.new_page(viewport={"width": width, "height": 900})
        self.complaints: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.requests: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        (folder / "page.html").write_text(text, encoding="utf-8")
        self.page.goto((folder / "page.html").as_uri())


@pytest.mark.parametrize("width", WIDTHS)
def test_a_class_is_drawn(browser: Browser, tmp_path: Path, write: Write, width: int) -> None:
    write("bad.py", BAD)
    opened = Opened(browser, tmp_path, drawn("bad.py", "html", ">=4.45"), width)
    page = opened.page
    assert (opened.complaints, len(opened.requests)) == ([], 1)
    expect(page.locator("ol.chain > li")).to_have_count(6)
    assert page.locator(".finding").first.inner_text().startswith("TIE001")
    expect(page.locator("path.arc")).to_have_count(1)
    page.get_by_text("4.57.6", exact=True).click()
    expect(page.locator("path.arc.unmade")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.locator(".picture").evaluate("one => one.scrollWidth <= one.clientWidth"), "cut off"


def test_the_switches_and_the_tree_are_walked_by_keyboard(
    browser: Browser, tmp_path: Path, write: Write
) -> None:
    write("bad.py", BAD)
    page = Opened(browser, tmp_path, drawn("bad.py", "html", ">=4.45")).page
    for _ in range(4):  # the link to the file, and three switches
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "all"
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.value") == "all"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "treeitem"
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.getAttribute('aria-level')") == "2"
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.getAttribute('aria-expanded')") == "false"
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.getAttribute('aria-expanded')") == "true"
    page.keyboard.press("End")
    assert page.evaluate("document.activeElement.closest('.tree') !== null")


def test_places_are_links_to_files_and_to_nothing_else(
    browser: Browser, tmp_path: Path, write: Write
) -> None:
    write("javascript:alert(1)/a b.py", BAD)
    page = Opened(browser, tmp_path, drawn("javascript:alert(1)/a b.py", "html")).page
    head = next(number for number, line in enumerate(BAD.splitlines(), 1) if "self.head = " in line)
    found = [one.get_attribute("href") for one in page.locator(".finding").first.locator("a.code").all()]
    assert found == [f"./javascript%3Aalert(1)/a%20b.py#L{line}" for line in (LINE, head)]
    hrefs = [one.get_attribute("href") or "" for one in page.locator("a").all()]
    assert [one for one in hrefs if not one.startswith(("./", "file://", "https://", "#"))] == []


def test_a_screen_reader_hears_marks_and_ties(browser: Browser, tmp_path: Path, write: Write) -> None:
    write("bad.py", BAD)
    page = Opened(browser, tmp_path, drawn("bad.py", "html")).page
    heard = page.locator("body").aria_snapshot()
    assert re.search(r"does not hold:\W+code: get_output_embeddings", heard)
    assert "wanted as one and are two" in heard
    assert "treeitem" in heard and "radio" in heard


def test_the_list_is_searched_and_filtered(browser: Browser, tmp_path: Path, write: Write) -> None:
    write("many.py", MANY)
    write("bad.py", BAD)
    page = Opened(browser, tmp_path, drawn(".", "html")).page
    expect(page.locator(".list li")).to_have_count(3)
    page.get_by_label("Search").fill("other")
    expect(page.locator(".list li")).to_have_count(1)
    page.get_by_label("Search").fill("")
    page.get_by_label("Status").select_option("no")
    expect(page.locator(".list li")).to_have_count(1)
    page.get_by_label("Status").select_option("")
    page.get_by_label("Rule").select_option("TIE001")
    page.locator(".list a").click()
    expect(page.locator("h1")).to_have_text("AcmeForCausalLM")
    page.get_by_text("all classes").click()
    expect(page.locator(".list li")).to_have_count(1)


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_hostile_runs(browser: Browser, tmp_path: Path, write: Write, width: int) -> None:
    opened = Opened(browser, tmp_path, drawn(str(hostile(write)), "html"), width)
    opened.page.get_by_text("all modules").click()
    opened.page.wait_for_load_state("networkidle")
    assert opened.page.evaluate("window.hit") is None
    assert (opened.complaints, len(opened.requests)) == ([], 1)
    expect(opened.page.locator("ol.chain > li")).to_have_count(6)


def test_a_policy_stops_what_would_get_in_all_the_same(
    browser: Browser, tmp_path: Path, write: Write
) -> None:
    write("bad.py", BAD)
    page = drawn("bad.py", "html").replace(
        "<div id", "<img src=x onerror='window.hit=1'><script>window.hit=1</script><div id"
    )
    opened = Opened(browser, tmp_path, page)
    opened.page.wait_for_load_state("networkidle")
    assert opened.page.evaluate("window.hit") is None
    assert any("Content Security Policy" in complaint for complaint in opened.complaints)


def test_a_page_of_many_classes_is_small_and_lists_them(browser: Browser, tmp_path: Path) -> None:
    stream = io.StringIO()
    models = sources("5.23.0") / "transformers" / "models"
    parts = [str(folder) for number, folder in enumerate(sorted(models.iterdir())) if number % 16 == 3]
    write_html(explain_paths(parts, Configuration(transformers="5.23.0")), stream)
    assert len(stream.getvalue().encode()) < LARGEST / 8
    page = Opened(browser, tmp_path, stream.getvalue()).page
    assert page.locator(".list li").count() > 100
