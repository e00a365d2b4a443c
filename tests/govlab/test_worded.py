"""Kept words: a query is put into words once, answers as the queryset would whatever the data, and forgets in turn."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.db.models import BigIntegerField, CharField, DateField, QuerySet, Value
from django.db.models.functions import Concat
from django.utils import timezone, translation

from agencies.models import Agency
from govlab import worded
from govlab.gather import gathered, line, together
from govlab.worded import Given, Statement, Statements, Worded
from projects.models import Meeting, Project
from projects.public import known
from projects.rules import publishing
from tests import factories
from tests.public.test_news import adopt, keep, make_call, make_theme

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
ADDRESSES = (
    "/",
    "/projects/",
    "/projects/?page=2",
    "/projects/?stage=unknown&field=unknown&cohort=2562&order=-code",
    "/projects/?q=โครงการ",
    "/projects/?stage=nine",
    "/projects/{code}/",
    "/projects/{other}/",
    "/news/",
    "/news/?kind=update",
    "/feeds/projects/{code}.atom",
    "/cohorts/2562/",
)


@pytest.fixture
def asked_for() -> tuple[list[Any], Worded]:
    made: list[Any] = []

    @worded.worded(number=BigIntegerField(), name=CharField())
    def titled(ending: str, *, number: Any, name: Any = None) -> QuerySet[Any]:
        made.append(ending)
        rows = Project.objects.filter(pk__in=number, title_th__endswith=ending).order_by("code")
        if name:
            rows = rows.filter(title_th=Concat(name, Value(ending)))
        return rows.extra(where=["code LIKE 'GL%%'"]).values_list("title_th", flat=True)

    return made, titled


def test_a_query_is_put_into_words_once_for_each_shape(staff: Any, asked_for: Any) -> None:
    made, titled = asked_for
    one, two, other = (factories.make_project(staff, title_th=title).pk for title in ("ก%s", "ข%s", "ก"))
    told = [
        titled("%s", number=[one, two, other]),
        titled("%s", number=[two]),
        titled("%s", number=[]),
        titled("", number=[two, other]),
        titled("%s", number=[one, two], name="ข"),
        titled("%s", number=[one, two], name="ก"),
    ]
    assert told == [["ก%s", "ข%s"], ["ข%s"], [], ["ข%s", "ก"], ["ข%s"], ["ก%s"]]
    assert made == ["%s", "", "%s"]


def test_what_changes_after_is_read(staff: Any, django_assert_num_queries: Any) -> None:
    project = factories.make_project(staff)
    assert len(known.stages(code=project.code)) == 4
    publishing.hide(project, by=staff)
    with django_assert_num_queries(1):
        assert known.stages(code=project.code) == []
    publishing.publish(Project.objects.get(pk=project.pk), by=staff)
    with django_assert_num_queries(1):
        assert [row.project.title_th for row in known.stages(code=project.code)] == [project.title_th] * 4


def test_what_nobody_can_meet_has_no_rows_and_is_not_asked(django_assert_num_queries: Any) -> None:
    nothing = worded.worded()(Project.objects.none)
    with django_assert_num_queries(0):
        assert (nothing(), nothing()) == ([], [])
    empty = worded.worded()(lambda: together(line(Agency.objects.none(), "a"), line(Agency.objects.none(), "b")))
    assert gathered(empty()) == {}


def test_days_and_numbers_go_to_the_database_as_it_takes_them(staff: Any) -> None:
    today = timezone.localdate()
    meetings = [factories.make_meeting(staff, starts_on=today + n * DAY) for n in range(3)]
    since = worded.worded(on=DateField(), least=BigIntegerField())(
        lambda *, on, least: Meeting.objects.filter(starts_on__gte=on, pk__gte=least).order_by("starts_on")
    )
    assert [since(on=today + n * DAY, least=0) for n in range(4)] == [meetings, meetings[1:], meetings[2:], []]


def test_a_statement_holds_no_connection_and_prefetches_nothing() -> None:
    statement = Statement(Project.objects.filter(code=Given("code", CharField())))
    assert statement.compiler.connection is None
    with pytest.raises(ValueError, match="prefetches"):
        Statement(Project.objects.prefetch_related("stages"))


def test_what_nobody_asked_for_longest_goes_first() -> None:
    kept, made = Statements(most=2), []

    def ask(shape: str) -> None:
        def make() -> QuerySet[Any]:
            made.append(shape)
            return Project.objects.all()

        assert kept.ask(shape, make, {}) == []

    for shape in ("a", "b", "a", "c", "a", "b"):
        ask(shape)
    assert made == ["a", "b", "c", "b"]


def test_rows_that_are_passed_on_as_they_come_are_those_of_the_queryset(staff: Any) -> None:
    factories.make_project(staff)
    for columns, plain in (
        (("code", "title_th"), True),
        (("code", "demo", "updated_at"), connection.vendor != "sqlite"),
    ):
        rows = Project.objects.values_list(*columns)
        statement = Statement(rows)
        assert (statement.plain, statement.ask({})) == (plain, list(rows))
    assert not Statement(Project.objects.values_list("code", flat=True)).plain
    assert not Statement(Project.objects.values("code")).plain


# --- all that the portal keeps ----------------------------------------------------------------------------------------
def told(row: Any) -> Any:
    """A row with all that was read of it."""
    if not hasattr(row, "_state"):
        return row
    return {
        name: {each: told(value) for each, value in row._state.fields_cache.items()} if name == "_state" else value
        for name, value in vars(row).items()
    }


@pytest.fixture
def populated(staff: Any, reporter: Any, agency: Any, project: Project) -> list[Project]:
    """A public project with something of each kind, one like it, enough others for a second page, and some hidden."""
    other = factories.make_project(staff, owner=agency, field=factories.make_field(staff), title_th=project.title_th)
    for shown in (project, other):
        factories.make_update(reporter, shown, "approved", staff)
        factories.make_meeting(staff, projects=[shown])
        factories.make_innovation(staff, project=shown, agency=agency)
        make_theme(staff, make_call(staff, shown))
    adopt(staff, keep(factories.make_meeting(staff, hosts=[agency]), "hold", by=staff, phase="held"))
    for _n in range(20):
        factories.make_project(staff)
    factories.make_project(staff, owner=agency, published=False)
    factories.make_call(staff, project, published=False)
    return [project, other]


def test_every_kept_query_answers_as_if_made_anew_and_follows_from_what_it_is_given(
    populated: list[Project], staff: Any, client: Any, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """Naive: a query that reads a record, the clock or the language while it is made is kept as it was then."""
    settings.PAGES_MEMORY = 0
    seen = []
    called, asked = Worded.__call__, Statements.ask

    def call(self: Worded, *shape: Any, **given: Any) -> list[Any]:
        rows = called(self, *shape, **given)
        values = {name: Value(value) if name in known.WORDS else value for name, value in given.items()}
        assert [*map(told, rows)] == [*map(told, self.plain(*shape, **values))]
        seen.append(self.plain.__name__)
        return rows

    def ask(self: Statements, shape: Any, make: Any, given: Any) -> list[Any]:
        rows = asked(self, shape, make, given)
        if not given:
            assert [*map(told, rows)] == [*map(told, make())]
        now = timezone.now()
        with monkeypatch.context() as tomorrow, translation.override("en"):
            tomorrow.setattr(timezone, "now", lambda: now + 400 * DAY)
            anew = Statement(make())
        assert [(part[1:], part[0] and part[0].name) for part in anew.parts] == [
            (part[1:], part[0] and part[0].name) for part in self._kept[shape].parts
        ]
        return rows

    monkeypatch.setattr(Worded, "__call__", call)
    monkeypatch.setattr(Statements, "ask", ask)
    codes = {"code": populated[0].code, "other": populated[1].code}
    for _again in range(2):
        for address in ADDRESSES:
            assert client.get(address.format(**codes)).status_code == 200
        factories.make_project(staff, year=2563, field=factories.make_field(staff, f"ใหม่ {_again}"))
    assert set(seen) == {
        "_beside", "_figures", "_files", "_first", "_indicators", "_readings", "_rows", "_stages", "_sum", "open_now",
        "stages", "updates",
    }  # fmt: skip
