"""Excel on the desk: templates, a file, its preview, applied and taken back."""

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from openpyxl import load_workbook

from agencies.models import Agency, User
from projects.exchange import importing_work, progress
from projects.models import Import, ImportState, ImportTable, Project
from projects.rules import imports
from tests import factories
from tests.exchange.brought import book, bring, carry_out, upload

ROWS = [["code", "title_th"], ["GL2562-1", "ใหม่"]]


def page(thing: Import, verb: str = "detail") -> str:
    return reverse(f"desk:import-{verb}", args=[thing.pk])


@pytest.mark.parametrize("table", ImportTable.values)
def test_a_template_has_thai_headings_lists_and_explanations(staff: User, sign_in: Any, table: str) -> None:
    factories.make_project(staff, owner=factories.make_agency(staff, "กรมหนึ่ง"))
    answer = sign_in(staff).get(reverse("desk:import-template", args=[table]))
    made = load_workbook(io.BytesIO(answer.content))
    first, notes, lists = made.worksheets
    assert (answer.headers["Content-Disposition"], lists.sheet_state) == (
        f'attachment; filename="govlab-{table}-th.xlsx"',
        "hidden",
    )
    assert notes.title == "คำอธิบาย"
    assert all(cell.comment for cell in first[1])
    assert "รหัส" in str(first["A1"].value) or table not in ("projects", "agencies")


def test_templates_offer_what_there_is(staff: User, sign_in: Any) -> None:
    factories.make_agency(staff, "กรมหนึ่ง")
    answer = sign_in(staff).get("/en" + reverse("desk:import-template", args=["projects"]))
    made = load_workbook(io.BytesIO(answer.content))
    places = {cell.value: cell.column_letter for cell in made.worksheets[0][1]}
    rules = {str(each.sqref): each.formula1 for each in made.worksheets[0].data_validations.dataValidation}
    formula = rules[f"{places['Owners']}2:{places['Owners']}10000"]
    column = formula.split("$")[1]
    assert [cell.value for cell in made["lists"][column] if cell.value] == ["กรมหนึ่ง"]


def test_a_file_is_brought_looked_at_and_applied(staff: User, sign_in: Any) -> None:
    factories.make_cohort(staff)
    client = sign_in(staff)
    answer = client.post(reverse("desk:import-add"), {"table": "projects", "file": upload(ROWS)})
    thing = Import.objects.get()
    assert answer.url == page(thing)
    assert client.get(page(thing)).headers["Refresh"] == "2"
    importing_work.work()
    thing.refresh_from_db()
    shown = client.get(page(thing))
    assert "Refresh" not in shown.headers
    assert "GL2562-1" in shown.content.decode()
    client.post(page(thing, "apply"), {"version": thing.version, "form_key": "a" * 32})
    importing_work.work()
    client.post(page(thing, "apply"), {"version": thing.version, "form_key": "a" * 32})
    thing.refresh_from_db()
    assert (thing.state, Project.objects.count()) == (ImportState.APPLIED, 1)
    client.post(page(thing, "take-back"), {"form_key": "b" * 32})
    importing_work.work()
    thing.refresh_from_db()
    assert (thing.state, Project.objects.count()) == (ImportState.TAKEN_BACK, 0)
    assert client.get(page(thing)).status_code == 200


def test_a_double_click_brings_one_file(staff: User, sign_in: Any) -> None:
    client, data = sign_in(staff), book(ROWS)
    for _click in range(2):
        client.post(reverse("desk:import-add"), {"table": "projects", "file": upload(data), "form_key": "c" * 32})
    assert Import.objects.count() == 1


def test_the_second_of_two_tabs_is_told_that_it_moved_on(staff: User, other_staff: User, sign_in: Any) -> None:
    factories.make_cohort(staff)
    thing = bring(staff, ROWS)
    imports.stop(thing, by=other_staff)
    client = sign_in(staff)
    client.post(page(thing, "apply"), {"version": thing.version, "form_key": "d" * 32}, follow=True)
    thing.refresh_from_db()
    assert (thing.state, Project.objects.count()) == (ImportState.STOPPED, 0)


def test_what_is_no_table_stays_in_the_form_with_a_sentence(staff: User, sign_in: Any) -> None:
    answer = sign_in(staff).post(reverse("desk:import-add"), {"table": "projects", "file": upload(b"x" * 20, "a.pdf")})
    assert (answer.status_code, Import.objects.count()) == (400, 0)
    assert "นำเข้าได้เฉพาะไฟล์ Excel" in answer.content.decode()


def test_a_stop_reaches_the_worker_beside_the_database(staff: User, sign_in: Any) -> None:
    factories.make_cohort(staff)
    thing = imports.apply(bring(staff, ROWS), by=staff)
    sign_in(staff).post(page(thing, "stop"), {"form_key": "e" * 32})
    with pytest.raises(progress.Stopped):
        progress.tell(thing.pk, 1, 2)
    importing_work.work()
    thing.refresh_from_db()
    assert (thing.state, Project.objects.count()) == (ImportState.STOPPED, 0)


def test_rows_are_filtered_by_what_they_do_and_paged(staff: User, sign_in: Any) -> None:
    factories.make_cohort(staff)
    thing = bring(
        staff, [["code", "title_th"], ["GL1", "ผิด"], *([f"GL2562-{n}", f"โครงการ {n}"] for n in range(1, 61))]
    )
    client = sign_in(staff)
    assert "GL1" not in client.get(page(thing) + "?kind=new").content.decode()
    assert [row.number for row, _lines in client.get(page(thing) + "?kind=refused").context["rows"]] == [2]
    assert len(client.get(page(thing) + "?page=2").context["rows"]) == 11


@pytest.mark.parametrize("rows", [1, 3])
def test_the_pages_ask_the_same_of_one_and_of_three(
    staff: User, sign_in: Any, rows: int, django_assert_num_queries: Any
) -> None:
    factories.make_cohort(staff)
    for _n in range(rows):
        thing = bring(staff, [["code", "title_th"], *([f"GL2562-{n}", "ก"] for n in range(1, rows + 1))])
    client = sign_in(staff)
    client.get(page(thing))
    with django_assert_num_queries(5):
        client.get(page(thing))
    with django_assert_num_queries(4):
        client.get(reverse("desk:import-list"))


def test_report_and_file_are_handed_out(staff: User, sign_in: Any) -> None:
    factories.make_cohort(staff)
    data = book(ROWS)
    thing = bring(staff, data)
    client = sign_in(staff)
    assert b"".join(client.get(page(thing, "file")).streaming_content) == data
    cells = [cell.value for cell in load_workbook(io.BytesIO(client.get(page(thing, "report")).content)).active[2]]
    assert cells[0] == 2


# --- from a shell ----------------------------------------------------------------------------------------------------
def test_the_shell_shows_and_applies_the_same(staff: User, agency: Agency, tmp_path: Any, capsys: Any) -> None:
    factories.make_cohort(staff)
    path = tmp_path / "โครงการ.xlsx"
    path.write_bytes(book(ROWS))
    call_command("import_projects", str(path), "--preview", "--by", staff.email, "--language", "en")
    assert capsys.readouterr().out.splitlines()[-1] == "New: 1 · Changed: 0 · No change: 0 · To correct: 0"
    assert (Project.objects.count(), Import.objects.get().state) == (0, ImportState.STOPPED)
    call_command("import_projects", str(path), "--apply", "--by", staff.email)
    assert Project.objects.get().history.get().history_user == staff
    call_command("import_projects", str(path), "--apply", "--by", staff.email)
    assert Project.objects.count() == 1


def test_the_shell_applies_nothing_where_something_is_to_correct(staff: User, tmp_path: Any) -> None:
    path = tmp_path / "a.csv"
    path.write_text("code,title_th\nGL1,x\n")
    with pytest.raises(CommandError, match="Nothing was applied"):
        call_command("import_projects", str(path), "--apply", "--by", staff.email)
    with pytest.raises(CommandError, match="--by"):
        call_command("import_projects", str(path), "--apply", "--by", "nobody@govlab.test")
    with pytest.raises(CommandError):
        call_command("import_projects", str(tmp_path / "none.csv"), "--preview", "--by", staff.email)


def test_what_was_applied_can_be_taken_back_only_by_staff(staff: User, reporter: User, sign_in: Any) -> None:
    factories.make_cohort(staff)
    thing = carry_out(bring(staff, ROWS), "apply", staff)
    assert sign_in(reporter).post(page(thing, "take-back")).status_code == 403
