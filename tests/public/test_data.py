"""The pages of the open data, its files as downloads, and what tells other catalogues of it."""

import gzip
import hashlib
import json
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from projects.exchange import kept, opendata
from projects.exchange.tables import TABLES
from projects.models import Project
from tests import factories

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 22, 5, tzinfo=UTC)


@pytest.fixture
def made(project, staff):
    Project.objects.filter(pk=project.pk).update(demo=True)
    return opendata.make(NOON)


def whole(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


# --- pages -----------------------------------------------------------------------------------------------------------
def test_before_it_is_made_the_page_says_so(client):
    assert "ยังไม่ได้จัดทำไฟล์" in client.get("/data/").text
    assert "have not been made yet" in client.get("/en/data/").text
    for path in ("projects/", "projects.csv", "govlab.zip", "catalog.jsonld", "ckan.json", "checksums.txt"):
        assert client.get(f"/data/{path}").status_code == 404


@pytest.mark.parametrize("start", ["", "/en"])
def test_the_page_lists_every_table_with_its_files_and_checksums(client, made, start):
    page = client.get(f"{start}/data/")
    for name, table in TABLES.items():
        assert f'href="{start}/data/{name}/"' in page.text
        assert {f"{start}/data/{name}.{ending}" for ending in ("csv", "json", "xlsx")} <= {
            *re.findall(r'href="([^"]+)"', page.text)
        }
        assert made.files[f"{name}.csv"].sha256 in page.text
        assert table.columns
    assert f"{start}/data/govlab.zip" in page.text
    assert ("ข้อมูลสาธิต" if not start else "demonstration data") in page.text
    assert page.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert not page.cookies


def test_the_page_asks_the_database_nothing(client, made):
    for path in ("/data/", "/data/projects/", "/data/projects.csv"):
        with CaptureQueriesContext(connection) as asked:
            whole(client.get(path))
        assert [query["sql"] for query in asked] == []


@pytest.mark.parametrize("start", ["", "/en"])
def test_a_table_s_page_explains_every_column_and_names_its_files(client, made, start):
    for name, table in TABLES.items():
        page = client.get(f"{start}/data/{name}/")
        assert page.status_code == 200
        for column in table.columns:
            assert f"<code>{column.name}</code>" in page.text
        for ending in ("csv", "json"):
            assert made.files[f"{name}.{ending}"].sha256 in page.text


def test_the_preview_is_told_as_people_read_it(client, made, project):
    text = client.get("/data/projects/").text
    assert project.code in text.partition('id="preview"')[2] and "ใช่" in text.partition('id="preview"')[2]


def test_the_page_tells_other_programs_what_it_offers(client, made):
    page = client.get("/data/")
    blocks = [json.loads(text) for text in re.findall(r'ld\+json">(.*?)</script>', page.text, re.DOTALL)]
    [dataset] = [row for block in blocks for row in block["@graph"] if row["@type"] == "Dataset"]
    assert dataset["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert [each["sha256"] for each in dataset["distribution"]] == [made.files["govlab.zip"].sha256]
    assert '<link rel="describedby"' in page.text and '/data/catalog.jsonld"' in page.text
    assert '<link rel="canonical" href="http://testserver/data/">' in page.text
    assert "/data/" in client.get("/sitemap.xml").text
    assert client.get("/").text.count('href="/data/"') == 2  # in the menu and at the foot


# --- files -----------------------------------------------------------------------------------------------------------
def test_a_file_is_handed_out_as_what_it_is(client, made):
    for path, name, kind in (
        ("/data/projects.csv", "govlab-projects.csv", "text/csv; charset=utf-8; header=present"),
        ("/en/data/projects.json", "govlab-projects.json", "application/json; charset=utf-8"),
        ("/data/projects.xlsx", "govlab-projects.xlsx", kept.KINDS["xlsx"]),
        ("/en/data/projects.xlsx", "govlab-projects-en.xlsx", kept.KINDS["xlsx"]),
        ("/data/govlab.zip", "govlab.zip", "application/zip"),
        ("/data/dictionary.csv", "govlab-dictionary.csv", "text/csv; charset=utf-8; header=present"),
    ):
        answer = Client().get(path)
        body = whole(answer)
        sha256 = hashlib.sha256(body).hexdigest()
        assert answer.headers["ETag"] == f'"{sha256}"'
        assert sha256 in {file.sha256 for file in made.files.values()}
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
        assert answer.headers["Content-Type"] == kind
        assert answer.headers["Content-Length"] == str(len(body))
        assert answer.headers["Last-Modified"] == "Sun, 22 Nov 2026 05:00:00 GMT"
        assert answer.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert not answer.cookies
    assert whole(client.get("/data/projects.xlsx")) != whole(client.get("/en/data/projects.xlsx"))
    assert whole(client.get("/data/projects.csv")).startswith(b"\xef\xbb\xbfcode,")


def test_what_is_not_offered_is_not_there(client, made):
    for path in ("projects.preview", "projects.th.xlsx", "current.json", "no-such.csv", "no-such/", "projects.zip"):
        assert client.get(f"/data/{path}").status_code == 404


def test_whoever_has_it_does_not_get_it_again(client, made):
    first = client.get("/data/projects.csv")
    whole(first)
    for header, value in (
        ("If-None-Match", first.headers["ETag"]),
        ("If-Modified-Since", first.headers["Last-Modified"]),
    ):
        again = client.get("/data/projects.csv", headers={header: value})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]
    other = client.get("/data/projects.csv", headers={"If-None-Match": '"another"'})
    assert other.status_code == 200
    whole(other)


def test_text_goes_packed_to_whoever_takes_it_so_and_is_packed_once(client, made):
    plain = client.get("/data/projects.csv")
    packed = client.get("/data/projects.csv", headers={"Accept-Encoding": "gzip"})
    body = whole(packed)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Content-Length"] == str(len(body))
    assert gzip.decompress(body) == whole(plain)
    assert packed.headers["ETag"] == plain.headers["ETag"][:-1] + '-gzip"'
    assert "Accept-Encoding" in packed.headers["Vary"] and "Accept-Encoding" in plain.headers["Vary"]
    book = client.get("/data/govlab.zip", headers={"Accept-Encoding": "gzip"})
    assert book.headers["Content-Encoding"] == "identity" and whole(book)[:2] == b"PK"


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("bytes=0-9", 0, 9), ("bytes=10-", 10, None), ("bytes=-5", -5, None), ("bytes=5-99999999", 5, None)],
)
def test_a_part_of_a_file(client, made, asked, first, last):
    body = whole(client.get("/data/projects.csv"))
    part = client.get("/data/projects.csv", headers={"Range": asked, "Accept-Encoding": "gzip"})
    wanted = body[first:] if last is None else body[first : last + 1]
    begin = first % len(body)
    assert (part.status_code, whole(part)) == (206, wanted)
    assert part.headers["Content-Range"] == f"bytes {begin}-{begin + len(wanted) - 1}/{len(body)}"
    assert part.headers["Content-Length"] == str(len(wanted))


def test_a_part_that_is_not_there_and_a_part_of_another_version(client, made):
    body = whole(client.get("/data/projects.csv"))
    none = client.get("/data/projects.csv", headers={"Range": "bytes=99999999-"})
    assert (none.status_code, none.headers["Content-Range"]) == (416, f"bytes */{len(body)}")
    other = client.get("/data/projects.csv", headers={"Range": "bytes=0-9", "If-Range": '"another"'})
    assert (other.status_code, whole(other)) == (200, body)
    odd = client.get("/data/projects.csv", headers={"Range": "lines=1-2"})
    assert (odd.status_code, whole(odd)) == (200, body)


def test_a_new_version_is_handed_out_at_once(client, made, staff):
    first = whole(client.get("/data/agencies.csv"))
    agency = factories.make_agency(staff, "กรมใหม่")
    assert whole(client.get("/data/agencies.csv")) == first
    opendata.make(NOON + timedelta(hours=1))
    second = client.get("/data/agencies.csv")
    assert agency.key in whole(second).decode() and second.headers["Last-Modified"] == "Sun, 22 Nov 2026 06:00:00 GMT"


def test_the_checksums_are_those_of_the_files(client, made):
    lines = client.get("/data/checksums.txt").content.decode().splitlines()
    named = {name: sha256 for sha256, name in (line.split("  ") for line in lines)}
    assert len(named) == len(lines) == sum(not name.endswith(".preview") for name in made.files)
    assert named["govlab-projects.csv"] == hashlib.sha256(whole(client.get("/data/projects.csv"))).hexdigest()


# --- other catalogues ------------------------------------------------------------------------------------------------
def test_dcat_names_every_file_with_its_size_and_checksum(client, made, settings):
    settings.CONTACT_EMAIL = "data@opdc.test"
    answer = client.get("/data/catalog.jsonld")
    assert answer.headers["Content-Type"] == "application/ld+json"
    told = json.loads(answer.content)
    assert told["@type"] == "dcat:Catalog"
    assert {"dct:title", "dct:description", "dct:publisher", "dcat:dataset", "dct:license"} <= set(told)
    assert len(told["dcat:dataset"]) == len(TABLES) + 1
    parts = [(row, each) for row in told["dcat:dataset"] for each in row["dcat:distribution"]]
    for dataset, part in parts:
        assert {"dct:title", "dct:description", "dcat:contactPoint", "dcat:keyword", "dcat:theme"} <= set(dataset)
        body = whole(client.get(urlsplit(part["dcat:downloadURL"]["@id"]).path))
        assert part["dcat:byteSize"]["@value"] == str(len(body))
        assert part["spdx:checksum"]["spdx:checksumValue"]["@value"] == hashlib.sha256(body).hexdigest()
    assert len(parts) == len(TABLES) * 4 + 1
    prefixes = {name.partition(":")[0] for name in re.findall(r'"([a-z]+:[A-Za-z]+)"', answer.content.decode())}
    assert prefixes <= set(told["@context"])


CHOICES = {
    "data_type": {"ข้อมูลระเบียน", "ข้อมูลสถิติ", "ข้อมูลหลากหลายประเภท", "ข้อมูลประเภทอื่นๆ"},
    "update_frequency_unit": {"ปี", "ครึ่งปี", "ไตรมาส", "เดือน", "สัปดาห์", "วัน", "ชั่วโมง", "ตามเวลาจริง"},
    "geo_coverage": {"โลก", "ประเทศ", "ภาค", "จังหวัด", "อำเภอ", "ตำบล"},
    "data_category": {"ข้อมูลสาธารณะ", "ข้อมูลส่วนบุคคล", "ข้อมูลความมั่นคง", "ข้อมูลความลับทางราชการ"},
    "license_id": {"Creative Commons Attributions", "Open Data Common", "License not specified"},
    "data_support": {"ไม่มี", "หน่วยงานของรัฐ"},
    "high_value_dataset": {"True", "False"},
    "reference_data": {"True", "False"},
    "allow_harvest": {"True", "False"},
}
"""What GD Catalog takes, as its own form has it."""
NEEDED = (
    "title", "owner_org", "maintainer", "maintainer_email", "tag_string", "notes", "objective", "data_source",
    "data_format", "data_language", "url", "created_date", "last_updated_date", "accessible_condition",
    "update_frequency_interval",
)  # fmt: skip


def test_ckan_gets_every_field_that_the_thai_catalogue_asks_for(client, made, settings):
    settings.CONTACT_EMAIL = "data@opdc.test"
    told = json.loads(client.get("/data/ckan.json").content)
    assert {name: told[name] in choices for name, choices in CHOICES.items()} == dict.fromkeys(CHOICES, True)
    assert [name for name in NEEDED if not told[name]] == []
    assert (told["maintainer_email"], told["last_updated_date"]) == ("data@opdc.test", "2026-11-22")
    assert re.fullmatch("[a-z0-9_-]{2,100}", told["name"])
    assert all(re.fullmatch(r"[\w .\u0e00-\u0e7f-]{2,100}", tag["name"]) for tag in told["tags"])
    names = [row["name"] for row in told["resources"]]
    assert len(set(names)) == len(names) == sum(not name.endswith(".preview") for name in made.files)
    for row in told["resources"]:
        body = whole(client.get(urlsplit(row["url"]).path))
        assert (row["size"], row["hash"]) == (len(body), f"sha256:{hashlib.sha256(body).hexdigest()}")
    english = client.get("/en/data/ckan.json")
    assert json.loads(english.content) == told
