"""Reports on the desk: the list, each report as a page, and its three files."""

import io
import re
import zipfile
from typing import Any

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.models import Agency, User
from projects.models import Project
from projects.rules import rounds
from tests import factories
from tests.documents.reading import page_texts, paragraphs, squeezed


@pytest.fixture
def desk(sign_in: Any, staff: User) -> Any:
    return sign_in(staff)


@pytest.fixture
def addresses(staff: User, agency: Agency, project: Project) -> dict[str, str]:
    """The page of each kind of report; the round is the second, after one that is closed."""
    first = factories.make_round(staff, due_in=1)
    rounds.close(first, by=staff, now=timezone.now())
    second = factories.make_round(staff, due_in=4)
    return {
        "round": reverse("desk:round-report", args=[second.pk]),
        "cohort": reverse("desk:cohort-report", args=[project.cohort.year]),
        "agency": reverse("desk:agency-report", args=[agency.key]),
    }


KINDS = ("round", "cohort", "agency")


def test_the_list_leads_to_every_report_and_the_menu_to_the_list(desk, addresses):
    page = desk.get("/en/desk/reports/").text
    for address in addresses.values():
        assert f'href="/en{address}"' in page
    assert 'href="/en/desk/reports/"' in desk.get("/en/desk/").text


def test_without_anything_the_list_says_what_will_be_here(desk):
    page = desk.get("/en/desk/reports/").text
    for sentence in ("No round yet", "No cohort yet", "No agency has a part in a project yet."):
        assert sentence in page


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_is_a_page_with_its_files(desk, addresses, project, kind):
    page = desk.get(addresses[kind])
    assert page.headers["Cache-Control"] == "private, no-store"
    assert [line.code for line in page.context["report"].lines] == [project.code]
    assert page.context["report"].since
    for ending in ("pdf", "docx", "xlsx"):
        assert f'href="{addresses[kind]}report.{ending}"' in page.text


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("ending", "mime"),
    [
        ("pdf", "application/pdf"),
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
)
def test_each_file_names_the_project_and_is_saved_and_kept_by_nobody(desk, addresses, project, kind, ending, mime):
    answer = desk.get(f"{addresses[kind]}report.{ending}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, mime)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    if ending == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[1]
        assert sheet["A2"].value == project.code
    elif ending == "docx":
        assert any(project.code in text for text in paragraphs(answer.content))
        assert zipfile.ZipFile(io.BytesIO(answer.content)).testzip() is None
    else:
        assert squeezed(project.code) in squeezed("".join(page_texts(answer.content)))


def test_there_is_no_other_file_and_no_report_on_nothing(desk, addresses):
    assert desk.get(f"{addresses['cohort']}report.html").status_code == 404
    for address in ("rounds/987654/", "cohorts/2599/", "agencies/none/"):
        assert desk.get(f"/desk/reports/{address}").status_code == 404
        assert desk.get(f"/desk/reports/{address}report.pdf").status_code == 404


def test_a_report_with_demonstration_data_says_so_everywhere(desk, addresses, project):
    Project.objects.filter(pk=project.pk).update(demo=True)
    address = f"/en{addresses['cohort']}"
    assert "Demonstration data" in desk.get(address).text
    assert "Demonstration data" in paragraphs(desk.get(f"{address}report.docx").content)
    sheet = openpyxl.load_workbook(io.BytesIO(desk.get(f"{address}report.xlsx").content)).worksheets[0]
    assert "Demonstration data" in [row[0].value for row in sheet.iter_rows()]


@pytest.mark.parametrize(("state", "marks"), [("draft", ["Draft"]), ("published", [])])
def test_a_draft_is_marked_as_the_lists_mark_it(desk, addresses, project, state, marks):
    Project.objects.filter(pk=project.pk).update(state=state)
    page = desk.get(f"/en{addresses['cohort']}").text
    assert re.findall('<span class="tag draft">(.*?)</span>', page) == marks


def test_on_a_phone_every_table_is_read_downwards_with_its_words(desk, staff, agency, addresses, project):
    factories.make_indicator(staff, project)
    factories.make_assignment(staff, agency)
    page = desk.get(f"/en{addresses['agency']}").text
    tables = re.findall(r"<table.*?</table>", page, re.S)
    assert [' roll">' in table for table in tables] == [True] * 3
    labels = [re.findall(r'<span class="on-phone[^>]*>(.*?)</span>', table) for table in tables]
    assert labels == [
        ["Agency", "Report", "Last approved update"],
        ["Unit", "Baseline", "Round before", "Now", "Target"],
        ["Meeting", "Due", "State"],
    ]


@pytest.mark.parametrize("rows", [1, 3])
def test_a_page_costs_the_same_however_many_projects(desk, staff, agency, rows, django_assert_num_queries):
    for _n in range(rows):
        project = factories.make_project(staff, owner=agency)
        factories.make_indicator(staff, project)
    with django_assert_num_queries(12):
        page = desk.get(reverse("desk:cohort-report", args=[project.cohort.year]))
    assert len(page.context["report"].lines) == rows
