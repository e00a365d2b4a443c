"""Calls in public: the list, what people said and what was done, the form and everything it refuses."""

import datetime as dt
import re
from typing import Any

import pytest
from django.core.cache import cache
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone

from agencies.models import User
from govlab.gather import gather
from projects.models import Call, Contact, Project, Voice
from projects.public import calls as door
from projects.rules import publishing, reviews, themes, voices
from tests import factories, visitors

pytestmark = pytest.mark.django_db

CANARY = "นกขมิ้นลับ"
ANSWER = {"text": "รอคิวนานมาก", "standpoint": "user"}
DAY = dt.timedelta(days=1)


@pytest.fixture
def asked(staff: User, project: Project) -> Call:
    return factories.make_call(staff, project, question_th="อะไรทำให้รอนาน")


def page_of(call: Call) -> str:
    return reverse("public:call-detail", args=[call.pk])


def form_of(call: Call) -> str:
    return reverse("public:call-answer", args=[call.pk])


def ended(call: Call, days: int = 2) -> Call:
    """The same call as if that many days had gone by since its last one."""
    today = timezone.localdate()
    Call.objects.filter(pk=call.pk).update(opens_on=today - 30 * DAY, closes_on=today - days * DAY)
    return Call.objects.get(pk=call.pk)


def answered(call: Call, by: User, **answers: Any) -> Any:
    theme = themes.add(call, by=by, title_th="รอนาน", voices=call.voices.all())
    values = {"answer_th": "เพิ่มช่องบริการ", "outcome": "changed", **answers}
    return themes.show(themes.answer(theme, by=by, version=theme.version, **values), by=by)


# --- reading ---------------------------------------------------------------------------------------------------------
def test_the_list_tells_open_soon_and_ended_apart(client: Any, asked: Call, staff: User, project: Project) -> None:
    today = timezone.localdate()
    soon = factories.make_call(staff, project, opens_on=today + DAY, closes_on=today + 9 * DAY)
    over = ended(factories.make_call(staff, project))
    factories.make_call(staff, project, published=False)
    groups = client.get(reverse("public:call-list")).context["groups"]
    assert {name: [row.pk for row in rows] for name, rows in groups.items()} == {
        "open": [asked.pk],
        "soon": [soon.pk],
        "ended": [over.pk],
    }


def test_an_empty_list_says_what_will_be_here(client: Any, db: None) -> None:
    page = client.get(reverse("public:call-list"))
    assert (page.status_code, "วันนี้ยังไม่มีคำถามที่เปิดรับความเห็น" in page.text) == (200, True)


def test_a_page_that_does_not_exist_is_404(client: Any, asked: Call) -> None:
    for url in (reverse("public:call-list"), page_of(asked)):
        assert {client.get(url, {"page": page}).status_code for page in ("2", "0", "x")} == {404}


@pytest.mark.parametrize("n", [1, 3])
def test_the_pages_ask_the_same_few_questions_however_much_there_is(
    n: int, client: Any, asked: Call, staff: User, reporter: User, project: Project, django_assert_num_queries: Any
) -> None:
    update = factories.make_update(reporter, project, "approved", staff)
    for _ in range(n):
        factories.make_voice(asked, "shown", staff)
        factories.make_voice(asked, "withheld", staff)
        answered(asked, reporter, update=update)
        factories.make_call(staff, project)
    with django_assert_num_queries(4):
        client.get(page_of(asked))
    with django_assert_num_queries(2):
        client.get(reverse("public:call-list"))


def test_it_shows_what_is_shown_and_says_how_many_are_not_and_why(client: Any, asked: Call, staff: User) -> None:
    factories.make_voice(asked, "shown", staff, text="รอตั้งแต่ตีห้า", standpoint="carer")
    factories.make_voice(asked, text=f"รอดู {CANARY}")
    factories.make_voice(asked, "withheld", staff, text=f"ด่า {CANARY}")
    page = client.get(page_of(asked))
    found = page.context["tally"]
    assert (found.total, found.shown, found.waiting, found.withheld) == (3, 1, 1, 1)
    assert found.reasons == [("ดูหมิ่นผู้อื่น", 1)]
    assert found.standpoints == [("ญาติหรือผู้ดูแลผู้ใช้บริการ", 1)]
    assert ("รอตั้งแต่ตีห้า" in page.text, "ดูหมิ่นผู้อื่น" in page.text, CANARY in page.text) == (True, True, False)


def test_public_numbers_count_what_is_shown_alone(
    client: Any, asked: Call, staff: User, reporter: User, project: Project
) -> None:
    """Nothing shows before it is decided, no number either; only how many wait is told."""
    factories.make_voice(asked)
    answered(asked, reporter)
    listed = (reverse("public:call-list"), reverse("public:project-detail", args=[project.code]))

    def numbers() -> dict[str, list[tuple[str, str]]]:
        pages = {url: client.get(url).text for url in (page_of(asked), *listed)}
        told = re.compile(r"แสดงแล้ว (\d+) ความเห็น|(\d+) ความเห็นบอกเช่นนี้")
        return {url: told.findall(text) for url, text in pages.items()}

    def taken() -> list[str]:
        file = client.get(reverse("public:call-list"), {"as": "csv"})
        csv = b"".join(file.streaming_content).decode("utf-8-sig").splitlines()
        place = csv[0].split(",").index("จำนวนความเห็นที่แสดงแล้ว")
        return [line.split(",")[place] for line in csv[1:]]

    none = [("0", "")]
    assert (numbers(), taken()) == ({page_of(asked): none, **dict.fromkeys(listed, none)}, ["0"])
    page = client.get(page_of(asked)).text
    assert ("รอพิจารณา 1 ความเห็น" in page, "ผู้ใช้บริการ</span>" in page, "คนบอก" in page) == (True, False, False)
    for voice in asked.voices.all():
        voices.show(voice, by=staff)
    factories.make_voice(asked, "withheld", staff)
    one = [("1", "")]
    assert (numbers(), taken()) == (
        {page_of(asked): [("", "1"), ("1", "")], **dict.fromkeys(listed, one)},
        ["1"],
    )
    assert "ผู้ใช้บริการ</span>" in client.get(page_of(asked)).text


def test_markup_stays_text(client: Any, asked: Call, staff: User) -> None:
    factories.make_voice(asked, "shown", staff, text="<script>alert(1)</script><b>หนา</b>")
    html = client.get(page_of(asked)).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&lt;b&gt;หนา&lt;/b&gt;" in html
    assert "<script>alert" not in html


def test_voices_stand_twenty_on_a_page(client: Any, asked: Call, staff: User) -> None:
    for _ in range(21):
        factories.make_voice(asked, "shown", staff)
    counts = [len(client.get(page_of(asked), {"page": page}).context["voices"]) for page in (1, 2)]
    assert counts == [20, 1]


def test_what_was_said_stands_beside_what_was_done_and_the_report_of_it(
    client: Any, asked: Call, staff: User, reporter: User, project: Project
) -> None:
    factories.make_voice(asked, "shown", staff)
    update = factories.make_update(reporter, project, "approved", staff, title="เปิดช่องใหม่")
    answered(asked, reporter, update=update)
    themes.add(asked, by=reporter, title_th=f"ยังไม่ตอบ {CANARY}")
    page = client.get(page_of(asked))
    assert [(row.title_th, row.n_voices) for row in page.context["themes"]] == [("รอนาน", 1)]
    link = f"{reverse('public:project-detail', args=[project.code])}#update-{update.pk}"
    assert (link in page.text, CANARY in page.text) == (True, False)
    reviews.take_back(update, by=staff, reason="ตัวเลขผิด")
    page = client.get(page_of(asked))
    assert (link in page.text, "เปิดช่องใหม่" in page.text, "เพิ่มช่องบริการ" in page.text) == (False, False, True)


def test_a_hidden_call_and_one_of_a_hidden_project_are_not_there(
    client: Any, asked: Call, staff: User, project: Project
) -> None:
    urls = [page_of(asked), form_of(asked)]
    for thing in (asked, project):
        publishing.hide(thing, by=staff)
        assert [client.get(url).status_code for url in urls] == [404, 404]
        assert client.get(reverse("public:call-list")).context["groups"]["open"] == []
        publishing.publish(thing, by=staff)
    assert [client.get(url).status_code for url in urls] == [200, 200]


# --- on other pages --------------------------------------------------------------------------------------------------
def test_a_project_shows_its_calls_and_what_became_of_them_in_one_query(
    asked: Call, staff: User, reporter: User, project: Project, visitor: Any, django_assert_num_queries: Any
) -> None:
    factories.make_voice(asked, "shown", staff)
    factories.make_call(staff, project, published=False)
    factories.make_call(staff, factories.make_project(staff))
    answered(asked, reporter)
    themes.add(asked, by=reporter, title_th=CANARY)
    with django_assert_num_queries(1):
        beside = gather(*door.beside_project(project, visitor))
    assert [(row.key, row.more_th, row.on, row.sort) for row in beside["calls"]] == [
        (str(asked.pk), "1", asked.closes_on, asked.opens_on.isoformat())
    ]
    assert [(row.under, row.name_th, row.more_th, row.url) for row in beside["themes"]] == [
        (asked.pk, "รอนาน", "เพิ่มช่องบริการ", "changed")
    ]


def test_the_home_page_gets_those_that_end_first(asked: Call, staff: User, project: Project) -> None:
    today = timezone.localdate()
    first = factories.make_call(staff, project, opens_on=today, closes_on=today)
    ended(factories.make_call(staff, project))
    factories.make_call(staff, project, opens_on=today + DAY, closes_on=today + DAY)
    assert [row.pk for row in door.open_now(5, today=today)] == [first.pk, asked.pk]
    assert [row.pk for row in door.open_now(1, today=today)] == [first.pk]


# --- answering -------------------------------------------------------------------------------------------------------
def test_a_visitor_answers_and_reads_what_happens_next(client: Any, asked: Call) -> None:
    answer = visitors.post(client, form_of(asked), **ANSWER, contact="081-234-5678")
    assert (answer.status_code, answer["Location"]) == (302, f"{form_of(asked)}?sent=1")
    voice = Voice.objects.get()
    assert (voice.text, voice.standpoint, voice.state, voice.language) == ("รอคิวนานมาก", "user", "waiting", "th")
    assert Contact.objects.get().address == "081-234-5678"
    page = client.get(answer["Location"])
    assert ("ขอบคุณ" in page.text, "จะมีผู้อ่านก่อนเผยแพร่" in page.text, 'name="text"' in page.text) == (True, True, False)
    assert "วันทำการ" not in page.text  # no figure that nobody promised
    assert not page.cookies and not answer.cookies and not client.cookies
    assert "081-234" not in page.text and "รอคิวนานมาก" not in client.get(page_of(asked)).text


def test_in_english_it_is_kept_as_english(client: Any, asked: Call) -> None:
    url = f"/en{form_of(asked)}"
    assert visitors.post(client, url, **ANSWER)["Location"] == f"{url}?sent=1"
    assert Voice.objects.get().language == "en"


def test_two_clicks_give_one_voice(client: Any, asked: Call) -> None:
    sent = {**visitors.tokens(client.get(form_of(asked))), **ANSWER}
    answers = [client.post(form_of(asked), sent) for _ in range(2)]
    assert [(a.status_code, a["Location"]) for a in answers] == [(302, f"{form_of(asked)}?sent=1")] * 2
    assert Voice.objects.count() == 1


REFUSED: dict[str, tuple[dict[str, Any], int]] = {
    "the field for programs is filled": ({"website": "http://spam.example"}, 400),
    "quicker than a person reads": ({"ago": dt.timedelta(seconds=1)}, 400),
    "open since yesterday": ({"ago": dt.timedelta(hours=25)}, 400),
    "never opened": ({"opened": "x"}, 400),
    "no standpoint": ({"standpoint": ""}, 400),
    "another standpoint": ({"standpoint": "king"}, 400),
    "too many links": ({"text": f"{ANSWER['text']} http://a.th http://b.th http://c.th http://d.th"}, 400),
    "100,000 characters": ({"text": ANSWER["text"] + "ก" * 100_000}, 400),
    "a NUL": ({"text": f"{ANSWER['text']}\0"}, 400),
    "a contact that is too long": ({"contact": "a" * 201}, 400),
}


@pytest.mark.parametrize(("answers", "status"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused_comes_back_with_a_sentence_and_the_text(
    answers: dict[str, Any], status: int, client: Any, asked: Call
) -> None:
    page = visitors.post(client, form_of(asked), **{**ANSWER, **answers})
    assert (page.status_code, Voice.objects.count(), Contact.objects.count()) == (status, 0, 0)
    assert (ANSWER["text"] in page.text, 'class="errors"' in page.text) == (True, True)
    again = visitors.tokens(page)  # and it can be sent from there
    assert client.post(form_of(asked), {**again, **ANSWER}).status_code == 302


@pytest.mark.parametrize("text", ["", "  \n "])
def test_an_empty_answer_is_refused(text: str, client: Any, asked: Call) -> None:
    page = visitors.post(client, form_of(asked), text=text, standpoint="user")
    assert (page.status_code, "โปรดเขียนความเห็นก่อน" in page.text, Voice.objects.count()) == (400, True, 0)


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}, {"Origin": "null"}]
)
def test_a_form_from_elsewhere_is_refused(headers: dict[str, str], client: Any, asked: Call) -> None:
    assert visitors.post(client, form_of(asked), headers=headers, **ANSWER).status_code == 403
    assert Voice.objects.count() == 0


def test_a_thousand_posts_from_one_address_give_as_many_as_one_may(
    client: Any, asked: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door.CallAnswer, "times", 3)
    statuses = [visitors.post(client, form_of(asked), **ANSWER, contact=str(n)).status_code for n in range(12)]
    assert (statuses, Voice.objects.count()) == ([302] * 3 + [429] * 9, 3)
    page = visitors.post(client, form_of(asked), **ANSWER)
    assert ANSWER["text"] in page.text  # what was typed stays
    elsewhere = {**visitors.tokens(client.get(form_of(asked))), **ANSWER}
    assert client.post(form_of(asked), elsewhere, REMOTE_ADDR="10.1.1.1").status_code == 302
    cache.clear()
    assert visitors.post(client, form_of(asked), **ANSWER).status_code == 302


def test_a_call_that_closed_meanwhile_keeps_the_text(client: Any, asked: Call) -> None:
    sent = {**visitors.tokens(client.get(form_of(asked))), **ANSWER}
    ended(asked)
    page = client.post(form_of(asked), sent)
    assert (page.status_code, Voice.objects.count()) == (400, 0)
    assert (ANSWER["text"] in page.text, "คำถามนี้ปิดรับความเห็นเมื่อ" in page.text) == (True, True)


def test_a_call_that_was_hidden_meanwhile_gives_the_text_back(client: Any, asked: Call, staff: User) -> None:
    sent = {**visitors.tokens(client.get(form_of(asked))), **ANSWER}
    publishing.hide(asked, by=staff)
    page = client.post(form_of(asked), sent)
    assert (page.status_code, ANSWER["text"] in page.text, Voice.objects.count()) == (404, True, 0)


def test_what_is_given_back_is_what_was_typed_under_its_labels(client: Any, asked: Call, staff: User) -> None:
    sent = {**visitors.tokens(client.get(form_of(asked))), **ANSWER, "contact": "0812345678", "website": "x y"}
    publishing.hide(asked, by=staff)
    page = client.post(form_of(asked), sent).text
    given = re.findall(r'<label for="typed-\d">([^<]*)</label>\s*<textarea[^>]*>([^<]*)</textarea>', page)
    assert given == [("ความเห็นของท่าน", ANSWER["text"]), ("ช่องทางที่ทีมติดต่อท่านได้", "0812345678")]
    assert sent["opened"] not in page


def test_a_closed_call_has_a_sentence_instead_of_a_form(
    client: Any, asked: Call, staff: User, project: Project
) -> None:
    today = timezone.localdate()
    soon = factories.make_call(staff, project, opens_on=today + DAY, closes_on=today + DAY)
    told = {form_of(soon): "ยังไม่เปิดรับความเห็น", form_of(ended(asked)): "ปิดรับความเห็นเมื่อ"}
    for url, sentence in told.items():
        page = client.get(url)
        assert (page.status_code, sentence in page.text, "<form" in page.text.split("<main")[1].split("</main")[0]) == (
            200,
            True,
            False,
        )


def test_reading_writes_nothing_and_sets_no_cookie(client: Any, asked: Call, staff: User) -> None:
    factories.make_voice(asked, "shown", staff)
    for url in (reverse("public:call-list"), page_of(asked), form_of(asked)):
        assert not client.get(url).cookies


def test_what_is_larger_than_any_answer_is_refused_unread(
    client: Any, asked: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = b"x" * (door.CallAnswer.largest + 1)
    monkeypatch.setattr("django.core.handlers.wsgi.WSGIRequest._load_post_and_files", lambda self: pytest.fail("read"))
    answer = client.generic("POST", form_of(asked), body, content_type="multipart/form-data; boundary=x")
    assert (answer.status_code, dict(answer.cookies)) == (413, {})
    assert ("ไฟล์" in answer.text, "แบบฟอร์มนี้รับข้อความได้ไม่เกิน 2 MB" in answer.text) == (False, True)


def test_a_form_held_while_the_database_is_busy_sets_no_cookie_and_can_be_sent_again(
    client: Any, asked: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_given: Any, **_answers: Any) -> None:
        raise OperationalError

    client.raise_request_exception = False
    answers = {**visitors.tokens(client.get(form_of(asked))), **ANSWER}
    with monkeypatch.context() as trouble:
        trouble.setattr(door.voices, "answer", busy)
        page = client.post(form_of(asked), answers, headers={"Sec-Fetch-Site": "same-origin"})
    assert (page.status_code, dict(page.cookies), page["Cache-Control"]) == (503, {}, "private, no-store")
    held = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.text))
    assert held == answers
    again = client.post(form_of(asked), held, headers={"Sec-Fetch-Site": "same-origin"})
    assert (again.status_code, Voice.objects.get().text) == (302, ANSWER["text"])
