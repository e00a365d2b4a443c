"""What staff do with an update: who may approve it, opening, returning with notes, taking back, many at once."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import permutations
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import translation

from agencies.models import Agency, Membership, User
from agencies.rules import agencies
from govlab.files import Attached
from govlab.history import hold, keep
from projects.models import Comment, DueReport, Evidence, ProgressUpdate, Project, Stage
from projects.models.stages import StageState
from projects.rules import comments, reviews, stages, updates
from tests import factories

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2019, 7, 1, 3, 0, tzinfo=dt.UTC)
MAY, JUNE, JULY = dt.date(2019, 5, 31), dt.date(2019, 6, 30), dt.date(2019, 7, 31)


def stage_of(project: Project) -> Stage:
    return Stage.objects.get(project=project, number=2)


def word(project: Project) -> tuple[Any, ...]:
    stage = stage_of(project)
    return (stage.state, stage.actual_start, stage.actual_end, Project.objects.get(pk=project.pk).current_stage)


@pytest.fixture
def waiting(reporter: User, project: Project) -> ProgressUpdate:
    return factories.make_update(reporter, project, "submitted")


# --- who may approve -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("wrote", ["began", "edited", "filled", "sent", "passed on"])
def test_nobody_approves_what_they_had_a_hand_in_whatever_hand_it_was(
    wrote: str, reporter: User, staff: User, other_staff: User, agency: Agency, project: Project
) -> None:
    """`staff` reports for the agency too, once; later they are only staff."""
    role = Membership.objects.create(user=staff, agency=agency, role="lead")
    if wrote == "passed on":
        agencies.set_passing(agency, by=staff, version=agency.version, lead_passes_on=True)
    update = factories.make_update(staff if wrote == "began" else reporter, project)
    if wrote == "edited":
        updates.edit(update, by=staff, version=update.version, title="แก้แล้ว")
        update.refresh_from_db()
        update = updates.edit(update, by=reporter, version=update.version, title="แก้อีก")
    if wrote == "filled":
        keep(hold(update), "fill", by=staff, filled_by="น้องฝน")  # they made the link and answer for it
    update = updates.submit(update, by=staff if wrote == "sent" else reporter)
    if wrote == "passed on":
        update = updates.pass_on(update, by=staff)
    role.delete()
    assert update.approvers == [other_staff.pk]
    with pytest.raises(PermissionDenied):
        reviews.approve(update, by=staff)
    assert reviews.approve(update, by=other_staff).reviewed_by == other_staff


def test_who_may_approve_is_fixed_until_it_is_sent_again(reporter: User, staff: User, waiting: ProgressUpdate) -> None:
    late = factories.make_staff("มาทีหลัง")
    with pytest.raises(PermissionDenied):
        reviews.approve(waiting, by=late)
    returned = reviews.return_(waiting, by=late, reason="แก้")  # returning is not approving
    again = updates.submit(returned, by=reporter)
    assert again.approvers == sorted([staff.pk, late.pk])
    assert reviews.approve(again, by=late).state == "approved"


def test_taking_back_lets_nobody_approve_who_could_not_before(
    reporter: User, staff: User, agency: Agency, project: Project
) -> None:
    author = factories.make_staff("ผู้เขียน")
    Membership.objects.create(user=author, agency=agency)
    update = factories.make_update(author, project, "approved", staff)
    update = reviews.take_back(update, by=author, reason="ตัวเลขผิด")
    with pytest.raises(PermissionDenied):
        reviews.approve(update, by=author)
    assert reviews.approve(update, by=staff).state == "approved"


# --- opening, withdrawing, handing back ------------------------------------------------------------------------------
def test_the_first_opening_counts_and_ends_withdrawing(
    reporter: User, staff: User, other_staff: User, waiting: ProgressUpdate
) -> None:
    opened = reviews.open_(waiting, by=staff, now=NOW)
    again = reviews.open_(opened, by=other_staff)
    assert (again.opened_by, again.opened_at, again.version) == (staff, NOW, opened.version)
    with pytest.raises(ValidationError) as refusal:
        updates.withdraw(opened, by=reporter)
    assert refusal.value.code == "moment"


def test_what_is_sent_again_can_be_withdrawn_again_and_stays_a_returned_one(
    reporter: User, staff: User, waiting: ProgressUpdate
) -> None:
    update = reviews.return_(reviews.open_(waiting, by=staff), by=staff, reason="แก้", notes={"text": " กี่คน "})
    update = updates.withdraw(updates.submit(update, by=reporter), by=reporter)
    assert (update.state, update.return_reason, update.return_notes) == ("returned", "แก้", {"text": "กี่คน"})
    assert (update.waiting_since, update.opened_at) == (None, None)


def test_a_withdrawn_first_sending_is_a_draft_as_if_it_was_never_sent(
    reporter: User, staff: User, waiting: ProgressUpdate
) -> None:
    update = updates.withdraw(waiting, by=reporter)
    assert (update.state, update.submitted_at, update.waiting_since) == ("draft", None, None)
    assert not ProgressUpdate.objects.visible_to(staff).filter(pk=update.pk).exists()


def test_a_leads_word_neither_hides_staffs_nor_outlives_the_sending(
    reporter: User, lead: User, staff: User, agency: Agency, waiting: ProgressUpdate
) -> None:
    update = reviews.return_(waiting, by=staff, reason="ขอจำนวน", notes={"text": "กี่คน"})
    agencies.set_passing(agency, by=lead, version=agency.version, lead_passes_on=True)
    update = updates.submit(ProgressUpdate.objects.get(pk=update.pk), by=reporter)
    update = updates.hand_back(update, by=lead, reason="ยังขาด")
    said = (update.state, update.return_reason, update.return_notes, update.lead_reason)
    assert said == ("returned", "ขอจำนวน", {"text": "กี่คน"}, "ยังขาด")
    update = updates.pass_on(updates.submit(update, by=reporter), by=lead)
    assert (update.state, update.lead_reason) == ("submitted", "")


@pytest.mark.parametrize("reason", ["", "  ", "\u200b"])
@pytest.mark.parametrize("verb", ["return", "hand_back", "take_back"])
def test_a_reason_must_be_given(verb: str, reason: str, reporter: User, staff: User, project: Project) -> None:
    update = (
        factories.make_with_lead(reporter, project)
        if verb == "hand_back"
        else factories.make_update(reporter, project, {"return": "submitted"}.get(verb, "approved"), staff)
    )
    leader = update.agency.memberships.filter(role="lead").first()
    calls = {
        "return": lambda: reviews.return_(update, by=staff, reason=reason),
        "hand_back": lambda: updates.hand_back(update, by=leader and leader.user, reason=reason),
        "take_back": lambda: reviews.take_back(update, by=staff, reason=reason),
    }
    with pytest.raises(ValidationError) as refusal:
        calls[verb]()
    assert set(refusal.value.message_dict) == {"reason"}
    assert ProgressUpdate.objects.get(pk=update.pk).version == update.version


@pytest.mark.parametrize("notes", [{"reviewed_by": "x"}, {"": "x"}, {"title": "ก" * 1001}])
def test_a_note_is_short_and_about_what_the_agency_writes(
    notes: dict[str, str], staff: User, waiting: ProgressUpdate
) -> None:
    with pytest.raises(ValidationError) as refusal:
        reviews.return_(waiting, by=staff, reason="แก้", notes=notes)
    assert set(refusal.value.message_dict) == {"notes"}


def test_a_discarded_draft_leaves_its_report_due_and_its_history_says_so(
    reporter: User, staff: User, project: Project
) -> None:
    factories.make_round(staff)
    due = DueReport.objects.get(project=project)
    updates.discard(updates.add(by=reporter, project=project, due=due), by=reporter)
    told = list(due.history.order_by("history_id").values_list("history_change_reason", "history_user"))[-2:]
    assert told == [("begin", reporter.pk), ("discard", reporter.pk)]
    assert DueReport.objects.get(project=project).update is None


# --- taking back -----------------------------------------------------------------------------------------------------
def test_an_approval_taken_back_waits_again_with_its_reason_and_cannot_be_withdrawn(
    reporter: User, staff: User, other_staff: User, project: Project
) -> None:
    update = factories.make_update(reporter, project, "approved", other_staff)
    update = reviews.take_back(update, by=staff, reason=" ตัวเลขผิด ", now=NOW)
    assert (update.state, update.return_reason, update.waiting_since) == ("submitted", "ตัวเลขผิด", NOW)
    assert (update.opened_by, word(project)) == (staff, ("unknown", None, None, None))
    with pytest.raises(ValidationError):
        updates.withdraw(update, by=reporter)


def test_a_stage_stands_after_a_taking_back_as_if_that_update_had_never_been_approved(
    reporter: User, staff: User, project: Project
) -> None:
    """Three updates in every order of approval, staff's own word before, between, after or never, each taken back."""
    sent = {
        "june": factories.make_update(reporter, project, "submitted", happened_on=JUNE),
        "done": factories.make_update(reporter, project, "submitted", happened_on=JULY, stage_state="done"),
        "same day": factories.make_update(reporter, project, "submitted", happened_on=JULY),
    }

    def carry_out(steps: tuple[str, ...]) -> None:
        for step in steps:
            if step == "staff":
                stage = stage_of(project)
                answers = {"state": StageState.DONE, "actual_start": MAY, "actual_end": MAY}
                stages.edit(stage, by=staff, version=stage.version, **answers)
            else:
                reviews.approve(ProgressUpdate.objects.get(pk=sent[step].pk), by=staff)

    @contextmanager
    def undone(steps: tuple[str, ...]) -> Iterator[None]:
        with transaction.atomic():
            carry_out(steps)
            yield
            transaction.set_rollback(True)

    alone = [*permutations(sent)]
    orders = [*alone, *((*order[:place], "staff", *order[place:]) for order in alone for place in (0, 1, 3))]
    assert len({*orders}) == 24
    never: dict[tuple[str, ...], tuple[Any, ...]] = {}
    for without in {tuple(step for step in steps if step != taken) for steps in orders for taken in sent}:
        with undone(without):
            never[without] = word(project)
    for steps in orders:
        with undone(steps):
            for taken, update in sent.items():
                with undone(()):
                    reviews.take_back(ProgressUpdate.objects.get(pk=update.pk), by=staff, reason="ผิด")
                    expected = never[tuple(step for step in steps if step != taken)]
                    assert (steps, taken, word(project)) == (steps, taken, expected)


def test_planned_dates_that_staff_set_since_stay(reporter: User, staff: User, project: Project) -> None:
    update = factories.make_update(reporter, project, "approved", staff)
    stage = stage_of(project)
    stages.edit(stage, by=staff, version=stage.version, planned_end=JULY)
    reviews.take_back(update, by=staff, reason="ผิด")
    assert (stage_of(project).state, stage_of(project).planned_end) == ("unknown", JULY)


def test_nothing_happens_to_a_stage_that_says_something_else(reporter: User, staff: User, project: Project) -> None:
    update = factories.make_update(reporter, project, "approved", staff)
    stage = stage_of(project)
    stages.edit(stage, by=staff, version=stage.version, state="done", actual_end=JUNE)
    told = stage.history.count()
    reviews.take_back(update, by=staff, reason="ผิด")
    assert (word(project), stage.history.count()) == (("done", None, JUNE, 2), told)


# --- many at once ----------------------------------------------------------------------------------------------------
def usual(project: Project, reporter: User, staff: User, **answers: Any) -> ProgressUpdate:
    """An update about which nothing is unusual: the stage stands where it says."""
    if stage_of(project).state == "unknown":
        factories.make_update(reporter, project, "approved", staff)
    return factories.make_update(reporter, project, "submitted", **{"obstacles": "", **answers})


def test_an_ordinary_update_needs_no_look(reporter: User, staff: User, project: Project) -> None:
    assert reviews.needs_look(usual(project, reporter, staff)) == []


LOOKS = {
    "obstacles": "It names obstacles or asks for help.",
    "stage": "It moves the stage.",
    "returned": "It was reviewed before.",
    "taken back": "It was reviewed before.",
    "filled": "A colleague without an account filled it in.",
    "released": "It releases files to the public.",
    "confirmed": "A number in it was unusual.",
    "comment": "There is a comment on it.",
}


@pytest.mark.parametrize(("unusual", "sentence"), LOOKS.items())
def test_whatever_is_unusual_is_looked_at_and_not_approved_among_many(
    unusual: str, sentence: str, reporter: User, staff: User, project: Project
) -> None:
    answers: dict[str, Any] = {"obstacles": {"obstacles": "ขอล่าม"}, "stage": {"stage_state": "done"}}.get(unusual, {})
    update = usual(project, reporter, staff, **answers)
    if unusual == "returned":
        update = updates.submit(reviews.return_(update, by=staff, reason="แก้"), by=reporter)
    if unusual == "taken back":
        update = reviews.take_back(reviews.approve(update, by=staff), by=staff, reason="ผิด")
        stage = stage_of(project)
        assert stage.state == "in_progress"  # by the other approved one
    if unusual == "filled":
        update = keep(hold(update), "fill", by=reporter, filled_by="น้องฝน")
    if unusual == "released":
        file = Attached(name="ก.pdf", kind="pdf", size=9, sha256="a" * 64)
        keep(Evidence(update=update), "add", by=reporter, **file._asdict(), released=True)
    if unusual == "confirmed":
        indicator = factories.make_indicator(staff, project)
        update.readings.create(indicator=indicator, value=1, confirmed=True)
    if unusual == "comment":
        comments.add(update, by=reporter, text="รอเอกสาร")
    update = ProgressUpdate.objects.get(pk=update.pk)
    with translation.override("en"):
        assert reviews.needs_look(update) == [sentence]
        ((_update, refused),) = reviews.approve_many([(update, update.version)], by=staff)
        assert isinstance(refused, ValidationError)
        assert (refused.messages, refused.code) == ([sentence], "look")
    assert ProgressUpdate.objects.get(pk=update.pk).state == "submitted"


def test_of_many_each_goes_through_the_rule_and_a_refused_one_leaves_the_others_alone(
    reporter: User, staff: User, agency: Agency, project: Project
) -> None:
    good, stale, gone, last = (usual(project, reporter, staff) for _n in range(4))
    Membership.objects.create(user=staff, agency=agency)
    own = usual(project, staff, staff)
    updates.discard(updates.withdraw(gone, by=reporter), by=reporter)
    chosen = [(row, row.version) for row in (good, own, gone, last)]
    answers = reviews.approve_many([*chosen, (stale, stale.version - 1), (good, good.version)], by=staff)
    kinds = [type(refused).__name__ if refused else "approved" for _update, refused in answers]
    assert kinds == ["approved", "PermissionDenied", "Gone", "approved", "Stale", "Stale"]
    assert [row for row, refused in answers] == [good, own, gone, last, stale, good]
    states = dict(ProgressUpdate.objects.values_list("pk", "state"))
    assert [states[row.pk] for row in (good, own, last, stale)] == ["approved", "submitted", "approved", "submitted"]


@pytest.mark.parametrize("person", ["reporter", "lead", "stranger"])
def test_only_staff_approve_many(
    person: str, request: pytest.FixtureRequest, reporter: User, staff: User, project: Project
) -> None:
    update = usual(project, reporter, staff)
    ((_update, refused),) = reviews.approve_many([(update, update.version)], by=request.getfixturevalue(person))
    assert isinstance(refused, PermissionDenied)


# --- comments --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("person", "state", "may"),
    [
        ("reporter", "submitted", True),
        ("lead", "returned", True),
        ("staff", "submitted", True),
        ("staff", "draft", False),
        ("stranger", "submitted", False),
        ("stranger", "approved", False),
    ],
)
def test_whoever_works_on_an_update_comments_on_it(
    person: str, state: str, may: bool, request: pytest.FixtureRequest, reporter: User, staff: User, project: Project
) -> None:
    by = request.getfixturevalue(person)
    update = factories.make_update(reporter, project, state, staff)
    if may:
        row = comments.add(update, by=by, text=" รับทราบ ")
        assert (row.text, row.author, row.inside, row.history.first().history_user) == ("รับทราบ", by, False, by)
        return
    with pytest.raises(PermissionDenied):
        comments.add(update, by=by, text="รับทราบ")
    assert update.comments.count() == 0


def test_what_an_agency_said_among_itself_is_no_reason_to_look(
    reporter: User, staff: User, agency: Agency, project: Project
) -> None:
    draft = factories.make_update(reporter, project, obstacles="")
    comments.add(draft, by=reporter, text="ลับ")
    sent = updates.submit(draft, by=reporter)
    with translation.override("en"):
        assert "There is a comment on it." not in reviews.needs_look(sent)
        comments.add(sent, by=staff, text="ดูตัวเลข", inside=True)
        assert "There is a comment on it." in reviews.needs_look(ProgressUpdate.objects.get(pk=sent.pk))


def test_what_staff_who_work_for_the_agency_keep_among_staff_stays_there(
    reporter: User, staff: User, agency: Agency, project: Project
) -> None:
    Membership.objects.create(user=staff, agency=agency)
    draft = factories.make_update(reporter, project)
    among_staff = comments.add(draft, by=staff, text="ดูตัวเลข", inside=True)
    for_agency = comments.add(draft, by=staff, text="แก้ตัวเลข")
    assert list(Comment.objects.visible_to(reporter)) == [for_agency]
    assert list(Comment.objects.visible_to(staff)) == [among_staff, for_agency]


def test_an_agency_has_no_word_among_staff_and_an_empty_one_is_none(
    reporter: User, staff: User, waiting: ProgressUpdate
) -> None:
    with pytest.raises(PermissionDenied):
        comments.add(waiting, by=reporter, text="ลับ", inside=True)
    for text in ("", "  ", "ก" * 5001):
        with pytest.raises(ValidationError) as refusal:
            comments.add(waiting, by=staff, text=text)
        assert set(refusal.value.message_dict) == {"text"}
    assert waiting.comments.count() == 0
