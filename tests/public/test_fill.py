"""The form behind a link: one report, kept and never sent, and nothing else of the portal to be had by it."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from projects.models import ProgressUpdate, Reading, ReportLink
from projects.rules import links, updates
from projects.rules.readings import Measure
from tests import factories

pytestmark = pytest.mark.django_db
CANARY = "นกขมิ้นลับ"
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


@pytest.fixture
def update(reporter, project):
    return factories.make_update(reporter, project)


@pytest.fixture
def link(update, reporter):
    return links.make(update, by=reporter, name="คุณดวงใจ", ends_on=timezone.localdate() + dt.timedelta(days=7))


@pytest.fixture
def page(link):
    return reverse("public:fill", args=[links.token_of(link)])


def typed(update, **answers):
    return {
        "version": update.version,
        "form_key": "k1",
        "stage_number": "2",
        "stage_state": "in_progress",
        "happened_on": "30/06/2562",
        "title": "สัมภาษณ์เพิ่ม",
        "text": "เล่าโดยผู้ร่วมงาน",
        **answers,
    }


def test_the_page_says_which_report_for_whom_and_until_when(client, page, project, agency, update):
    for start in ("", "/en"):
        text = client.get(start + page).text
        held = (project.code in text, "คุณดวงใจ" in text, str(agency) in text, update.title in text)
        assert held == (True, True, True, True)


def test_the_page_is_nobodys_to_keep_to_index_or_to_pass_on(page):
    client = Client()
    response = client.get(page)
    found = [response.headers[name] for name in ("Cache-Control", "Referrer-Policy", "X-Robots-Tag")]
    assert found == ["private, no-store", "strict-origin", "noindex, nofollow"]
    assert set(client.cookies) == {"csrf"}


def test_saving_keeps_a_draft_that_says_who_filled_it_and_sets_no_session(page, update, reporter, staff):
    client = Client()
    indicator = factories.make_indicator(staff, update.project)
    answer = client.post(page, typed(update, **{f"reading_{indicator.pk}": "๙"}))
    assert (answer.status_code, answer.url) == (302, f"{page}?saved=1")
    assert "session" not in client.cookies
    kept = ProgressUpdate.objects.get()
    assert (kept.state, kept.title, kept.filled_by, kept.author) == ("draft", "สัมภาษณ์เพิ่ม", "คุณดวงใจ", reporter)
    assert Reading.objects.get().value == 9
    assert 'role="status"' in client.get(answer.url).text


def test_no_button_and_no_word_sends_it(client, page, update):
    assert client.get(page).text.count('type="submit"') == 1
    client.post(page, typed(update, verb="submit"))
    assert ProgressUpdate.objects.get().state == "draft"


def test_two_clicks_are_one_save(client, page, update):
    first, second = (client.post(page, typed(update)) for _n in range(2))
    assert (first.url, second.url, update.history.count()) == (f"{page}?saved=1", f"{page}?saved=1", 2)


def test_evidence_comes_by_the_plain_file_input(client, page, update):
    client.post(page, typed(update, attach=[SimpleUploadedFile("ผลสัมภาษณ์.pdf", PDF)]))
    file = update.evidence.get()
    assert (file.name, file.released) == ("ผลสัมภาษณ์.pdf", False)
    assert "ผลสัมภาษณ์.pdf" in client.get(page).text
    assert client.get(reverse("public:evidence", args=[file.pk])).status_code == 404


def test_a_stale_save_shows_both_and_keeps_what_was_typed(client, page, update, reporter):
    updates.edit(update, by=reporter, version=update.version, title="ของหน่วยงาน")
    answer = client.post(page, typed(update))
    assert (answer.status_code, "ของหน่วยงาน" in answer.text, "สัมภาษณ์เพิ่ม" in answer.text) == (409, True, True)
    assert (ProgressUpdate.objects.get().title, answer.headers["Cache-Control"]) == ("ของหน่วยงาน", "private, no-store")


def test_nothing_but_this_one_report_is_on_the_page(client, page, update, reporter, staff, project, agency):
    indicator = factories.make_indicator(staff, project)
    hidden = factories.make_project(staff, owner=agency, published=False)
    number = Measure(Decimal(987654), "", True)
    secret = {"title": CANARY, "text": CANARY, "obstacles": CANARY, "planned": CANARY}
    for state in ("draft", "submitted", "returned"):
        factories.make_update(reporter, project, state, staff, readings={indicator: number}, **secret)
    factories.make_update(reporter, project, "approved", staff, obstacles=CANARY, planned="")
    own = factories.make_update(reporter, hidden)
    for_hidden = links.make(own, by=reporter, name="ก", ends_on=timezone.localdate())
    unseen = factories.make_indicator(staff, hidden)
    factories.make_update(reporter, hidden, "approved", staff, readings={unseen: number}, obstacles=CANARY)
    address = reverse("public:fill", args=[links.token_of(for_hidden)])
    texts = [client.get(page).text, client.get(address).text]
    assert [text.count("987654") + text.count("987,654") for text in texts] == [0, 0]
    assert [text.count(CANARY) for text in texts] == [0, 0]
    assert [text.count(reporter.name) + text.count(reporter.email) for text in texts] == [0, 0]


def test_every_link_that_opens_nothing_says_the_same(client, page, link, update, reporter):
    other = links.make(update, by=reporter, name="ก", ends_on=timezone.localdate())
    ended = links.make(update, by=reporter, name="ข", ends_on=timezone.localdate())
    links.revoke(other, by=reporter)
    ReportLink.objects.filter(pk=ended.pk).update(ends_on=timezone.localdate() - dt.timedelta(days=1))
    tokens = [links.token_of(other), links.token_of(ended), links.token_of(link) + "x", "x"]
    answers = [client.get(reverse("public:fill", args=[token])) for token in tokens]
    reporter.is_active = False
    reporter.save()
    answers.append(client.get(page))
    assert [answer.status_code for answer in answers] == [404] * 5
    assert len({answer.text.replace(answer.wsgi_request.path, "") for answer in answers}) == 1
    assert {answer.headers["Cache-Control"] for answer in answers} == {"private, no-store"}


def test_typing_behind_a_link_that_was_taken_back_is_given_back(client, page, link, update, reporter):
    links.revoke(link, by=reporter)
    answer = client.post(page, typed(update))
    assert (answer.status_code, "เล่าโดยผู้ร่วมงาน" in answer.text) == (404, True)
    assert ProgressUpdate.objects.get().title == update.title


def test_a_report_that_was_sent_meanwhile_says_so_and_keeps_what_was_typed(client, page, update, reporter):
    updates.submit(update, by=reporter)
    assert "รายงานนี้ส่งไปแล้ว" in client.get(page).text
    answer = client.post(page, typed(update))
    assert (answer.status_code, "เล่าโดยผู้ร่วมงาน" in answer.text) == (400, True)
    assert ProgressUpdate.objects.get().title == update.title


# --- in the workspace ------------------------------------------------------------------------------------------------
def test_a_link_is_made_shown_and_taken_back_in_the_workspace(sign_in, update, reporter, agency, settings):
    client = sign_in(reporter)
    address = reverse("workspace:update-links", args=[update.pk])
    until = timezone.localdate() + dt.timedelta(days=3)
    made = client.post(address, {"name": "คุณดวงใจ", "ends_on": until.isoformat(), "form_key": "k"})
    link = ReportLink.objects.get()
    shown = settings.PORTAL_URL + reverse("public:fill", args=[links.token_of(link)])
    assert shown in client.get(made.url).text
    assert shown not in client.get(address).text
    client.post(reverse("workspace:link-revoke", args=[link.pk]), {"form_key": "r"})
    link.refresh_from_db()
    assert (link.revoked_at is None, shown in client.get(made.url).text) == (False, False)


def test_links_of_a_report_are_not_there_for_another_agency_or_staff(sign_in, update, link, stranger, staff):
    for person in (stranger, staff):
        client = sign_in(person)
        assert client.get(reverse("workspace:update-links", args=[update.pk])).status_code == 404
        assert client.post(reverse("workspace:link-revoke", args=[link.pk])).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_links_costs_the_same_for_three_as_for_one(
    count, sign_in, update, reporter, django_assert_num_queries
):
    for n in range(count):
        links.make(update, by=reporter, name=f"คนที่ {n}", ends_on=timezone.localdate())
    client = sign_in(reporter)
    with django_assert_num_queries(7):
        assert len(client.get(reverse("workspace:update-links", args=[update.pk])).context["rows"]) == count
