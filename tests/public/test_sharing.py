"""What a public page tells others of itself: addresses, a card, schema.org, links to share it, a code for paper."""

import json
import re
from io import BytesIO
from xml.etree import ElementTree

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from agencies.models import Agency, Source
from agencies.rules import records
from govlab import qr
from govlab.history import hold, keep
from projects.documents.card import SIZE, Card, drawn
from projects.models import Innovation, Meeting, Project, Stage
from projects.public import sitemap
from projects.rules import publishing
from tests import factories

pytestmark = pytest.mark.django_db
HOST = "http://testserver"


def head(page):
    """The page's links and metas by their names."""
    html = page.text
    found = dict(re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', html))
    found |= {
        f"lang {lang}": at for lang, at in re.findall(r'hreflang="([^"]+)" href="([^"]+)"', html.split("<body")[0])
    }
    found["canonical"] = re.findall(r'<link rel="canonical" href="([^"]+)">', html)
    return found


@pytest.mark.parametrize(
    ("asked", "canonical"),
    [
        ("/projects/", "/projects/"),
        ("/projects/?cohort=2562", "/projects/"),
        ("/projects/?cohort=2562&page=2", "/projects/"),
        ("/projects/?page=2", "/projects/?page=2"),
        ("/projects/?page=1", "/projects/"),
        ("/projects/?utm_source=x", "/projects/"),
        ("/en/projects/?page=2", "/en/projects/?page=2"),
        ("/", "/"),
        ("/en/", "/en/"),
    ],
)
def test_every_page_names_itself_and_its_twin_without_filters(client, staff, asked, canonical):
    for n in range(21):
        factories.make_project(staff, code=f"GL2562-{n + 1}")
    found = head(client.get(asked))
    thai = canonical.removeprefix("/en") if canonical.startswith("/en/") else canonical
    assert found["canonical"] == [HOST + canonical]
    assert (found["lang th"], found["lang en"], found["lang x-default"]) == (
        HOST + thai,
        f"{HOST}/en{thai}",
        HOST + thai,
    )


def test_a_project_tells_its_title_aim_and_card(client, staff, agency):
    project = factories.make_project(staff, owner=agency, title_th='ชื่อ <ก> & "ข"', aim_th="เป้าหมาย  หนึ่ง\nสอง")
    for start, locale, other in (("", "th_TH", "en_US"), ("/en", "en_US", "th_TH")):
        found = head(client.get(f"{start}/projects/{project.code}/"))
        assert found["og:title"] == "ชื่อ &lt;ก&gt; &amp; &quot;ข&quot;"
        assert found["description"] == found["og:description"] == "เป้าหมาย หนึ่ง สอง"
        assert (found["og:locale"], found["og:locale:alternate"]) == (locale, other)
        assert found["og:image"] == f"{HOST}{start}/cards/projects/{project.code}.png"
        assert (found["og:site_name"], found["twitter:card"]) == ("GovLab", "summary_large_image")


def test_a_long_text_is_cut_and_demonstration_data_is_called_so(client, staff, agency):
    project = factories.make_project(staff, owner=agency, aim_th="ยาว" * 300)
    keep(hold(project), "edit", by=staff, demo=True)
    text = head(client.get(f"/projects/{project.code}/"))["description"]
    assert text.startswith("ข้อมูลสาธิต · ยาวยาว") and text.endswith("…") and len(text) < 230


def data_of(page):
    [text] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page.text, re.DOTALL)
    return {row["@type"]: row for row in json.loads(text)["@graph"]}


def test_a_project_is_told_as_schema_org_has_it(client, staff, agency):
    project = factories.make_project(staff, owner=agency)
    data = data_of(client.get(f"/projects/{project.code}/"))
    address = f"{HOST}/projects/{project.code}/"
    page = data["WebPage"]
    assert set(data) == {"GovernmentOrganization", "WebSite", "WebPage"}
    assert page["mainEntity"] == {
        "@type": "Project",
        "name": project.title_th,
        "identifier": project.code,
        "parentOrganization": [
            {"@type": "GovernmentOrganization", "name": agency.name_th, "url": f"{HOST}/agencies/{agency.key}/"}
        ],
        "url": address,
    }
    assert (page["url"], page["inLanguage"]) == (address, "th")
    assert [(row["position"], row["item"]) for row in page["breadcrumb"]["itemListElement"]] == [
        (1, f"{HOST}/"),
        (2, f"{HOST}/projects/"),
        (3, address),
    ]


@pytest.mark.parametrize("title", ["</script><script>alert(1)</script>", "<!-- <script>", "a\u2028b & \\u003C"])
def test_no_title_ends_the_block_of_data(client, staff, title):
    project = factories.make_project(staff, title_th=title)
    page = client.get(f"/projects/{project.code}/")  # parsed as HTML by the client
    assert data_of(page)["WebPage"]["mainEntity"]["name"] == title
    assert "<script>" not in page.text and "<!-- <" not in page.text.replace("&lt;!-- &lt;", "")


def test_each_kind_of_record_is_told_as_what_it_is(client, staff, agency):
    meeting, innovation = factories.make_meeting(staff), factories.make_innovation(staff)
    for path, kind in (
        (f"/meetings/{meeting.key}/", "Event"),
        (f"/agencies/{agency.key}/", "GovernmentOrganization"),
        (f"/innovations/{innovation.pk}/", "CreativeWork"),
    ):
        assert data_of(client.get(path))["WebPage"]["mainEntity"]["@type"] == kind


def test_what_somebody_typed_is_nothing_that_the_page_says_of_itself(client, project):
    page = client.get("/en/search/?q=bankrupt")
    assert (head(page)["og:title"], data_of(page)["WebPage"]["name"]) == ("Search", "Search")


def test_what_is_for_one_person_is_neither_shared_nor_named(client, project):
    for path in ("/accounts/login/", "/fill/no-such-link/", "/no-such-page/"):
        page = client.get(path)
        assert (head(page)["canonical"], 'class="share' in page.text, 'class="paper qr"' in page.text) == (
            [],
            False,
            False,
        )


def test_a_page_is_shared_by_plain_links(client, project):
    page = client.get(f"/en/projects/{project.code}/")
    at = f"http%3A%2F%2Ftestserver%2Fen%2Fprojects%2F{project.code}%2F"
    links = dict(re.findall(r'<a href="(https://[^"]+)" rel="noopener noreferrer nofollow">(\w+)</a>', page.text))
    assert {name: link.split("&")[0] for link, name in links.items()} == {
        "LINE": f"https://social-plugins.line.me/lineit/share?url={at}",
        "Facebook": f"https://www.facebook.com/sharer/sharer.php?u={at}",
        "X": f"https://x.com/intent/post?url={at}",
    }
    assert f'value="{HOST}/en/projects/{project.code}/" readonly' in page.text
    assert f'&lt;iframe src="{HOST}/en/embed/projects/{project.code}/"' in page.text.replace("&quot;", '"')


def test_the_code_on_paper_leads_to_the_page():
    path, side = qr.path_of("https://govlab.example/projects/GL2562-3/")
    dark = {
        (int(x) + n, int(y)) for x, y, wide in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", path) for n in range(int(wide))
    }
    assert side == 29 + 2 * qr.QUIET
    # The three corners by which a camera finds it, and light around them.
    for x, y in ((4, 4), (side - 11, 4), (4, side - 11)):
        assert {(x + n, y) for n in range(7)} <= dark and (x + 1, y + 1) not in dark and (x + 3, y + 3) in dark
    assert min(min(at) for at in dark) == qr.QUIET and max(max(at) for at in dark) == side - qr.QUIET - 1


# --- cards ------------------------------------------------------------------------------------------------------------
def picture(response):
    assert response.headers["Content-Type"] == "image/png"
    return Image.open(BytesIO(response.content)).convert("RGB")


def test_a_project_has_a_card_drawn_by_how_far_it_is(client, staff, project, django_assert_num_queries):
    path = f"/cards/projects/{project.code}.png"
    with django_assert_num_queries(1):
        before = client.get(path)
    assert picture(before).size == SIZE
    assert before.headers["Cache-Control"].startswith("public")
    assert before.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert before.content == client.get(path).content
    stage = Stage.objects.get(project=project, number=1)
    keep(hold(stage), "edit", by=staff, state="done", actual_end="2020-01-01")
    assert picture(client.get(path)).getpixel((250, 450)) == (0x44, 0x53, 0xC4) != picture(before).getpixel((250, 450))
    assert picture(client.get("/cards/govlab.png")).size == picture(client.get("/en/cards/govlab.png")).size == SIZE


def test_only_public_projects_have_a_card_and_can_be_embedded(client, staff, project):
    draft = factories.make_project(staff, published=False)
    publishing.hide(project, by=staff)
    for path in ("/cards/projects/{}.png", "/embed/projects/{}/"):
        got = {client.get(path.format(code)).status_code for code in (draft.code, project.code, "GL2599-9")}
        assert got == {404}


@pytest.mark.parametrize("title", ["ก", "ทั้งนี้" * 42, "W" * 300, "😀 你好 \x07", "#panic() $x$ *b* [c] \\ @d <e>"])
def test_any_title_fits_on_its_card(title):
    blank = Image.open(BytesIO(drawn(Card("", "", "", "", "", ["unknown"] * 4, "th")))).convert("RGB")
    made = Image.open(BytesIO(drawn(Card("", "", title, "", "", ["unknown"] * 4, "th")))).convert("RGB")
    assert made.size == SIZE
    # Nothing of the title reaches the margins or the diamonds.
    for box in ((0, 0, 60, 630), (1145, 0, 1200, 630), (0, 372, 1200, 630)):
        assert made.crop(box).tobytes() == blank.crop(box).tobytes(), box
    assert made.crop((60, 120, 1145, 372)).tobytes() != blank.crop((60, 120, 1145, 372)).tobytes()


# --- a card for other sites -------------------------------------------------------------------------------------------
def test_only_the_small_card_may_stand_in_a_frame(client, project, staff):
    client.force_login(staff)
    small, page = client.get(f"/embed/projects/{project.code}/"), client.get(f"/projects/{project.code}/")
    assert "frame-ancestors *" in small.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in small.headers and small.headers["X-Robots-Tag"] == "noindex"
    assert not small.cookies and "Cookie" not in small.headers.get("Vary", "")
    assert "<script" not in small.text and "<form" not in small.text
    assert f'href="{HOST}/projects/{project.code}/"' in small.text and 'rel="noopener"' in small.text
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Frame-Options"] == "DENY"


def test_the_small_card_may_stand_in_a_frame_from_the_shelf_too(client, project, settings):
    settings.PAGES_MEMORY = 1
    for _time in range(2):
        small = client.get(f"/embed/projects/{project.code}/")
        assert "X-Frame-Options" not in small.headers
    tag = small.headers["ETag"]
    again = client.get(f"/embed/projects/{project.code}/", headers={"If-None-Match": tag})
    assert again.status_code == 304 and "X-Frame-Options" not in again.headers
    guards = ("Content-Security-Policy", "Cross-Origin-Resource-Policy", "X-Robots-Tag")
    assert [again.headers[name] for name in guards] == [small.headers[name] for name in guards]


# --- every page in one list -------------------------------------------------------------------------------------------
NS = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


def listed(response):
    return {
        row.find("s:loc", NS).text: {link.get("hreflang"): link.get("href") for link in row.findall("x:link", NS)}
        for row in ElementTree.fromstring(response.content).findall("s:url", NS)
    }


@pytest.fixture
def portal(staff, agency):
    """Something of every kind, public and not."""
    project = factories.make_project(staff, owner=agency)
    draft = factories.make_project(staff, owner=agency, published=False)
    return {
        "public": [project, factories.make_meeting(staff), factories.make_innovation(staff), agency],
        "hidden": [draft, factories.make_meeting(staff, published=False)],
    }


def page_of(thing):
    kinds = {Project: ("projects", "code"), Meeting: ("meetings", "key"), Agency: ("agencies", "key")}
    folder, column = kinds.get(type(thing), ("innovations", "pk"))
    return f"/{folder}/{getattr(thing, column)}/"


def test_the_sitemap_holds_what_is_public_in_both_languages(client, portal, django_assert_num_queries):
    with django_assert_num_queries(2):
        response = client.get("/sitemap.xml")
    assert response.headers["Content-Type"] == "application/xml; charset=utf-8"
    found = listed(response)
    for thing in portal["public"]:
        path = page_of(thing)
        twins = {"th": HOST + path, "en": f"{HOST}/en{path}", "x-default": HOST + path}
        assert found[HOST + path] == found[f"{HOST}/en{path}"] == twins
    assert [HOST + page_of(thing) in found for thing in portal["hidden"]] == [False, False]
    assert f"{HOST}/robots.txt" not in found and f"{HOST}/privacy/" in found


def test_every_page_in_the_sitemap_is_there(client, portal):
    paths = [address.removeprefix(HOST) for address in listed(client.get("/sitemap.xml"))]
    assert {path: client.get(path).status_code for path in paths} == dict.fromkeys(paths, 200)


def test_a_large_portal_has_a_list_of_lists_in_which_nothing_is_missing(client, staff, portal, monkeypatch):
    for n in range(5):
        records.add(Source, by=staff, key=f"s{n}", title_th="ก")
        factories.make_innovation(staff)
    whole = listed(client.get("/sitemap.xml"))
    monkeypatch.setattr(sitemap, "AT_MOST", 3)
    index = ElementTree.fromstring(client.get("/sitemap.xml").content)
    parts = [row.find("s:loc", NS).text for row in index.findall("s:sitemap", NS)]
    assert parts[0] == f"{HOST}/sitemap-1.xml" and len(parts) > 3
    found = [listed(client.get(part)) for part in parts]
    assert sum(map(len, found)) == len(whole) and {k: v for part in found for k, v in part.items()} == whole
    assert client.get(f"/sitemap-{len(parts) + 1}.xml").status_code == 404


def test_the_sitemap_asks_as_little_of_many_records(client, portal, staff):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            client.get("/sitemap.xml")
        return len(queries)

    before = asked()
    for _n in range(3):
        factories.make_innovation(staff)
    assert (before, asked()) == (2, 2)


def test_people_find_the_same_on_a_page(client, portal, django_assert_num_queries):
    with django_assert_num_queries(1):
        page = client.get("/sitemap/")
    main = re.findall(r"<main.*?</main>", page.text, re.DOTALL)[0]
    paths = re.findall(r'href="(/[^"]*)"', main)
    assert {path: client.get(path).status_code for path in paths} == dict.fromkeys(paths, 200)


def test_the_facts_make_a_valid_sitemap(client, db):
    call_command("load_facts", verbosity=0)
    found = listed(client.get("/sitemap.xml"))
    assert f"{HOST}/projects/GL2562-3/" in found
    assert len([at for at in found if "/projects/GL" in at]) == 2 * Project.objects.public().count()
    assert len([at for at in found if "/innovations/" in at]) == 2 * (1 + Innovation.objects.public().count())
