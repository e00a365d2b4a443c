"""What is hidden changes nothing that others read: every public page, and every answer to another agency's program,
is the same, byte for byte, before it is there and after, whether it was never published or was published and hidden."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from agencies.models import Agency, User
from govlab import pages
from projects.models import Call, Facet, Innovation, InnovationType, Lab, Meeting, Project
from projects.rules import publishing, ratings, reviews, themes
from tests import factories

pytestmark = pytest.mark.django_db
WORD = "คลองลัดโพธิ์"
PAGES = (
    "/",
    "/projects/",
    "/projects/?field=water&type=service",
    f"/projects/?q={WORD}",
    "/projects/map/",
    "/projects/map/?rows=lab&columns=stage",
    "/cohorts/",
    "/cohorts/2562/",
    "/stages/2/",
    "/agencies/",
    "/agencies/moph/",
    "/innovations/",
    "/innovations/?type=service",
    "/meetings/",
    "/resolutions/",
    "/calls/",
    "/news/",
    "/news/?kind=call",
    f"/search/?q={WORD}",
    f"/search/?q={WORD}&kind=update",
    f"/search/suggest/?q={WORD}",
    "/search/?q=คลองลัดโพท",
    "/sitemap/",
    "/sitemap.xml",
    "/feeds/all.atom",
    "/feeds/cohorts/2562.atom",
    "/feeds/projects/GL2562-901.atom",
    "/feeds/agencies/moph.atom",
    "/projects/GL2562-901/",
    "/embed/projects/GL2562-901/",
    "/projects/GL2562-902/",
    "/embed/projects/GL2562-902/",
    "/cards/projects/GL2562-902.png",
    "/projects/GL2562-902/rate/",
    "/follow/?kind=project&target=GL2562-902",
    "/feeds/projects/GL2562-902.atom",
)
ANSWERS = (
    "/api/v1/projects/", f"/api/v1/projects/?q={WORD}", "/api/v1/projects/GL2562-902/", "/api/v1/innovations/",
    "/api/v1/meetings/", "/api/v1/updates/", f"/api/v1/search/?q={WORD}", "/api/v1/search/?q=คลองลัดโพท",
)  # fmt: skip
ONCE = re.compile(r'(?<=name="(?:opened)" value=")[^"]*|(?<=name="form_key" value=")[^"]*')

CHANGED = re.compile(r'"dateModified":"[^"]*"')


@pytest.fixture
def shown(staff: User, agency: Agency, reporter: User, stranger: User) -> Project:
    """What is public: a project with its call, an answered theme, a report, an entry of the library, a meeting."""
    Agency.objects.filter(pk=agency.pk).update(key="moph")
    lists = {
        "types": [InnovationType.objects.get_or_create(key="service", defaults={"name_th": "บริการ"})[0]],
        "labs": [Lab.objects.get_or_create(key="lab", defaults={"name_th": "ห้อง"})[0]],
        "facets": [Facet.objects.get_or_create(key="facet", defaults={"name_th": "ด้าน"})[0]],
    }
    field = factories.make_field(staff, "น้ำ")
    type(field).objects.filter(pk=field.pk).update(key="water")
    project = factories.make_project(
        staff, owner=agency, code="GL2562-901", title_th=f"โครงการ{WORD}", field=field, province="10", **lists
    )
    factories.make_update(reporter, project, "approved", staff, title=f"รายงาน{WORD}")
    make_theme(factories.make_call(staff, project, question_th=f"ถาม{WORD}"), staff, show=True)
    factories.make_innovation(staff, title_th=f"นวัตกรรม{WORD}", project=project, agency=agency, types=lists["types"])
    factories.make_meeting(staff, kind="workshop", title_th=f"ประชุม{WORD}", hosts=[agency], projects=[project])
    return Project.objects.get(pk=project.pk)


def make_theme(call: Call, by: User, *, show: bool) -> None:
    theme = themes.add(call, by=by, title_th=f"ประเด็น{WORD}")
    theme = themes.answer(theme, by=by, version=theme.version, answer_th=WORD, outcome="changed")
    if show:
        themes.show(theme, by=by)


def hide_beside(shown: Project, staff: User, reporter: User, *, after: bool) -> None:
    """The same things once more that nobody else may see; `after` they were public for a while."""
    agency = shown.parts.get().agency

    def unseen(thing: Any) -> None:
        if after:
            publishing.hide(type(thing).objects.get(pk=thing.pk), by=staff)

    same = {name: list(getattr(shown, name).all()) for name in ("types", "labs", "facets")}
    project = factories.make_project(
        staff, owner=agency, code="GL2562-902", title_th=f"โครงการลับ{WORD}", field=shown.field, province="10",
        published=after, **same,
    )  # fmt: skip
    report = factories.make_update(reporter, project, "approved", staff, title=f"ลับ{WORD}")
    call = factories.make_call(staff, project, question_th=f"ลับ{WORD}", published=after)
    make_theme(call, staff, show=True)
    if after:
        factories.make_voice(call, text=WORD, contact="081")
        ratings.show(ratings.rate(project, visitor="1" * 64, stars=1, comment=WORD), by=staff)
    unseen(project)
    # Of the project that everybody sees: what is not for everybody.
    unseen(factories.make_call(staff, shown, question_th=f"ลับ{WORD}", published=after))
    make_theme(shown.calls.filter(state="published").get(), staff, show=False)
    for state in ("draft", "submitted", "returned"):
        factories.make_update(reporter, shown, state, staff, title=f"ลับ{WORD}")
    if after:
        was = factories.make_update(reporter, shown, "approved", staff, title=f"ลับ{WORD}")
        reviews.take_back(was, by=staff, reason="ผิด")
    unseen(
        factories.make_innovation(
            staff, title_th=f"ลับ{WORD}", published=after, project=project, agency=agency, types=same["types"]
        )
    )
    both = [project, shown]
    unseen(
        factories.make_meeting(
            staff, kind="workshop", title_th=f"ลับ{WORD}", published=after, hosts=[agency], projects=both
        )
    )
    assert report.pk


def read(client: Any, paths: tuple[str, ...]) -> dict[str, tuple[int, str]]:
    """What each address answers, without what differs each time it is opened."""
    answers = {path: client.get(path) for path in paths}
    return {
        path: (answer.status_code, ONCE.sub("", answer.content.decode("utf-8", "replace")))
        for path, answer in answers.items()
    }


@pytest.mark.parametrize("after", [False, True], ids=["never public", "public before"])
@pytest.mark.parametrize("memory", [0, 8], ids=["made anew", "kept"])
def test_what_is_hidden_changes_no_public_page(
    after: bool, memory: int, shown: Project, staff: User, reporter: User, settings: Any
) -> None:
    settings.PAGES_MEMORY = memory
    pages.SHELF.clear()
    first = Client()
    before = read(first, PAGES)
    hide_beside(shown, staff, reporter, after=after)
    found = read(Client(), PAGES)
    if after:  # the stage that everybody sees was moved by a report that was taken back: it did change
        before, found = (
            {path: (status, CHANGED.sub("", text)) for path, (status, text) in told.items()} for told in (before, found)
        )
    assert {path: found[path] for path in PAGES if found[path] != before[path]} == {}
    assert [path for path, (status, _text) in found.items() if status == 404] == [p for p in PAGES if "902" in p]
    assert (Innovation.objects.count(), Meeting.objects.count(), Call.objects.count()) == (2, 2, 3)


@pytest.mark.parametrize("after", [False, True], ids=["never public", "public before"])
def test_what_is_hidden_changes_no_answer_to_a_program_of_another_agency(
    after: bool, shown: Project, staff: User, reporter: User, stranger: User, call: Callable[..., Any]
) -> None:
    doors = [call(), call(stranger)]
    before = [read(door, ANSWERS) for door in doors]
    hide_beside(shown, staff, reporter, after=after)
    assert [read(door, ANSWERS) for door in doors] == before
    own = read(call(reporter), ANSWERS)
    assert own["/api/v1/projects/"] != before[0]["/api/v1/projects/"]  # the twin: whose it is reads otherwise
    assert own[f"/api/v1/search/?q={WORD}"] != before[0][f"/api/v1/search/?q={WORD}"]
