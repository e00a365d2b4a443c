"""What is typed and not saved: kept turn by turn, seen by nobody else, and never overwritten by what is older."""

import datetime as dt
from typing import Any

import pytest
from django.db import transaction

from agencies.models import User
from agencies.rules import people
from govlab.models import Once, Typed
from govlab.typed import MOST_BYTES, Elsewhere, Sent, TooMuch, Turn, forget_typed, keep_typed, kept_for, typed_for
from tests.test_concurrency import _connections_of_their_own, at_once  # noqa: F401

NOW = dt.datetime(2026, 1, 5, 3, 42, tzinfo=dt.UTC)
PATH = "/workspace/updates/1/edit/"


def keep(user: User, text: str, page: str = "a", *, after: int = 0, number: int = 1, **other: Any) -> Typed:
    values: dict[str, Any] = {"path": PATH, "base": 3, "now": NOW, **other}
    return keep_typed(user, values.pop("path"), {"text": [text]}, turn=Turn(page, after, number), **values)


def text_of(user: User, path: str = PATH) -> str | None:
    row = typed_for(user, path)
    return row.answers["text"][0] if row else None


@pytest.mark.django_db
class TestOneAfterAnother:
    def test_what_was_typed_is_found_again_by_its_person_only(self, reporter: User, lead: User) -> None:
        row = keep(reporter, "ก\0ข")
        assert (text_of(reporter), text_of(lead)) == ("กข", None)
        assert (row.base, row.turn, row.page, row.saved_at) == (3, 1, "a", NOW)
        assert typed_for(reporter, "/elsewhere/") is None

    def test_a_page_goes_on_although_it_did_not_hear_the_answer(self, reporter: User) -> None:
        keep(reporter, "หนึ่ง")
        assert keep(reporter, "สอง", number=2).turn == 2
        assert (text_of(reporter), Typed.objects.count()) == ("สอง", 1)

    def test_an_older_request_of_the_same_page_changes_nothing(self, reporter: User) -> None:
        keep(reporter, "ใหม่", number=5)
        for number in (4, 5):
            assert keep(reporter, "เก่า", number=number).turn == 5
        assert text_of(reporter) == "ใหม่"

    def test_another_page_goes_on_only_from_the_turn_it_has_seen(self, reporter: User) -> None:
        keep(reporter, "แท็บแรก", number=4)
        for after in (0, 3, 5):
            with pytest.raises(Elsewhere) as elsewhere:
                keep(reporter, "แท็บที่สอง", "b", after=after, number=99)
            assert elsewhere.value.turn == 4
        assert text_of(reporter) == "แท็บแรก"
        assert keep(reporter, "แท็บที่สอง", "b", after=4, number=5).turn == 5
        with pytest.raises(Elsewhere):
            keep(reporter, "แท็บแรกอีกครั้ง", after=4, number=6)

    def test_a_page_without_a_key_is_never_taken_for_another(self, reporter: User) -> None:
        keep(reporter, "ก", "")
        with pytest.raises(Elsewhere):
            keep(reporter, "ข", "", number=2)

    def test_what_was_thrown_away_does_not_come_back_by_itself(self, reporter: User) -> None:
        keep(reporter, "ก", number=2)
        forget_typed(reporter, PATH, seen=2)
        with pytest.raises(Elsewhere) as elsewhere:
            keep(reporter, "ก อีก", after=2, number=3)
        assert (elsewhere.value.turn, text_of(reporter)) == (0, None)

    def test_what_was_sent_is_not_kept_any_more(self, reporter: User, lead: User) -> None:
        Once.objects.create(user=reporter, key="a", digest="")
        with pytest.raises(Sent):
            keep(reporter, "มาช้า")
        assert keep(lead, "ของอีกคน").turn == 1
        assert text_of(reporter) is None

    def test_saving_forgets_what_its_page_has_seen_and_nothing_newer(self, reporter: User, lead: User) -> None:
        keep(lead, "ของอีกคน", number=1)
        keep(reporter, "ใหม่กว่า", "a", number=4)
        forget_typed(reporter, PATH, seen=3, page="b")
        assert text_of(reporter) == "ใหม่กว่า"
        forget_typed(reporter, PATH, seen=0, page="a")
        assert (text_of(reporter), text_of(lead)) == (None, "ของอีกคน")

    def test_more_than_a_form_holds_is_refused_by_its_bytes(self, reporter: User) -> None:
        fits = "ก" * ((MOST_BYTES - len("text")) // 3)
        keep(reporter, fits)
        with pytest.raises(TooMuch):
            keep(reporter, fits + "กก", number=2)
        assert text_of(reporter) == fits

    def test_the_list_is_the_persons_own_newest_first(self, reporter: User, lead: User) -> None:
        keep(reporter, "ก", path="/1/")
        keep(reporter, "ข", path="/2/", now=NOW + dt.timedelta(hours=1))
        keep(lead, "ค", path="/3/")
        assert [row.path for row in kept_for(reporter)] == ["/2/", "/1/"]

    def test_it_goes_with_the_person(self, reporter: User, lead: User, staff: User) -> None:
        keep(reporter, "ก")
        keep(lead, "ข")
        answers = {"name": "ก", "is_staff": False, "leads_desk": False}
        people.edit_person(reporter, by=staff, version=reporter.version, is_active=False, **answers)
        assert [row.user for row in Typed.objects.all()] == [lead]
        User.objects.get(pk=reporter.pk).delete()

    def test_it_makes_no_history(self, reporter: User) -> None:
        before = User.history.count()
        keep(reporter, "ก")
        assert User.history.count() == before
        assert not hasattr(Typed, "history")


# --- at the same moment -----------------------------------------------------------------------------------------------
ROUNDS = 50


@pytest.mark.django_db(transaction=True)
def test_of_two_tabs_at_once_one_is_told_and_nothing_newer_is_overwritten(reporter: User) -> None:
    turn = 0
    for number in range(ROUNDS):
        answers = at_once(
            [
                lambda page=page, turn=turn, number=number: keep(
                    reporter, f"{page}{number}", f"{page}{number}", after=turn, number=turn + 1
                )
                for page in "ab"
            ]
        )
        kinds = sorted(type(answer).__name__ for answer in answers)
        assert kinds == ["Elsewhere", "Typed"], answers
        [row] = [answer for answer in answers if isinstance(answer, Typed)]
        assert text_of(reporter) == row.answers["text"][0]
        turn = row.turn
    assert turn == ROUNDS


@pytest.mark.django_db(transaction=True)
def test_of_two_requests_of_one_page_the_later_stands_whichever_comes_first(reporter: User) -> None:
    for number in range(1, 2 * ROUNDS, 2):
        acts = [lambda n=n: keep(reporter, f"{n:03}", number=n) for n in (number, number + 1)]
        answers = at_once(acts if number % 4 == 1 else acts[::-1])
        assert all(isinstance(answer, Typed) for answer in answers), answers
        assert text_of(reporter) == f"{number + 1:03}"


@pytest.mark.django_db(transaction=True)
def test_a_sending_at_the_same_moment_leaves_nothing_behind(reporter: User) -> None:
    def send(page: str) -> None:
        with transaction.atomic():
            Once.objects.create(user=reporter, key=page, digest="")
            forget_typed(reporter, PATH, seen=0, page=page)

    for number in range(ROUNDS):
        page = f"p{number}"
        at_once([lambda page=page: keep(reporter, "ช้าไป", page), lambda page=page: send(page)])
        assert text_of(reporter) is None
