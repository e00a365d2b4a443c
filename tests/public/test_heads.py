"""What is shared of a list is the list as it is filtered; each kind of record tells what it is in its own words."""

import datetime as dt
import re
from urllib.parse import parse_qsl, urlsplit

import pytest

from agencies.models import Source
from agencies.rules import records
from govlab.history import hold, keep
from projects.models import AgendaItem, InnovationType, MeetingSeries, Resolution
from projects.rules.meetings import add_part
from tests import factories
from tests.public.test_sharing import HOST, data_of, head

pytestmark = pytest.mark.django_db
WATER = "%E0%B8%99%E0%B9%89%E0%B8%B3"


# --- shared as it is seen --------------------------------------------------------------------------------------------
def shared(page):
    """The addresses that the box to copy, the links to other sites and Open Graph name."""
    box = re.findall(r'<input id="share-address" value="([^"]*)" readonly>', page.text)
    links = re.findall(r'<a href="(https://[^"]+)" rel="noopener noreferrer nofollow">', page.text)
    sent = [dict(parse_qsl(urlsplit(link.replace("&amp;", "&")).query)) for link in links]
    assert len(links) == 3
    found = {each.get("url") or each["u"] for each in sent} | set(box) | {head(page)["og:url"]}
    return {each.replace("&amp;", "&") for each in found}


SHARED = {
    "/search/?q=น้ำ&kind=project": f"/search/?q={WATER}&kind=project",
    "/en/search/?q=a%26b&kind=": "/en/search/?q=a%26b",
    "/projects/?q=&cohort=2562&cohort=2561&page=2": "/projects/?cohort=2562&cohort=2561&page=2",
    "/projects/?cohort=2562&page=1": "/projects/?cohort=2562",
    "/projects/map/?rows=type&columns=lab": "/projects/map/?rows=type&columns=lab",
    "/innovations/?country=TH&utm_source=line": "/innovations/?country=TH",
    "/resolutions/?state=late&fbclid=x": "/resolutions/?state=late",
    "/news/?kind=update": "/news/?kind=update",
    "/projects/": "/projects/",
    "/?utm_source=line": "/",
}


@pytest.mark.parametrize(("asked", "sent"), SHARED.items(), ids=SHARED)
def test_what_is_shared_is_what_is_seen(client, staff, asked, sent):
    factories.make_cohort(staff, 2561)
    for _n in range(21):
        factories.make_project(staff)
    page = client.get(asked)
    assert shared(page) == {HOST + sent}
    # One address for all filters: nobody's list of results is a page of its own for a search engine.
    bare = HOST + urlsplit(sent).path
    assert (head(page)["canonical"], data_of(page)["WebPage"]["url"]) == ([bare], bare)


def test_an_address_that_no_box_makes_is_shared_without_its_end(client, db):
    assert shared(client.get("/projects/", {"q": "ก" * 400})) == {f"{HOST}/projects/"}
    page = client.get("/search/", {"q": '"><script>alert(1)</script>'})
    assert shared(page) == {f"{HOST}/search/?q=%22%3E%3Cscript%3Ealert%281%29%3C%2Fscript%3E"}


# --- told in its own words -------------------------------------------------------------------------------------------
def told(client, path):
    """Description, kind by schema.org and the way to the page, in both languages."""
    found = []
    for start in ("", "/en"):
        page = client.get(start + path)
        data = data_of(page)["WebPage"]
        assert head(page)["description"] == head(page)["og:description"]
        assert data["description"] == head(page)["description"].replace("&amp;", "&").replace("&quot;", '"')
        way = [row["item"].removeprefix(HOST) for row in data["breadcrumb"]["itemListElement"]]
        assert way[-1] == data["mainEntity"]["url"].removeprefix(HOST) == start + path
        found.append((data["description"], data["mainEntity"]["@type"], way[1].removeprefix("/en")))
    return found


def test_a_project_without_an_aim_tells_its_facts(client, staff, agency):
    project = factories.make_project(staff, owner=agency, code="GL2562-7", title_th="น้ำ", title_en="Water")
    thai, english = told(client, f"/projects/{project.code}/")
    assert thai == (f"น้ำ · โครงการ GovLab รหัส GL2562-7 · {project.cohort} · กรมตัวอย่าง", "Project", "/projects/")
    assert english[0] == "Water · GovLab project GL2562-7 · Cohort 2019 · กรมตัวอย่าง"
    keep(hold(project), "edit", by=staff, problem_th="น้ำท่วมทุกปี")
    assert told(client, f"/projects/{project.code}/")[0][0] == "น้ำท่วมทุกปี"


def test_a_cohort_tells_what_staff_wrote_or_its_numbers(client, staff):
    cohort = factories.make_cohort(staff, 2562)
    for _n in range(2):
        factories.make_project(staff)
    factories.make_project(staff, published=False)
    thai, english = told(client, "/cohorts/2562/")
    assert (thai[0], thai[1:]) == (f"GovLab {cohort} · โครงการ 2", ("Collection", "/cohorts/"))
    assert english[0] == "GovLab Cohort 2019 · Projects 2"
    keep(hold(cohort), "edit", by=staff, about_th="รุ่นแรก", about_en="The first")
    assert [each[0] for each in told(client, "/cohorts/2562/")] == ["รุ่นแรก", "The first"]


def test_each_stage_tells_what_it_is_for(client, db):
    found = {number: told(client, f"/stages/{number}/") for number in (1, 2, 3, 4)}
    assert len({each[0] for pair in found.values() for each in pair}) == 8
    assert {each[1:] for pair in found.values() for each in pair} == {("DefinedTerm", "/cohorts/")}
    assert found[1][1][0].startswith("Look at the whole service first")


def test_a_meeting_tells_its_theme_its_name_when_and_where(client, staff):
    days = {"starts_on": dt.date(2019, 3, 13), "ends_on": dt.date(2019, 3, 15)}
    meeting = factories.make_meeting(staff, title_th="การประชุม", theme_th="ร่วมคิด", place_th="กรุงเทพฯ", **days)
    [thai, _english] = told(client, f"/meetings/{meeting.key}/")
    assert thai == ("ร่วมคิด · การประชุม · 13–15 มีนาคม 2562 · กรุงเทพฯ", "Event", "/meetings/")
    bare = factories.make_meeting(staff, title_th="ประชุมสั้น", starts_on=dt.date(2019, 1, 11))
    [thai, english] = told(client, f"/meetings/{bare.key}/")
    assert (thai[0], english[0]) == ("ประชุมสั้น · 11 มกราคม 2562", "ประชุมสั้น · 11 January 2019")


def test_a_resolution_tells_its_text_and_the_meeting_it_is_from(client, staff):
    body = records.add(MeetingSeries, by=staff, key="sub", name_th="อ.ก.พ.ร.")
    source = records.add(Source, by=staff, key="report", title_th="รายงาน")
    numbered = {"kind": "committee", "series": body, "number": 3, "year": 2562, "sources": [source]}
    meeting = factories.make_meeting(staff, **numbered)
    item = add_part(AgendaItem, by=staff, meeting=meeting, title_th="วาระ", shown=2)
    row = add_part(Resolution, by=staff, meeting=meeting, item=item, text_th="เห็นชอบ", text_en="Agreed")
    path = f"/resolutions/{row.pk}/"
    assert told(client, path) == [(text, "CreativeWork", "/resolutions/") for text in ("เห็นชอบ", "Agreed")]
    held = data_of(client.get(path))["WebPage"]["mainEntity"]["recordedAt"]
    assert (held["name"], held["url"]) == (meeting.full_name, f"{HOST}/meetings/{meeting.key}/")


def test_an_agency_tells_its_kind_and_what_it_does_here(client, staff, agency):
    factories.make_project(staff, owner=agency)
    factories.make_innovation(staff, agency=agency)
    factories.make_project(staff, owner=agency, published=False)
    [thai, english] = told(client, f"/agencies/{agency.key}/")
    assert thai[0].startswith("กรมตัวอย่าง · ") and thai[0].endswith(" · โครงการ 1 · นวัตกรรม 1")
    assert (english[0].split(" · ")[-2:], english[1]) == (["Projects 1", "Innovations 1"], "GovernmentOrganization")


def test_an_innovation_without_a_text_tells_type_country_and_agency(client, staff, agency):
    kind = records.add(InnovationType, by=staff, key="digital", name_th="ดิจิทัล", name_en="Digital")
    row = factories.make_innovation(staff, title_th="ถัง", agency=agency, types=[kind])
    [thai, english] = told(client, f"/innovations/{row.pk}/")
    assert thai == ("ถัง · ดิจิทัล · ไทย · กรมตัวอย่าง", "CreativeWork", "/innovations/")
    assert english[0] == "ถัง · Digital · Thailand · กรมตัวอย่าง"


def test_a_call_tells_until_when_and_what_it_is_about(client, staff, project):
    today = dt.date.today()
    call = factories.make_call(staff, project, today=today, about_th="รอนาน", about_en="Long waits")
    [thai, english] = told(client, f"/calls/{call.pk}/")
    assert (thai[0].split(" · ")[1:], thai[1:]) == (["รอนาน"], ("Question", "/calls/"))
    assert english[0].startswith("Answer until ") and english[0].endswith(" · Long waits")
    past = factories.make_call(staff, project, today=today - dt.timedelta(60))
    assert told(client, f"/calls/{past.pk}/")[0][0] == "ทีมอ่านทุกความเห็น"


def test_what_is_demonstration_says_so_first(client, staff):
    cohort = factories.make_cohort(staff, 2562)
    keep(hold(cohort), "edit", by=staff, demo=True)
    assert [each[0].split(" · ")[0] for each in told(client, "/cohorts/2562/")] == ["ข้อมูลสาธิต", "Demonstration data"]
