"""How far a meeting is, on the desk: the track, the one next step, the pages that say what a step does, adopting."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from govlab.models import Letter
from projects.models import (
    AgendaItem,
    Assignment,
    Meeting,
    MeetingPerson,
    MeetingSession,
    Phase,
    PublishState,
    Resolution,
)
from projects.rules import followups, meetings, phases, publishing
from projects.rules import series as rules
from tests import factories

STEPS = ("invite", "call-off", "hold", "finish", "reopen")
BEFORE = {"invite": "planned", "call-off": "invited", "hold": "invited", "finish": "held", "reopen": "adopted"}


@pytest.fixture
def desk(sign_in, staff):
    return sign_in(staff)


@pytest.fixture
def series(staff):
    return rules.add(by=staff, key="committee", name_th="คณะกรรมการ")


def at(verb, meeting, *more):
    return reverse(f"desk:meeting-{verb}", args=[meeting.key, *more])


def day(days):
    """So many days from today."""
    return timezone.localdate() + dt.timedelta(days=days)


def make(staff, series=None, phase="planned", *, on=None, kind="committee", **answers):
    """A draft meeting in this phase with one agenda item; in a series when one is given."""
    if on is None:
        on = day(7) if phase in ("planned", "invited") else day(-7)
    own = {"series": series, "key": "", "title_th": ""} if series else {}
    meeting = factories.make_meeting(staff, published=False, kind=kind, starts_on=on, **own, **answers)
    meetings.add_part(AgendaItem, by=staff, meeting=meeting, title_th="เรื่องเพื่อพิจารณา")
    if phase == "invited":
        phases.invite(meeting, by=staff)
    if phase in ("drafted", "adopted"):
        meeting = phases.finish(meeting, by=staff)
    if phase == "adopted":
        phases.adopt(meeting, by=staff, adopted_on=timezone.localdate())
    return Meeting.objects.get(pk=meeting.pk)


def shown(desk, meeting):
    """What the page offers: the main thing to do and the others, by the last word of their addresses."""
    found = desk.get(at("detail", meeting)).context["next"]
    name = lambda do: do.url.rstrip("/").rpartition("/")[2]  # noqa: E731
    return found.main and name(found.main), sorted(name(do) for do in found.others)


# --- the track and the next step -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("phase", "states"),
    [
        ("planned", ["now", "open", "open", "open", "open", "open"]),
        ("invited", ["done", "now", "open", "open", "open", "open"]),
        ("held", ["done", "unknown", "now", "open", "open", "open"]),
        ("drafted", ["done", "unknown", "done", "now", "open", "open"]),
        ("adopted", ["done", "unknown", "done", "done", "now", "open"]),
    ],
)
def test_the_track_says_how_far_the_meeting_is_and_claims_no_invitation_that_nobody_noted(desk, staff, phase, states):
    page = desk.get(at("detail", make(staff, phase=phase)))
    assert [mark.state for mark in page.context["track"]] == states
    assert page.content.decode().count('aria-current="step"') == 1


def test_the_track_names_the_days(desk, staff):
    meeting = make(staff, phase="adopted")
    publishing.publish(meeting, by=staff)
    marks = desk.get(at("detail", meeting)).context["track"]
    assert [mark.on for mark in marks] == [None, None, day(-7), day(0), day(0), day(0)]
    assert [mark.state for mark in marks][-1] == "done"


def test_a_conference_has_no_minutes_on_its_track(desk, staff):
    marks = desk.get(at("detail", make(staff, kind="conference", phase="held"))).context["track"]
    assert [mark.state for mark in marks] == ["done", "unknown", "now", "open"]


@pytest.mark.parametrize(
    ("phase", "on", "main", "others"),
    [
        ("planned", 7, "invite", []),
        ("planned", 0, "hold", ["invite"]),
        ("invited", 7, None, ["call-off"]),
        ("invited", 0, "hold", ["call-off"]),
        ("drafted", -7, "adopt", ["reopen"]),
        ("adopted", -7, "publish", ["reopen"]),
    ],
)
def test_one_step_is_the_main_one_and_none_is_offered_that_would_be_refused(desk, staff, phase, on, main, others):
    meeting = make(staff, phase=phase, on=day(on))
    meetings.add_part(MeetingPerson, by=staff, meeting=meeting, name_th="นายสมชาย") if phase == "planned" else None
    assert shown(desk, meeting) == (main, others)


def test_people_are_called_before_nobody_is_invited(desk, staff):
    meeting = make(staff)
    assert desk.get(at("detail", meeting)).context["next"].main.url == at("part-add", meeting, "people")


def test_a_conference_begins_with_its_programme_and_then_its_people(desk, staff):
    meeting = make(staff, kind="conference")
    meeting.agenda.all().delete()
    asked = lambda: desk.get(at("detail", meeting)).context["next"].main.url  # noqa: E731
    assert asked() == at("part-add", meeting, "sessions")
    meetings.add_part(MeetingSession, by=staff, meeting=meeting, title_th="ปาฐกถา")
    assert asked() == at("part-add", meeting, "people")
    meetings.add_part(MeetingPerson, by=staff, meeting=meeting, name_th="นายสมชาย")
    assert asked() == at("invite", meeting)


def test_a_meeting_whose_day_has_passed_unnoted_is_to_be_noted_and_not_invited_to(desk, staff):
    meeting = make(staff)
    Meeting.objects.filter(pk=meeting.pk).update(starts_on=day(-1))
    assert shown(desk, meeting) == ("hold", [])


def test_an_empty_agenda_comes_before_the_invitation(desk, staff):
    meeting = make(staff)
    meeting.agenda.all().delete()
    assert shown(desk, meeting) == ("agenda", [])


def test_minutes_are_written_before_they_are_complete(desk, staff):
    meeting = make(staff, phase="held")
    item = meeting.agenda.get()
    assert desk.get(at("detail", meeting)).context["next"].main.url == at("item", meeting, item.pk)
    meetings.edit_part(item, by=staff, version=item.version, discussion="ที่ประชุมหารือ")
    assert shown(desk, meeting) == ("finish", [])


def test_a_conference_is_published_once_it_was_held(desk, staff):
    meeting = make(staff, kind="conference", phase="held")
    assert shown(desk, meeting) == ("publish", [])
    publishing.publish(meeting, by=staff)
    assert shown(desk, meeting) == (None, ["hide"])


# --- a step and what it says -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("verb", STEPS)
def test_a_step_is_taken_by_the_button_of_its_page(desk, staff, verb):
    meeting = make(staff, phase=BEFORE[verb])
    if verb == "hold":
        Meeting.objects.filter(pk=meeting.pk).update(starts_on=day(0))
    page = desk.get(at(verb, meeting))
    assert (page.status_code, page.context["may"]) == (200, True)
    assert f'action="{at(verb, meeting)}"' in page.content.decode()
    assert desk.post(at(verb, meeting))["Location"] == at("detail", meeting)
    meeting.refresh_from_db()
    assert meeting.phase == phases.STEPS[verb.replace("-", "_")].after


@pytest.mark.parametrize("verb", STEPS)
def test_a_step_at_another_moment_is_a_sentence_and_changes_nothing(desk, staff, verb):
    meeting = make(staff, phase="held" if verb != "finish" else "drafted")
    page = desk.get(at(verb, meeting))
    assert (page.status_code, page.context["may"]) == (200, False)
    assert f'action="{at(verb, meeting)}"' not in page.content.decode()
    answer = desk.post(at(verb, meeting), follow=True)
    assert answer.redirect_chain == [(at("detail", meeting), 302)]
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]
    assert Meeting.objects.get().phase == meeting.phase


def test_the_invitation_says_how_many_get_a_letter_and_who_cannot(desk, staff):
    meeting = make(staff)
    for name, email in (("ก", "one@govlab.test"), ("ข", "One@govlab.test"), ("ค", "two@govlab.test"), ("ง", "")):
        meetings.add_part(MeetingPerson, by=staff, meeting=meeting, name_th=name, email=email)
    page = desk.get("/en" + at("invite", meeting))
    assert page.context["sentences"][0] == "2 people get a letter by e-mail."
    assert [str(row) for row in page.context["without"]] == ["ง"]
    desk.post(at("invite", meeting))
    letters = Letter.objects.values_list("address", flat=True)
    assert sorted(address.lower() for address in letters) == ["one@govlab.test", "two@govlab.test"]


def test_the_invitation_names_first_what_its_letter_does_not_say(desk, staff):
    meeting = make(staff)
    page, edit = desk.get(at("invite", meeting)), at("edit", meeting)
    names = ("starts_at", "place_th", "letter_number", "letter_on")
    assert [url for _words, url in page.context["missing"]] == [f"{edit}#id_{name}" for name in names]
    assert f'<a href="{edit}#id_place_th">' in page.text
    known = {"starts_at": dt.time(9), "place_en": "Room 1", "letter_number": "1/2564", "letter_on": day(-1)}
    Meeting.objects.filter(pk=meeting.pk).update(**known)
    assert desk.get(at("invite", meeting)).context["missing"] == []


def test_holding_says_which_agencies_are_told_of_how_many_assignments(desk, staff, agency, other_agency):
    meeting = make(staff, on=day(0))
    for partners in ([], [other_agency]):
        factories.make_assignment(staff, agency, meeting=meeting, partners=partners)
    page = desk.get("/en" + at("hold", meeting))
    assert page.context["told"] == [(agency, 2), (other_agency, 1)]
    assert page.context["sentences"][1] == (
        "2 assignments are told to the agencies that are asked, by letter and in their workspaces."
    )
    desk.post(at("hold", meeting))
    assert set(Assignment.objects.values_list("given_on", flat=True)) == {day(0)}


def test_holding_counts_the_open_matters_that_go_on(desk, staff, series, agency):
    earlier = make(staff, series, phase="held")
    factories.make_assignment(staff, agency, meeting=earlier)
    meeting = make(staff, series, on=day(0))
    followups.carry_on(series, by=staff)
    said = desk.get("/en" + at("hold", meeting)).context["sentences"]
    assert said[-1] == "1 open matter of earlier meetings goes on to the next meeting, unless it is closed here."


def test_a_meeting_that_is_still_to_come_cannot_be_noted_as_held(desk, staff):
    page = desk.get(at("hold", make(staff)))
    assert (page.context["may"], len(page.context["sentences"])) == (False, 1)


def test_completing_the_minutes_names_the_items_about_which_nothing_is_written(desk, staff):
    meeting = make(staff, phase="held")
    written = meetings.add_part(AgendaItem, by=staff, meeting=meeting, title_th="ก", discussion="หารือแล้ว")
    assert desk.get(at("finish", meeting)).context["silent"] == list(meeting.agenda.exclude(pk=written.pk))


def test_completing_the_minutes_names_what_was_typed_and_not_saved_although_something_was_resolved(desk, staff):
    meeting = make(staff, phase="held")
    item = meeting.agenda.get()
    typed = {"discussion": "ค้างไว้", "form_key": "1", "version": item.version}
    assert desk.post(at("item", meeting, item.pk), typed, headers={"x-autosave": "1;after=0"}).json()["kept"] is True
    meetings.add_part(Resolution, by=staff, meeting=meeting, item=item, text_th="เห็นชอบ")
    page = desk.get("/en" + at("finish", meeting))
    here = f"/en{at('item', meeting, item.pk)}"
    assert (page.context["silent"], page.context["unsaved"]) == ([], [(str(item), here)])
    assert f'href="{here}"' in page.content.decode()


def test_completing_the_minutes_names_what_their_official_form_misses(desk, staff):
    meeting = make(staff, phase="held")
    edit = at("edit", meeting)
    missing = lambda: [url for _words, url in desk.get(at("finish", meeting)).context["missing"]]  # noqa: E731
    empty = [f"{edit}#id_{name}" for name in ("began_at", "ended_at", "minutes_by", "checked_by")]
    assert missing() == [*empty, at("part-add", meeting, "people")]
    member = meetings.add_part(MeetingPerson, by=staff, meeting=meeting, name_th="ก", part="member")
    assert missing()[-1] == at("attendance", meeting)
    meetings.add_part(
        MeetingPerson, by=staff, meeting=meeting, name_th="ข", part="member", stands_for=member, presence="present"
    )
    assert missing() == empty


@pytest.mark.parametrize("verb", STEPS)
def test_a_step_that_would_be_refused_promises_nothing(desk, staff, verb):
    page = desk.get(at(verb, make(staff, phase="held" if verb != "finish" else "drafted")))
    assert [sentence for sentence in page.context["sentences"] if f"<li>{sentence}</li>" in page.content.decode()] == []


def test_an_invitation_to_nothing_is_not_offered(desk, staff):
    meeting = make(staff)
    meeting.agenda.all().delete()
    page = desk.get("/en" + at("invite", meeting))
    said = ["There is nothing on the agenda yet: put at least one item on it first."]
    assert (page.context["may"], page.context["sentences"]) == (False, said)


def test_two_clicks_send_one_invitation(desk, staff):
    meeting = make(staff)
    meetings.add_part(MeetingPerson, by=staff, meeting=meeting, name_th="ก", email="one@govlab.test")
    key = {"form_key": uuid.uuid4().hex}
    answers = [desk.post(at("invite", meeting), key)["Location"] for _click in range(2)]
    assert (answers, Letter.objects.count()) == ([at("detail", meeting)] * 2, 1)


# --- adopting --------------------------------------------------------------------------------------------------------
def adopt_answers(meeting, **changes):
    return {"version": meeting.version, "form_key": uuid.uuid4().hex, **changes}


def test_minutes_are_adopted_by_a_later_meeting_of_the_series(desk, staff, series):
    first = make(staff, series, phase="drafted", on=day(-9))
    second = make(staff, series, phase="held", on=day(-3))
    make(staff, series, on=day(5))
    make(staff, phase="held", on=day(-2))
    form = desk.get(f"{at('adopt', first)}?in={second.key}").context["form"]
    assert (list(form.fields["adopted_in"].queryset), form.initial) == ([second], {"adopted_in": second.pk})
    typed = adopt_answers(first, adopted_in=second.pk, note="หน้า 2 แก้ชื่อ")
    assert desk.post(at("adopt", first), typed)["Location"] == at("detail", first)
    first.refresh_from_db()
    assert (first.phase, first.adopted_in, first.adopted_on, first.adoption_note) == (
        Phase.ADOPTED,
        second,
        day(-3),
        "หน้า 2 แก้ชื่อ",
    )
    html = desk.get(at("detail", first)).content.decode()
    assert f'<a href="{at("detail", second)}">{second}</a>' in html
    assert "หน้า 2 แก้ชื่อ" in html


def test_minutes_are_adopted_by_letter_on_a_day(desk, staff, series):
    meeting = make(staff, series, phase="drafted")
    desk.post(at("adopt", meeting), adopt_answers(meeting, adopted_on=day(-1).isoformat()))
    meeting.refresh_from_db()
    assert (meeting.phase, meeting.adopted_in, meeting.adopted_on) == (Phase.ADOPTED, None, day(-1))


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({}, ["adopted_on"]),
        ({"adopted_on": "31/2/2562"}, ["adopted_on"]),
        ({"adopted_on": "1/1/2540"}, ["adopted_on"]),
        ({"adopted_in": "9" * 40}, ["adopted_in"]),
        ({"adopted_on": "1/1/2540", "note": "ก" * 2001}, ["note"]),
    ],
)
def test_a_bad_answer_about_adopting_is_said_at_its_field(desk, staff, series, changes, fields):
    meeting = make(staff, series, phase="drafted")
    page = desk.post(at("adopt", meeting), adopt_answers(meeting, **{"note": "แก้ชื่อ", **changes}))
    assert (page.status_code, sorted(page.context["form"].errors)) == (400, fields)
    assert page.context["form"]["note"].value() == changes.get("note", "แก้ชื่อ")
    assert Meeting.objects.get().phase == Phase.DRAFTED


def test_minutes_that_changed_since_the_form_was_opened_are_read_again_first(desk, staff, series):
    meeting = make(staff, series, phase="drafted")
    meetings.edit(meeting, by=staff, version=meeting.version, minutes_by="คนอื่น")
    page = desk.post(at("adopt", meeting), adopt_answers(meeting, adopted_on=day(0).isoformat()))
    assert (page.status_code, Meeting.objects.get().phase) == (409, Phase.DRAFTED)


def test_minutes_that_are_not_complete_are_completed_first(desk, staff, series):
    meeting = make(staff, series, phase="held")
    assert at("finish", meeting) in desk.get(at("adopt", meeting)).content.decode()
    page = desk.post(at("adopt", meeting), adopt_answers(meeting, adopted_on=day(0).isoformat()))
    assert (page.status_code, list(page.context["form"].errors)) == (400, ["__all__"])


def test_nothing_is_added_or_edited_once_the_minutes_are_adopted(desk, staff):
    meeting = make(staff, phase="adopted")
    html = desk.get(at("detail", meeting)).content.decode()
    assert at("part-add", meeting, "people") not in html
    assert at("part-add", meeting, "assignments") not in html
    assert meeting.state == PublishState.DRAFT
