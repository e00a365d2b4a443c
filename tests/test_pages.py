"""Each rule of the page-checking client fails on its bad page and leaves the good page alone."""

import time
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.http import FileResponse, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, StreamingHttpResponse
from django.urls import path

from tests.pages import CheckedClient, PageError, faults_of, parsed, skeleton

GOOD = """<!doctype html>
<html lang="th">
  <head>
    <title>โครงการ · GovLab</title>
    <link rel="canonical" href="http://testserver/projects/">
    <link rel="stylesheet" href="/static/css/portal.css">
    <script src="/static/js/portal.js"></script>
  </head>
  <body>
    <a href="#main">ข้ามไปยังเนื้อหา</a>
    <main id="main">
      <h1>โครงการ</h1>
      <svg role="img" aria-label="สี่ขั้น" viewBox="0 0 8 8"><title>ขั้น</title><path d="M0 0h8z"/></svg>
      <h2>ค้นหา</h2>
      <p>ประชาชน &amp; หน่วยงาน <a href="https://www.opdc.go.th/?a=1&amp;b=2">ก.พ.ร.</a></p>
      <p><a href="mailto:a@b.th">อีเมล</a></p>
      <form action="/projects/" method="get">
        <input type="hidden" name="csrfmiddlewaretoken" value="abc">
        <label for="q">คำค้น</label>
        <input id="q" name="q" value="{{ typed }}" aria-describedby="q-hint">
        <p id="q-hint">พิมพ์ชื่อโครงการ</p>
        <label>ปี <select name="year"><option>2562</option></select></label>
        <textarea name="text" aria-label="เล่าให้ฟัง">{% typed %} None</textarea>
        <button>ค้นหาโครงการ</button>
        <input type="submit" value="ส่ง">
      </form>
      <h3>ผล</h3>
      <table>
        <tr><td><a href="1/"><img src="/media/1.webp" alt="ภาพ"></a></td><td><img src="2.webp" alt=""></td></tr>
      </table>
      <h2>อื่น ๆ</h2>
    </main>
  </body>
</html>
"""


def with_main(snippet: str) -> str:
    """The good page with `snippet` at the end of its main part."""
    return GOOD.replace("    </main>", f"{snippet}</main>")


BAD = {
    "an unclosed element": (with_main("<div>"), "HTML: "),
    "a wrongly nested element": (with_main("<b><i>ก</b></i>"), "HTML: "),
    "an attribute twice": (with_main('<p class="a" class="b">ก</p>'), "HTML: duplicate-attribute"),
    "an unknown entity": (with_main("<p>a &nope; b</p>"), "HTML: "),
    "an entity cut short in an address": (with_main('<a href="/?a=1&copy=2">ก</a>'), "HTML: "),
    "a paragraph between table cells": (with_main("<table><tr><p>ก</p><td>ข</td></tr></table>"), "HTML: "),
    "a bare less-than": (with_main("<p>1 < 2</p>"), "HTML: "),
    "a control character": (with_main("<p>a\x01b</p>"), "HTML: "),
    "a quote left open": (with_main('<p class="a>ก</p>'), "HTML: "),
    "a div closed like an image": (with_main("<div />"), "HTML: "),
    "no doctype": (GOOD.replace("<!doctype html>\n", ""), "HTML: expected-doctype"),
    "an empty page": ("", "HTML: expected-doctype"),
    "no lang": (GOOD.replace(' lang="th"', ""), "<html> without lang"),
    "no title": (GOOD.replace("<title>โครงการ · GovLab</title>", ""), "one <title>"),
    "an empty title": (GOOD.replace("โครงการ · GovLab", " "), "one <title>"),
    "two h1": (with_main("<h1>อีก</h1>"), "one <h1> is needed, found 2"),
    "no h1": (GOOD.replace("h1>", "h2>"), "one <h1> is needed, found 0"),
    "a level left out": (with_main("<h4>ก</h4>"), "<h4> comes after <h2>"),
    "a heading before the first": (GOOD.replace('<main id="main">', '<main id="main"><h2>ก</h2>'), "after no heading"),
    "an id twice": (with_main('<p id="q">ก</p>'), "id 'q' is empty or used twice"),
    "an empty id": (with_main('<p id="">ก</p>'), "id '' is empty"),
    "a label for nothing": (with_main('<label for="gone">ก</label>'), "names 'gone'"),
    "a description that is not there": (with_main('<p aria-describedby="q gone">ก</p>'), "names 'gone'"),
    "a name that is not there": (with_main('<p aria-labelledby="gone">ก</p>'), "names 'gone'"),
    "a link into nowhere": (with_main('<a href="#gone">ก</a>'), "names 'gone'"),
    "a form without action": (with_main('<form method="post"></form>'), "<form> without action"),
    "a form without method": (with_main('<form action="/x/"></form>'), "<form> without method"),
    "an input without label": (with_main('<input name="n">'), "<input name='n'> without label"),
    "an input with an empty label": (with_main('<label for="n"> </label><input id="n">'), "without label"),
    "a select named by its choices": (with_main("<label><select><option>ก</option></select></label>"), "without label"),
    "a textarea without label": (with_main("<textarea>ก</textarea>"), "<textarea name=None> without label"),
    "a checkbox without label": (with_main('<input type="checkbox" title="ก">'), "without label"),
    "a button without text": (with_main("<button> </button>"), "<button> without text"),
    "a submit without text": (with_main('<input type="submit" value="">'), "<input type=submit> without text"),
    "a picture without alt": (with_main('<img src="1.webp">'), "<img> without alt"),
    "a picture button without alt": (with_main('<input type="image" src="1.webp">'), "<input> without alt"),
    "a link without text": (with_main('<a href="/"><img src="1.webp" alt=""></a>'), "<a> without text"),
    "a style attribute": (with_main('<p style="color: red">ก</p>'), "<p style=…>"),
    "a style element": (GOOD.replace("</head>", "<style>p { margin: 0 }</style></head>"), "<style> in the page"),
    "a script": (with_main("<script>go()</script>"), "<script> in the page"),
    "a script of data": (with_main('<script type="application/json">{}</script>'), "<script> in the page"),
    "an on attribute": (with_main('<button onclick="go()">ก</button>'), "<button onclick=…>"),
    "a javascript address": (with_main('<a href=" java\nscript:go()">ก</a>'), "javascript: address"),
    "a script from elsewhere": (GOOD.replace("/static/js", "https://cdn.test/js"), "<script src="),
    "a style sheet from elsewhere": (GOOD.replace("/static/css", "//cdn.test/css"), "<link href="),
    "a picture from elsewhere": (with_main('<img alt="" src="https://cdn.test/1.webp">'), "leads to another host"),
    "a picture in the page": (with_main('<img alt="" src="data:image/gif;base64,AA==">'), "leads to another host"),
    "a second picture from elsewhere": (with_main('<img alt="" srcset="/1.webp 1x, //a.b/2 2x">'), "<img srcset="),
    "a form to elsewhere": (with_main('<form action="https://a.b/" method="post"></form>'), "<form action="),
    "a button to elsewhere": (with_main('<button formaction="//a.b/">ก</button>'), "<button formaction="),
    "a link in plain http": (with_main('<a href="http://a.b/">ก</a>'), "<a href="),
    "a link without scheme": (with_main(r'<a href="/\a.b/">ก</a>'), "<a href="),
    "an address that cannot be read": (with_main('<a href="https://[a">ก</a>'), "<a href="),
    "a variable left in the text": (with_main("<p>{{ project }}</p>"), "template syntax in the text"),
    "a tag left in the text": (with_main("<p>{% url %}</p>"), "template syntax in the text"),
    "a variable left in an attribute": (with_main('<p class="{{ a }}">ก</p>'), "template syntax in <p class>"),
    "a bare None": (with_main("<td>None</td>".replace("td", "p")), "None as text"),
    "a bare None among elements": (with_main("<p><b>ก</b> None </p>"), "None as text"),
}


def test_the_good_page_has_no_fault() -> None:
    assert faults_of(GOOD) == ()


@pytest.mark.parametrize("name", BAD)
def test_the_fault_is_found(name: str) -> None:
    html, fault = BAD[name]
    assert any(fault in found for found in faults_of(html)), faults_of(html)


@pytest.mark.parametrize("name", BAD)
def test_the_skeleton_of_a_page_is_as_wrong_as_the_page(name: str) -> None:
    html, _fault = BAD[name]
    assert [code for _line, code in parsed(skeleton(html))] == [code for _line, code in parsed(html)]


def test_only_the_named_fault_is_found() -> None:
    assert faults_of(with_main("<button></button>")) == ("line 32: <button> without text",)


def test_a_page_of_sixty_rows_is_read_in_time_and_only_once() -> None:
    rows = "".join(
        f'<tr><td><a class="name" href="/projects/GL2562-{n}/">โครงการที่ {n}</a></td><td class="num">{n}</td></tr>'
        for n in range(60)
    )
    page = with_main(f"<table><tbody>{rows}</tbody></table>")
    faults_of(page)  # the first page pays for what Python sets up once
    started = time.process_time()
    assert faults_of(page.replace("โครงการที่", "เรื่อง")) == ()
    # 15 ms is what a quiet machine may take; a busy one gets room.
    assert time.process_time() - started < 0.060
    hits = faults_of.cache_info().hits
    faults_of(page)
    assert faults_of.cache_info().hits == hits + 1


# --- the client ------------------------------------------------------------------------------------------------------
BAD_PAGE = with_main("<button></button>")
ANSWERS: dict[str, Callable[[], HttpResponse | StreamingHttpResponse]] = {
    "good": lambda: HttpResponse(GOOD),
    "bad": lambda: HttpResponse(BAD_PAGE),
    "bad-404": lambda: HttpResponse(BAD_PAGE, status=404),
    "bad-stream": lambda: StreamingHttpResponse(iter([BAD_PAGE.encode()]), content_type="text/html; charset=utf-8"),
    "good-stream": lambda: StreamingHttpResponse(iter([GOOD.encode()]), content_type="text/html; charset=utf-8"),
    "empty-403": lambda: HttpResponse("", status=403),
    "to-bad": lambda: HttpResponseRedirect("/bad/"),
    "json": lambda: HttpResponse('{"a": "<button>"}', content_type="application/json"),
    "fragment": lambda: HttpResponse("<button></button>", headers={"HX-Trigger": "saved"}),
    "download": lambda: FileResponse(BytesIO(b"<b>"), as_attachment=True, filename="a.html", content_type="text/html"),
    "wrong-method": lambda: HttpResponseNotAllowed(["POST"]),
}
urlpatterns = [path(f"{name}/", lambda request, answer=answer: answer()) for name, answer in ANSWERS.items()]


@pytest.fixture
def checked(settings: Any) -> CheckedClient:
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = []
    return CheckedClient()


@pytest.mark.parametrize("name", ["good", "json", "fragment", "download", "to-bad"])
def test_the_client_lets_pass_what_is_good_or_no_page(checked: CheckedClient, name: str) -> None:
    checked.get(f"/{name}/")


def test_a_bare_refusal_of_a_method_is_let_pass_where_nobody_sees_it(checked: CheckedClient) -> None:
    checked.post("/wrong-method/")


@pytest.mark.parametrize("name", ["bad", "bad-404", "bad-stream", "empty-403", "wrong-method"])
def test_the_client_fails_on_a_bad_page_whatever_its_status(checked: CheckedClient, name: str) -> None:
    with pytest.raises(PageError, match=f"GET /{name}/ "):
        checked.get(f"/{name}/")


def test_the_client_reads_the_page_at_the_end_of_a_redirect(checked: CheckedClient) -> None:
    with pytest.raises(PageError, match="GET /bad/ "):
        checked.get("/to-bad/", follow=True)


def test_the_client_leaves_a_streamed_page_to_be_read(checked: CheckedClient) -> None:
    assert checked.get("/good-stream/").getvalue() == GOOD.encode()


def test_the_client_asks_nothing_of_an_answer_without_body(checked: CheckedClient) -> None:
    assert checked.head("/bad/").status_code == 200
