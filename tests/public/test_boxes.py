"""Boxes for words: none takes more than the search reads, and what comes longer by its address is told so."""

import re
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command

from govlab.asking import LONGEST
from projects.public.search import LISTS
from projects.search import MODELS, answer
from tests import factories

pytestmark = pytest.mark.django_db
WITH_BOXES = (
    "/",
    "/about/",
    "/search/",
    "/projects/",
    "/projects/map/",
    "/meetings/",
    "/resolutions/",
    "/innovations/",
    "/agencies/",
    "/news/",
    "/calls/",
    "/desk/projects/",
    "/desk/meetings/",
    "/desk/innovations/",
    "/desk/agencies/",
    "/desk/resolutions/",
    "/desk/resolutions/?what=opinions",
    "/desk/synonyms/",
    "/workspace/assignments/",
)
TEXT = re.compile(r'<input(?=[^>]*\btype="(?:text|search)"|(?![^>]*\btype=))[^>]*>')


def boxes(page):
    """What takes text in the page's forms that make an address of it, as name and most characters."""
    forms = re.findall(r'<form[^>]*method="get".*?</form>', page.text, re.DOTALL)
    found = [box for form in forms for box in TEXT.findall(form)]
    return {(re.search(r'name="(\w+)"', box)[1], "".join(re.findall(r'maxlength="(\d+)"', box))) for box in found}


def test_no_box_takes_more_than_the_search_reads(client, staff, project):
    """10,000 Thai characters are 90,000 in an address: the server itself would refuse it, with an empty page."""
    client.force_login(staff)
    found = {path: boxes(client.get(path, follow=True)) for path in WITH_BOXES}
    limits = {limit for own in found.values() for _name, limit in own}
    assert limits == {str(LONGEST)}
    lists = [path for path in WITH_BOXES if path.split("/")[1] in ("search", "projects", "agencies", "innovations")]
    assert [("q", "200") in found[path] for path in lists] == [True] * len(lists)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("น้ำ", "น้ำ"),
        ("ก" * LONGEST, "ก" * LONGEST),
        ("ก" * 10_000, "ก" * LONGEST),
        ("ก" * (LONGEST - 1) + "กี่", "ก" * (LONGEST - 1)),  # no letter without its marks
        ("ก" * (LONGEST - 1) + " ข", "ก" * (LONGEST - 1)),
    ],
)
def test_what_is_too_long_is_cut_between_letters_and_the_page_says_so(client, db, typed, read):
    page = client.get("/en/search/", {"q": typed})
    assert page.context["q"] == read
    assert ("Only its beginning was looked for" in page.text) == (typed != read)


def test_a_list_says_what_is_too_long_at_its_box(client, db):
    page = client.get("/en/projects/", {"q": "ก" * (LONGEST + 1)})
    assert (page.status_code, "Type 200 characters or fewer." in page.text) == (200, True)


# --- on from the search to the lists ---------------------------------------------------------------------------------
QUERIES = ("น้ำ", "แรงงาน", "ไกด์", "คนไข้", "OECD", "กพร", "ประชุม", "เห็นชอบ", "service", "๒๕๖๒", "GL2562-3")


def test_every_list_finds_what_the_search_finds(client, staff):
    call_command("load_facts", verbosity=0)
    factories.make_innovation(staff, title_th="ถังเก็บน้ำ")
    compared = set()
    for q in QUERIES:
        page = client.get("/search/", {"q": q})
        found = answer(AnonymousUser(), q, each=1000)
        assert not (found.nearest or found.instead), q
        links = {kind: link for kind, _label, _group, link in page.context["groups"]}
        for group in found.groups:
            if group.kind not in LISTS:
                assert links[group.kind] == ""
                continue
            assert f'href="{links[group.kind]}"' in page.text
            listed = client.get(links[group.kind])
            assert (q, group.kind, listed.context["count"]) == (q, group.kind, group.count)
            compared.add(group.kind)
    assert compared == set(LISTS) == set(MODELS) - {"update"}


def test_what_was_found_instead_leads_to_no_list_that_would_be_empty(client, staff):
    factories.make_project(staff, title_th="มัคคุเทศก์ท้องถิ่น")
    mended = client.get("/search/?q=มัคคุเพศก์")
    near = client.get("/search/?q=ท้องถิ่น ฮิปโปโปเตมัส")
    for page in (mended, near):
        assert [(kind, link) for kind, _label, _group, link in page.context["groups"]] == [("project", "")]
    one = client.get("/search/", {"q": "ท้องถิ่น", "kind": "project"})
    assert urlsplit(one.context["list"]).path == "/projects/" and one.context["list"] in one.text
