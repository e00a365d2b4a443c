"""Calls in the workspace: the team reads, sorts and answers; nobody else's agency sees what waits."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.models import Agency, Role, User
from projects.models import Call, Project, Theme, Voice
from projects.rules import projects
from tests import factories

pytestmark = pytest.mark.django_db

CANARY = "นกขมิ้นลับ"


@pytest.fixture
def asked(staff: User, project: Project) -> Call:
    return factories.make_call(staff, project)


def url(name: str, *args: Any) -> str:
    return reverse(f"workspace:{name}", args=args)


def tick(*rows: Voice) -> list[str]:
    return [f"{row.pk}.{row.version}" for row in rows]


def test_the_list_holds_the_teams_calls_and_drafts(
    sign_in: Any, staff: User, asked: Call, project: Project, reporter: User, stranger: User
) -> None:
    draft = factories.make_call(staff, project, published=False)
    factories.make_call(staff, factories.make_project(staff))
    found = {}
    for who, person in (("reporter", reporter), ("stranger", stranger)):
        found[who] = {row[0].pk for row in sign_in(person).get(url("call-list")).context["rows"]}
    assert found == {"reporter": {asked.pk, draft.pk}, "stranger": set()}


def test_the_team_reads_what_waits_and_how_to_reach_who_wrote_it_and_no_other_agency_does(
    sign_in: Any, staff: User, asked: Call, project: Project, reporter: User, stranger: User
) -> None:
    factories.make_voice(asked, text=f"รอ {CANARY}", contact=f"โทร {CANARY}")
    partner, supporter = factories.make_agency(staff), factories.make_agency(staff)
    projects.add_part(project, by=staff, agency=partner, part="partner")
    projects.add_part(project, by=staff, agency=supporter, part="support")
    people = {
        "reporter": reporter,
        "partner": factories.make_member(partner),
        "supporter": factories.make_member(supporter, Role.LEAD),
        "stranger": stranger,
    }
    found = {}
    for who, person in people.items():
        page = sign_in(person).get(url("call-detail", asked.pk))
        found[who] = (page.status_code, page.text.count(CANARY))
    assert found == {"reporter": (200, 2), "partner": (200, 2), "supporter": (403, 0), "stranger": (403, 0)}


def test_a_lead_drafts_a_call_for_a_project_they_lead(
    sign_in: Any, lead: User, reporter: User, project: Project, staff: User, other_agency: Agency
) -> None:
    other = factories.make_project(staff, owner=other_agency)
    today = timezone.localdate()
    day = f"{today.day}/{today.month}/{today.year + 543}"
    answers = {"stage_number": "2", "question_th": "รอนานเพราะอะไร", "use_th": "ปรับ", "opens_on": day, "closes_on": day}
    client = sign_in(lead)
    assert client.post(url("call-add"), {**answers, "project": other.pk}).status_code == 400
    form = client.get(url("call-add")).context["form"]
    assert (list(form.fields["project"].queryset), "lead_moderates" in form.fields) == ([project], False)
    client.post(url("call-add"), {**answers, "project": project.pk})
    call = Call.objects.get()
    assert (call.state, call.project) == ("draft", project)
    edited = {**answers, "question_th": "รอนานเท่าไร", "version": call.version}
    assert client.post(url("call-edit", call.pk), edited).status_code == 302
    assert Call.objects.get().question_th == "รอนานเท่าไร"
    assert sign_in(reporter).post(url("call-edit", call.pk), edited).status_code == 403


@pytest.mark.parametrize(("lets", "state"), [(False, "waiting"), (True, "shown")])
def test_a_lead_decides_only_where_staff_let_them(
    lets: bool, state: str, sign_in: Any, staff: User, lead: User, project: Project
) -> None:
    call = factories.make_call(staff, project, lead_moderates=lets)
    row = factories.make_voice(call)
    client = sign_in(lead)
    assert ('value="show"' in client.get(url("call-detail", call.pk)).text) == lets
    answer = client.post(url("voice-decide", call.pk), {"voices": tick(row), "verb": "show"})
    assert (answer.status_code, Voice.objects.get().state) == (302 if lets else 403, state)


def test_voices_of_another_call_cannot_be_decided_from_here(
    sign_in: Any, staff: User, lead: User, project: Project, other_agency: Agency
) -> None:
    own = factories.make_call(staff, project, lead_moderates=True)
    foreign = factories.make_call(staff, factories.make_project(staff, owner=other_agency))
    rows = [factories.make_voice(foreign), factories.make_voice(foreign, "shown", staff)]
    for verb in ("show", "wait"):
        sign_in(lead).post(url("voice-decide", own.pk), {"voices": tick(*rows), "verb": verb})
    sign_in(lead).post(url("call-group", own.pk), {"voices": tick(*rows), "new_theme": "ของคนอื่น"})
    assert [Voice.objects.get(pk=row.pk).state for row in rows] == ["waiting", "shown"]
    assert Theme.objects.count() == 0


def test_a_reporter_sorts_and_answers(sign_in: Any, reporter: User, asked: Call) -> None:
    row = factories.make_voice(asked)
    client = sign_in(reporter)
    client.post(url("call-group", asked.pk), {"voices": tick(row), "new_theme": "รอนาน"})
    theme = Theme.objects.get()
    answers = {"answer_th": "เพิ่มช่อง", "outcome": "planned", "version": theme.version}
    assert client.post(url("theme-answer", asked.pk, theme.pk), answers).status_code == 302
    assert client.post(url("theme-step", asked.pk, theme.pk, "show")).status_code == 302
    theme.refresh_from_db()
    assert (theme.shown, theme.outcome, [voice.pk for voice in theme.voices.all()]) == (True, "planned", [row.pk])


@pytest.mark.parametrize("n", [1, 3])
def test_the_page_asks_the_same_few_questions_however_much_there_is(
    n: int, sign_in: Any, staff: User, lead: User, project: Project, django_assert_num_queries: Any
) -> None:
    call = factories.make_call(staff, project, lead_moderates=True)
    for _ in range(n):
        factories.make_voice(call, "shown", staff, contact="081")
        factories.make_call(staff, project)
    client = sign_in(lead)
    with django_assert_num_queries(12):
        client.get(url("call-detail", call.pk))
    with django_assert_num_queries(6):
        client.get(url("call-list"))
