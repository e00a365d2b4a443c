"""The order of an agenda: numbers follow from places, items move, and none shows more than the one above it."""

import contextlib
import datetime as dt
import random
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from agencies.models import User
from projects.models import AgendaItem, Meeting, Resolution
from projects.models import items as limits
from projects.rules import agenda, meetings, phases
from tests import factories


@pytest.fixture
def meeting(staff: User) -> Meeting:
    return factories.make_meeting(staff, published=False, kind="workshop")


def add(by: User, meeting: Meeting, title: str, parent: AgendaItem | None = None, **answers: Any) -> AgendaItem:
    return meetings.add_part(AgendaItem, by=by, meeting=meeting, title_th=title, parent=parent, **answers)


@pytest.fixture
def tree(staff: User, meeting: Meeting) -> dict[str, AgendaItem]:
    """a (a1, a2 (a21)), b, c"""
    rows: dict[str, AgendaItem] = {}
    for name, above in (("a", ""), ("b", ""), ("c", ""), ("a1", "a"), ("a2", "a"), ("a21", "a2")):
        rows[name] = add(staff, meeting, name, rows.get(above))
    return rows


def order(meeting: Meeting) -> str:
    """Every item with its number, as an agenda is read."""
    rows = sorted(meeting.agenda.all(), key=lambda row: [int(part) for part in row.number.split(".")])
    return " ".join(f"{row.number}:{row.title_th}" for row in rows)


def again(item: AgendaItem) -> AgendaItem:
    return AgendaItem.objects.get(pk=item.pk)


START = "1:a 1.1:a1 1.2:a2 1.2.1:a21 2:b 3:c"


def test_numbers_follow_from_the_places(meeting: Meeting, tree: dict[str, AgendaItem]) -> None:
    assert order(meeting) == START


@pytest.mark.parametrize(
    ("name", "to", "expected"),
    [
        ("b", "up", "1:b 2:a 2.1:a1 2.2:a2 2.2.1:a21 3:c"),
        ("b", "down", "1:a 1.1:a1 1.2:a2 1.2.1:a21 2:c 3:b"),
        ("b", "in", "1:a 1.1:a1 1.2:a2 1.2.1:a21 1.3:b 2:c"),
        ("a2", "up", "1:a 1.1:a2 1.1.1:a21 1.2:a1 2:b 3:c"),
        ("a2", "out", "1:a 1.1:a1 2:a2 2.1:a21 3:b 4:c"),
        ("a21", "out", "1:a 1.1:a1 1.2:a2 1.3:a21 2:b 3:c"),
        ("c", "in", "1:a 1.1:a1 1.2:a2 1.2.1:a21 2:b 2.1:c"),
        ("a", "up", START),
        ("a", "in", START),
        ("a", "out", START),
        ("c", "down", START),
        ("b", "out", START),
        ("a1", "in", START),
    ],
)
def test_an_item_moves_by_one_step_and_a_step_that_leads_nowhere_changes_nothing(
    staff: User, meeting: Meeting, tree: dict[str, AgendaItem], name: str, to: str, expected: str
) -> None:
    rows = AgendaItem.history.count()
    agenda.move(tree[name], by=staff, to=to)
    assert (order(meeting), AgendaItem.history.count()) == (expected, rows + (expected != START))


@pytest.mark.parametrize(
    ("name", "under", "at", "expected"),
    [
        ("c", "a", 1, "1:a 1.1:c 1.2:a1 1.3:a2 1.3.1:a21 2:b"),
        ("c", "a", 99, "1:a 1.1:a1 1.2:a2 1.2.1:a21 1.3:c 2:b"),
        ("c", "", 1, "1:c 2:a 2.1:a1 2.2:a2 2.2.1:a21 3:b"),
        ("a2", "b", 1, "1:a 1.1:a1 2:b 2.1:a2 2.1.1:a21 3:c"),
        ("a1", "a", 2, "1:a 1.1:a2 1.1.1:a21 1.2:a1 2:b 3:c"),
        ("b", "", 2, START),
    ],
)
def test_an_item_is_put_under_another_at_a_place(
    staff: User, meeting: Meeting, tree: dict[str, AgendaItem], name: str, under: str, at: int, expected: str
) -> None:
    agenda.move(tree[name], by=staff, under=tree.get(under), at=at)
    assert order(meeting) == expected


@pytest.mark.parametrize("under", ["a", "a1", "a2", "a21"])
def test_an_item_never_comes_to_stand_under_itself(
    staff: User, meeting: Meeting, tree: dict[str, AgendaItem], under: str
) -> None:
    with pytest.raises(ValidationError):
        agenda.move(tree["a"], by=staff, under=tree[under], at=1)
    assert order(meeting) == START


def test_an_item_of_another_meeting_is_no_place(staff: User, meeting: Meeting, tree: dict[str, AgendaItem]) -> None:
    other = add(staff, factories.make_meeting(staff, published=False), "x")
    with pytest.raises(ValidationError):
        agenda.move(tree["b"], by=staff, under=other, at=1)
    assert order(meeting) == START


def test_moving_disturbs_nobody_who_writes(staff: User, meeting: Meeting, tree: dict[str, AgendaItem]) -> None:
    versions = dict(meeting.agenda.values_list("pk", "version"))
    agenda.move(tree["c"], by=staff, under=None, at=1)
    assert dict(meeting.agenda.values_list("pk", "version")) == versions
    written = meetings.edit_part(tree["a"], by=staff, version=1, discussion="ที่ประชุมรับทราบ")
    assert (written.number, written.discussion, order(meeting)) == (
        *("2", "ที่ประชุมรับทราบ", "1:c 2:a 2.1:a1 2.2:a2 2.2.1:a21 3:b"),
    )
    moved = AgendaItem.history.filter(id=tree["c"].pk).first()
    assert (moved.history_change_reason, moved.history_user) == ("move", staff)


def test_resolutions_count_on_after_the_items_beside_them_and_move_along(
    staff: User, meeting: Meeting, tree: dict[str, AgendaItem]
) -> None:
    rows = [
        meetings.add_part(Resolution, by=staff, meeting=meeting, item=tree[name], text_th=name)
        for name in ("a", "a", "b", "a2")
    ]

    def numbers() -> list[str]:
        return [Resolution.objects.get(pk=row.pk).number for row in rows]

    assert numbers() == ["1.3", "1.4", "2.1", "1.2.2"]
    agenda.move(tree["b"], by=staff, to="up")
    assert numbers() == ["2.3", "2.4", "1.1", "2.2.2"]
    second = Resolution.objects.get(pk=rows[1].pk)
    meetings.edit_part(second, by=staff, version=second.version, item=tree["b"])
    assert numbers() == ["2.3", "1.2", "1.1", "2.2.2"]
    meetings.remove_part(Resolution.objects.get(pk=rows[2].pk), by=staff)
    assert [Resolution.objects.get(pk=row.pk).number for row in (rows[0], rows[1])] == ["2.3", "1.1"]


@pytest.mark.parametrize("seed", range(5))
def test_any_number_of_moves_leaves_one_tree_with_numbers_without_gaps(
    staff: User, meeting: Meeting, tree: dict[str, AgendaItem], seed: int
) -> None:
    dice = random.Random(seed)
    for _turn in range(25):
        item = dice.choice(list(tree.values()))
        if dice.random() < 0.5:
            agenda.move(item, by=staff, to=dice.choice(agenda.MOVES))
            continue
        with contextlib.suppress(ValidationError):
            agenda.move(item, by=staff, under=dice.choice([None, *tree.values()]), at=dice.randint(0, 5))
    rows = {row.pk: row for row in meeting.agenda.all()}
    assert len(rows) == 6
    for row in rows.values():
        beside = sorted(other.position for other in rows.values() if other.parent_id == row.parent_id)
        above = f"{rows[row.parent_id].number}." if row.parent_id else ""
        assert (beside, row.number) == (list(range(1, len(beside) + 1)), f"{above}{row.position}")


# --- limits ----------------------------------------------------------------------------------------------------------
def test_an_agenda_that_is_full_says_so_at_the_field(
    staff: User, meeting: Meeting, tree: dict[str, AgendaItem], monkeypatch: Any
) -> None:
    assert limits.MOST_ITEMS == 500
    monkeypatch.setattr(agenda, "MOST_ITEMS", 6)
    with pytest.raises(ValidationError) as refusal:
        add(staff, meeting, "หนึ่งเกิน")
    assert (list(refusal.value.message_dict), meeting.agenda.count()) == (["title_th"], 6)


def test_items_stand_five_deep_at_most(staff: User, meeting: Meeting, tree: dict[str, AgendaItem]) -> None:
    fifth = add(staff, meeting, "v", add(staff, meeting, "iv", tree["a21"]))
    assert fifth.number == "1.2.1.1.1"
    with pytest.raises(ValidationError) as refusal:
        add(staff, meeting, "vi", fifth)
    assert list(refusal.value.message_dict) == ["parent"]
    before = order(meeting)
    with pytest.raises(ValidationError):
        agenda.move(tree["a"], by=staff, under=tree["b"], at=1)  # it is five high already
    assert order(meeting) == before


def test_a_tree_of_five_hundred_items_is_renumbered_with_few_queries(
    staff: User, meeting: Meeting, django_assert_max_num_queries: Any
) -> None:
    rows = [
        AgendaItem(meeting=meeting, number=str(n), position=n, title_th=f"เรื่อง {n}", version=1) for n in range(1, 501)
    ]
    AgendaItem.objects.bulk_create(rows)
    last = AgendaItem.objects.get(meeting=meeting, number="500")
    with django_assert_max_num_queries(40):
        agenda.move(last, by=staff, under=None, at=1)
    assert [row.title_th for row in meeting.agenda.order_by("position")[:2]] == ["เรื่อง 500", "เรื่อง 1"]
    assert AgendaItem.history.filter(meeting=meeting).count() == 1


# --- what the public sees ---------------------------------------------------------------------------------------------
def test_an_item_shows_no_more_than_the_one_above(staff: User, meeting: Meeting, tree: dict[str, AgendaItem]) -> None:
    hidden = meetings.edit_part(tree["a"], by=staff, version=1, shown=0)
    assert {row.title_th: row.shown for row in meeting.agenda.all()} == {
        **dict.fromkeys(("a", "a1", "a2", "a21"), 0),
        **dict.fromkeys(("b", "c"), 2),
    }
    below = again(tree["a2"])
    assert (below.history.first().history_change_reason, below.history.first().history_user) == ("show_less", staff)
    for act in (
        lambda: meetings.edit_part(below, by=staff, version=below.version, shown=1),
        lambda: add(staff, meeting, "ใหม่", hidden, shown=2),
    ):
        with pytest.raises(ValidationError) as refusal:
            act()
        assert list(refusal.value.message_dict) == ["shown"]
    with pytest.raises(ValidationError):
        agenda.move(tree["b"], by=staff, to="in")
    assert again(tree["b"]).parent is None
    assert add(staff, meeting, "ใหม่", hidden, shown=0).number == "1.3"


# --- who and when ----------------------------------------------------------------------------------------------------
def test_only_staff_move(reporter: User, meeting: Meeting, tree: dict[str, AgendaItem]) -> None:
    with pytest.raises(PermissionDenied):
        agenda.move(tree["b"], by=reporter, to="up")
    assert order(meeting) == START


def test_adopted_minutes_stay_as_they_are(
    staff: User, meeting: Meeting, tree: dict[str, AgendaItem], agency: Any
) -> None:
    asked = factories.make_assignment(staff, agency, meeting=meeting)
    phases.finish(meeting, by=staff)
    adopted = phases.adopt(Meeting.objects.get(pk=meeting.pk), by=staff, adopted_on=dt.date(2019, 2, 1))
    for act in (
        lambda: agenda.move(tree["b"], by=staff, to="up"),
        lambda: add(staff, adopted, "x"),
        lambda: meetings.edit_part(tree["b"], by=staff, version=1, title_th="x"),
        lambda: meetings.remove_part(tree["c"], by=staff),
    ):
        with pytest.raises(ValidationError) as refusal:
            act()
        assert refusal.value.code == "moment"
    assert order(meeting) == START
    asked.refresh_from_db()
    changed = meetings.edit_part(asked, by=staff, version=asked.version, responsible="ผอ. กอง")
    assert changed.responsible == "ผอ. กอง"
