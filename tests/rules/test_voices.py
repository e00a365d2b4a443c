"""Voices: taken while the call is open, decided by whoever may, forgotten in time."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.utils import timezone

from agencies.models import Role, User
from govlab.history import Stale
from govlab.models import Letter
from projects.models import Call, Contact, Project, Proposal, Voice
from projects.rules import calls, projects, publishing, voices
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 3, 10)
NOW = dt.datetime(2026, 3, 10, 3, tzinfo=dt.UTC)
CANARY = "081-CANARY"


@pytest.fixture
def asked(staff: User, project: Project) -> Call:
    return factories.make_call(staff, project, today=TODAY)


def refused(call: Call, **answers: Any) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as error:
        factories.make_voice(call, now=NOW, **answers)
    assert Voice.objects.count() == Contact.objects.count() == 0
    return error.value.message_dict if hasattr(error.value, "error_dict") else {"": error.value.messages}


# --- answering -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "โปรดเขียนความเห็นก่อน"),
        (" \n\t ", "โปรดเขียนความเห็นก่อน"),
        ("\u200b\u200d\ufeff", "โปรดเขียนความเห็นก่อน"),
        ("ก" * 5001, "5,001"),
        ("http://a.th https://b.th www.c.th http://www.d.th", "ลิงก์เกิน 3 ลิงก์"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_a_sentence(asked: Call, text: str, sentence: str) -> None:
    found = refused(asked, text=text)
    assert list(found) == ["text"] and sentence in found["text"][0]


@pytest.mark.parametrize(
    "text", ["ก" * 5000, "👍", "http://a.th https://www.b.th www.c.th", "<b>รอ</b><script>x</script>"]
)
def test_what_may_be_said_is_kept_as_it_was_typed(asked: Call, text: str) -> None:
    assert factories.make_voice(asked, text=text, now=NOW).text == text


def test_a_nul_is_refused(asked: Call) -> None:
    assert list(refused(asked, text="ก\0ข")) == ["text"]


def test_somebody_else_than_we_asked_about_is_refused(asked: Call) -> None:
    assert list(refused(asked, standpoint="king")) == ["standpoint"]


def test_a_long_contact_is_refused(asked: Call) -> None:
    assert list(refused(asked, contact="a" * 201)) == ["contact"]


MOMENTS = {
    dt.datetime(2026, 3, 2, 16, 59, tzinfo=dt.UTC): False,  # 23.59 in Bangkok, the day before
    dt.datetime(2026, 3, 2, 17, 0, tzinfo=dt.UTC): True,
    dt.datetime(2026, 3, 17, 16, 59, tzinfo=dt.UTC): True,
    dt.datetime(2026, 3, 17, 17, 0, tzinfo=dt.UTC): False,
}


@pytest.mark.parametrize(("now", "taken"), MOMENTS.items())
def test_it_is_open_from_the_first_to_the_last_day_in_bangkok(asked: Call, now: dt.datetime, taken: bool) -> None:
    try:
        factories.make_voice(asked, now=now)
    except ValidationError as error:
        assert error.code == "moment"
    assert Voice.objects.exists() == taken


def test_a_hidden_call_a_draft_and_one_of_a_hidden_project_take_nothing(
    asked: Call, project: Project, staff: User
) -> None:
    refused(factories.make_call(staff, project, published=False, today=TODAY))
    publishing.hide(asked, by=staff)
    refused(asked)
    publishing.publish(asked, by=staff)
    publishing.hide(project, by=staff)
    refused(asked)


def test_who_wrote_it_is_nobody_and_how_to_reach_them_stands_in_no_history(asked: Call) -> None:
    voice = factories.make_voice(asked, contact=f"  {CANARY}\0 \n โทร ", now=NOW, language="en")
    assert (voice.state, voice.language, voice.contact.address) == ("waiting", "en", f"{CANARY} โทร")
    row = voice.history.get()
    assert (row.history_user, row.history_change_reason) == (None, "answer")
    with connection.cursor() as cursor:
        holding = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            if any(CANARY in str(cell) for found in cursor.fetchall() for cell in found):
                holding.append(table)
    assert holding == ["projects_contact"]


def test_a_voice_of_a_demonstration_call_is_demonstration_data(asked: Call) -> None:
    Call.objects.filter(pk=asked.pk).update(demo=True)
    assert factories.make_voice(asked, now=NOW).demo


# --- deciding --------------------------------------------------------------------------------------------------------
WHO = ("staff", "lead", "reporter", "partner_lead", "stranger", "visitor")
MAY = """
       | staff lead   reporter partner_lead stranger visitor
staff  | yes   denied denied   denied       denied   denied
lead   | yes   yes    denied   denied       denied   denied
"""


@pytest.fixture
def cast(staff: User, lead: User, reporter: User, stranger: User, visitor: Any, project: Project) -> dict[str, Any]:
    people = {"staff": staff, "lead": lead, "reporter": reporter, "stranger": stranger, "visitor": visitor}
    partner = factories.make_agency(staff)
    projects.add_part(project, by=staff, agency=partner, part="partner")
    return {**people, "partner_lead": factories.make_member(partner, Role.LEAD)}


def tried(verb: str, voice: Voice, by: Any) -> str:
    acts: dict[str, Any] = {
        "show": lambda: voices.show(voice, by=by),
        "withhold": lambda: voices.withhold(voice, by=by, reason="abuse"),
        "wait": lambda: voices.wait(voice, by=by),
    }
    try:
        acts[verb]()
    except PermissionDenied:
        return "denied"
    return "yes"


@pytest.mark.parametrize("line", MAY.strip("\n").splitlines()[1:])
@pytest.mark.parametrize("verb", voices.STEPS)
def test_who_decides(line: str, verb: str, cast: dict[str, Any], project: Project) -> None:
    who_moderates, answers = line.split("|")
    call = factories.make_call(cast["staff"], project, today=TODAY, lead_moderates=who_moderates.strip() == "lead")
    found = {}
    for who in WHO:
        voice = factories.make_voice(call, "waiting" if verb != "wait" else "shown", cast["staff"], now=NOW)
        found[who] = tried(verb, voice, cast[who])
        changed = Voice.objects.get(pk=voice.pk).state != voice.state
        assert changed == (found[who] == "yes"), who
        assert (verb in voices.open_steps(cast[who], voice)) == (found[who] == "yes"), who
    assert found == dict(zip(WHO, answers.split(), strict=True))


def test_whoever_decides_sees_what_is_decided(cast: dict[str, Any], project: Project) -> None:
    for published in (True, False):
        call = factories.make_call(cast["staff"], project, today=TODAY, lead_moderates=True)
        voice = factories.make_voice(call, now=NOW)
        if not published:
            publishing.hide(call, by=cast["staff"])
        deciding = {who for who in WHO if calls.moderates(cast[who], call)}
        seeing = {who for who in WHO if Voice.objects.visible_to(cast[who]).filter(pk=voice.pk).exists()}
        assert (deciding, seeing) == ({"staff", "lead"}, {"staff", "lead", "reporter", "partner_lead"})


def test_a_decision_says_who_when_and_why_and_can_be_taken_back(asked: Call, staff: User) -> None:
    voice = factories.make_voice(asked, now=NOW)
    held = voices.withhold(voice, by=staff, reason=" พาดพิงบุคคล ", now=NOW)
    assert (held.state, held.reason, held.decided_by, held.decided_at) == ("withheld", "พาดพิงบุคคล", staff, NOW)
    shown = voices.show(held, by=staff, now=NOW)
    assert (shown.state, shown.reason) == ("shown", "")
    back = voices.wait(shown, by=staff, now=NOW)
    assert (back.state, back.reason, back.decided_by, back.decided_at) == ("waiting", "", None, None)
    verbs = [row.history_change_reason for row in back.history.order_by("history_id")]
    assert verbs == ["answer", "withhold", "show", "wait"]


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_nothing_is_withheld_without_a_reason(asked: Call, staff: User, reason: str) -> None:
    voice = factories.make_voice(asked, now=NOW)
    for act in (
        lambda: voices.withhold(voice, by=staff, reason=reason),
        lambda: voices.decide_many("withhold", [(voice, voice.version)], by=staff, reason=reason),
    ):
        with pytest.raises(ValidationError) as error:
            act()
        assert list(error.value.message_dict) == ["reason"]
    assert Voice.objects.get().state == "waiting"


def test_of_many_those_that_moved_on_stay_as_a_colleague_left_them(asked: Call, staff: User, other_staff: User) -> None:
    one, two, three = (factories.make_voice(asked, now=NOW) for _ in range(3))
    voices.withhold(two, by=other_staff, reason="abuse")
    done, moved = voices.decide_many("show", [(row, row.version) for row in (one, two, three)], by=staff)
    assert ([row.pk for row in done], moved) == ([one.pk, three.pk], 1)
    assert Voice.objects.get(pk=two.pk).state == "withheld"
    with pytest.raises(Stale):
        voices.show(two, by=staff, version=two.version)


# --- by the clock ----------------------------------------------------------------------------------------------------
def test_a_contact_goes_90_days_after_the_call_ended_and_not_before(asked: Call) -> None:
    voice = factories.make_voice(asked, contact=CANARY, now=NOW)
    last = dt.datetime.combine(
        asked.closes_on + dt.timedelta(days=90), dt.time(23, 59), timezone.get_default_timezone()
    )
    assert (voices.forget_contacts(last), Contact.objects.count()) == (0, 1)
    assert (voices.forget_contacts(last + dt.timedelta(minutes=1)), Contact.objects.count()) == (1, 0)
    assert Voice.objects.get().text == voice.text


def test_a_contact_of_a_proposal_goes_90_days_after_it_was_decided() -> None:
    for decided in (None, NOW):
        proposal = Proposal.objects.create(title="ถุง", about="ลดขยะ", decided_at=decided)
        Contact.objects.create(proposal=proposal, address=CANARY)
    later = NOW + dt.timedelta(days=90)
    assert [voices.forget_contacts(later), voices.forget_contacts(later + dt.timedelta(seconds=1))] == [0, 1]
    undecided = Contact.objects.get().proposal
    assert undecided.decided_at is None
    year = undecided.created_at + dt.timedelta(days=365)
    assert [voices.forget_contacts(year), voices.forget_contacts(year + dt.timedelta(seconds=1))] == [0, 1]


def test_an_extended_call_keeps_contacts_until_90_days_after_the_new_end(asked: Call, staff: User) -> None:
    factories.make_voice(asked, contact=CANARY, now=NOW)
    calls.extend(asked, by=staff, closes_on=asked.closes_on + dt.timedelta(days=10), now=NOW)
    assert voices.forget_contacts(NOW + dt.timedelta(days=7 + 95)) == 0


def written(now: dt.datetime) -> list[str]:
    before = set(Letter.objects.values_list("pk", flat=True))
    voices.tell_of_waiting(now)
    return sorted(letter.address for letter in Letter.objects.exclude(pk__in=before))


def came(voice: Voice, at: dt.datetime) -> None:
    Voice.objects.filter(pk=voice.pk).update(created_at=at)


def test_staff_and_the_lead_who_decides_hear_of_it_once_a_day_and_only_of_new_ones(
    staff: User, other_staff: User, lead: User, reporter: User, project: Project
) -> None:
    call = factories.make_call(staff, project, today=TODAY, lead_moderates=True)
    assert written(NOW) == []
    came(factories.make_voice(call, now=NOW, text=f"{CANARY} ยาว", contact=CANARY), NOW)
    everybody = sorted(person.email for person in (staff, other_staff, lead))
    assert written(NOW.replace(day=10, hour=22)) == []  # before six in the morning in Bangkok
    told = NOW + dt.timedelta(hours=1)
    assert written(told) == everybody
    Letter.objects.update(created_at=told)
    came(factories.make_voice(call, now=NOW), NOW + dt.timedelta(hours=2))
    assert written(NOW + dt.timedelta(hours=3)) == []  # today's letter is written
    assert written(NOW + dt.timedelta(days=1)) == everybody
    Letter.objects.filter(key__contains="2026-03-11").update(created_at=NOW + dt.timedelta(days=1))
    assert written(NOW + dt.timedelta(days=2)) == []  # nothing came since
    assert not any(CANARY in f"{row.subject}{row.text}{row.html}" for row in Letter.objects.all())


def test_a_lead_hears_only_of_the_calls_they_decide_about(staff: User, lead: User, project: Project) -> None:
    for lets in (False, True):
        factories.make_voice(factories.make_call(staff, project, today=TODAY, lead_moderates=lets), now=NOW)
    voices.tell_of_waiting(timezone.now().replace(hour=5))
    texts = {letter.user_id: letter.text.count("/calls/") for letter in Letter.objects.all()}
    assert texts == {staff.pk: 2, lead.pk: 1}


def test_nobody_is_told_of_what_is_decided_or_hidden(asked: Call, staff: User, project: Project) -> None:
    factories.make_voice(asked, "shown", staff, now=NOW)
    other = factories.make_call(staff, project, today=TODAY)
    factories.make_voice(other, now=NOW)
    publishing.hide(other, by=staff)
    assert written(NOW) == []
