"""Who may do what to an update, and when: every triple of state, verb and person; then what each verb does."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from agencies.models import Agency, Membership, User
from agencies.rules import agencies
from govlab.files import Attached
from govlab.history import Stale
from govlab.models import Letter
from projects.models import Evidence, Indicator, ProgressUpdate, Project, Reading, Stage
from projects.rules import projects, publishing, reviews, updates
from projects.rules.readings import Measure
from projects.rules.steps import STEPS, open_steps
from tests import factories

STATES = ("draft", "with_lead", "submitted", "returned", "approved")
VERBS = ("edit", "discard", "submit", "pass_on", "hand_back", "withdraw", "open", "return", "approve", "take_back")
PEOPLE = ("visitor", "stranger", "reporter", "lead", "staff", "author_staff", "late_staff", "staff_in_agency")
"""The agency wants its lead to read first. `author_staff` reports for it, and wrote and sent the update;
`staff_in_agency` reports for it too, and did not; `late_staff` joined OPDC after the update was sent."""

TABLE = {  # what comes of it in each state, for the people in their order: Done, not the moment, forbidden
    #            draft       with_lead   submitted   returned    approved
    "edit":      ("ffDDfDfD", "ffnnfnfn", "ffnnfnfn", "ffDDfDfD", "ffnnfnfn"),
    "discard":   ("ffDDfDfD", "ffnnfnfn", "ffnnfnfn", "ffnnfnfn", "ffnnfnfn"),
    "submit":    ("ffDDfDfD", "ffnnfnfn", "ffnnfnfn", "ffDDfDfD", "ffnnfnfn"),
    "pass_on":   ("fffnffff", "fffDffff", "fffnffff", "fffnffff", "fffnffff"),
    "hand_back": ("fffnffff", "fffDffff", "fffnffff", "fffnffff", "fffnffff"),
    "withdraw":  ("ffnnfnfn", "ffDDfDfD", "ffDDfDfD", "ffnnfnfn", "ffnnfnfn"),
    "open":      ("ffffnnnn", "ffffnnnn", "ffffDDDD", "ffffnnnn", "ffffnnnn"),
    "return":    ("ffffnnnn", "ffffnnnn", "ffffDDDD", "ffffnnnn", "ffffnnnn"),
    "approve":   ("ffffnnnn", "ffffnnnn", "ffffDffD", "ffffnnnn", "ffffnnnn"),
    "take_back": ("ffffnnnn", "ffffnnnn", "ffffnnnn", "ffffnnnn", "ffffDDDD"),
}  # fmt: skip
"""Every triple: ten verbs, five states, eight people."""

BECOMES = {
    ("edit", "draft"): "draft",
    ("edit", "returned"): "returned",
    ("discard", "draft"): None,
    ("submit", "draft"): "with_lead",
    ("submit", "returned"): "with_lead",
    ("pass_on", "with_lead"): "submitted",
    ("hand_back", "with_lead"): "draft",
    ("withdraw", "with_lead"): "draft",
    ("withdraw", "submitted"): "draft",
    ("open", "submitted"): "submitted",
    ("return", "submitted"): "returned",
    ("approve", "submitted"): "approved",
    ("take_back", "approved"): "submitted",
}
"""The state after each verb that is done; what a lead sends skips the lead."""

NOW = dt.datetime(2019, 7, 1, 3, 0, tzinfo=dt.UTC)


def carry_out(verb: str, update: ProgressUpdate, by: Any) -> Any:
    calls = {
        "edit": lambda: updates.edit(update, by=by, version=update.version, title="อีกหัวข้อหนึ่ง"),
        "discard": lambda: updates.discard(update, by=by),
        "submit": lambda: updates.submit(update, by=by, now=NOW),
        "pass_on": lambda: updates.pass_on(update, by=by, now=NOW),
        "hand_back": lambda: updates.hand_back(update, by=by, reason="ขอแก้", now=NOW),
        "withdraw": lambda: updates.withdraw(update, by=by, now=NOW),
        "open": lambda: reviews.open_(update, by=by, now=NOW),
        "return": lambda: reviews.return_(update, by=by, reason="ขอจำนวน", notes={"title": "สั้นลง"}, now=NOW),
        "approve": lambda: reviews.approve(update, by=by, now=NOW),
        "take_back": lambda: reviews.take_back(update, by=by, reason="ตัวเลขผิด", now=NOW),
    }
    return calls[verb]()


def everything() -> dict[str, Any]:
    """All rows that a verb could touch, how long their histories are, and the letters."""
    kinds = (ProgressUpdate, Stage, Project, Evidence, Reading)
    rows = {kind.__name__: (list(kind.objects.order_by("pk").values()), kind.history.count()) for kind in kinds}
    return {**rows, "Letter": Letter.objects.count()}


@pytest.fixture
def cast(
    reporter: User, lead: User, stranger: User, staff: User, other_staff: User, visitor: AnonymousUser, agency: Agency
) -> dict[str, Any]:
    people = {
        "reporter": reporter,
        "lead": lead,
        "stranger": stranger,
        "staff": staff,
        "other_staff": other_staff,
        "visitor": visitor,
        "former_reporter": factories.make_member(agency),
        "staff_in_agency": factories.make_staff(),
        "author_staff": factories.make_staff(),
    }
    people["former_reporter"].memberships.all().delete()
    for name in ("staff_in_agency", "author_staff"):
        Membership.objects.create(user=people[name], agency=agency)
    return people


@pytest.fixture
def indicator(project: Project) -> Indicator:
    return Indicator.objects.create(project=project, name_th="เวลาที่รอ", unit_th="นาที")


def file(name: str = "สรุป.pdf", sha256: str = "a" * 64) -> Attached:
    return Attached(name=name, kind="pdf", size=9, sha256=sha256)


def in_state(state: str, author: User, cast: dict[str, Any], project: Project, indicator: Indicator) -> ProgressUpdate:
    """An update of this state with evidence and a reading, sent through the lead."""
    update = factories.make_update(author, project, attach=[file()], readings={indicator: Measure(Decimal(7))})
    verbs = {"draft": 0, "with_lead": 1, "submitted": 2, "returned": 3, "approved": 3}[state]
    steps = [
        ("submit", author),
        ("pass_on", cast["lead"]),
        ("return" if state == "returned" else "approve", cast["staff"]),
    ]
    for verb, by in steps[:verbs]:
        update = carry_out(verb, update, by)
    return update


@pytest.fixture
def lead_first(agency: Agency, lead: User) -> None:
    agencies.set_passing(agency, by=lead, version=agency.version, lead_passes_on=True)


def outcome_of(verb: str, update: ProgressUpdate, person: Any) -> str:
    """D, n or f, as the table says it."""
    try:
        carry_out(verb, update, person)
    except PermissionDenied:
        return "f"
    except ValidationError as refusal:
        return "n" if refusal.code == "moment" else str(refusal)
    return "D"


@pytest.mark.parametrize("state", STATES)
def test_a_verb_does_what_the_table_says_and_else_leaves_everything_as_it_was(
    state: str, cast: dict[str, Any], project: Project, indicator: Indicator, lead_first: None
) -> None:
    theirs = in_state(state, cast["author_staff"], cast, project, indicator)
    usual = in_state(state, cast["reporter"], cast, project, indicator)
    cast["late_staff"] = factories.make_staff("มาทีหลัง")
    before = everything()
    got = dict.fromkeys(VERBS, "")
    steps: dict[str, list[str]] = {}
    for person in PEOPLE:
        update = ProgressUpdate.objects.get(pk=(theirs if person == "author_staff" else usual).pk)
        steps[person] = open_steps(cast[person], update)
        told = update.history.count()
        for verb in VERBS:
            with transaction.atomic():
                done = outcome_of(verb, ProgressUpdate.objects.get(pk=update.pk), cast[person])
                got[verb] += done
                if done == "D":
                    after = ProgressUpdate.objects.filter(pk=update.pk).values_list("state", flat=True).first()
                    known = "submitted" if (verb, person) == ("submit", "lead") else BECOMES[verb, state]
                    assert (verb, person, after) == (verb, person, known)
                    assert ProgressUpdate.history.filter(id=update.pk).count() == told + 1
                else:
                    assert (verb, person, everything()) == (verb, person, before)
                transaction.set_rollback(True)
    assert got == {verb: TABLE[verb][STATES.index(state)] for verb in VERBS}
    allowed = {person: [verb for verb in VERBS if got[verb][n] == "D"] for n, person in enumerate(PEOPLE)}
    assert steps == allowed


def test_the_table_names_every_verb_state_and_person() -> None:
    assert tuple(STEPS) == VERBS == tuple(TABLE)
    assert {(len(row), *map(len, row)) for row in TABLE.values()} == {(len(STATES), *[len(PEOPLE)] * len(STATES))}
    rows = [(verb, state, cells) for verb, row in TABLE.items() for state, cells in zip(STATES, row, strict=True)]
    done = {(verb, state) for verb, state, cells in rows if "D" in cells}
    assert done == set(BECOMES)


def test_whoever_may_no_longer_sign_in_does_nothing(cast: dict[str, Any], project: Project) -> None:
    update = factories.make_update(cast["reporter"], project)
    cast["reporter"].is_active = cast["staff"].is_active = False
    assert open_steps(cast["reporter"], update) == []
    submitted = factories.make_update(cast["lead"], project, "submitted")
    assert open_steps(cast["staff"], submitted) == []


def test_the_rule_looks_at_the_row_and_not_at_what_the_caller_holds(
    staff: User, reporter: User, project: Project
) -> None:
    seen = factories.make_update(reporter, project)
    updates.submit(ProgressUpdate.objects.get(pk=seen.pk), by=reporter, now=NOW)
    assert seen.state == "draft"
    with pytest.raises(ValidationError) as refusal:
        updates.submit(seen, by=reporter, now=NOW)
    assert refusal.value.code == "moment"
    with pytest.raises(ValidationError):
        updates.edit(seen, by=reporter, version=seen.version + 1, title="ใหม่")
    with pytest.raises(ValidationError):
        updates.discard(seen, by=reporter)
    assert ProgressUpdate.objects.get().state == "submitted"


# --- adding ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("part", "may"), [("owner", True), ("partner", True), ("support", False)])
def test_an_owner_or_partner_reports_and_a_supporter_does_not(
    part: str, may: bool, staff: User, stranger: User, other_agency: Agency, project: Project
) -> None:
    projects.add_part(project, by=staff, agency=other_agency, part=part)
    if may:
        assert updates.add(by=stranger, project=project).agency == other_agency
        return
    with pytest.raises(PermissionDenied):
        updates.add(by=stranger, project=project)
    assert ProgressUpdate.history.count() == 0


@pytest.mark.parametrize("person", ["visitor", "stranger", "former_reporter", "staff", "other_staff"])
def test_whoever_has_no_part_in_the_project_begins_no_update(
    person: str, cast: dict[str, Any], project: Project
) -> None:
    with pytest.raises(PermissionDenied):
        updates.add(by=cast[person], project=project)
    assert ProgressUpdate.history.count() == 0


def test_a_person_of_two_agencies_says_for_which_one_they_report(
    staff: User, reporter: User, agency: Agency, other_agency: Agency, project: Project
) -> None:
    Membership.objects.create(user=reporter, agency=other_agency)
    with pytest.raises(PermissionDenied):  # it has no part in the project yet
        updates.add(by=reporter, project=project, agency=other_agency)
    projects.add_part(project, by=staff, agency=other_agency, part="partner")
    assert updates.add(by=reporter, project=project, agency=other_agency).agency == other_agency
    assert updates.add(by=reporter, project=project, agency=agency).agency == agency
    assert list(updates.reporting_agencies(reporter, project)) == [agency, other_agency]
    assert list(updates.reporting_agencies(staff, project)) == []


def test_nothing_is_reported_on_a_hidden_project(staff: User, reporter: User, project: Project) -> None:
    hidden = publishing.hide(project, by=staff)
    with pytest.raises(ValidationError):
        updates.add(by=reporter, project=hidden)
    assert ProgressUpdate.history.count() == 0


def test_an_update_begins_as_an_empty_draft_of_its_author(reporter: User, agency: Agency, project: Project) -> None:
    update = updates.add(by=reporter, project=project)
    assert (update.state, update.author, update.agency, update.demo) == ("draft", reporter, agency, False)
    assert (update.stage_number, update.happened_on, update.title, update.text) == (None, None, "", "")


@pytest.mark.parametrize("column", ["state", "agency", "author", "project", "return_reason", "submitted_at", "demo"])
def test_no_column_of_a_verb_is_written_along_with_the_text(
    column: str, reporter: User, stranger: User, other_agency: Agency, project: Project
) -> None:
    values = {"state": "approved", "agency": other_agency, "author": stranger, "project": project, "submitted_at": NOW}
    update = factories.make_update(reporter, project)
    before = everything()
    with pytest.raises(TypeError):
        updates.edit(update, by=reporter, version=update.version, **{column: values.get(column, "x")})
    assert everything() == before


# --- submitting ------------------------------------------------------------------------------------------------------
def test_a_submit_names_every_field_that_is_missing(reporter: User, project: Project) -> None:
    update = updates.add(by=reporter, project=project, obstacles="ไม่มี")
    before = everything()
    with pytest.raises(ValidationError) as refusal:
        updates.submit(update, by=reporter, now=NOW)
    assert set(refusal.value.message_dict) == {"stage_number", "stage_state", "happened_on", "title", "text"}
    assert everything() == before


@pytest.mark.parametrize("name", ["stage_number", "stage_state", "happened_on", "title", "text"])
def test_each_needed_field_is_asked_for_by_itself(name: str, reporter: User, project: Project) -> None:
    empty = "" if isinstance(factories.FULL[name], str) else None
    update = updates.add(by=reporter, project=project, **{**factories.FULL, name: empty})
    with pytest.raises(ValidationError) as refusal:
        updates.submit(update, by=reporter, now=NOW)
    assert refusal.value.message_dict == {name: [str(updates.NEEDED[name])]}


def test_obstacles_evidence_and_readings_are_not_needed(reporter: User, project: Project) -> None:
    update = updates.add(by=reporter, project=project, **{**factories.FULL, "obstacles": ""})
    assert updates.submit(update, by=reporter, now=NOW).state == "submitted"


@pytest.mark.parametrize(
    ("now", "passed"),
    [
        (dt.datetime(2019, 6, 29, 16, 59, tzinfo=dt.UTC), False),  # 23:59 of the day before, in Bangkok
        (dt.datetime(2019, 6, 29, 17, 0, tzinfo=dt.UTC), True),  # midnight in Bangkok
    ],
)
def test_a_day_that_has_not_come_in_bangkok_cannot_be_reported(
    now: dt.datetime, passed: bool, reporter: User, project: Project
) -> None:
    update = updates.add(by=reporter, project=project, **{**factories.FULL, "happened_on": dt.date(2019, 6, 30)})
    if passed:
        assert updates.submit(update, by=reporter, now=now).submitted_at == now
        return
    with pytest.raises(ValidationError) as refusal:
        updates.submit(update, by=reporter, now=now)
    assert set(refusal.value.message_dict) == {"happened_on"}


def test_a_submit_says_who_sent_it_and_a_colleague_may(reporter: User, lead: User, project: Project) -> None:
    update = updates.submit(factories.make_update(reporter, project), by=lead, now=NOW)
    assert (update.state, update.author, update.submitted_by, update.submitted_at) == ("submitted", reporter, lead, NOW)


def test_staff_who_sent_a_colleagues_draft_cannot_approve_it(cast: dict[str, Any], project: Project) -> None:
    update = factories.make_update(cast["reporter"], project)
    update = updates.submit(update, by=cast["staff_in_agency"], now=NOW)
    assert open_steps(cast["staff_in_agency"], update) == ["withdraw", "open", "return"]
    with pytest.raises(PermissionDenied):
        reviews.approve(update, by=cast["staff_in_agency"])
    assert reviews.approve(update, by=cast["staff"]).state == "approved"


# --- reviewing -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("reason", ["", "   ", "\n"])
def test_a_return_needs_its_reason(reason: str, reporter: User, staff: User, project: Project) -> None:
    update = factories.make_update(reporter, project, "submitted")
    before = everything()
    with pytest.raises(ValidationError) as refusal:
        reviews.return_(update, by=staff, reason=reason)
    assert set(refusal.value.message_dict) == {"reason"}
    assert everything() == before


def test_a_return_keeps_its_reason_until_the_approval(reporter: User, staff: User, project: Project) -> None:
    update = factories.make_update(reporter, project, "submitted")
    update = reviews.return_(update, by=staff, reason=" ขอจำนวน ", now=NOW)
    assert (update.state, update.return_reason) == ("returned", "ขอจำนวน")
    assert (update.reviewed_by, update.reviewed_at) == (staff, NOW)
    update = updates.edit(update, by=reporter, version=update.version, text="24 คน")
    update = updates.submit(update, by=reporter, now=NOW)
    assert update.return_reason == "ขอจำนวน"
    later = NOW + dt.timedelta(days=1)
    update = reviews.approve(update, by=staff, now=later)
    assert (update.state, update.return_reason, update.reviewed_by, update.reviewed_at) == (
        "approved",
        "",
        staff,
        later,
    )


def test_a_life_leaves_one_row_of_history_for_each_verb(reporter: User, staff: User, project: Project) -> None:
    update = factories.make_update(reporter, project, "returned", staff)
    update = updates.edit(update, by=reporter, version=update.version, text="24 คน")
    reviews.approve(updates.submit(update, by=reporter), by=staff)
    told = [(row.history_change_reason, row.history_user) for row in reversed(update.history.all())]
    assert told == [
        ("add", reporter),
        ("submit", reporter),
        ("return", staff),
        ("edit", reporter),
        ("submit", reporter),
        ("approve", staff),
    ]


# --- stale -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("verb", ["edit", "submit", "return", "approve"])
def test_a_verb_with_an_older_version_is_stale_and_changes_nothing(
    verb: str, reporter: User, staff: User, project: Project
) -> None:
    update = factories.make_update(reporter, project, "draft" if verb in ("edit", "submit") else "submitted")
    old = update.version - 1
    before = everything()
    calls = {
        "edit": lambda: updates.edit(update, by=reporter, version=old, title="ใหม่"),
        "submit": lambda: updates.submit(update, by=reporter, version=old),
        "return": lambda: reviews.return_(update, by=staff, reason="ขอจำนวน", version=old),
        "approve": lambda: reviews.approve(update, by=staff, version=old),
    }
    with pytest.raises(Stale) as stale:
        calls[verb]()
    assert (stale.value.current.pk, stale.value.current.version) == (update.pk, update.version)
    assert everything() == before


def test_every_verb_moves_the_version_on(reporter: User, staff: User, project: Project) -> None:
    update = factories.make_update(reporter, project)
    versions = [update.version]
    update = updates.edit(update, by=reporter, version=update.version, title="ใหม่")
    versions.append(update.version)
    for verb, by in (("submit", reporter), ("return", staff), ("submit", reporter), ("approve", staff)):
        versions.append(carry_out(verb, update, by).version)
        update.refresh_from_db()
    assert versions == [1, 2, 3, 4, 5, 6]


# --- readings and evidence -------------------------------------------------------------------------------------------
def test_readings_are_written_changed_and_dropped_with_the_update(
    reporter: User, project: Project, indicator: Indicator
) -> None:
    update = updates.add(by=reporter, project=project, readings={indicator: Measure(Decimal("30"))})
    reading = Reading.objects.get()
    assert (reading.indicator, reading.update, reading.value) == (indicator, update, Decimal("30"))
    update = updates.edit(update, by=reporter, version=update.version, readings={indicator: Measure(Decimal("30.0"))})
    assert reading.history.count() == 1  # the same value is no change
    update = updates.edit(update, by=reporter, version=update.version, readings={indicator: Measure(Decimal("12.5"))})
    assert Reading.objects.get().value == Decimal("12.5")
    update = updates.edit(update, by=reporter, version=update.version, readings={})
    assert Reading.objects.count() == 1  # not asked: left alone
    updates.edit(update, by=reporter, version=update.version, readings={indicator: Measure()})
    assert Reading.objects.count() == 0
    told = Reading.history.order_by("history_id").values_list("history_type", "history_change_reason", "history_user")
    assert list(told) == [("+", "add", reporter.pk), ("~", "edit", reporter.pk), ("-", "edit", reporter.pk)]


def test_no_reading_for_another_projects_indicator(
    staff: User, reporter: User, agency: Agency, project: Project
) -> None:
    other = factories.make_project(staff, owner=agency)
    theirs = Indicator.objects.create(project=other, name_th="เวลา", unit_th="นาที")
    before = everything()
    with pytest.raises(ValidationError):
        updates.add(by=reporter, project=project, readings={theirs: Measure(Decimal(1))})
    assert everything() == before


def test_a_reading_too_long_for_its_column_is_refused_and_nothing_is_kept(
    reporter: User, project: Project, indicator: Indicator
) -> None:
    before = everything()
    with pytest.raises(ValidationError):
        updates.add(by=reporter, project=project, readings={indicator: Measure(Decimal("1e15"))})
    assert everything() == before


def test_evidence_is_attached_once_and_detached(reporter: User, project: Project) -> None:
    update = updates.add(by=reporter, project=project, attach=[file()])
    first = Evidence.objects.get()
    assert (first.update, first.name, first.kind, first.size, first.sha256) == (update, "สรุป.pdf", "pdf", 9, "a" * 64)
    again = [file(), file("ภาพ.pdf"), file(sha256="b" * 64)]
    update = updates.edit(update, by=reporter, version=update.version, attach=again)
    names = [(evidence.name, evidence.sha256[0]) for evidence in Evidence.objects.all()]
    assert names == [("สรุป.pdf", "a"), ("ภาพ.pdf", "a"), ("สรุป.pdf", "b")]
    updates.edit(update, by=reporter, version=update.version, detach=[first])
    assert Evidence.objects.count() == 2
    gone = Evidence.history.get(history_type="-")
    assert (gone.name, gone.history_user, gone.history_change_reason) == ("สรุป.pdf", reporter, "edit")


def test_evidence_is_released_and_taken_back_whole_and_else_left_alone(reporter: User, project: Project) -> None:
    def released() -> list[bool]:
        return list(Evidence.objects.values_list("released", flat=True))

    update = updates.add(by=reporter, project=project, attach=[file()])
    assert released() == [False]
    update = updates.edit(update, by=reporter, version=update.version, attach=[file("ภาพ.pdf")], release=True)
    assert released() == [True, True]
    update = updates.edit(update, by=reporter, version=update.version, title="ใหม่")
    assert released() == [True, True]
    updates.edit(update, by=reporter, version=update.version, release=False)
    assert released() == [False, False]


def test_evidence_of_another_update_is_not_detached(reporter: User, project: Project) -> None:
    theirs = updates.add(by=reporter, project=project, attach=[file()]).evidence.get()
    mine = updates.add(by=reporter, project=project)
    updates.edit(mine, by=reporter, version=mine.version, detach=[theirs])
    assert Evidence.objects.get() == theirs


def test_a_discarded_draft_takes_its_files_and_readings_along_and_all_histories_say_who(
    reporter: User, lead: User, project: Project, indicator: Indicator
) -> None:
    update = updates.add(by=reporter, project=project, attach=[file()], readings={indicator: Measure(Decimal(1))})
    updates.discard(update, by=lead)
    for kind in (ProgressUpdate, Evidence, Reading):
        assert kind.objects.count() == 0
        told = kind.history.filter(history_type="-").values_list("history_user", "history_change_reason")
        assert list(told) == [(lead.pk, "discard")]


# --- demonstration ---------------------------------------------------------------------------------------------------
def test_what_a_demonstration_agency_sends_is_marked_down_to_the_stage(staff: User) -> None:
    demo_staff = factories.make_user("สาธิต", is_staff=True, demo=True)
    agency = factories.make_agency(demo_staff)
    project = factories.make_project(staff, owner=agency)
    indicator = Indicator.objects.create(project=project, name_th="เวลา", unit_th="นาที")
    reporter = factories.make_member(agency)
    update = factories.make_update(
        reporter, project, "approved", staff, attach=[file()], readings={indicator: Measure(Decimal(1))}
    )
    stage = Stage.objects.get(project=project, number=2)
    marks = (agency.demo, update.demo, Evidence.objects.get().demo, Reading.objects.get().demo, stage.demo)
    assert (*marks, project.demo) == (True, True, True, True, True, False)


def test_what_a_demonstration_account_writes_is_marked_and_its_real_twin_is_not(
    staff: User, agency: Agency, project: Project
) -> None:
    demo = factories.make_user("สาธิต", demo=True)
    Membership.objects.create(user=demo, agency=agency)
    real = factories.make_member(agency)
    assert updates.add(by=demo, project=project, attach=[file()]).evidence.get().demo is True
    assert updates.add(by=real, project=project, attach=[file()]).evidence.get().demo is False
    factories.make_update(demo, project, "approved", staff)
    assert Stage.objects.get(project=project, number=2).demo is True
    factories.make_update(real, project, "approved", staff)
    assert Stage.objects.get(project=project, number=2).demo is False
