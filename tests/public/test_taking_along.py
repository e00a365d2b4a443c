"""The lists of one agency, meeting or project and of the search as files; where there is none or it is refused."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from projects.models import AgendaItem, Assignment, Resolution, Shown
from projects.rules import meetings, publishing
from tests import factories
from tests.exchange.test_taking import PAGES, rows_of
from tests.world import make_world

pytestmark = pytest.mark.django_db


def offered(page: Any, of: str = "") -> bool:
    """Whether the page links to this list as CSV and as Excel."""
    links = [f"?of={of}&amp;as={kind}" if of else f"?as={kind}" for kind in ("csv", "xlsx")]
    return all(f'href="{link}"' in page.text for link in links)


def resolved(staff: Any, meeting: Any, agency: Any, text: str, **more: Any) -> Any:
    """A resolution of the meeting that the public sees, and what it asks of the agency."""
    item = meetings.add_part(AgendaItem, by=staff, meeting=meeting, title_th="วาระ", shown=Shown.RESOLUTIONS, **more)
    made = meetings.add_part(Resolution, by=staff, meeting=meeting, item=item, number="1", text_th=text)
    meetings.add_part(
        Assignment, by=staff, meeting=meeting, resolution=made, agency=agency, partners=[], text_th=f"งานจาก {text}"
    )
    return made


# --- one agency, one meeting, one project ----------------------------------------------------------------------------
def test_an_agency_offers_its_projects_assignments_meetings_and_innovations(client, staff, agency, other_agency):
    own = [factories.make_project(staff, owner=agency) for _n in range(21)]
    factories.make_project(staff, owner=agency, published=False)
    factories.make_project(staff, owner=other_agency)
    meeting = factories.make_meeting(staff, hosts=[agency])
    resolved(staff, meeting, agency, "เห็นชอบ")
    factories.make_assignment(staff, other_agency)
    factories.make_assignment(staff, agency, meeting=factories.make_meeting(staff, published=False))
    made = factories.make_innovation(staff, agency=agency)
    factories.make_innovation(staff, agency=agency, published=False)
    path = reverse("public:agency-detail", args=[agency.key])
    page = client.get(path)
    assert [of for of in ("", "assignments", "meetings", "innovations") if offered(page, of)] == [
        "",
        "assignments",
        "meetings",
        "innovations",
    ]
    assert {row["Code"] for row in rows_of(client.get(f"/en{path}?as=csv"))} == {each.code for each in own}
    (row,) = rows_of(client.get(f"/en{path}?as=csv&of=assignments"))
    assert (row["What is asked"], row["Resolution"], row["Meeting"]) == ("งานจาก เห็นชอบ", "เห็นชอบ", str(meeting))
    (row,) = rows_of(client.get(f"/en{path}?as=csv&of=meetings"))
    assert row["Meeting"] == str(meeting)
    (row,) = rows_of(client.get(f"/en{path}?as=csv&of=innovations"))
    assert made.title_th in row.values()


def test_a_meeting_offers_what_it_resolved_and_the_projects_presented(client, staff, agency):
    project = factories.make_project(staff)
    meeting = factories.make_meeting(staff, projects=[project])
    resolved(staff, meeting, agency, "เห็นชอบ")
    factories.make_assignment(staff, agency, meeting=meeting, text_th="ทั้งที่ประชุม")
    resolved(staff, factories.make_meeting(staff), agency, "ของอีกการประชุม")
    path = reverse("public:meeting-detail", args=[meeting.key])
    page = client.get(path)
    assert [offered(page), offered(page, "projects")] == [True, True]
    told = rows_of(client.get(f"/en{path}?as=csv"))
    assert [(row["Resolution"], row["What is asked"]) for row in told] == [
        ("เห็นชอบ", "งานจาก เห็นชอบ"),
        ("", "ทั้งที่ประชุม"),
    ]
    assert [row["Code"] for row in rows_of(client.get(f"/en{path}?as=csv&of=projects"))] == [project.code]


def test_a_project_offers_what_happened_the_resolutions_and_what_came_of_it(client, staff, agency, reporter, project):
    update = factories.make_update(reporter, project, "approved", staff, happened_on=dt.date(2019, 3, 1))
    factories.make_update(reporter, project)
    meeting = factories.make_meeting(staff, projects=[project])
    resolved(staff, meeting, agency, "เห็นชอบ", projects=[project])
    innovation = factories.make_innovation(staff, project=project)
    path = reverse("public:project-detail", args=[project.code])
    page = client.get(path)
    assert [offered(page, of) for of in ("happened", "resolutions", "innovations")] == [True, True, True]
    told = rows_of(client.get(f"/en{path}?as=csv&of=happened"))
    assert [(row["Headline"], row["Agency"], row["Text"]) for row in told] == [
        (update.title, str(agency), update.text),
        (f"Results presented at a meeting: {meeting.title_th}", "", ""),
    ]
    told = rows_of(client.get(f"/en{path}?as=csv&of=resolutions"))
    assert [(row["Meeting held on"], row["Resolution"]) for row in told] == [("11 Jan 2019", "เห็นชอบ")]
    (row,) = rows_of(client.get(f"/en{path}?as=csv&of=innovations"))
    assert innovation.title_th in row.values()


# --- the search ------------------------------------------------------------------------------------------------------
def test_all_that_the_search_found_is_one_file_kind_by_kind(client, staff):
    projects = [factories.make_project(staff, title_th=f"มัคคุเทศก์ {n}") for n in range(7)]
    meeting = factories.make_meeting(staff, title_th="ประชุมมัคคุเทศก์")
    factories.make_meeting(staff, title_th="ประชุมมัคคุเทศก์ ลับ", published=False)
    page = client.get("/search/?q=มัคคุเทศก์")
    assert "as=csv" in page.text
    told = rows_of(client.get("/en/search/?q=มัคคุเทศก์&as=csv"))
    assert [row["Kind"] for row in told] == ["Projects"] * 7 + ["Meetings"]
    assert {row["Code"] for row in told} == {*(each.code for each in projects), meeting.key}
    assert told[-1]["Address"] == f"/en/meetings/{meeting.key}/"


# --- where there is no file ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", ["/?as=csv", "/projects/?as=pdf", "/projects/?as=csv&of=nothing", "/search/?as=csv"])
def test_an_address_that_asks_for_a_file_there_is_not_is_not_found(client, staff, path):
    factories.make_project(staff)
    assert client.get(path).status_code == 404
    assert client.get(path.partition("as=")[0]).status_code == 200
    assert client.head(path).status_code == 404


@pytest.mark.parametrize("of", ["", "&of=facets"])
def test_a_choice_that_the_page_refuses_makes_no_file_but_the_page_with_its_sentence(client, staff, of):
    factories.make_project(staff)
    page = client.get("/projects/?cohort=zzz")
    refused = client.get(f"/projects/?cohort=zzz&as=csv{of}")
    assert (page.status_code, refused.status_code) == (200, 400)
    sentence = "ไม่มี “zzz” ในรายการ"
    assert [sentence in answer.text for answer in (page, refused)] == [True, True]
    assert refused.headers["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("who", PAGES)
def test_no_list_leaves_out_a_filter_that_its_page_refuses(who, request, client, staff, agency, reporter):
    make_world(staff, agency, reporter)
    if who != "visitor":
        client.force_login(request.getfixturevalue(who))
    walked = {}
    for path in PAGES[who].split():
        page = client.get(f"/{path}/")
        context = page.context or {}
        form = getattr(context.get("filter"), "form", None) or context.get("form")
        names = [name for name, field in getattr(form, "fields", {}).items() if getattr(field, "choices", None)]
        for name in names:
            walked[path, name] = client.get(f"/{path}/?{name}=not-there&as=csv").status_code
    if who != "reporter":
        assert len(walked) > 10
    wrong = {at: status for at, status in walked.items() if status not in (400, 404)}
    assert wrong == {}


def test_a_hidden_meeting_offers_nothing(client, staff, agency):
    meeting = factories.make_meeting(staff)
    resolved(staff, meeting, agency, "เห็นชอบ")
    publishing.hide(meeting, by=staff)
    assert client.get(f"/meetings/{meeting.key}/?as=csv").status_code == 404
