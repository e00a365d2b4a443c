"""About GovLab, the front page, the note to search engines, evidence as a download."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from agencies.models import Source
from agencies.rules import records
from govlab import files
from projects.models import Lab
from projects.rules import publishing
from tests import factories

pytestmark = pytest.mark.django_db


def test_an_empty_front_page_says_what_will_be_here(client):
    page = client.get("/en/")
    assert "No project yet" in page.text
    assert "What agencies report will stand here" in page.text
    assert page.context["figures"] == {"presented": 0, "meetings": 0, "assignments": 0}


@pytest.mark.parametrize("rows", [1, 3])
def test_the_front_page_counts_what_is_public_in_five_queries(
    client, staff, agency, reporter, rows, django_assert_num_queries
):
    field = factories.make_field(staff, "การศึกษา")
    secret = factories.make_field(staff, "ลับ")
    for year in (2560, 2561, 2562):
        for _n in range(rows):
            project = factories.make_project(staff, owner=agency, year=year, field=field)
            factories.make_meeting(staff, projects=[project])
        factories.make_project(staff, year=year, published=False, field=field)
    draft = factories.make_project(staff, year=2599, published=False, field=secret)
    factories.make_meeting(staff, published=False)
    for n in range(rows):
        factories.make_update(reporter, project, "approved", staff)
        factories.make_call(staff, project, question_th=f"ถาม {n}")
        factories.make_call(staff, draft)
    with django_assert_num_queries(5):  # figures, projects, their stages, calls, news
        page = client.get("/")
    assert (page.context["projects"], page.context["years"]) == (
        3 * rows,
        [(year, rows) for year in (2562, 2561, 2560)],
    )
    assert page.context["figures"] == {"presented": 3 * rows, "meetings": 3 * rows, "assignments": 0}
    assert [(row.key, row.place) for row in page.context["fields"]] == [(field.key, 3 * rows)]
    assert {row.project.cohort.year for row in page.context["newest"]} == {2562}
    assert len(page.context["newest"]) == len(page.context["calls"]) == rows
    assert len(page.context["entries"]) == 5
    assert "ลับ" not in page.text


def test_the_front_page_leads_on_from_every_field_and_cohort(client, staff):
    field = factories.make_field(staff, "การศึกษา")
    for year in (2561, 2562):
        factories.make_project(staff, year=year, field=field)
    page = client.get("/")
    for address, count in ((f"/projects/?field={field.key}", 2), ("/projects/?cohort=2562", 1)):
        assert f'href="{address}"' in page.text
        assert client.get(address).context["count"] == count
    assert 'href="/cohorts/2561/"' in page.text and 'href="/projects/map/"' in page.text


def test_about_shows_laboratories_with_their_sources(client, staff, django_assert_num_queries):
    source = records.add(Source, by=staff, key="s1", title_th="ข่าว ก")
    for n in (1, 2):
        records.add(Lab, by=staff, key=f"lab-{n}", name_th=f"ห้อง {n}", about_th="ทดลอง", position=n, sources=[source])
    with django_assert_num_queries(1):
        page = client.get("/about/")
    principles, labs, types, facets = page.context["lists"]
    assert [row.name_th for row in labs[1]] == ["ห้อง 1", "ห้อง 2"]
    assert ([row.name_th for row in labs[3]], types[1], facets[1], principles[1]) == (["ข่าว ก"], [], [], [])


def test_search_engines_leave_closed_doors_alone(client):
    page = client.get("/robots.txt")
    assert page.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert page.text.splitlines() == [
        "User-agent: *",
        *(
            f"Disallow: {start}{path}"
            for start in ("/", "/en/")
            for path in ("desk/", "workspace/", "accounts/", "search/", "fill/", "calendars/", "follow/")
        ),
        "",
        "Sitemap: http://testserver/sitemap.xml",
    ]


def test_the_icon_is_found_at_its_old_address(client):
    assert client.get("/favicon.ico").url == "/static/img/favicon.svg"


def test_public_pages_are_only_read(client, project):
    for path in ("/", "/projects/", f"/projects/{project.code}/", "/search/"):
        assert client.post(path).status_code == 405


CONTENT = b"\x89PNG not really"


@pytest.fixture
def attach(reporter, project, staff):
    """`attach(state, release)` gives the evidence of an update in this state."""

    def do(state="approved", release=True):
        stored = files.store(SimpleUploadedFile("ภาพ.png", CONTENT))
        file = files.Attached("ภาพการทดสอบ.png", "png", stored.size, stored.sha256)
        return factories.make_update(reporter, project, state, staff, attach=[file], release=release).evidence.get()

    return do


def test_released_evidence_is_a_download_that_any_cache_may_keep(client, attach):
    response = client.get(f"/evidence/{attach().pk}/")
    assert response.getvalue() == CONTENT
    assert (response.headers["Content-Type"], response.headers["Cache-Control"]) == (
        "image/png",
        "public, max-age=0, must-revalidate",
    )
    assert response.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''%E0%B8%A0")
    assert "Cookie" not in response.headers.get("Vary", "")


@pytest.mark.parametrize(
    ("state", "release", "who"),
    [
        ("draft", True, {"reporter"}),
        ("submitted", True, {"reporter", "staff"}),
        ("returned", True, {"reporter", "staff"}),
        ("approved", False, {"reporter", "staff"}),
        ("approved", True, {"visitor", "stranger", "reporter", "staff"}),
    ],
)
def test_evidence_goes_to_whom_visible_to_shows_it(client, attach, state, release, who, request):
    path = f"/evidence/{attach(state, release).pk}/"
    got = set()
    for name in ("visitor", "stranger", "reporter", "staff"):
        client.logout()
        if name != "visitor":
            client.force_login(request.getfixturevalue(name))
        response = client.get(path)
        assert response.status_code in (200, 404)
        if response.status_code == 200:
            got.add(name)
            assert response.getvalue() == CONTENT
            assert response.headers["Cache-Control"].startswith("public" if "visitor" in who else "private, no-store")
    assert got == who


def test_evidence_of_a_hidden_project_is_no_longer_public(client, attach, project, staff):
    path = f"/evidence/{attach().pk}/"
    publishing.hide(project, by=staff)
    hidden, missing = client.get(path), client.get(f"/evidence/{uuid.uuid4()}/")
    assert (hidden.status_code, missing.status_code) == (404, 404)
