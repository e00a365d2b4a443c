"""Excel by token: a file brought, looked at row by row, applied and taken back, by the rules of the page."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from agencies.models import Scope, User
from govlab.problems import NO_FIELD
from projects.exchange import importing_work, progress
from projects.exchange.importing_files import TYPES
from projects.models import Import, ImportState, ImportTable, Project
from projects.rules import imports
from tests import factories
from tests.api.problems import errors_of, problem_of
from tests.exchange.brought import book, bring, carry_out, upload

LIST = "/api/v1/imports/"
ROWS = [["code", "title_th", "อื่น"], ["GL2562-1", "ใหม่", "x"], ["GL2562-2", "เดิม", ""], ["GL2562-3", "ชื่อใหม่", ""]]


@pytest.fixture
def known(staff: User) -> None:
    factories.make_project(staff, code="GL2562-2", title_th="เดิม")
    factories.make_project(staff, code="GL2562-3", title_th="ชื่อเดิม")


def at(thing: Any, more: str = "") -> str:
    return f"{LIST}{getattr(thing, 'pk', thing)}/{more}"


def brought(api: Any, rows: Any = ROWS, table: str = "projects", **more: Any) -> Any:
    """The answer to bringing a file."""
    name = more.pop("name", "ตาราง.xlsx")
    headers = more.pop("headers", {})
    sent = {"table": table, "file": upload(rows, name), **more}
    return api.post(LIST, sent, format="multipart", headers=headers)


# --- the whole way ---------------------------------------------------------------------------------------------------
def test_a_file_goes_its_whole_way_by_token(call: Any, staff: User, known: Any) -> None:
    api = call(staff)
    answer = brought(api, language="en")
    thing = Import.objects.get()
    assert (answer.status_code, answer["Location"], answer["ETag"]) == (201, f"http://testserver{at(thing)}", '"1"')
    told = answer.json()
    named = ("name", "kind", "table", "meeting", "language", "state", "counts", "steps", "made_by", "progress")
    assert [told[name] for name in named] == [
        *("ตาราง.xlsx", "xlsx", "projects", None, "en", "read", {}, ["stop"], staff.name),
        {"done": 0, "all": 0},
    ]
    assert api.get(at(thing, "rows/")).json()["results"] == []
    importing_work.work()
    seen = api.get(at(thing))
    assert [seen.json()[name] for name in ("state", "counts", "ignored", "steps", "progress")] == [
        "previewed",
        {"new": 1, "changed": 1, "same": 1, "refused": 0},
        ["อื่น"],
        ["apply", "stop"],
        None,
    ]
    rows = api.get(at(thing, "rows/")).json()
    numbers = [str(pk) for pk in Project.objects.order_by("code").values_list("pk", flat=True)]
    assert [(row["number"], row["kind"], row["record"]) for row in rows["results"]] == [
        (2, "new", ""),
        (3, "same", numbers[0]),
        (4, "changed", numbers[1]),
    ]
    assert rows["count"] == 3
    [changed] = api.get(at(thing, "rows/"), {"kind": "changed"}).json()["results"]
    assert changed["changes"] == [{"column": "title_th", "before": "ชื่อเดิม", "after": "ชื่อใหม่"}]
    assert (api.get(at(thing, "rows/4/")).json(), changed["problems"]) == (changed, [])
    applied = api.post(at(thing, "apply/"), headers={"if-match": seen["ETag"]})
    assert (applied.status_code, applied.json()["state"], applied.json()["applied_by"]) == (200, "applying", staff.name)
    assert Project.objects.filter(code="GL2562-1").count() == 0  # the worker writes it
    importing_work.work()
    assert api.get(at(thing)).json()["state"] == "applied"
    assert [*Project.objects.order_by("code").values_list("title_th", flat=True)] == ["ใหม่", "เดิม", "ชื่อใหม่"]
    assert api.get(at(thing, "rows/2/")).json()["record"] == str(Project.objects.get(code="GL2562-1").pk)
    back = api.post(at(thing, "undo/"))
    assert (back.status_code, back.json()["state"], back.json()["steps"]) == (200, "taking_back", [])
    importing_work.work()
    assert api.get(at(thing)).json()["state"] == "taken_back"
    assert [*Project.objects.order_by("code").values_list("title_th", flat=True)] == ["เดิม", "ชื่อเดิม"]


def test_a_file_to_correct_says_cell_value_and_sentence(call: Any, staff: User, known: Any) -> None:
    api = call(staff)
    thing = Import.objects.get(
        pk=brought(api, [["code", "cohort", "title_th"], ["GL2562-9", "25x2", "ก"]]).json()["id"]
    )
    importing_work.work()
    [row] = api.get(at(thing, "rows/"), {"kind": "refused"}).json()["results"]
    [kept] = thing.rows.get().problems
    assert (row["kind"], row["problems"]) == ("refused", [kept])
    assert (kept["cell"], kept["column"], kept["value"], bool(kept["sentence"])) == ("B2", "cohort", "25x2", True)
    refused = api.post(at(thing, "apply/"))
    assert (refused.status_code, list(errors_of(refused))) == (400, [NO_FIELD])
    assert api.get(at(thing)).json()["steps"] == ["stop"]


def test_rows_come_in_pages_and_an_unknown_kind_is_refused(call: Any, staff: User, known: Any) -> None:
    thing = bring(staff, [["code", "title_th"], *([f"GL2562-{n}", f"โครงการ {n}"] for n in range(10, 70))])
    api = call(staff)
    first = api.get(at(thing, "rows/")).json()
    assert (first["count"], len(first["results"]), first["results"][0]["number"]) == (60, 50, 2)
    assert len(api.get(first["next"]).json()["results"]) == 10
    assert api.get(at(thing, "rows/?fields=number&page_size=1")).json()["results"] == [{"number": 2}]
    assert list(errors_of(api.get(at(thing, "rows/?kind=lost")))) == ["kind"]
    assert [api.get(at(thing, f"rows/{n}/")).status_code for n in (1, 2, 999999999)] == [404, 200, 404]


def test_the_same_key_brings_one_file_and_another_file_needs_another(call: Any, staff: User) -> None:
    api, data = call(staff), book(ROWS)
    first, again = (brought(api, data, headers={"idempotency-key": "one"}) for _ in range(2))
    assert (again.status_code, again.json(), Import.objects.count()) == (201, first.json(), 1)
    assert brought(api, book(ROWS[:2]), headers={"idempotency-key": "one"}).status_code == 422


def test_a_verb_with_an_old_version_or_out_of_its_moment_is_refused(call: Any, staff: User, known: Any) -> None:
    thing, api = bring(staff, ROWS), call(staff)
    assert api.post(at(thing, "undo/")).status_code == 400
    assert api.post(at(thing, "apply/"), headers={"if-match": '"1"'}).status_code == 412
    applied = [api.post(at(thing, "apply/"), headers={"idempotency-key": "a"}) for _ in range(2)]
    assert [answer.status_code for answer in applied] == [200, 200]
    assert api.post(at(thing, "apply/")).status_code == 400
    assert Import.objects.get().history.filter(history_change_reason="apply").count() == 1


def test_a_stop_reaches_the_worker_beside_the_database(call: Any, staff: User, known: Any) -> None:
    thing, api = imports.apply(bring(staff, ROWS), by=staff), call(staff)
    assert api.post(at(thing, "stop/")).json()["state"] == "stopped"
    with pytest.raises(progress.Stopped):
        progress.tell(thing.pk, 1, 2)
    importing_work.work()
    assert (Import.objects.get().state, Project.objects.count()) == (ImportState.STOPPED, 2)
    assert api.post(at(thing, "stop/")).status_code == 200  # it is stopped


@pytest.mark.parametrize("who", ["reporter", "read"])
def test_a_stop_of_somebody_else_does_not_reach_the_worker(
    who: str, call: Any, staff: User, reporter: User, known: Any
) -> None:
    thing = imports.apply(bring(staff, ROWS), by=staff)
    api = call(staff, Scope.READ) if who == "read" else call(reporter)
    assert api.post(at(thing, "stop/")).status_code in (403, 404)
    progress.tell(thing.pk, 1, 2)  # would raise
    importing_work.work()
    assert Import.objects.get().state == ImportState.APPLIED


def test_what_somebody_changed_since_stays_and_the_word_says_so(call: Any, staff: User, known: Any) -> None:
    thing = carry_out(bring(staff, ROWS), "apply", staff)
    api, project = call(staff), Project.objects.get(code="GL2562-3")
    api.patch("/api/v1/projects/GL2562-3/", {"title_th": "อีกชื่อ"}, headers={"if-match": f'"{project.version}"'})
    assert api.post(at(thing, "undo/")).status_code == 200
    importing_work.work()
    told = api.get(at(thing)).json()
    assert (told["state"], "GL2562-3" in told["word"] or "4" in told["word"]) == ("applied", True)
    assert Project.objects.count() == 3


def test_resolutions_are_brought_for_a_meeting(call: Any, staff: User) -> None:
    meeting = factories.make_meeting(staff, published=False)
    api = call(staff)
    answer = brought(api, [["text_th"], ["เห็นชอบ"]], "resolutions", meeting=meeting.key)
    assert (answer.status_code, answer.json()["meeting"]) == (201, meeting.key)
    assert brought(api, [["text_th"], ["เห็นชอบ"]], "resolutions", meeting="").json()["meeting"] is None
    assert list(errors_of(brought(api, table="resolutions", meeting="no-such"))) == ["meeting"]


# --- files -----------------------------------------------------------------------------------------------------------
def test_report_and_file_are_handed_out_as_on_the_page(call: Any, staff: User, known: Any, sign_in: Any) -> None:
    data = book(ROWS)
    thing, api = bring(staff, data), call(staff)
    told = api.get(at(thing)).json()
    assert b"".join(api.get(told["file"]).streaming_content) == data
    report = api.get(told["report"], headers={"accept": TYPES["xlsx"]})
    page = sign_in(staff).get(f"/desk/imports/{thing.pk}/report/")
    cells = [
        [[cell.value for cell in row] for row in load_workbook(io.BytesIO(answer.content)).active]
        for answer in (report, page)
    ]
    assert (cells[0], cells[0][1][0]) == (cells[1], 2)
    assert report["Content-Disposition"] == f'attachment; filename="govlab-report-{thing.pk}.xlsx"'
    assert report["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("table", ImportTable.values)
def test_templates_come_empty_and_filled_in_the_language_asked_for(
    call: Any, staff: User, known: Any, table: str
) -> None:
    api = call(staff)
    empty = api.get(f"{LIST}templates/{table}.xlsx")
    assert empty["Content-Disposition"] == f'attachment; filename="govlab-{table}-th.xlsx"'
    english = api.get(f"{LIST}templates/{table}.xlsx?filled=1", headers={"accept-language": "en"})
    sheets = [load_workbook(io.BytesIO(answer.content)).worksheets for answer in (empty, english)]
    assert [found[1].title for found in sheets] == ["คำอธิบาย", "Explanations"]
    assert [found[0].max_row for found in sheets] == [1, 3 if table == "projects" else 1]


def test_what_was_taken_as_a_template_comes_back_as_it_is(call: Any, staff: User, known: Any) -> None:
    api = call(staff)
    filled = api.get(f"{LIST}templates/projects.xlsx?filled=1").content
    thing = Import.objects.get(pk=brought(api, filled).json()["id"])
    importing_work.work()
    assert api.get(at(thing)).json()["counts"] == {"new": 0, "changed": 0, "same": 2, "refused": 0}


# --- refusals --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "data"), [("a.pdf", b"x" * 20), ("a.xlsx", b"x" * 20), ("a.csv", b""), ("a.csv", b"a\0b")]
)
def test_what_is_no_table_is_refused_with_the_sentence_of_the_page(
    call: Any, staff: User, sign_in: Any, name: str, data: bytes
) -> None:
    page = sign_in(staff).post("/desk/imports/add/", {"table": "projects", "file": SimpleUploadedFile(name, data)})
    answer = call(staff).post(LIST, {"table": "projects", "file": SimpleUploadedFile(name, data)}, format="multipart")
    assert (answer.status_code, Import.objects.count()) == (400, 0)
    if data:
        assert errors_of(answer) == {"file": page.context["form"].errors["file"]}
    assert list(errors_of(answer)) == ["file"] == list(page.context["form"].errors)


def test_a_file_that_is_too_large_is_refused_before_it_is_read(call: Any, staff: User) -> None:
    large = SimpleUploadedFile("a.csv", b"a" * (21 * 1024**2))
    answer = call(staff).post(LIST, {"table": "projects", "file": large}, format="multipart")
    assert (list(errors_of(answer)), Import.objects.count()) == (["file"], 0)


def test_a_bad_answer_is_a_sentence_at_its_field(call: Any, staff: User) -> None:
    api = call(staff)
    assert list(errors_of(api.post(LIST, {}))) == ["table", "file"]
    assert list(errors_of(brought(api, table="lost"))) == ["table"]
    assert list(errors_of(brought(api, language="fr"))) == ["language"]
    assert Import.objects.count() == 0


def test_nobody_else_reads_or_writes(call: Any, staff: User, reporter: User, known: Any) -> None:
    thing = bring(staff, ROWS)
    own = ("", "rows/", "rows/2/", "report.xlsx", "file")
    verbs = ("apply/", "stop/", "undo/")
    template = f"{LIST}templates/projects.xlsx"
    statuses = {}
    for name, api in (("visitor", call()), ("reporter", call(reporter)), ("read", call(staff, Scope.READ))):
        answers = [
            *(api.get(at(thing, more)) for more in own),
            api.get(template),
            *(api.post(at(thing, verb)) for verb in verbs),
            brought(api),
        ]
        for file in (answer for answer in answers if answer.streaming):
            list(file.streaming_content)  # read to its end, a file is closed
        statuses[name] = [answer.status_code for answer in answers]
        assert [problem_of(answer)["status"] for answer in answers if answer.status_code >= 400]
    assert statuses == {
        "visitor": [401] * 10,
        "reporter": [*[404] * 5, 403, *[404] * 3, 403],
        "read": [*[200] * 6, *[403] * 4],
    }
    assert call(reporter).get(LIST).json()["results"] == []
    assert (Import.objects.get().state, Import.objects.count()) == (ImportState.PREVIEWED, 1)
    assert call(staff).get(at("templates")).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_lists_ask_the_same_of_the_database(
    call: Any, staff: User, known: Any, rows: int, django_assert_num_queries: Any
) -> None:
    for _ in range(rows):
        thing = bring(staff, [["code", "title_th"], *([f"GL2562-1{n}", "ก"] for n in range(rows))])
    api = call(staff)
    for path, queries in ((LIST, 3), (at(thing, "rows/"), 4)):
        api.get(path)
        with django_assert_num_queries(queries):
            api.get(path)
