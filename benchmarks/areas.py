"""Import of areas, and the first view of a map of 5,000 of them."""

import os
import secrets
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, sync_playwright

from benchmarks import tessellation
from tests.site import Site

CHROMIUM = os.environ.get("TESSERA_CHROMIUM", "/usr/bin/chromium")
FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "boundaries"
MANY = 5_000
ROUNDS = 5
PASSWORD = secrets.token_urlsafe()
FILL = """
from core.models import Operation, User
for slug in ("few", "many"):
    Operation.objects.create(
        slug=slug, name=slug, countries=["ARM"], languages=["en"], starts_on="2020-11-01"
    )
User.objects.create_superuser("boss", password="{password}")
"""
Report = Callable[..., None]


def measure(report: Report) -> None:
    """Report seconds of imports by the command, start of Python included, and of the map's view."""
    site = Site("bench_boundaries")
    try:
        site.prepare(demo=False)
        site.manage("shell", "-c", FILL.format(password=PASSWORD))
        _imports(report, site)
        site.start()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
            _map(report, browser.new_context(base_url=site.url), "many")
            browser.close()
    finally:
        site.stop()


def _imports(report: Report, site: Site) -> None:
    few = SHARED / "arm_aze_adm1.geojson"
    if few.exists():
        report("import of 89 polygons", _seconds(site, few, "few"), "s", "≤ 5")
    else:
        report("import of 89 polygons", "no file", "", "../shared/data is not here")
    path = site.folder / "many.geojson"
    tessellation.write(path, MANY)
    report(f"file of {MANY:,} polygons", path.stat().st_size / 1e6, "MB")
    report(f"import of {MANY:,} polygons", _seconds(site, path, "many"), "s", "≤ 60")
    report("the same file again", _seconds(site, path, "many"), "s")


def _seconds(site: Site, path: Path, slug: str) -> float:
    began = time.monotonic()
    site.manage("import_areas", str(path), f"--operation={slug}", "--source=benchmark")
    return time.monotonic() - began


def _map(report: Report, context: BrowserContext, slug: str) -> None:
    page = context.new_page()
    page.goto("/accounts/login/")
    page.locator("#id_login").fill("boss")
    page.locator("#id_password").fill(PASSWORD)
    page.locator("#id_password").press("Enter")
    page.wait_for_url(lambda url: "/accounts/login" not in url)
    state = context.storage_state()
    browser = context.browser
    assert browser is not None
    views = []
    for _ in range(ROUNDS):
        fresh = browser.new_context(base_url=page.url, storage_state=state)
        views.append(_view(fresh.new_page(), slug))
        fresh.close()
    data, whole, ready = (sorted(one)[ROUNDS // 2] for one in zip(*views, strict=True))
    report(f"map of {MANY:,} polygons: boundaries on the wire", data / 1000, "kB", "≤ 500")
    report("  whole page on the wire", whole / 1000, "kB", "≤ 500")
    report("  interactive after (median, empty cache)", ready / 1000, "s", "≤ 2")
    report("  interactive after (slowest)", max(one[2] for one in views) / 1000, "s", "≤ 2")


def _view(page: Page, slug: str) -> tuple[float, float, float]:
    """Return bytes of the boundaries, bytes of everything, milliseconds until the map answers."""
    page.goto(f"/o/{slug}/areas/")
    page.wait_for_selector("[data-map][data-state=ready]")
    data, whole, ready = page.evaluate(
        """() => {
          const of = (type) => performance.getEntriesByType(type);
          const all = [...of('resource'), ...of('navigation')];
          const sum = (some) => some.reduce((total, one) => total + one.encodedBodySize, 0);
          return [
            sum(all.filter((one) => one.name.includes('map.geojson'))), sum(all),
            performance.getEntriesByName('map:areas-map')[0].startTime,
          ];
        }"""
    )
    return data, whole, ready
