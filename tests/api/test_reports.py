"""The reports of the desk by token: the same content as on the page, as JSON and as its files."""

import io
from typing import Any

import openpyxl
import pytest
from django.utils import timezone

from agencies.models import Agency, Scope, User
from projects.models import Assignment, Project, StageNumber
from projects.rules import meetings, rounds
from projects.rules.readings import Measure
from tests import factories
from tests.api.problems import errors_of, problem_of
from tests.documents.reading import page_texts, paragraphs, squeezed

KINDS = ("round", "cohort", "agency")
FILES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


@pytest.fixture
def paths(staff: User, agency: Agency, project: Project) -> dict[str, str]:
    """The address of each kind of report below the desk and the API; the round comes after one that is closed."""
    first = factories.make_round(staff, due_in=1)
    rounds.close(first, by=staff, now=timezone.now())
    second = factories.make_round(staff, due_in=4)
    meeting = factories.make_meeting(staff)
    meetings.add_part(Assignment, by=staff, meeting=meeting, text_th="ทำแผน", text_en="Plan", agency=agency)
    indicator = factories.make_indicator(staff, project)
    factories.make_update(
        factories.make_member(agency), project, "approved", staff, readings={indicator: Measure(value=48)}
    )
    return {
        "round": f"reports/rounds/{second.pk}/",
        "cohort": f"reports/cohorts/{project.cohort.year}/",
        "agency": f"reports/agencies/{agency.key}/",
    }


def as_said(report: Any) -> dict[str, Any]:
    """What the page is made of, as JSON would say it."""

    def plain(value: Any) -> Any:
        if hasattr(value, "isoformat"):
            return value.isoformat()
        if isinstance(value, tuple):
            return [plain(each) for each in value]
        return f"{value.normalize():f}" if hasattr(value, "normalize") and not isinstance(value, str) else value

    def rows(found: Any) -> list[dict[str, Any]]:
        return [{name: plain(value) for name, value in vars(each).items()} for each in found]

    tables = ("stages", "answered", "lines", "moved", "became_late", "newly_missing", "measures", "tasks")
    plain_ones = ("kind", "title", "on", "since", "late", "demo")
    return {
        **{name: plain(getattr(report, name)) for name in plain_ones},
        **{name: rows(getattr(report, name)) for name in tables},
    }


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_json_says_what_the_page_says(
    kind: str, language: str, call: Any, staff: User, sign_in: Any, paths: Any, project: Project
) -> None:
    page = sign_in(staff).get(f"{'/en' if language == 'en' else ''}/desk/{paths[kind]}")
    answer = call(staff).get(f"/api/v1/{paths[kind]}", headers={"accept-language": language})
    told = answer.json()
    assert told == as_said(page.context["report"])
    assert [(line["code"], len(line["states"])) for line in told["lines"]] == [(project.code, len(StageNumber))]
    assert (told["since"] != "", [row["now"] for row in told["measures"]]) == (True, ["48"])
    assert [task["text"] for task in told["tasks"]] == ([{"th": "ทำแผน", "en": "Plan"}[language]] * (kind == "agency"))
    again = call(staff).get(
        f"/api/v1/{paths[kind]}", headers={"accept-language": language, "if-none-match": answer["ETag"]}
    )
    assert again.status_code == 304


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("ending", FILES)
def test_each_file_is_the_one_of_the_page(
    kind: str, ending: str, call: Any, staff: User, sign_in: Any, paths: Any, project: Project
) -> None:
    wanted = {"accept": FILES[ending], "accept-language": "en"}
    answer = call(staff).get(f"/api/v1/{paths[kind]}report.{ending}", headers=wanted)
    page = sign_in(staff).get(f"/en/desk/{paths[kind]}report.{ending}")
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (
        200,
        FILES[ending],
        "private, no-store",
    )
    assert answer["Content-Disposition"] == page["Content-Disposition"]
    assert said_in(ending, answer.content) == said_in(ending, page.content)
    assert project.code in said_in(ending, answer.content)


def said_in(ending: str, data: bytes) -> str:
    """The words of a file."""
    if ending == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(data))
        return "\n".join(str([cell.value for cell in row]) for sheet in book.worksheets for row in sheet)
    return squeezed(" ".join(page_texts(data) if ending == "pdf" else paragraphs(data)))


def test_word_and_pdf_write_thai_digits_where_they_are_asked_for(call: Any, staff: User, paths: Any) -> None:
    api = call(staff)
    plain, thai = (api.get(f"/api/v1/{paths['cohort']}report.docx{more}").content for more in ("", "?digits=thai"))
    assert ("๒๕๖๒" in said_in("docx", plain), "๒๕๖๒" in said_in("docx", thai)) == (False, True)


@pytest.mark.parametrize("kind", KINDS)
def test_staff_alone_read_them(kind: str, call: Any, staff: User, reporter: User, lead: User, paths: Any) -> None:
    for more in ("", "report.xlsx"):
        path = f"/api/v1/{paths[kind]}{more}"
        people = (call(), call(reporter), call(lead), call(staff, Scope.READ))
        answers = [api.get(path, headers={"accept": "*/*"}) for api in people]
        assert [answer.status_code for answer in answers] == [401, 403, 403, 200]
        assert [problem_of(answer)["status"] for answer in answers[:3]] == [401, 403, 403]
        assert call(staff).post(path).status_code == 405


@pytest.mark.parametrize(
    "path", ["rounds/987654/", "cohorts/2599/", "agencies/no-such/", "rounds/99999999999999999999/", "lost/1/"]
)
def test_what_is_not_there_is_a_problem_also_where_a_file_was_wanted(path: str, call: Any, staff: User) -> None:
    for more in ("", "report.pdf"):
        answer = call(staff).get(f"/api/v1/reports/{path}{more}", headers={"accept": "application/pdf"})
        assert answer.status_code in ((406, 404) if not more else (404,))
        assert errors_of(answer) == {}


def test_an_ending_that_no_report_has_leads_nowhere(call: Any, staff: User, paths: Any) -> None:
    for path in paths.values():
        assert problem_of(call(staff).get(f"/api/v1/{path}report.odt"))["status"] == 404
