"""Following by e-mail: confirmed by a letter, told once a day at most, ended by one click, and nobody learns of it."""

import datetime as dt
import re
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError
from django.http import QueryDict
from django.utils import timezone

from agencies.models import Agency, User
from govlab import letters, outbox
from govlab.models import Letter
from govlab.thai import BANGKOK
from projects import following
from projects.models import Follow, Project
from projects.rules import follows, publishing
from tests import factories

pytestmark = pytest.mark.django_db
SOMCHAI = "somchai@example.go.th"
EVENING = dt.datetime.combine(timezone.localdate(), dt.time(20), BANGKOK)
"""Today at eight in the evening: what tests do now is new the morning after."""
DAY = dt.timedelta(days=1)


def morning(days: int = 1, at: dt.time = dt.time(7, 0, 5)) -> dt.datetime:
    """So many mornings from today, a little after seven."""
    return dt.datetime.combine(timezone.localdate() + days * DAY, at, BANGKOK)


def ask(kind: str = "all", target: str = "", email: str = SOMCHAI, **more: Any) -> Follow:
    follows.ask(kind, target, email=email, about="เรื่องนี้", **more)
    return Follow.objects.get(email=email.strip().lower(), kind=kind, target=target)


def follow(kind: str = "all", target: str = "", email: str = SOMCHAI, **more: Any) -> Follow:
    """Confirmed before anything that the test then lets happen."""
    asked = ask(kind, target, email, **more)
    return follows.confirm(asked.token, now=timezone.now())


def sent(now: dt.datetime) -> list[Any]:
    """The mails that went out by now."""
    mail.outbox.clear()
    outbox.send_due(now)
    return list(mail.outbox)


# --- asking ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("all", "x"),
        ("project", "GL2599-1"),
        ("project", ""),
        ("cohort", "2599"),
        ("cohort", "๒๕๖๒"),
        ("cohort", "25620"),
        ("cohort", "x"),
        ("agency", "no-such"),
        ("search", ""),
        ("search", "projects?"),
        ("search", "desk?q=x"),
        ("search", "search?q=" + "x" * 400),
        ("search", "search?q=a\0b"),
        ("search", "search?q=a%00b"),
        ("search", "projects?q=%0d%0aBcc:b@example.go.th"),
        ("search", "search?%1b=a"),
        ("person", "1"),
        ("", ""),
    ],
)
def test_what_is_not_there_is_not_followed(kind: str, target: str, project: Project) -> None:
    with pytest.raises(ValidationError):
        follows.ask(kind, target, email=SOMCHAI)
    assert (Follow.objects.count(), Letter.objects.count()) == (0, 0)


def test_what_is_not_public_is_not_followed(staff: User) -> None:
    draft = factories.make_project(staff, published=False)
    hidden = publishing.hide(factories.make_project(staff), by=staff)
    for code in (draft.code, hidden.code):
        with pytest.raises(ValidationError):
            follows.ask("project", code, email=SOMCHAI)


@pytest.mark.parametrize(
    "email",
    ["", "x", "a@b", "a b@example.go.th", "a@example.go.th\nBcc: b@example.go.th", f"{'a' * 250}@example.go.th"],
)
def test_what_is_no_address_is_refused_at_its_field(email: str) -> None:
    with pytest.raises(ValidationError) as refused:
        follows.ask("all", "", email=email)
    assert list(refused.value.message_dict) == ["email"]


def test_a_letter_asks_the_owner_and_staff_read_no_token_in_it() -> None:
    asked = ask(email="  Somchai@Example.go.th ", now=EVENING)
    letter = Letter.objects.get()
    assert (letter.address, letter.shown_address) == (SOMCHAI, "s•••@example.go.th")
    assert asked.token not in letter.text + letter.html + letter.subject + letter.leave + letter.key
    assert SOMCHAI not in letter.text + letter.html + letter.subject + letter.key
    (got,) = sent(EVENING)
    link = f"http://127.0.0.1:8000/follow/{asked.token}/"
    html = got.alternatives[0][0]
    assert (got.to, link in got.body, f'href="{link}"' in html, letters.MASK in got.body + html) == (
        [SOMCHAI], True, True, False,
    )  # fmt: skip
    assert got.extra_headers["List-Unsubscribe"] == f"<{link}leave/>"
    assert got.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    letter.refresh_from_db()
    assert (letter.state, letter.secret) == ("sent", "")


def test_the_letter_speaks_the_language_of_the_page() -> None:
    ask(language="en", now=EVENING)
    (got,) = sent(EVENING)
    assert (got.subject.startswith("GovLab: confirm"), "/en/follow/" in got.body) == (True, True)
    assert "/en/follow/" in got.extra_headers["List-Unsubscribe"]
    assert "Dear follower of GovLab," in got.body
    ask(email="b@example.go.th", now=EVENING)
    (got,) = sent(EVENING)
    assert (got.subject, "เรียน ผู้ติดตาม GovLab" in got.body) == ("GovLab: โปรดยืนยันการติดตาม เรื่องนี้", True)


def test_letters_to_others_carry_no_such_headers(reporter: User, agency: Agency) -> None:
    (letter,) = letters.write("account_made", [reporter], agency=agency)
    assert "List-Unsubscribe" not in outbox.as_mail(letter).extra_headers


def test_one_letter_an_hour_for_each_address_and_thing(project: Project) -> None:
    for minutes in (0, 1, 59):
        ask(now=EVENING + dt.timedelta(minutes=minutes))
    ask("project", project.code, now=EVENING)
    ask(email="other@example.go.th", now=EVENING)
    assert Letter.objects.count() == 3
    ask(now=EVENING + dt.timedelta(minutes=61))
    assert Letter.objects.count() == 4


def test_nobody_floods_a_letter_box(staff: User) -> None:
    for project in [factories.make_project(staff) for _n in range(12)]:
        ask("project", project.code, now=EVENING)
    assert (Letter.objects.filter(kind="follow_confirm").count(), Follow.objects.count()) == (10, 12)


def test_another_name_behind_a_plus_is_the_same_letter_box() -> None:
    """Otherwise one mailbox would get as many letters as somebody thinks up names for it."""
    for n in range(12):
        ask(email=f"somchai+{n}@example.go.th", now=EVENING)
    ask(now=EVENING)
    ask(email="somchai@example.org", now=EVENING)
    ask(email="somchaiya@example.go.th", now=EVENING)
    assert (Letter.objects.count(), Follow.objects.count()) == (12, 15)


def test_asking_for_what_is_followed_already_says_so_in_a_letter_and_nowhere_else() -> None:
    first = follow()
    now = EVENING + DAY
    assert follows.ask("all", "", email=SOMCHAI, about="ทั้งหมด", now=now) is None
    again = Follow.objects.get()
    assert (again.token, again.confirmed_at) == (first.token, first.confirmed_at)
    assert "ท่านติดตามอยู่แล้ว" in Letter.objects.latest("created_at").text


# --- confirming and leaving ------------------------------------------------------------------------------------------
def test_a_link_confirms_for_seven_days() -> None:
    asked = ask(now=EVENING)
    late = EVENING + 7 * DAY
    with pytest.raises(ValidationError):
        follows.confirm(asked.token, now=late)
    follows.confirm(asked.token, now=late - dt.timedelta(seconds=1))
    again = follows.confirm(asked.token, now=late + 30 * DAY)
    assert again.confirmed_at == late - dt.timedelta(seconds=1)
    with pytest.raises(ValidationError):
        follows.confirm("no-such", now=EVENING)
    with pytest.raises(ValidationError):
        follows.confirm("nul\0", now=EVENING)


def test_what_nobody_confirms_goes_after_seven_days() -> None:
    ask(now=EVENING)
    follow("all", "", "b@example.go.th")
    assert follows.forget(EVENING + 6 * DAY) == 0
    ask(now=EVENING + 6 * DAY)  # asked again: seven days more
    assert follows.forget(EVENING + 8 * DAY) == 0
    follows.forget(EVENING + 13 * DAY)
    assert [row.email for row in Follow.objects.all()] == ["b@example.go.th"]


def test_leaving_ends_one_or_all_and_twice_is_as_once(project: Project) -> None:
    one, two, three = follow(), follow("project", project.code), follow("cohort", "2562")
    other = follow(email="b@example.go.th")
    left = follows.leave(one.token)
    assert (left in (two, three), follows.leave(one.token), Follow.objects.count()) == (True, None, 3)
    assert Letter.objects.filter(address=SOMCHAI).count() == 3
    assert follows.leave(two.token, everything=True) is None
    assert list(Follow.objects.all()) == [other]
    assert set(Letter.objects.values_list("address", flat=True)) == {"b@example.go.th"}


def test_an_address_is_followed_once_for_each_thing() -> None:
    row = follow()
    with pytest.raises(IntegrityError):
        Follow.objects.create(email=row.email, kind="all", target="", token="x", created_at=EVENING)


# --- the daily letter ------------------------------------------------------------------------------------------------
def test_one_letter_a_day_over_all_that_is_followed_and_each_thing_once(
    staff: User, agency: Agency, reporter: User, project: Project
) -> None:
    for kind, target in (("project", project.code), ("agency", agency.key), ("all", "")):
        follow(kind, target)
    factories.make_update(reporter, project, "approved", staff)
    other = factories.make_project(staff, title_th="โครงการของผู้อื่น")
    assert following.send_digests(morning(0, dt.time(6, 59))) == 0
    now = morning()
    assert (following.send_digests(now), following.send_digests(now + dt.timedelta(minutes=1))) == (1, 0)
    letter = Letter.objects.get(kind="follow_digest")
    assert letter.subject == "GovLab: เรื่องที่ท่านติดตามมีความเคลื่อนไหว 2 เรื่อง"
    headings = [letter.text.index(text) for text in (f"{project.code} {project}", "สัมภาษณ์ผู้ใช้บริการ 24 คน", str(other))]
    assert (headings == sorted(headings), letter.text.count("สัมภาษณ์ผู้ใช้บริการ 24 คน")) == (True, 1)
    (got,) = [each for each in sent(now) if each.subject == letter.subject]
    token = Follow.objects.order_by("confirmed_at", "pk").last().token
    assert got.extra_headers["List-Unsubscribe"] == f"<http://127.0.0.1:8000/follow/{token}/leave/?all=1>"
    assert f"/follow/{token}/" in got.body
    assert token not in letter.text + letter.html + letter.leave
    assert following.send_digests(morning(2)) == 0


@pytest.mark.parametrize("hour", [0, 3, 6])
def test_nothing_goes_out_before_seven(hour: int, staff: User) -> None:
    follow()
    factories.make_project(staff)
    assert following.send_digests(morning(1, dt.time(hour, 59))) == 0
    assert following.send_digests(morning(1, dt.time(7))) == 1


def test_a_day_without_news_has_no_letter_and_news_of_before_are_not_told(staff: User) -> None:
    factories.make_project(staff)
    follow()
    assert (following.send_digests(morning()), Letter.objects.filter(kind="follow_digest").count()) == (0, 0)


def test_who_has_not_confirmed_is_told_nothing(staff: User) -> None:
    ask()
    factories.make_project(staff)
    assert following.send_digests(morning()) == 0


def test_what_was_hidden_again_before_is_not_told(
    staff: User, reporter: User, project: Project, agency: Agency
) -> None:
    follow()
    factories.make_update(reporter, project, "approved", staff, title="ลับแล้ว")
    factories.make_update(reporter, project, "submitted", staff, title="ยังไม่ตรวจ")
    publishing.hide(project, by=staff)
    publishing.hide(factories.make_project(staff, title_th="ซ่อนแล้ว"), by=staff)
    publishing.hide(factories.make_innovation(staff), by=staff)
    publishing.hide(factories.make_meeting(staff), by=staff)
    factories.make_project(staff, published=False)
    assert following.send_digests(morning()) == 0


def test_a_project_that_is_hidden_is_called_by_its_code_alone(staff: User, project: Project) -> None:
    publishing.hide(project, by=staff)
    assert following.followed("project", project.code).name == project.code


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("projects?q=แรงงาน", ["แรงงานต่างด้าว"]),
        ("projects?cohort=2561", ["ครู"]),
        ("projects?cohort=2562&q=แรงงาน", ["แรงงานต่างด้าว"]),
        ("projects?q=ไม่มีเลย", []),
        ("search?q=แรงงาน", ["แรงงานต่างด้าว"]),
        ("search?q=แรงงาน&kind=meeting", []),
    ],
)
def test_a_saved_search_tells_of_what_it_finds(target: str, told: list[str], staff: User) -> None:
    follow("search", target)
    factories.make_project(staff, title_th="แรงงานต่างด้าว")
    factories.make_project(staff, title_th="ครู", year=2561)
    assert following.send_digests(morning()) == bool(told)
    text = "".join(Letter.objects.filter(kind="follow_digest").values_list("text", flat=True))
    assert [title for title in ("แรงงานต่างด้าว", "ครู") if f": {title}" in text] == told


def test_a_search_is_saved_without_its_page_and_has_room_for_thai() -> None:
    asked = QueryDict("q=แรงงาน%26%20ครู&page=3&cohort=2562&type=")
    target = following.saved("projects", asked)
    assert target == "projects?cohort=2562&q=แรงงาน%26%20ครู"
    follows.require_target("search", target)
    page, back = following.parts_of(target)
    assert (page, back["q"], following.saved("projects", QueryDict("page=2"))) == ("projects", "แรงงาน& ครู", "")


def test_what_many_things_are_new_of_is_cut_and_the_rest_counted(staff: User) -> None:
    follow()
    for _n in range(22):
        factories.make_project(staff)
    following.send_digests(morning())
    letter = Letter.objects.get(kind="follow_digest")
    assert (len(re.findall("โครงการใหม่:", letter.text)), "และอีก 2 เรื่อง" in letter.text) == (20, True)


def test_old_letters_to_followers_go_and_others_stay(staff: User, reporter: User, agency: Agency) -> None:
    follow()
    letters.write("account_made", [reporter], agency=agency)
    follows.forget(timezone.now() + 31 * DAY)
    assert list(Letter.objects.values_list("kind", flat=True)) == ["account_made"]


def test_a_letter_that_cannot_be_written_holds_up_no_other(
    staff: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The one that goes wrong is written first, and every minute anew: it must not be the last."""
    for email in ("a@example.go.th", SOMCHAI):
        follow(email=email)
    factories.make_project(staff)
    whats_new = following.whats_new

    def broken(follow: Follow, now: dt.datetime) -> Any:
        if follow.email != SOMCHAI:
            raise ValueError("A string literal cannot contain NUL (0x00) characters.")
        return whats_new(follow, now)

    monkeypatch.setattr(following, "whats_new", broken)
    assert following.send_digests(morning()) == 1
    assert [letter.address for letter in Letter.objects.filter(kind="follow_digest")] == [SOMCHAI]
    assert ("a@example.go.th" in caplog.text, len(caplog.records)) == (False, 1)


def test_a_database_in_trouble_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_given: Any) -> None:
        raise OperationalError

    follow()
    monkeypatch.setattr(following, "whats_new", gone)
    with pytest.raises(OperationalError):
        following.send_digests(morning())
