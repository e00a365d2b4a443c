"""Calls and what visitors answer, on the desk: the queue, many decided at once, themes, the form of a call."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.models import User
from projects.models import Call, Project, Theme, Voice
from projects.rules import publishing, ratings, themes, voices
from tests import factories

pytestmark = pytest.mark.django_db

QUEUE, DECIDE = "desk:voice-list", "desk:voice-decide"


@pytest.fixture
def asked(staff: User, project: Project) -> Call:
    return factories.make_call(staff, project)


def page_of(call: Call, name: str = "detail", **more: Any) -> str:
    return reverse(f"desk:call-{name}", args=[call.pk])


def tick(*rows: Voice) -> list[str]:
    return [f"{row.pk}.{row.version}" for row in rows]


def states(*rows: Voice) -> list[str]:
    return [Voice.objects.get(pk=row.pk).state for row in rows]


def told(client: Any, response: Any) -> list[str]:
    return [str(message) for message in client.get(response["Location"]).context["messages"]]


# --- the queue -------------------------------------------------------------------------------------------------------
def test_the_queue_holds_what_waits_of_all_calls_or_of_one_the_oldest_first(
    sign_in: Any, staff: User, asked: Call, project: Project
) -> None:
    other = factories.make_call(staff, project)
    rows = [factories.make_voice(call) for call in (asked, other, asked)]
    factories.make_voice(asked, "shown", staff)
    for number, row in enumerate(reversed(rows)):
        Voice.objects.filter(pk=row.pk).update(created_at=timezone.now() - dt.timedelta(days=9 - number))
    client, found = sign_in(staff), {}
    for call in ("", str(other.pk), "x", "9" * 30):
        found[call[:3]] = [row.pk for row in client.get(reverse(QUEUE), {"call": call}).context["voices"]]
    everything = [row.pk for row in reversed(rows)]
    assert found == {"": everything, str(other.pk): [rows[1].pk], "x": everything, "999": everything}


@pytest.mark.parametrize("n", [1, 3])
def test_it_asks_the_same_few_questions_however_much_waits(
    n: int, sign_in: Any, staff: User, asked: Call, project: Project, django_assert_num_queries: Any
) -> None:
    for _ in range(n):
        factories.make_voice(asked, contact="081")
        factories.make_voice(asked, "shown", staff)
        themes.add(asked, by=staff, title_th="รอนาน", voices=asked.voices.all())
        factories.make_call(staff, project)
    client = sign_in(staff)
    with django_assert_num_queries(7):
        client.get(reverse(QUEUE))
    with django_assert_num_queries(4):
        client.get(reverse("desk:call-list"))
    with django_assert_num_queries(9):
        client.get(page_of(asked))


def test_the_desk_says_how_many_wait(sign_in: Any, staff: User, asked: Call) -> None:
    factories.make_voice(asked)
    factories.make_voice(asked, "shown", staff)
    assert sign_in(staff).get(reverse("desk:home")).context["voices_count"] == 1


@pytest.mark.parametrize("page", ["desk:home", QUEUE, "desk:rating-list"])
def test_every_page_with_the_desk_s_tabs_counts_answers_and_comments_together(
    page: str, sign_in: Any, staff: User, asked: Call, project: Project
) -> None:
    factories.make_voice(asked)
    for name, comment in (("a", "ดี"), ("b", "แย่"), ("c", "")):
        ratings.rate(project, visitor=name, stars=3, comment=comment)
    context = sign_in(staff).get(reverse(page)).context
    counts = [context[f"{name}_count"] for name in ("voices", "comments", "public")]
    assert (counts, 'จากประชาชน <span class="count bad">3</span>' in sign_in(staff).get(reverse(page)).text) == (
        [1, 2, 3],
        True,
    )


REFUSED = [
    ("", {"verb": "withhold", "own_reason": "พาดพิงบุคคล"}, ">พาดพิงบุคคล</textarea>"),
    ("", {"verb": "withhold", "reason": "abuse"}, 'value="abuse" selected'),
    ("group", {"new_theme": "รอนาน & ร้อน"}, ">รอนาน &amp; ร้อน</textarea>"),
]


@pytest.mark.parametrize(("name", "sent", "kept"), REFUSED)
def test_what_was_typed_beside_the_buttons_survives_a_refusal(
    name: str, sent: dict[str, str], kept: str, sign_in: Any, staff: User, asked: Call
) -> None:
    """Nothing is ticked."""
    factories.make_voice(asked)
    client = sign_in(staff)
    answer = client.post(page_of(asked, name) if name else reverse(DECIDE), {**sent, "on_call": asked.pk})
    page = client.get(answer["Location"])
    assert ([str(message) for message in page.context["messages"]], kept in page.text) == (
        ["โปรดเลือกความเห็นก่อน"],
        True,
    )


def test_several_are_shown_at_once(sign_in: Any, staff: User, asked: Call) -> None:
    one, two, three = (factories.make_voice(asked) for _ in range(3))
    client = sign_in(staff)
    answer = client.post(reverse(DECIDE), {"voices": tick(one, two), "verb": "show", "state": "waiting"})
    assert (answer.status_code, answer["Location"]) == (302, f"{reverse(QUEUE)}?state=waiting#voices")
    assert (states(one, two, three), told(client, answer)) == (["shown", "shown", "waiting"], ["แสดงแล้ว 2 ความเห็น"])


REASONS = [("abuse", "", "abuse"), ("", "พาดพิงบุคคล", "พาดพิงบุคคล"), ("abuse", "พาดพิงบุคคล", "พาดพิงบุคคล")]


@pytest.mark.parametrize(("reason", "own", "kept"), REASONS)
def test_they_are_withheld_with_a_reason_chosen_or_typed(
    reason: str, own: str, kept: str, sign_in: Any, staff: User, asked: Call
) -> None:
    row = factories.make_voice(asked)
    answers = {"voices": tick(row), "verb": "withhold", "reason": reason, "own_reason": own}
    sign_in(staff).post(reverse(DECIDE), answers)
    row.refresh_from_db()
    assert (row.state, row.reason, row.decided_by) == ("withheld", kept, staff)


def test_without_a_reason_nothing_is_withheld_and_the_ticks_stay(sign_in: Any, staff: User, asked: Call) -> None:
    row, other = factories.make_voice(asked), factories.make_voice(asked)
    client = sign_in(staff)
    answer = client.post(reverse(DECIDE), {"voices": tick(row), "verb": "withhold"})
    page = client.get(answer["Location"])
    assert (states(row, other), page.context["ticked"]) == (["waiting", "waiting"], {str(row.pk)})
    assert page.text.count(f'value="{row.pk}.{row.version}"\n             checked>') == 1


def test_a_decision_is_taken_back_where_it_stands_with_who_took_it(sign_in: Any, staff: User, asked: Call) -> None:
    row = factories.make_voice(asked, "withheld", staff)
    client = sign_in(staff)
    page = client.get(reverse(QUEUE), {"state": "withheld"})
    assert (staff.name in page.text, "ดูหมิ่นผู้อื่น" in page.text) == (True, True)
    client.post(reverse(DECIDE), {"voices": tick(row), "verb": "wait", "state": "withheld"})
    assert states(row) == ["waiting"]


def test_what_a_colleague_decided_meanwhile_stays(sign_in: Any, staff: User, other_staff: User, asked: Call) -> None:
    one, two = factories.make_voice(asked), factories.make_voice(asked)
    ticked = tick(one, two)
    voices.withhold(one, by=other_staff, reason="abuse")
    client = sign_in(staff)
    answer = client.post(reverse(DECIDE), {"voices": ticked, "verb": "show"})
    assert states(one, two) == ["withheld", "shown"]
    assert told(client, answer) == ["แสดงแล้ว 1 ความเห็น มีผู้อื่นพิจารณาไปก่อนแล้ว 1 ความเห็น จึงคงไว้ตามนั้น"]


@pytest.mark.parametrize("ticks", [[], ["x"], ["9" * 40], ["1.1"], ["-3.0"], [".1"]])
def test_ticks_that_name_nothing_change_nothing(ticks: list[str], sign_in: Any, staff: User, asked: Call) -> None:
    row = factories.make_voice(asked)
    answer = sign_in(staff).post(reverse(DECIDE), {"voices": ticks, "verb": "show"})
    assert (answer.status_code, states(row)) == (302, ["waiting"])


def test_a_verb_that_is_none_is_404(sign_in: Any, staff: User, asked: Call) -> None:
    row = factories.make_voice(asked)
    assert sign_in(staff).post(reverse(DECIDE), {"voices": tick(row), "verb": "burn"}).status_code == 404
    assert states(row) == ["waiting"]


# --- a call ----------------------------------------------------------------------------------------------------------
def test_staff_ask_a_question_by_the_code_of_its_project_and_publish_it(
    sign_in: Any, staff: User, project: Project
) -> None:
    client, today = sign_in(staff), timezone.localdate()
    answers = {
        "project": project.code,
        "stage_number": "3",
        "question_th": "ต้นแบบใช้ง่ายหรือไม่",
        "use_th": "ปรับต้นแบบ",
        "opens_on": f"{today.day}/{today.month}/{today.year + 543}",
        "closes_on": f"{today.day}/{today.month}/{today.year + 544}",
    }
    wrong = client.post(reverse("desk:call-add"), {**answers, "project": "GL2599-9"})
    assert (wrong.status_code, "ไม่มีโครงการรหัสนี้" in wrong.text) == (400, True)
    answer = client.post(reverse("desk:call-add"), answers)
    call = Call.objects.get()
    assert (answer["Location"], call.state, call.project, call.opens_on) == (page_of(call), "draft", project, today)
    client.post(page_of(call, "publish"))
    assert Call.objects.public().get().is_open(today)


def test_the_link_of_a_project_fills_in_its_code(sign_in: Any, staff: User, project: Project) -> None:
    page = sign_in(staff).get(reverse("desk:call-add"), {"project": project.code})
    assert f'value="{project.code}"' in page.text


def test_what_people_were_told_stays_and_the_form_says_so(sign_in: Any, staff: User, asked: Call) -> None:
    factories.make_voice(asked)
    client = sign_in(staff)
    form = client.get(page_of(asked, "edit")).context["form"]
    answers = {name: form[name].value() or "" for name in form.fields} | {"version": asked.version}
    answers = {name: value for name, value in answers.items() if value is not False}
    answers |= {"question_th": "คำถามอื่น", "closes_on": "1/1/2599"}
    page = client.post(page_of(asked, "edit"), answers)
    assert (page.status_code, sorted(page.context["form"].errors)) == (400, ["closes_on", "question_th"])


def test_an_open_call_is_made_longer(sign_in: Any, staff: User, asked: Call) -> None:
    later = asked.closes_on + dt.timedelta(days=20)
    typed = f"{later.day}/{later.month}/{later.year + 543}"
    sign_in(staff).post(page_of(asked, "extend"), {"closes_on": typed, "version": asked.version})
    assert Call.objects.get().closes_on == later


# --- themes ----------------------------------------------------------------------------------------------------------
def test_ticked_voices_go_into_a_new_theme_and_out_again(sign_in: Any, staff: User, asked: Call) -> None:
    one, two, three = (factories.make_voice(asked) for _ in range(3))
    client, group = sign_in(staff), page_of(asked, "group")
    client.post(group, {"voices": tick(one), "new_theme": "รอนาน"})
    theme = Theme.objects.get()
    client.post(group, {"voices": tick(two, three), "into": theme.pk})
    client.post(group, {"voices": tick(one), "out_of": theme.pk, "theme": theme.pk})
    assert {row.pk for row in theme.voices.all()} == {two.pk, three.pk}
    shown = client.get(page_of(asked), {"theme": theme.pk}).context["voices"]
    alone = client.get(page_of(asked), {"theme": "none"}).context["voices"]
    assert ({row.pk for row in shown}, [row.pk for row in alone]) == ({two.pk, three.pk}, [one.pk])


def test_a_theme_is_answered_shown_moved_and_removed(
    sign_in: Any, staff: User, reporter: User, asked: Call, project: Project
) -> None:
    update = factories.make_update(reporter, project, "approved", staff)
    factories.make_update(reporter, project, "submitted")
    first, theme = (themes.add(asked, by=staff, title_th=title) for title in ("รอนาน", "ไกล"))
    client = sign_in(staff)
    url = lambda name, *more: reverse(f"desk:theme-{name}", args=[asked.pk, theme.pk, *more])  # noqa: E731
    page = client.post(url("step", "show"))
    assert not Theme.objects.get(pk=theme.pk).shown
    choices = client.get(url("answer")).context["form"].fields["update"].queryset
    assert list(choices) == [update]
    answers = {"answer_th": "เพิ่มช่อง", "outcome": "changed", "update": update.pk, "version": theme.version}
    client.post(url("answer"), answers)
    client.post(url("step", "show"))
    client.post(url("step", "up"))
    theme.refresh_from_db()
    assert (theme.shown, theme.update, theme.position) == (True, update, 1)
    assert client.post(url("step", "sideways")).status_code == 404
    client.post(url("step", "unshow"))
    page = client.get(url("remove"))
    assert (page.status_code, Theme.objects.get(pk=theme.pk).shown) == (200, False)
    client.post(url("remove"))
    assert list(Theme.objects.all()) == [first]


@pytest.mark.parametrize(
    ("shown", "hidden", "says"),
    [
        (False, False, "บันทึกคำตอบแล้ว เมื่อพร้อมให้ประชาชนอ่าน โปรดกด “แสดงต่อประชาชน”"),
        (True, False, "บันทึกแล้ว ประชาชนเห็นคำตอบใหม่แล้ว"),
        (True, True, "บันทึกคำตอบแล้ว"),
    ],
)
def test_an_answer_says_whether_people_read_it_already(
    shown: bool, hidden: bool, says: str, sign_in: Any, staff: User, asked: Call
) -> None:
    theme = themes.add(asked, by=staff, title_th="รอนาน")
    theme = themes.answer(theme, by=staff, version=theme.version, answer_th="ก", outcome="planned")
    if shown:
        theme = themes.show(theme, by=staff)
    if hidden:
        publishing.hide(asked, by=staff)
    client, url = sign_in(staff), reverse("desk:theme-answer", args=[asked.pk, theme.pk])
    answers = {"answer_th": "ข", "outcome": "planned", "update": "", "version": theme.version}
    assert told(client, client.post(url, answers)) == [says]
