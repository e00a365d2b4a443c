"""Readings: a number or the reason why there is none, never text in a number; what is unusual is asked about once."""

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from agencies.models import Agency, User
from projects.forms.readings import MeasureField
from projects.models import Indicator, ProgressUpdate, Project, Reading
from projects.models.indicators import number_text
from projects.rules import indicators, projects, updates
from projects.rules.readings import Measure, doubt, doubts
from tests import factories
from tests.api.problems import errors_of

D = Decimal
NUMBERS = st.decimals(-(10**13), 10**13, allow_nan=False, allow_infinity=False, places=4)


@pytest.fixture
def indicator(staff: User, project: Project) -> Indicator:
    """Schools that joined, each reading for its period."""
    return factories.make_indicator(staff, project)


def reported(by: User, project: Project, month: int, indicator: Indicator, *measure: Any, **more: Any) -> Any:
    """An update of a day in this month of 2019 with one reading; more: state and staff."""
    day = dt.date(2019, month, 15)
    return factories.make_update(by, project, happened_on=day, readings={indicator: Measure(*measure)}, **more)


def asked(error: ValidationError) -> list[tuple[str | None, Any]]:
    """What a refusal at `readings` asks: its code and the indicator."""
    return [(each.code, each.params["indicator"]) for each in error.error_dict["readings"]]


# --- what is typed ----------------------------------------------------------------------------------------------------
NO, BOTH = "invalid", "both"
TYPED: dict[tuple[str, str], Any] = {
    ("12", ""): Measure(D(12), "", False),
    (" ๑๒.๕ ", ""): Measure(D("12.5"), "", False),
    ("1,500", ""): Measure(D(1500), "", False),
    ("1,234,567.25", ""): Measure(D("1234567.25"), "", False),
    ("−3", ""): Measure(D(-3), "", False),
    ("+4", ""): Measure(D(4), "", False),
    ("", ""): Measure(None, "", False),
    ("", "ยังไม่ได้สำรวจ"): Measure(None, "ยังไม่ได้สำรวจ", False),
    ("  ", " ยังไม่ได้สำรวจ "): Measure(None, "ยังไม่ได้สำรวจ", False),
    ("12", "ยังไม่ได้สำรวจ"): BOTH,
    **dict.fromkeys(
        [
            *[("1e5", ""), ("1E5", ""), ("N/A", ""), ("-", ""), ("ไม่มี", ""), ("12 คน", ""), ("1,5", ""), ("12,34", "")],
            *[
                ("NaN", ""),
                ("inf", ""),
                ("1_000", ""),
                ("0x10", ""),
                ("12%", ""),
                ("=1+1", ""),
                ("1.2.3", ""),
                ("\x00", ""),
            ],
            *[("１２", ""), ("①", ""), ("½", ""), ("1 000", ""), ("ไม่มี", "ยังไม่ได้สำรวจ")],
        ],
        NO,
    ),
    ("1.23456", ""): "max_decimal_places",
    ("9" * 15, ""): "max_whole_digits",
    ("", "ก" * 301): "max_length",
    ("", "ก\x00"): "null_characters_not_allowed",
}


@pytest.mark.parametrize(("typed", "found"), TYPED.items(), ids=lambda row: repr(row)[:40])
def test_what_is_typed_is_the_number_that_was_meant_or_a_sentence(typed: tuple[str, str], found: Any) -> None:
    field = MeasureField()
    if isinstance(found, Measure):
        assert field.clean((*typed, "")) == found
        return
    with pytest.raises(ValidationError) as refused:
        field.clean((*typed, ""))
    assert [error.code for error in refused.value.error_list] == [found]


@given(NUMBERS)
def test_a_number_that_is_shown_is_read_back_as_it_was(value: Decimal) -> None:
    field = MeasureField()
    for shown in (number_text(value), number_text(value, grouped=False)):
        assert field.clean((shown, "", "")).value == value


@given(st.text(max_size=20))
def test_no_text_is_read_as_another_number(text: str) -> None:
    try:
        found = MeasureField().clean((text, "", "")).value
    except ValidationError:
        return
    digits = [character for character in text if character.isdecimal() and character not in "0๐"]
    assert bool(digits) == bool(found)  # neither a number out of nothing, nor digits that are passed over


@given(NUMBERS, NUMBERS)
def test_the_tick_is_about_the_number_it_stood_beside(value: Decimal, other: Decimal) -> None:
    shown, said = (number_text(number, grouped=False) for number in (value, other))
    assert MeasureField().clean((shown, "", said)) == Measure(value, "", value == other)


# --- what is unusual --------------------------------------------------------------------------------------------------
DOUBTS = [  # direction, counting, the last value, this one, what is said
    ("up", "periodic", None, 480, ""),
    ("up", "periodic", 48, 48, ""),
    ("up", "periodic", 48, 479, ""),
    ("up", "periodic", 48, 47, "although more is better"),
    ("up", "periodic", 48, 480, "ten times"),
    ("up", "periodic", 48, "4.8", "a tenth"),
    ("up", "periodic", 48, "4.9", "although more is better"),
    ("up", "periodic", 48, 0, "although more is better"),
    ("up", "periodic", 0, 480, ""),
    ("up", "periodic", 0, -1, "although more is better"),
    ("up", "periodic", -5, -4, ""),
    ("up", "periodic", -5, -50, "ten times"),
    ("down", "periodic", 48, 30, ""),
    ("down", "periodic", 48, 48, ""),
    ("down", "periodic", 48, 49, "although less is better"),
    ("down", "periodic", 48, 480, "ten times"),
    ("down", "periodic", 48, "4.8", "a tenth"),
    ("down", "periodic", 3, 0, ""),
    ("down", "periodic", 0, 3, "although less is better"),
    ("up", "cumulative", 48, 48, ""),
    ("up", "cumulative", 48, 60, ""),
    ("up", "cumulative", 48, 47, "although each number counts everything so far"),
    ("up", "cumulative", 48, 480, "ten times"),
    ("up", "cumulative", 48, 4, "a tenth"),
    ("down", "cumulative", 48, 60, ""),
    ("down", "cumulative", 48, 47, "although each number counts everything so far"),
    ("down", "cumulative", 48, 0, "although each number counts everything so far"),
]


@pytest.mark.parametrize(("direction", "counting", "before", "value", "said"), DOUBTS)
def test_a_number_against_its_direction_or_ten_times_the_last_is_unusual(
    direction: str, counting: str, before: Any, value: Any, said: str
) -> None:
    measure = Indicator(unit_th="แห่ง", unit_en="schools", direction=direction, counting=counting)
    with translation.override("en"):
        found = doubt(measure, D(value), None if before is None else D(before))
    assert bool(found) == bool(said)
    assert said in found
    if said:
        assert found.startswith(f"{value} schools is ")
        assert f"({before} schools)" in found
        with translation.override("th"):
            thai = doubt(measure, D(value), D(before))
        assert [part in thai for part in (f"{value} แห่ง", f"{before} แห่ง", "ครั้งก่อน")] == [True] * 3


@given(st.sampled_from(["up", "down"]), st.sampled_from(["periodic", "cumulative"]), NUMBERS, NUMBERS)
def test_a_unit_with_a_sign_of_percent_breaks_no_sentence(
    direction: str, counting: str, before: Decimal, value: Decimal
) -> None:
    measure = Indicator(unit_th="% (s)d", direction=direction, counting=counting)
    assert doubt(measure, before, before) == ""
    found = doubt(measure, value, before)
    assert found == "" or found.startswith(f"{number_text(value)} % (s)d ")


# --- asked when it is sent, and only then -----------------------------------------------------------------------------
def test_a_draft_is_never_asked_and_sending_is_once(
    reporter: User, staff: User, project: Project, indicator: Indicator
) -> None:
    reported(reporter, project, 1, indicator, D(4), state="approved", staff=staff)
    update = reported(reporter, project, 2, indicator, D(44))
    update = updates.edit(update, by=reporter, version=update.version, title="อีกครั้ง")
    with pytest.raises(ValidationError) as refused:
        updates.submit(update, by=reporter)
    assert asked(refused.value) == [("doubt", indicator.pk)]
    (sentence,) = refused.value.message_dict["readings"]
    assert sentence.startswith(f"{indicator.name_th}: 44 แห่ง")
    update = updates.edit(update, by=reporter, version=update.version, readings={indicator: Measure(D(44), "", True)})
    assert updates.submit(update, by=reporter).state == "submitted"
    assert doubts(update, staff)[indicator.pk].startswith("44 แห่ง")  # staff still see what was unusual


def test_what_is_missing_and_what_is_unusual_are_said_together(
    reporter: User, staff: User, project: Project, indicator: Indicator
) -> None:
    reported(reporter, project, 1, indicator, D(4), state="approved", staff=staff)
    update = reported(reporter, project, 2, indicator, D(3), title="")
    with pytest.raises(ValidationError) as refused:
        updates.submit(update, by=reporter)
    assert set(refused.value.error_dict) == {"title", "readings"}


@pytest.mark.parametrize(
    ("answers", "confirmed"),
    [
        ([Measure(D(44), "", True), Measure(D("44.0"))], True),
        ([Measure(D(44), "", True), Measure(D(45))], False),
        ([Measure(D(44), "", True), Measure(D(44), "", False)], False),
        ([Measure(D(44), "", True), Measure(D(45)), Measure(D(44))], False),
        ([Measure(D(44)), Measure(D(44), "", True)], True),
        ([Measure(None, "ยังไม่ได้สำรวจ", True)], False),
    ],
)
def test_a_yes_stands_as_long_as_its_number(
    reporter: User, project: Project, indicator: Indicator, answers: list[Measure], confirmed: bool
) -> None:
    update = updates.add(by=reporter, project=project)
    for answer in answers:
        update = updates.edit(update, by=reporter, version=update.version, readings={indicator: answer})
    assert Reading.objects.get().confirmed is confirmed


def test_a_yes_survives_a_return(reporter: User, staff: User, project: Project, indicator: Indicator) -> None:
    reported(reporter, project, 1, indicator, D(4), state="approved", staff=staff)
    measure = (D(44), "", True)
    update = reported(reporter, project, 2, indicator, *measure, state="returned", staff=staff)
    update = updates.edit(update, by=reporter, version=update.version, text="เพิ่มจำนวนแล้ว")
    assert updates.submit(update, by=reporter).state == "submitted"


def test_the_last_value_is_the_approved_one_before_the_day_of_the_update(
    reporter: User, staff: User, project: Project, indicator: Indicator
) -> None:
    for month, value in ((1, 4), (3, 6)):
        reported(reporter, project, month, indicator, D(value), state="approved", staff=staff)
    reported(reporter, project, 4, indicator, D(9), state="submitted")  # not approved: it does not count
    reported(reporter, project, 5, indicator, None, "ยังไม่ได้สำรวจ", state="approved", staff=staff)  # no number
    late = reported(reporter, project, 2, indicator, D(5))  # told late: compared with January
    after = reported(reporter, project, 6, indicator, D(5))
    assert (doubts(late, reporter), list(doubts(after, reporter))) == ({}, [indicator.pk])


def test_a_partners_number_is_not_told_before_the_public_reads_it(staff: User, agency: Agency) -> None:
    partner = factories.make_agency(staff)
    project = factories.make_project(staff, owner=agency, published=False)
    projects.add_part(project, by=staff, agency=partner, part="partner")
    indicator = factories.make_indicator(staff, project)
    owner, other = factories.make_member(agency), factories.make_member(partner)
    reported(owner, project, 1, indicator, D(987654), state="approved", staff=staff)
    update = reported(other, project, 2, indicator, D(3))
    assert (doubts(update, other), updates.submit(update, by=other).state) == ({}, "submitted")


# --- what the rule refuses whatever the door lets in ------------------------------------------------------------------
@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Measure(D(4), "ยังไม่ได้สำรวจ"), "both"),
        (Measure(None, "-"), "reason"),
        (Measure(None, "\u200b ..."), "reason"),
        (Measure(None, "ก" * 301), "invalid"),
        (Measure("N/A"), "invalid"),  # type: ignore[arg-type]
        (Measure(D("NaN")), "invalid"),
        (Measure(D("1.23456")), "invalid"),
    ],
)
def test_a_bad_answer_is_refused_at_its_indicator_and_nothing_is_kept(
    reporter: User, project: Project, indicator: Indicator, answer: Measure, code: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        updates.add(by=reporter, project=project, readings={indicator: answer})
    assert asked(refused.value) == [(code, indicator.pk)]
    assert not ProgressUpdate.objects.exists()


# --- both doors -------------------------------------------------------------------------------------------------------
def test_page_and_api_ask_the_same_and_take_yes(
    sign_in: Any, call: Any, reporter: User, staff: User, project: Project, indicator: Indicator
) -> None:
    reported(reporter, project, 1, indicator, D(4), state="approved", staff=staff)
    paged, sent = (reported(reporter, project, 2, indicator, D(44)) for _ in range(2))
    form = {"stage_number": "2", "stage_state": "in_progress", "happened_on": "15/2/2562", "title": "ก", "text": "ข"}
    form |= {"verb": "submit", f"reading_{indicator.pk}": "44", "version": paged.version}
    client, api, at = sign_in(reporter), call(reporter), f"/api/v1/updates/{sent.pk}/"
    page, answer = client.post(f"/workspace/updates/{paged.pk}/edit/", form), api.post(f"{at}submit/")
    said = page.context["form"].errors[f"reading_{indicator.pk}"]
    assert (page.status_code, answer.status_code) == (400, 400)
    assert errors_of(answer) == {"readings": [f"{indicator.name_th}: {said[0]}"]}
    yes = SimpleNamespace(page={**form, f"reading_{indicator.pk}_sure": "44"})
    yes.api = {"readings": [{"indicator": indicator.pk, "value": "44", "sure": True}]}
    assert api.patch(at, yes.api, headers={"if-match": str(sent.version)}).status_code == 200
    assert (
        client.post(f"/workspace/updates/{paged.pk}/edit/", yes.page).status_code,
        api.post(f"{at}submit/").status_code,
    ) == (302, 200)
    assert (
        list(Reading.objects.filter(update__state="submitted").values_list("value", "confirmed")) == [(D(44), True)] * 2
    )


# --- what numbers mean does not change behind them --------------------------------------------------------------------
CHANGES = {"unit_th": "นาที", "unit_en": "minutes", "direction": "down", "counting": "cumulative", "target": D(20)}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_of_what_numbers_mean_is_asked_about(
    reporter: User, staff: User, project: Project, indicator: Indicator, name: str
) -> None:
    change = {name: CHANGES[name]}
    reported(reporter, project, 1, indicator, D(4))
    if name in ("target", "unit_en"):  # no meaning; a translation that was missing
        indicators.edit(indicator, by=staff, version=indicator.version, **change)
        return
    with pytest.raises(ValidationError) as refused:
        indicators.edit(indicator, by=staff, version=indicator.version, **change)
    assert [(field, errors[0].code) for field, errors in refused.value.error_dict.items()] == [(name, "doubt")]
    changed = indicators.edit(indicator, by=staff, version=indicator.version, sure=True, **change)
    assert getattr(changed, name) == CHANGES[name]


def test_without_numbers_anything_may_change(
    staff: User, reporter: User, project: Project, indicator: Indicator
) -> None:
    reported(reporter, project, 1, indicator, None, "ยังไม่ได้สำรวจ")
    changed = indicators.edit(indicator, by=staff, version=indicator.version, **CHANGES)
    assert {name: getattr(changed, name) for name in CHANGES} == CHANGES
