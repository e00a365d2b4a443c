"""Public pages from the shelf: exact after every change, the same for everybody, bounded, never what is private."""

import gzip
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse
from django.middleware.csrf import get_token
from django.test import RequestFactory
from django.utils import timezone

from agencies.rules import records
from govlab import edition, pages
from govlab.history import hold, keep
from govlab.pages import SHELF, Kept, Shelf, keeping, key_of
from projects.models import ServiceField
from projects.rules import publishing
from tests import factories

pytestmark = pytest.mark.django_db
PUBLIC = "public, max-age=0, must-revalidate"


@pytest.fixture(autouse=True)
def _shelf(settings):
    settings.PAGES_MEMORY = 4
    SHELF.clear()
    yield
    SHELF.clear()


class Maker:
    """Makes a page and counts how often; what it is told to answer with."""

    def __init__(self, content="<h1>ก</h1>", **headers):
        self.made, self.content, self.headers = 0, content, {"Cache-Control": PUBLIC, **headers}

    def __call__(self):
        self.made += 1
        return HttpResponse(self.content, headers=self.headers)


@pytest.fixture
def ask():
    """`ask(make, path, **headers)` sends a request for the page that `make` makes."""

    def do(make, path="/projects/", method="get", **headers):
        return keeping(getattr(RequestFactory(), method)(path, headers=headers), make)

    return do


# --- exact ------------------------------------------------------------------------------------------------------------
def test_a_page_is_made_once_and_again_after_a_change(client, project, staff, django_assert_num_queries):
    path = f"/projects/{project.code}/"
    first = client.get(path)
    with django_assert_num_queries(1):  # the edition
        again = client.get(path)
    assert again.content == first.content and "ชื่อใหม่" not in first.text
    keep(hold(project), "edit", by=staff, title_th="ชื่อใหม่")
    assert "ชื่อใหม่" in client.get(path).text


def test_what_is_hidden_is_gone_at_once(client, project, staff):
    path = f"/projects/{project.code}/"
    assert client.get(path).status_code == 200
    publishing.hide(project, by=staff)
    assert client.get(path).status_code == 404
    assert client.get(path, headers={"If-None-Match": "*"}).status_code == 404


def test_a_list_changes_with_a_word_in_another_table(client, staff, project):
    field = records.add(ServiceField, by=staff, key="f", name_th="ชื่อเก่า", position=1)
    keep(hold(project), "edit", by=staff, field=field)
    path = f"/projects/{project.code}/"
    assert "ชื่อเก่า" in client.get(path).text
    records.edit(field, by=staff, version=field.version, name_th="ชื่อใหม่")
    assert "ชื่อใหม่" in client.get(path).text


def test_a_change_that_is_rolled_back_leaves_the_page_as_it_was(client, project, staff):
    path = f"/projects/{project.code}/"
    before = client.get(path)
    with transaction.atomic():
        keep(hold(project), "edit", by=staff, title_th="ไม่เกิดขึ้น")
        transaction.set_rollback(True)
    after = client.get(path)
    assert (after.content, after.headers["ETag"]) == (before.content, before.headers["ETag"])


def test_a_change_while_a_page_is_made_is_not_missed(ask):
    """The naive version asks for the number after the page was made, and keeps old words under the new number."""
    words = ["ก่อน"]

    def slow():
        response = HttpResponse(words[0], headers={"Cache-Control": PUBLIC})
        words[0] = "หลัง"
        edition.move_on()  # somebody saves after our queries were asked
        return response

    assert ask(slow).text == "ก่อน"
    assert ask(slow).text == "หลัง"


def test_a_page_is_made_anew_when_the_day_changes_in_bangkok(ask, monkeypatch):
    make = Maker()
    for today, made in ((date(2026, 7, 1), 1), (date(2026, 7, 1), 1), (date(2026, 7, 2), 2)):
        monkeypatch.setattr(timezone, "localdate", lambda today=today: today)
        ask(make)
        assert make.made == made


def test_an_edition_that_went_back_shows_nothing_of_the_one_before(ask):
    """After a restore, say: the naive version waits until the number has caught up, and shows what was before it."""
    shelf, page = Shelf(), Kept(b"x", b"", {}, False)
    shelf.get((7, date.min), b"k")
    shelf.put((7, date.min), b"k", page, 9999)
    assert shelf.get((6, date.min), b"k") is None
    assert shelf.get((7, date.min), b"k") is None


# --- the name of a page -----------------------------------------------------------------------------------------------
SAME_PAGE = (
    {},
    {"Accept-Language": "en"},
    {"Cookie": "session=abc; theme=dark"},
    {"User-Agent": "LINE"},
    {"Referer": "https://elsewhere.example/"},
    {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7"},
    {"X-Original-URL": "/desk/", "X-Rewrite-URL": "/desk/"},
    {"HX-Request": "true", "X-Requested-With": "XMLHttpRequest"},
    {"Accept": "application/json"},
    {"Authorization": "Bearer gl_nothing"},
)


@pytest.mark.parametrize("kept", [0, 4], ids=["made", "kept"])
def test_no_header_changes_a_public_page(client, project, settings, kept):
    settings.PAGES_MEMORY = kept
    for path in ("/", "/projects/", f"/projects/{project.code}/", "/search/?q=ก", "/about/", "/privacy/", "/sitemap/"):
        got = {client.get(path, headers=headers).content for headers in SAME_PAGE}
        assert len(got) == 1, path


def test_each_address_is_a_page_of_its_own(settings):
    settings.ALLOWED_HOSTS = ["a.example", "b.example"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    asked = [
        ("/projects/", {}),
        ("/en/projects/", {}),
        ("/projects/?", {"QUERY_STRING": "q="}),
        ("/projects/?q=1", {}),
        ("/projects/?q=1&q=2", {}),
        ("/projects/?q=2&q=1", {}),
        ("/projects/", {"HTTP_HOST": "b.example"}),
        ("/projects/", {"HTTP_X_FORWARDED_PROTO": "https"}),
        # Made readable, both of these would be called ?q=%C3%A0; the portal reads two different words.
        ("/projects/", {"QUERY_STRING": "q=%C3%A0"}),
        ("/projects/", {"QUERY_STRING": "q=\xe0"}),
    ]
    keys = {key_of(RequestFactory().get(path, **{"HTTP_HOST": "a.example", **more})) for path, more in asked}
    assert len(keys) == len(asked)


def test_a_host_that_is_not_ours_is_refused_before_anything_is_kept(client, project):
    assert client.get("/projects/", headers={"Host": "evil.example"}).status_code == 400
    page = client.get("/projects/", headers={"X-Forwarded-Host": "evil.example"})
    assert "evil.example" not in page.text and "evil.example" not in client.get("/projects/").text


# --- what is kept -----------------------------------------------------------------------------------------------------
def test_whoever_is_signed_in_gets_the_visitors_page_and_no_cookie(client, project, staff):
    path = f"/projects/{project.code}/"
    as_visitor = client.get(path)
    client.force_login(staff)
    for _time in range(2):
        as_staff = client.get(path)
        assert as_staff.content == as_visitor.content
        assert not as_staff.cookies and "Set-Cookie" not in as_staff.headers
        assert "Cookie" not in as_staff.headers["Vary"]


def no(response, change):
    change(response)
    return response


NOT_KEPT = {
    "an error": lambda request: HttpResponse("x", status=500, headers={"Cache-Control": PUBLIC}),
    "a redirect": lambda request: HttpResponse(status=302, headers={"Cache-Control": PUBLIC, "Location": "/"}),
    "a file": lambda request: FileResponse([b"x"], headers={"Cache-Control": PUBLIC}),
    "a private page": lambda request: HttpResponse("x", headers={"Cache-Control": "private, no-store"}),
    "a page that says nothing": lambda request: HttpResponse("x"),
    "a cookie": lambda request: no(HttpResponse("x", headers={"Cache-Control": PUBLIC}), lambda r: r.set_cookie("a")),
    "vary": lambda request: HttpResponse("x", headers={"Cache-Control": PUBLIC, "Vary": "Accept-Encoding, Cookie"}),
    "a token": lambda request: HttpResponse(get_token(request), headers={"Cache-Control": PUBLIC}),
    "too large": lambda request: HttpResponse(b"x" * (pages.LARGEST + 1), headers={"Cache-Control": PUBLIC}),
    "packed": lambda request: HttpResponse("x", headers={"Cache-Control": PUBLIC, "Content-Encoding": "br"}),
}


@pytest.mark.parametrize("answer", NOT_KEPT.values(), ids=NOT_KEPT)
def test_what_is_no_whole_public_page_is_never_kept(answer):
    for _time in range(2):
        request = RequestFactory().get("/")
        made = answer(request)
        assert keeping(request, lambda made=made: made) is made
    assert SHELF.size == 0


def test_a_page_that_looked_into_the_session_is_never_kept(client, project, rf):
    class Session:
        accessed = True

    request = rf.get("/")
    request.session, request.user = Session(), AnonymousUser()
    keeping(request, Maker())
    assert SHELF.size == 0


def test_a_refusal_is_told_each_time(ask):
    def gone():
        raise Http404

    for _time in range(2):
        with pytest.raises(Http404):
            ask(gone)


def test_a_form_that_is_sent_passes_by(ask):
    make = Maker()
    ask(make)
    ask(make, method="post")
    ask(make, method="post")
    assert make.made == 3


# --- whoever has it already -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("encoding", ["gzip", "identity", "", "br, gzip;q=0.5"])
def test_whoever_has_the_page_gets_304_with_the_same_headers(client, project, encoding):
    path, how = f"/projects/{project.code}/", {"Accept-Encoding": encoding}
    full = client.get(path, headers=how)
    for page in (full, client.get(path, headers=how)):
        packed = page.headers.get("Content-Encoding") == "gzip"
        assert packed == (encoding in ("gzip", "br, gzip;q=0.5"))
        assert project.title_th in (gzip.decompress(page.content) if packed else page.content).decode()
        assert page.headers["Vary"] == "Accept-Encoding" and page.headers["ETag"] == full.headers["ETag"]
        assert page.headers["Content-Length"] == str(len(page.content))
    for asked in (full.headers["ETag"], full.headers["ETag"].removeprefix("W/"), f'"x", {full.headers["ETag"]}', "*"):
        same = client.get(path, headers={**how, "If-None-Match": asked})
        assert (same.status_code, same.content) == (304, b"")
        assert [same.headers[name] for name in ("ETag", "Vary", "Cache-Control")] == [
            full.headers[name] for name in ("ETag", "Vary", "Cache-Control")
        ]
    assert client.get(path, headers={**how, "If-None-Match": '"x"'}).status_code == 200


def test_a_change_ends_the_304(client, project, staff):
    path = f"/projects/{project.code}/"
    tag = client.get(path).headers["ETag"]
    keep(hold(project), "edit", by=staff, title_th="ใหม่")
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 200


def test_head_says_what_get_says_without_a_body(client, project):
    path = f"/projects/{project.code}/"
    first = client.head(path)  # made, not kept: a page may look at the method
    assert (first.status_code, first.content, SHELF.size) == (200, b"", 0)
    full, bare = client.get(path), client.head(path)
    assert bare.content == b""
    left = {"Content-Encoding"}
    assert {k: v for k, v in bare.headers.items() if k not in left} == {
        k: v for k, v in full.headers.items() if k not in left
    }
    assert client.head(path, headers={"If-None-Match": full.headers["ETag"]}).status_code == 304


def test_what_is_kept_carries_every_header_it_was_made_with(client, project):
    for path in (f"/projects/{project.code}/", f"/embed/projects/{project.code}/", "/cards/govlab.png", "/robots.txt"):
        made, kept = client.get(path), client.get(path)
        assert dict(made.headers) == dict(kept.headers), path
        assert made.content == kept.content


def test_control_characters_do_not_come_back_from_the_shelf(ask):
    make = Maker("<h1>a\x00b</h1>" + "x" * 300)
    for encoding in ("identity", "gzip"):
        page = ask(make, **{"Accept-Encoding": encoding})
        content = gzip.decompress(page.content) if encoding == "gzip" else page.content
        assert content.startswith(b"<h1>ab</h1>")


def test_a_page_is_packed_for_the_first_who_takes_it_so_and_counted_with_it(ask, monkeypatch):
    make, packed, plain = Maker("<h1>ก</h1>" * 100), [], gzip.compress
    monkeypatch.setattr(pages.gzip, "compress", lambda *of, **how: packed.append(1) or plain(*of, **how))
    bare = ask(make)
    size = SHELF.size
    assert (packed, bare.headers["Vary"]) == ([], "Accept-Encoding")
    first, again = (ask(make, **{"Accept-Encoding": "gzip"}) for _time in range(2))
    assert (len(packed), make.made, first.content) == (1, 1, again.content)
    assert gzip.decompress(first.content) == bare.content == ask(make).content
    assert (SHELF.size, first.headers["ETag"]) == (size + len(first.content), bare.headers["ETag"])


# --- bounded, and safe among threads ----------------------------------------------------------------------------------
def test_the_shelf_holds_no_more_than_it_may_and_what_was_asked_for_last():
    shelf, of = Shelf(), (1, date.min)
    shelf.get(of, b"")
    page = Kept(b"x" * (10_000 - pages.AROUND), b"", {}, False)
    for n in range(30):
        shelf.put(of, bytes([n]), page, 100_000)
        shelf.get(of, bytes([0]))
        assert shelf.size <= 100_000
    assert [n for n in range(30) if shelf.get(of, bytes([n]))] == [0, *range(21, 30)]
    shelf.put(of, b"again", page, 100_000)
    shelf.put(of, b"again", page, 100_000)
    assert shelf.size == 100_000
    shelf.put(of, b"huge", Kept(b"x" * 100_000, b"", {}, False), 100_000)
    assert shelf.get(of, b"huge") is None and shelf.size == 100_000


def test_a_page_of_a_moment_that_has_passed_is_not_put_in():
    shelf, page = Shelf(), Kept(b"x", b"", {}, False)
    shelf.get((1, date.min), b"k")
    shelf.get((2, date.min), b"k")
    shelf.put((1, date.min), b"k", page, 9999)
    assert shelf.get((2, date.min), b"k") is None and shelf.size == 0


def test_thirty_two_threads_get_the_page_of_their_moment_and_the_shelf_keeps_count():
    shelf = Shelf()

    def work(seed):
        wrong = 0
        for n in range(400):
            moment, key = ((seed + n) // 40, date.min), bytes([n % 17])
            found = shelf.get(moment, key)
            content = repr((moment[0], key)).encode()
            wrong += found is not None and found.content != content
            shelf.put(moment, key, Kept(content, b"", {}, False), 12_000)
        return wrong

    with ThreadPoolExecutor(32) as pool:
        assert sum(pool.map(work, range(32))) == 0
    assert shelf.size == sum(page.size for page in shelf._pages.values()) <= 12_000


def test_nothing_is_kept_where_there_is_no_memory_for_it(ask, settings, django_assert_num_queries):
    settings.PAGES_MEMORY, make = 0, Maker()
    with django_assert_num_queries(0):
        ask(make)
        ask(make)
    assert make.made == 2


def test_a_public_list_costs_one_query_however_long(client, staff, django_assert_num_queries):
    for n in range(3):
        factories.make_project(staff, code=f"GL2562-{n + 1}")
    client.get("/projects/")
    with django_assert_num_queries(1):
        client.get("/projects/")
