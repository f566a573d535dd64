"""What makes an app of the field client: the service worker's list of files, and the manifest."""

import json
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from tests.cast import Cast

needs_build = pytest.mark.skipif(
    finders.find("build/worker/sw.js") is None, reason="the front end is not built"
)


def release(client: Client) -> dict[str, object]:
    """Return what the worker is told to keep."""
    first = client.get("/field/sw.js").content.decode().partition("\n")[0]
    found: dict[str, object] = json.loads(first.removeprefix("self.TESSERA_RELEASE = ")[:-1])
    return found


@needs_build
def test_the_worker_names_every_file_of_its_release(client: Client) -> None:
    answer = client.get("/field/sw.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    files = release(client)["files"]
    assert isinstance(files, list)
    built = Path(str(finders.find("build/field/manifest.json"))).parent
    chunks = {path.name for path in built.glob("chunks/*")}
    assert chunks
    assert chunks <= {address.rpartition("/")[2] for address in files}
    assert release(client) == release(client)


def test_the_manifest_opens_the_client(client: Client, cast: Cast) -> None:
    answer = client.get("/field/manifest.webmanifest", headers={"Accept-Language": "ru"})
    assert answer["Content-Type"] == "application/manifest+json"
    said = answer.json()
    assert (said["start_url"], said["scope"], said["display"]) == (
        "/field/",
        "/field/",
        "standalone",
    )
    assert {icon["sizes"] for icon in said["icons"]} >= {"192x192", "512x512"}
