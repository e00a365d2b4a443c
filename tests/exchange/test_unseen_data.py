"""No word that is private, unpublished or about a person gets into the open data, nor into what tells of it.

Words are put into every column of every table of the database that is not handed out, and into all columns of all rows
that visitors do not see; then every byte of every file is looked through, zips and workbooks part by part.
"""

import gzip
import io
import json
import zipfile
from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.db import models
from django.urls import reverse

from govlab import edition
from projects.exchange import kept, opendata
from projects.exchange.tables import TABLES
from projects.models import (
    AgendaItem,
    Assignment,
    Contact,
    FollowKind,
    Meeting,
    MeetingPerson,
    ProgressUpdate,
    Shown,
    Theme,
    Voice,
)
from projects.models.follows import Follow
from tests import factories
from tests.world import CANARY, make_world

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 22, 5, tzinfo=UTC)
PRIVATE, HIDDEN = "นกกระจิบ", "นกกระจอก"
"""In columns that are not handed out; in rows that visitors do not see."""
PEOPLE = ("@canary.test", "@govlab.test", "0812345678", "นายสมชาย", "คุณดวงใจ", "ผู้รายงาน")
SHOWN_TEXTS = {  # columns that are handed out under another name or by a value of their own
    ("progressupdate", "text"), ("project", "code"), ("agency", "key"), ("agendaitem", "discussion"),
}  # fmt: skip


def texts_of(model):
    """The columns of a model that hold words of people or of the portal's own."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, (models.CharField, models.TextField, models.JSONField))
        and not field.primary_key
        and not field.choices
        and not field.is_relation
    ]


def models_of_ours():
    return [
        model
        for model in apps.get_models()
        if model._meta.app_label in ("agencies", "projects", "govlab")
        and not model._meta.object_name.startswith("Historical")
    ]


def put_word(rows, field, word):
    """Writes the word into this column of these rows, past every rule."""
    for number, pk in enumerate(rows.values_list("pk", flat=True)):
        value = f"{word}{number}"  # some are there once only
        value = [value] if isinstance(field, models.JSONField) else value[: field.max_length]
        rows.model._base_manager.filter(pk=pk).update(**{field.name: value})


@pytest.fixture
def filled(staff, agency, reporter, visitor):
    """A world in which everything that is private says so."""
    world = make_world(staff, agency, reporter)
    Contact.objects.update(address="0812345678")
    now = datetime.now(UTC)
    Follow.objects.create(email="a@canary.test", kind=FollowKind.ALL, token="t" * 40, created_at=now)
    MeetingPerson.objects.update(name_th="นายสมชาย")
    relate(world, staff)
    shown = {table.rows(visitor).model: table.rows(visitor) for table in TABLES.values() if table.name != "ratings"}
    handed_out = {(t.rows(visitor).model._meta.model_name, c.name) for t in TABLES.values() for c in t.columns}
    touched = set()
    for model in models_of_ours():
        rows = model._base_manager.all()
        for field in texts_of(model):
            place = (model._meta.model_name, field.name)
            if model in shown:
                hidden = rows.exclude(pk__in=[row.pk for row in shown[model]])
                put_word(hidden, field, HIDDEN)
            if place not in handed_out | SHOWN_TEXTS:
                put_word(rows, field, PRIVATE)
                touched.add(place)
    assert {
        ("user", "email"), ("user", "name"), ("contact", "address"), ("follow", "email"), ("letter", "text"),
        ("comment", "text"), ("answer", "text"), ("assignment", "responsible"), ("assignment", "word"),
        ("meeting", "minutes_by"), ("meetingperson", "name_th"), ("seriesmember", "email"), ("agendaitem", "presenter"),
        ("progressupdate", "obstacles"), ("progressupdate", "filled_by"), ("proposal", "title"), ("rating", "comment"),
        ("voice", "reason"), ("evidence", "name"), ("paper", "name"), ("apitoken", "name"), ("reportlink", "name"),
    } <= touched  # fmt: skip
    edition.move_on()
    return world


def relate(world, staff):
    """What everybody sees names what nobody may: the hidden one must not be told of by its code."""
    world.meeting.projects.add(world.draft_project)
    Meeting.objects.filter(pk=world.meeting.pk).update(adopted_in=world.draft_meeting)
    type(world.innovation).objects.filter(pk=world.innovation.pk).update(project=world.draft_project)
    item = world.assignment.resolution.item
    item.projects.add(world.draft_project)
    above = AgendaItem.objects.get(meeting=world.meeting, shown=Shown.NOTHING)
    AgendaItem.objects.filter(pk=item.pk).update(adopts=world.draft_meeting, parent=above)
    world.assignment.projects.add(world.draft_project)
    Assignment.objects.filter(pk=world.assignment.pk).update(closed_in=world.draft_meeting)
    Theme.objects.filter(pk=world.theme.pk).update(
        shown=True, title_th="ประเด็นที่แสดง", answer_th="คำตอบ", outcome="changed", update=world.waiting
    )
    everything = AgendaItem.objects.get(meeting=world.meeting, shown=Shown.TITLE)
    assert everything.discussion


def inside(name, data):
    """The texts of a file, part by part."""
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for part in archive.namelist():
                yield part, part
                yield from inside(f"{name}/{part}", archive.read(part))
    elif data[:2] == b"\x1f\x8b":
        yield name, gzip.decompress(data).decode()
    else:
        yield name, data.decode()


def told_of(made, client):
    """Everything that leaves: the files as they lie, and every page and answer that tells of them."""
    for path in sorted(kept.root().rglob("*")):
        if path.is_file():
            yield from inside(str(path), path.read_bytes())
    places = [reverse(f"public:data-{name}") for name in ("dcat", "ckan", "checksums")]
    for start in ("", "/en"):
        for place in ("/data/", *(f"/data/{name}/" for name in made.tables), *places):
            page = client.get(start + place)
            assert page.status_code == 200
            yield place, page.content.decode()


def test_no_private_word_is_in_any_file_or_page_of_the_open_data(filled, client):
    made = opendata.make(NOON)
    looked = 0
    for name, text in told_of(made, client):
        looked += 1
        for word in (CANARY, PRIVATE, HIDDEN, *PEOPLE):
            assert word not in text, (word, name)
    assert looked > 300


def test_a_hidden_record_is_not_named_by_its_number_either(filled):
    made = opendata.make(NOON)

    def rows(name):
        return json.loads(kept.place(made.files[f"{name}.json"].sha256).read_bytes())

    [meeting] = [row for row in rows("meetings") if row["key"] == filled.meeting.key]
    assert (meeting["projects"], meeting["adopted_in"]) == ([], None)
    [item] = [row for row in rows("agenda_items") if row["id"] == filled.assignment.resolution.item.pk]
    assert (item["projects"], item["adopts"], item["parent"]) == ([], None, None)
    [asked] = [row for row in rows("assignments") if row["id"] == filled.assignment.pk]
    assert (asked["projects"], asked["closed_in"]) == ([], None)
    [theme] = rows("themes")
    assert theme["update"] is None
    assert [row["project"] for row in rows("innovations")] == [None]
    assert {row["id"] for row in rows("updates")} == {
        *ProgressUpdate.objects.filter(state="approved", project=filled.project).values_list("pk", flat=True)
    }
    assert {row["id"] for row in rows("voices")} == {
        *Voice.objects.filter(state="shown", call__state="published").values_list("pk", flat=True)
    }


def test_the_words_would_be_found(filled, client, monkeypatch, staff):
    """The twin: were the tables read as staff read them, every kind of word would be there."""
    monkeypatch.setattr(opendata, "AnonymousUser", lambda: staff)
    made = opendata.make(NOON)
    text = "".join(text for _name, text in told_of(made, client))
    assert HIDDEN in text
    rating = factories.make_project(staff)
    assert rating.pk
