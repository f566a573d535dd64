"""What the field client is given for a slow link: all at once, compressed, kept for good."""

import gzip
import re
from pathlib import Path

from django.contrib.staticfiles import finders
from django.urls import reverse

from assessments.publish import Upload
from core.models import User
from tests.assessments.desk import Desk, add
from tests.assessments.test_field import signed_in
from tests.assessments.test_publish import CAMPS, with_files
from tests.cast import Cast


def test_the_page_asks_at_once_for_what_its_entry_needs(cast: Cast) -> None:
    User.objects.filter(username="olga").update(language="hy")
    page = signed_in(cast, "olga").get("/field/").content.decode()
    modules = re.findall(r'rel="modulepreload" href="/static/([^"]+)"', page)
    assert modules
    assert all(finders.find(module) for module in modules)
    assert any("/hy-" in module for module in modules)
    entry = Path(str(finders.find("build/field/app.js"))).read_text()
    assert all(name in " ".join(modules) for name in re.findall(r'"\./(chunks/[^"]+)"', entry))


def test_the_page_names_what_filling_a_form_needs(cast: Cast) -> None:
    page = signed_in(cast, "olga").get("/field/").content.decode()
    first = re.findall(r'<script type="module" src="/static/([^"]+/first-[^"]+)"', page)
    filling = re.findall(r'data-filling="([^"]+)"', page)[0].split()
    files = [*first, *(address.removeprefix("/static/") for address in filling)]
    assert len(files) > 2
    assert all(finders.find(file) for file in files)
    assert any("/engine-" in file for file in files)


def test_a_form_comes_compressed_and_is_the_same(desk: Desk) -> None:
    client = signed_in(desk.cast, "olga")
    address = reverse("field_xform", args=(desk.version.pk,))
    answer = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.content).decode() == desk.version.xform
    again = {"Accept-Encoding": "gzip", "If-None-Match": answer["ETag"]}
    assert client.get(address, headers=again).status_code == 304


def test_lists_of_a_form_come_compressed(cast: Cast, media: Path) -> None:
    camps = CAMPS + b"".join(b"d%d,Further camp\n" % number for number in range(100))
    version = add(cast, with_files(), Upload("camps.csv", camps))
    address = reverse("field_attachment", args=(version.pk, "camps.csv"))
    answer = signed_in(cast, "anna").get(address, headers={"Accept-Encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.content) == camps
