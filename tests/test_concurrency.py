"""Several people at the same moment, on connections of their own: nothing doubled, nothing overwritten in silence."""

import datetime as dt
import itertools
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.models import Agency, User
from agencies.rules import records
from govlab import letters, outbox
from govlab.history import Stale
from govlab.models import Letter, Once
from govlab.thai import BANGKOK
from projects import following
from projects.models import (
    AgendaItem,
    Assignment,
    Cohort,
    Contact,
    DueReport,
    Follow,
    Meeting,
    MeetingPerson,
    ProgressUpdate,
    Project,
    Rater,
    Rating,
    Round,
    Schedule,
    Snapshot,
    Stage,
    Voice,
)
from projects.rules import (
    agenda,
    assignments,
    decisions,
    follows,
    meetings,
    ratings,
    reviews,
    rounds,
    schedules,
    series,
    stages,
    themes,
    updates,
    voices,
)
from tests import factories, visitors

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _connections_of_their_own(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """Real connections for real threads: SQLite in memory is put into a file for as long as the test runs.

    In memory all connections share one cache with locks of its own, so it says nothing about the file in production.
    """
    if connection.vendor != "sqlite" or not connection.is_in_memory_db():
        yield
        return
    settings, memory = connections.databases["default"], connections["default"]
    name, path = settings["NAME"], tmp_path / "portal.sqlite3"
    memory.ensure_connection()
    with sqlite3.connect(path) as file:
        memory.connection.backup(file)
        file.execute("PRAGMA journal_mode=WAL")
    file.close()
    settings["NAME"] = str(path)
    del connections["default"]
    try:
        yield
    finally:
        connections["default"].close()
        settings["NAME"] = name
        connections["default"] = memory


def at_once(acts: list[Callable[[], Any]]) -> list[Any]:
    """What each act answers, or the exception it raises, when all begin at the same moment."""
    gate = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        gate.wait(30)
        try:
            return act()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def kinds(answers: list[Any]) -> list[str]:
    return sorted(type(answer).__name__ for answer in answers)


@pytest.fixture
def other_lead(agency: Agency) -> User:
    return factories.make_member(agency, "lead")


# --- once ------------------------------------------------------------------------------------------------------------
def test_the_same_form_sent_sixteen_times_at_once_is_one_record(staff: User) -> None:
    clients = [Client() for _ in range(16)]
    for client in clients:
        client.force_login(staff)
    answers = {"year": "2562", "about_th": "ปีแรก", "form_key": "abc"}
    pages = at_once([lambda client=client: client.post("/desk/cohorts/add/", answers) for client in clients])
    assert {(page.status_code, page.headers.get("Location")) for page in pages} == {(302, "/desk/cohorts/")}
    assert (Cohort.objects.count(), Cohort.history.count(), Once.objects.count()) == (1, 1, 1)


def test_the_same_update_sent_sixteen_times_at_once_is_one_update(reporter: User, project: Project) -> None:
    clients = [Client() for _ in range(16)]
    for client in clients:
        client.force_login(reporter)
    address = reverse("workspace:update-add", args=[project.code])
    answers = {
        "stage_number": "2",
        "stage_state": "in_progress",
        "happened_on": "30/6/2562",
        "title": "สัมภาษณ์ 24 คน",
        "text": "สัมภาษณ์แรงงาน",
        "form_key": "abc",
    }
    pages = at_once([lambda client=client: client.post(address, answers) for client in clients])
    assert (len({page.headers.get("Location") for page in pages}), {page.status_code for page in pages}) == (1, {302})
    assert (ProgressUpdate.objects.count(), ProgressUpdate.history.count()) == (1, 1)


def test_sixteen_presses_of_other_keys_are_sixteen_records(staff: User) -> None:
    """The twin of the tests above: without the common key each is carried out, so it is the key that makes one."""
    clients = [Client() for _ in range(16)]
    for client in clients:
        client.force_login(staff)
    pages = at_once(
        [
            lambda client=client, n=n: client.post("/desk/cohorts/add/", {"year": str(2550 + n), "form_key": f"key{n}"})
            for n, client in enumerate(clients)
        ]
    )
    assert ({page.status_code for page in pages}, Cohort.objects.count(), Once.objects.count()) == ({302}, 16, 16)


# --- nobody is overwritten -------------------------------------------------------------------------------------------
ROUNDS = 20


def test_two_people_who_edit_the_same_text_never_overwrite_each_other_in_silence(
    reporter: User, lead: User, project: Project
) -> None:
    key = factories.make_update(reporter, project, text="").pk
    acknowledged: list[str] = []
    stale = itertools.count()

    def typing(by: User, name: str) -> None:
        """Adds a word of one's own to what one reads, again after each conflict, until it is in."""
        for number in range(ROUNDS):
            word = f"{name}{number}"
            while True:
                seen = ProgressUpdate.objects.get(pk=key)
                try:
                    updates.edit(seen, by=by, version=seen.version, text=f"{seen.text} {word}".strip())
                    break
                except Stale:
                    next(stale)
            acknowledged.append(word)

    answers = at_once([lambda: typing(reporter, "ก"), lambda: typing(lead, "ข")])
    update = ProgressUpdate.objects.get(pk=key)
    assert (answers, sorted(update.text.split())) == ([None, None], sorted(acknowledged))
    assert (len(acknowledged), update.version, update.history.count()) == (2 * ROUNDS, 2 * ROUNDS + 1, 2 * ROUNDS + 1)


def test_of_eight_who_save_the_version_they_all_read_one_saves_and_seven_are_told(staff: User) -> None:
    cohort = factories.make_cohort(staff)
    answers = at_once(
        [lambda n=n: records.edit(cohort, by=staff, version=cohort.version, about_th=str(n)) for n in range(8)]
    )
    assert kinds(answers) == ["Cohort"] + ["Stale"] * 7
    assert (Cohort.objects.get().version, cohort.history.count()) == (2, 2)


def test_without_the_version_one_of_them_would_be_lost(reporter: User, lead: User, project: Project) -> None:
    """The naive twin: read, add a word, save. It loses words, so the tests above could fail."""
    key = factories.make_update(reporter, project, text="").pk
    both_have_read = threading.Barrier(2)

    def typing(word: str) -> None:
        seen = ProgressUpdate.objects.get(pk=key)
        both_have_read.wait(30)
        ProgressUpdate.objects.filter(pk=key).update(text=f"{seen.text} {word}".strip())

    at_once([lambda: typing("ก"), lambda: typing("ข")])
    assert len(ProgressUpdate.objects.get(pk=key).text.split()) == 1


# --- one verb at a time ----------------------------------------------------------------------------------------------
def test_of_two_staff_who_return_and_approve_at_once_one_is_told_to_look_again(
    reporter: User, staff: User, other_staff: User, project: Project
) -> None:
    for _round in range(5):
        update = factories.make_update(reporter, project, "submitted")
        answers = at_once(
            [
                lambda update=update: reviews.approve(update, by=staff),
                lambda update=update: reviews.return_(update, by=other_staff, reason="ขอจำนวน"),
            ]
        )
        assert kinds(answers) == ["ProgressUpdate", "ValidationError"]
        [done] = [answer for answer in answers if isinstance(answer, ProgressUpdate)]
        update.refresh_from_db()
        assert (update.state, update.history.count()) == (done.state, 3)


def test_two_updates_of_a_stage_approved_at_once_leave_the_later_ones_word(
    reporter: User, staff: User, other_staff: User, project: Project
) -> None:
    for number in range(1, 5):
        earlier, later = (
            factories.make_update(
                reporter,
                project,
                "submitted",
                stage_number=number,
                stage_state=state,
                happened_on=dt.date(2019, month, 1),
            )
            for state, month in (("in_progress", 5), ("done", 6))
        )
        answers = at_once(
            [
                lambda later=later: reviews.approve(later, by=staff),
                lambda earlier=earlier: reviews.approve(earlier, by=other_staff),
            ]
        )
        assert kinds(answers) == ["ProgressUpdate"] * 2, answers
        stage = Stage.objects.get(project=project, number=number)
        assert (number, stage.state, stage.actual_end) == (number, "done", dt.date(2019, 6, 1))
    assert Project.objects.get(pk=project.pk).current_stage == 5


def test_four_stages_set_at_once_leave_the_projects_standing_right(staff: User, project: Project) -> None:
    for version, state, standing in ((1, "done", 5), (2, "in_progress", 4), (3, "done", 5)):
        answers = at_once(
            [
                lambda stage=stage, state=state, version=version: stages.edit(
                    stage, by=staff, version=version, state=state
                )
                for stage in project.stages.all()
            ]
        )
        assert kinds(answers) == ["Stage"] * 4, answers
        assert (state, Project.objects.get(pk=project.pk).current_stage) == (state, standing)


def test_parts_added_at_once_each_have_a_place_of_their_own(staff: User) -> None:
    meeting = factories.make_meeting(staff)
    answers = at_once(
        [lambda n=n: meetings.add_part(MeetingPerson, by=staff, meeting=meeting, name_th=f"คนที่ {n}") for n in range(8)]
    )
    assert kinds(answers) == ["MeetingPerson"] * 8, answers
    assert sorted(meeting.people.values_list("position", flat=True)) == [1, 2, 3, 4, 5, 6, 7, 8]


# --- rounds of reporting ---------------------------------------------------------------------------------------------
def quarterly(staff: User) -> tuple[Schedule, dt.datetime]:
    """A schedule of which two rounds have come, and the moment."""
    now = dt.datetime(2019, 7, 1, 12, tzinfo=dt.UTC)
    cohort = factories.make_cohort(staff)
    return schedules.add(by=staff, cohort=cohort, rhythm="quarterly", starts_on=dt.date(2019, 1, 1), now=now), now


def test_workers_that_tick_at_once_make_each_round_and_each_report_once(staff: User, project: Project) -> None:
    factories.make_project(staff)
    _schedule, now = quarterly(staff)
    assert at_once([lambda: rounds.tick(now)] * 4) == [None] * 4
    assert (Round.objects.count(), Round.history.count()) == (2, 2)
    assert (DueReport.objects.count(), DueReport.history.count()) == (4, 4)


def test_without_the_schedules_row_one_worker_would_stumble_over_the_other(staff: User, project: Project) -> None:
    """The naive twin: look whether the round is there, then make it."""
    schedule, _now = quarterly(staff)
    both_have_looked = threading.Barrier(2)

    def naive() -> Round:
        assert not schedule.rounds.exists()
        both_have_looked.wait(30)
        first, last = dt.date(2019, 1, 1), dt.date(2019, 3, 31)
        return schedule.rounds.create(period_start=first, period_end=last, opens_on=last, due_on=last)

    assert kinds(at_once([naive, naive])) == ["IntegrityError", "Round"]


def test_of_two_who_close_a_round_at_once_one_is_told(staff: User, other_staff: User, project: Project) -> None:
    _schedule, now = quarterly(staff)
    rounds.tick(now)
    round_ = Round.objects.latest("period_end")
    answers = at_once([lambda by=by: rounds.close(round_, by=by) for by in (staff, other_staff)])
    assert kinds(answers) == ["Round", "ValidationError"]
    assert (Snapshot.objects.count(), round_.history.count()) == (1, 2)


# --- letters ---------------------------------------------------------------------------------------------------------
def test_three_workers_send_each_letter_once(agency: Agency, mailoutbox: list[Any]) -> None:
    people = [factories.make_user() for _n in range(12)]
    with transaction.atomic():
        letters.write("account_made", people, agency=agency)
    assert sum(at_once([outbox.send_due] * 3)) == 12
    assert sorted(letter.to for letter in mailoutbox) == sorted([person.email] for person in people)


def test_a_key_is_written_once_and_a_daily_letter_gathered_once_by_workers_at_the_same_moment(
    agency: Agency, reporter: User
) -> None:
    reporter.letters_daily = True
    reporter.save()

    @transaction.atomic
    def write() -> int:
        return len(letters.write("account_made", [reporter], key="k", agency=agency))

    assert sorted(at_once([write] * 4)) == [0, 0, 0, 1]
    morning = Letter.objects.get().next_try_at
    assert sorted(at_once([lambda: outbox.gather_digests(morning)] * 4)) == [0, 0, 0, 1]


# --- meetings --------------------------------------------------------------------------------------------------------
def test_eight_meetings_made_at_once_have_eight_numbers_without_a_gap(staff: User) -> None:
    body = series.add(by=staff, key="sub", name_th="อ.ก.พ.ร.")
    day = dt.date(2099, 1, 5)
    made = at_once([lambda: meetings.add(by=staff, series=body, starts_on=day)] * 8)
    assert sorted(row.number for row in made) == list(range(1, 9))
    assert sorted(Meeting.objects.values_list("number", flat=True)) == list(range(1, 9))


def test_two_who_arrange_an_agenda_at_once_leave_one_order(staff: User, other_staff: User) -> None:
    meeting = factories.make_meeting(staff, published=False)
    rows = [meetings.add_part(AgendaItem, by=staff, meeting=meeting, title_th=f"{n}") for n in range(6)]
    acts = [
        lambda row=row, by=by, to=to: agenda.move(row, by=by, to=to)
        for row, by, to in zip(rows, itertools.cycle([staff, other_staff]), ["down", "up", "in", "down", "up", "in"])
    ]
    assert [type(answer).__name__ for answer in at_once(acts)] == ["AgendaItem"] * 6
    found: dict[Any, list[int]] = {}
    for parent, position in meeting.agenda.values_list("parent", "position"):
        found.setdefault(parent, []).append(position)
    assert all(sorted(places) == list(range(1, len(places) + 1)) for places in found.values())
    assert len(set(meeting.agenda.values_list("number", flat=True))) == 6


def test_work_asked_and_a_meeting_made_at_the_same_moment_find_each_other(staff: User, agency: Agency) -> None:
    body = series.add(by=staff, key="sub", name_th="อ.ก.พ.ร.")
    held = meetings.add(by=staff, series=body, starts_on=dt.date(2019, 1, 5))
    acts: list[Callable[[], Any]] = [
        lambda n=n: meetings.add_part(Assignment, by=staff, meeting=held, agency=agency, text_th=f"{n}")
        for n in range(4)
    ]
    acts.append(lambda: meetings.add(by=staff, series=body, starts_on=dt.date(2099, 1, 5), prefill=True))
    answers = at_once(acts)
    assert [type(answer).__name__ for answer in answers] == [*["Assignment"] * 4, "Meeting"]
    assert sorted(row.assignment.text_th for row in answers[-1].follow_ups.all()) == ["0", "1", "2", "3"]


def test_an_answer_and_a_closing_at_once_leave_one_state_and_lose_nothing(
    staff: User, reporter: User, agency: Agency
) -> None:
    asked = factories.make_assignment(staff, agency)
    acts: list[Callable[[], Any]] = [
        lambda: assignments.answer(asked, by=reporter, text="ทำแล้ว"),
        lambda: decisions.close(asked, by=staff, note="ครบ"),
    ]
    answers = kinds(at_once(acts))
    now = Assignment.objects.get()
    if answers == ["Answer", "Assignment"]:  # answered, then closed
        assert (now.state, now.answers.count()) == ("closed", 1)
    else:  # closed first: the answer was refused
        assert (answers, now.state, now.answers.count()) == (["Assignment", "ValidationError"], "closed", 0)


# --- visitors --------------------------------------------------------------------------------------------------------
def test_one_visitor_who_rated_at_once_eight_times_is_one_rating(project: Project) -> None:
    acts = [lambda n=n: ratings.rate(project, visitor="1" * 64, stars=n % 5 + 1, comment=f"{n}") for n in range(8)]
    assert kinds(at_once(acts)) == ["Rating"] * 8
    assert (Rating.objects.count(), Rater.objects.count(), Rating.objects.get().history.count()) == (1, 1, 8)


def test_an_address_that_asked_at_once_eight_times_gets_one_letter(db: None) -> None:
    acts = [lambda: follows.ask("all", "", email="somchai@example.go.th") for _n in range(8)]
    assert kinds(at_once(acts)) == ["NoneType"] * 8
    assert (Follow.objects.count(), Letter.objects.count()) == (1, 1)


def test_four_workers_write_one_daily_letter(staff: User) -> None:
    follows.ask("all", "", email="somchai@example.go.th")
    follows.confirm(Follow.objects.get().token)
    factories.make_project(staff)
    now = dt.datetime.combine(timezone.localdate() + dt.timedelta(days=1), dt.time(7, 1), BANGKOK)
    assert sorted(at_once([lambda: following.send_digests(now)] * 4)) == [0, 0, 0, 1]
    assert Letter.objects.filter(kind="follow_digest").count() == 1


def test_a_voice_sent_eight_times_at_once_with_one_key_is_one_voice(staff: User, project: Project) -> None:
    call = factories.make_call(staff, project)
    address = reverse("public:call-answer", args=[call.pk])
    answers = {
        "text": "รอคิวนานมาก",
        "standpoint": "user",
        "contact": "081",
        "form_key": "abc",
        "opened": visitors.opened(),
    }
    headers = {"Sec-Fetch-Site": "same-origin"}
    pages = at_once([lambda: Client().post(address, answers, headers=headers) for _click in range(8)])
    assert {(page.status_code, page.headers.get("Location")) for page in pages} == {(302, f"{address}?sent=1")}
    assert (Voice.objects.count(), Voice.history.count(), Contact.objects.count()) == (1, 1, 1)


def test_of_two_staff_who_show_and_withhold_one_voice_at_once_one_is_told(staff: User, other_staff: User) -> None:
    call = factories.make_call(staff, factories.make_project(staff))
    for _round in range(3):
        voice = factories.make_voice(call)
        told = at_once(
            [
                lambda voice=voice: voices.decide_many("show", [(voice, voice.version)], by=staff),
                lambda voice=voice: voices.decide_many(
                    "withhold", [(voice, voice.version)], by=other_staff, reason="abuse"
                ),
            ]
        )
        assert sorted((len(done), moved) for done, moved in told) == [(0, 1), (1, 0)], told
        assert Voice.objects.get(pk=voice.pk).history.count() == 2


def test_themes_moved_at_once_wait_for_each_other_and_keep_an_order(staff: User, other_staff: User) -> None:
    """Each locks its own theme first in the naive twin, and then waits for the other's: PostgreSQL ends one of them."""
    call = factories.make_call(staff, factories.make_project(staff))
    made = [themes.add(call, by=staff, title_th=title) for title in "กขคง"]
    for _round in range(4):
        acts = [
            lambda row=row, to=to, by=by: themes.move(row, by=by, to=to)
            for row, to, by in zip(made, ("down", "down", "up", "up"), (staff, other_staff) * 2, strict=True)
        ]
        assert kinds(at_once(acts)) == ["Theme"] * 4
    assert sorted(call.themes.values_list("position", flat=True)) == [1, 2, 3, 4]


def test_workers_that_forget_at_once_forget_once(staff: User) -> None:
    call = factories.make_call(staff, factories.make_project(staff))
    factories.make_voice(call, contact="081")
    later = timezone.now() + dt.timedelta(days=200)
    assert sorted(at_once([lambda: voices.forget_contacts(later)] * 4)) == [0, 0, 0, 1]
    assert (Contact.objects.count(), Voice.objects.count()) == (0, 1)
