"""The agenda on the desk: the editor with its moves, the forms of items, resolutions and assignments."""

import datetime as dt
import re
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.models import Agency
from projects.desk.editor import MOVED_ON
from projects.models import AgendaItem, Assignment, Meeting, MeetingSeries, Resolution
from projects.models.items import MOST_ITEMS
from projects.rules import agenda, assignments, meetings, phases, series
from tests import factories

TEXTS = {"agenda": "title_th", "resolutions": "text_th", "assignments": "text_th"}
MODELS = {"agenda": AgendaItem, "resolutions": Resolution, "assignments": Assignment}


@pytest.fixture
def desk(sign_in, staff):
    return sign_in(staff)


@pytest.fixture
def meeting(staff):
    return factories.make_meeting(staff, key="the-meeting", kind="committee", published=False)


def at(verb, meeting, *more):
    return reverse(f"desk:meeting-{verb}", args=[meeting.key, *more])


def add(staff, meeting, title, parent=None, **answers):
    return meetings.add_part(AgendaItem, by=staff, meeting=meeting, title_th=title, parent=parent, **answers)


@pytest.fixture
def tree(staff, meeting):
    """ก (กก), ข, ค."""
    rows = {title: add(staff, meeting, title) for title in "กขค"}
    return {**rows, "กก": add(staff, meeting, "กก", rows["ก"])}


@pytest.fixture
def parts(staff, meeting, agency):
    """An item, a resolution under it, what it asks for."""
    item = add(staff, meeting, "เรื่องที่หนึ่ง")
    resolution = meetings.add_part(Resolution, by=staff, meeting=meeting, item=item, text_th="มติหนึ่ง")
    work = meetings.add_part(
        Assignment, by=staff, meeting=meeting, resolution=resolution, agency=agency, text_th="ขอให้ศึกษา"
    )
    return {"agenda": item, "resolutions": resolution, "assignments": work}


def stands(meeting):
    """The agenda as it stands: number and title, in order."""
    rows = AgendaItem.objects.filter(meeting=meeting)
    return sorted(f"{row.number} {row.title_th}" for row in rows)


def mark_of(page):
    return page.context["outline"].mark


def move(desk, meeting, item, mark=None, script=False, **answers):
    """What the page sends when an item is moved."""
    mark = mark_of(desk.get(at("agenda", meeting))) if mark is None else mark
    headers = {"x-agenda": "1"} if script else {}
    typed = {"tree": mark, "form_key": uuid.uuid4().hex, **answers}
    return desk.post(at("item-move", meeting, item.pk), typed, headers=headers)


def said(answer):
    """The refusals on the page that follows."""
    return [str(message) for message in answer.wsgi_request._messages]


def answers_of(part, parts, asked, **changes):
    """A filled-in form of a part."""
    filled = {
        "agenda": {"title_th": "เรื่องใหม่", "shown": "2"},
        "resolutions": {"text_th": "มติใหม่", "item": parts["agenda"].pk},
        "assignments": {"text_th": "งานใหม่", "agency": asked.pk, "resolution": parts["resolutions"].pk},
    }
    return {**filled[part], "form_key": uuid.uuid4().hex, **changes}


def errors(page):
    return sorted(page.context["form"].errors)


# --- the editor ------------------------------------------------------------------------------------------------------
def test_what_stands_under_nothing_is_said_in_a_word(desk, meeting):
    form = reverse("desk:meeting-part-add", args=[meeting.key, "agenda"])
    assert '<option value="" selected>ไม่มี</option>' in desk.get(form).text
    assert '<option value="" selected>none</option>' in desk.get("/en" + form).text


def test_the_editor_shows_the_tree_with_what_stands_under_each_item(desk, staff, meeting, tree, agency):
    meetings.add_part(Resolution, by=staff, meeting=meeting, item=tree["กก"], text_th="มติ")
    page = desk.get(at("agenda", meeting))
    rows = [
        (row.item.number, row.item.title_th, row.depth, row.item.resolved, row.item.filed, sorted(row.steps))
        for row in page.context["outline"].all
    ]
    assert rows == [
        ("1", "ก", 1, 0, 0, ["down"]),
        ("1.1", "กก", 2, 1, 0, ["out"]),
        ("2", "ข", 1, 0, 0, ["down", "in", "up"]),
        ("3", "ค", 1, 0, 0, ["in", "up"]),
    ]


def test_every_row_leads_to_writing_editing_removing_and_adding_under_it(desk, meeting, tree):
    links = set(re.findall(r'href="([^"]+)"', desk.get(at("agenda", meeting)).content.decode()))
    for item in tree.values():
        assert {
            at("item", meeting, item.pk),
            at("part-edit", meeting, "agenda", item.pk),
            at("part-remove", meeting, "agenda", item.pk),
            f"{at('agenda', meeting)}?under={item.pk}#id_title_th",
        } <= links


def test_there_is_a_button_for_each_step_that_leads_somewhere_and_for_no_other(desk, meeting, tree):
    html = desk.get(at("agenda", meeting)).content.decode()
    buttons = re.findall(r'formaction="[^"]*/agenda/(\d+)/move/"\s+name="to"\s+value="(\w+)"', html)
    names = {str(item.pk): title for title, item in tree.items()}
    found = {(names[pk], to) for pk, to in buttons}
    assert found == {("ก", "down"), ("กก", "out"), ("ข", "up"), ("ข", "down"), ("ข", "in"), ("ค", "up"), ("ค", "in")}


def test_a_button_says_what_it_moves_and_where(desk, meeting, tree):
    html = desk.get(f"/en{at('agenda', meeting)}").content.decode()
    assert f'aria-labelledby="word-up name-{tree["ข"].pk}"' in html
    assert '<span id="word-up">Move up</span>' in html


@pytest.mark.parametrize(
    ("title", "to", "after"),
    [
        ("ข", "up", ["1 ข", "2 ก", "2.1 กก", "3 ค"]),
        ("ก", "down", ["1 ข", "2 ก", "2.1 กก", "3 ค"]),
        ("ข", "in", ["1 ก", "1.1 กก", "1.2 ข", "2 ค"]),
        ("กก", "out", ["1 ก", "2 กก", "3 ข", "4 ค"]),
    ],
)
def test_a_step_moves_the_item_and_leads_back_to_its_row(desk, meeting, tree, title, to, after):
    answer = move(desk, meeting, tree[title], to=to)
    assert answer["Location"] == f"{at('agenda', meeting)}#agenda-{tree[title].pk}"
    assert stands(meeting) == after
    assert f'id="agenda-{tree[title].pk}" tabindex="-1"' in desk.get(at("agenda", meeting)).content.decode()


@pytest.mark.parametrize(
    ("title", "under", "place", "after"),
    [
        ("ค", "", 1, ["1 ค", "2 ก", "2.1 กก", "3 ข"]),
        ("ค", "ก", 1, ["1 ก", "1.1 ค", "1.2 กก", "2 ข"]),
        ("ก", "ข", 9, ["1 ข", "1.1 ก", "1.1.1 กก", "2 ค"]),
        ("กก", "", 3, ["1 ก", "2 ข", "3 กก", "4 ค"]),
    ],
)
def test_an_item_is_put_under_another_at_a_place(desk, meeting, tree, title, under, place, after):
    move(desk, meeting, tree[title], under=tree[under].pk if under else "", at=place)
    assert stands(meeting) == after


def test_the_script_gets_the_tree_as_it_stands(desk, meeting, tree):
    answer = move(desk, meeting, tree["ข"], script=True, to="up")
    assert (answer.status_code, answer.json()["refused"]) == (200, "")
    order = re.findall(r'data-pk="(\d+)"', answer.json()["tree"])
    assert order == [str(tree[title].pk) for title in ("ข", "ก", "กก", "ค")]


def test_the_script_goes_on_with_the_mark_of_the_answer(desk, meeting, tree):
    first = move(desk, meeting, tree["ค"], script=True, to="up").json()["tree"]
    mark = re.search(r'name="tree" value="(\w+)"', first)[1]
    assert move(desk, meeting, tree["ค"], mark=mark, script=True, to="up").status_code == 200
    assert stands(meeting) == ["1 ค", "2 ก", "2.1 กก", "3 ข"]


# --- what is refused -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("script", [True, False])
def test_of_two_tabs_the_second_is_told_and_nothing_moves(desk, meeting, tree, script):
    old = mark_of(desk.get(at("agenda", meeting)))
    move(desk, meeting, tree["ค"], to="up")
    answer = move(desk, meeting, tree["ก"], mark=old, script=script, to="down")
    assert stands(meeting) == ["1 ก", "1.1 กก", "2 ค", "3 ข"]
    if script:
        assert (answer.status_code, answer.json()["refused"]) == (409, str(MOVED_ON))
        assert re.findall(r'data-pk="(\d+)"', answer.json()["tree"])[2] == str(tree["ค"].pk)
    else:
        assert said(answer) == [str(MOVED_ON)]
        assert answer["Location"] == at("agenda", meeting)


def test_writing_in_an_item_is_no_new_arrangement(desk, staff, meeting, tree):
    old = mark_of(desk.get(at("agenda", meeting)))
    meetings.edit_part(tree["ก"], by=staff, version=tree["ก"].version, title_th="ก ใหม่", discussion="พูดกัน")
    move(desk, meeting, tree["ค"], mark=old, to="up")
    assert stands(meeting) == ["1 ก ใหม่", "1.1 กก", "2 ค", "3 ข"]


@pytest.mark.parametrize("script", [True, False])
def test_an_item_that_is_gone_is_a_sentence(desk, staff, meeting, tree, script):
    meetings.remove_part(tree["ค"], by=staff)
    answer = move(desk, meeting, tree["ค"], script=script, to="up")
    assert answer.status_code == (409 if script else 302)
    assert stands(meeting) == ["1 ก", "1.1 กก", "2 ข"]


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"to": "sideways"},
        {"under": "", "at": ""},
        {"under": "", "at": "x"},
        {"under": "", "at": "๑"},
        {"under": "9" * 40, "at": "1"},
        {"under": "x", "at": "1"},
        {"under": "\x00", "at": "1"},
        {"under": "999999", "at": "1"},
    ],
)
def test_what_says_no_place_moves_nothing(desk, meeting, tree, answers):
    before = stands(meeting)
    answer = move(desk, meeting, tree["ข"], script=True, **answers)
    assert (answer.status_code, bool(answer.json()["refused"]), stands(meeting)) == (409, True, before)


def test_an_item_of_another_meeting_is_no_place(desk, staff, meeting, tree):
    elsewhere = add(staff, factories.make_meeting(staff), "ที่อื่น")
    before = stands(meeting)
    assert move(desk, meeting, tree["ข"], script=True, under=elsewhere.pk, at=1).status_code == 409
    assert move(desk, meeting, elsewhere, script=True, to="up").status_code == 409
    assert stands(meeting) == before


def test_an_item_is_not_put_under_itself(desk, meeting, tree):
    for under in ("ก", "กก"):
        answer = move(desk, meeting, tree["ก"], script=True, under=tree[under].pk, at=1)
        assert (answer.status_code, answer.json()["refused"]) == (409, "ระเบียบวาระจะอยู่ใต้ตัวเองไม่ได้")
    assert stands(meeting) == ["1 ก", "1.1 กก", "2 ข", "3 ค"]


def test_an_item_does_not_go_under_one_that_shows_less(desk, staff, meeting, tree):
    meetings.edit_part(tree["ก"], by=staff, version=tree["ก"].version, shown=0)
    answer = move(desk, meeting, tree["ข"], script=True, to="in")
    assert (answer.status_code, stands(meeting)) == (409, ["1 ก", "1.1 กก", "2 ข", "3 ค"])


def test_two_clicks_move_it_once(desk, meeting, tree):
    typed = {"tree": mark_of(desk.get(at("agenda", meeting))), "form_key": "the-same", "to": "up"}
    for _click in range(2):
        answer = desk.post(at("item-move", meeting, tree["ค"].pk), typed)
        assert answer["Location"] == f"{at('agenda', meeting)}#agenda-{tree['ค'].pk}"
    assert stands(meeting) == ["1 ก", "1.1 กก", "2 ค", "3 ข"]


def test_once_the_minutes_are_adopted_the_agenda_is_read_and_no_more(desk, staff, meeting, tree):
    phases.finish(meeting, by=staff)
    phases.adopt(Meeting.objects.get(), by=staff, adopted_on=timezone.localdate())
    page = desk.get(at("agenda", meeting))
    html = page.content.decode()
    assert ("รับรองแล้ว" in html, html.count("/move/&quot;"), html.count('name="to"')) == (True, 0, 0)
    assert 'name="title_th"' not in html
    answer = move(desk, meeting, tree["ค"], mark=mark_of(page), script=True, to="up")
    assert (answer.status_code, stands(meeting)) == (409, ["1 ก", "1.1 กก", "2 ข", "3 ค"])
    answer = desk.post(at("agenda", meeting), {"title_th": "อีกข้อ", "form_key": "x"})
    assert (answer.status_code, answer.context["form"]["title_th"].value()) == (400, "อีกข้อ")


def test_whoever_is_not_staff_moves_nothing(client, sign_in, reporter, meeting, tree):
    page = at("item-move", meeting, tree["ค"].pk)
    assert client.post(page).status_code == 302
    sign_in(reporter)
    assert [client.post(page, {"to": "up"}).status_code, client.get(at("agenda", meeting)).status_code] == [403, 403]
    assert stands(meeting) == ["1 ก", "1.1 กก", "2 ข", "3 ค"]


# --- one line adds an item -------------------------------------------------------------------------------------------
def test_one_line_adds_an_item_and_comes_back_for_the_next(desk, meeting, tree):
    answer = desk.post(at("agenda", meeting), {"title_th": "ง", "form_key": "1"})
    assert answer["Location"] == f"{at('agenda', meeting)}#id_title_th"
    under = tree["ข"].pk
    answer = desk.post(at("agenda", meeting), {"title_th": "ขข", "parent": under, "form_key": "2"})
    assert answer["Location"] == f"{at('agenda', meeting)}?under={under}#id_title_th"
    assert stands(meeting) == ["1 ก", "1.1 กก", "2 ข", "2.1 ขข", "3 ค", "4 ง"]


def test_the_line_begins_under_the_item_that_the_address_names(desk, staff, meeting, tree):
    elsewhere = add(staff, factories.make_meeting(staff), "ที่อื่น")
    begun = {tree["ข"].pk: {"parent": tree["ข"].pk}, elsewhere.pk: {}, "x": {}, "9" * 40: {}, "\x00": {}}
    found = {under: desk.get(f"{at('agenda', meeting)}?under={under}").context["form"].initial for under in begun}
    assert found == begun


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"title_th": ""}, ["title_th"]),
        ({"title_th": "ก" * 5000}, ["title_th"]),
        ({"title_th": "ก\x00"}, ["title_th"]),
        ({"parent": "999999"}, ["parent"]),
        ({"parent": "9" * 40}, ["parent"]),
    ],
)
def test_a_line_that_cannot_be_added_stays(desk, meeting, tree, changes, fields):
    typed = {"title_th": "ง", "form_key": "1", **changes}
    page = desk.post(at("agenda", meeting), typed)
    assert (page.status_code, errors(page)) == (400, fields)
    assert page.context["form"]["title_th"].value() == typed["title_th"]
    assert AgendaItem.objects.count() == 4


# --- forms -----------------------------------------------------------------------------------------------------------
PLACES = {"agenda": "agenda", "resolutions": "item", "assignments": "item"}


def place_of(kind, meeting, parts, pk):
    page = at("agenda", meeting) if kind == "agenda" else at("item", meeting, parts["agenda"].pk)
    return f"{page}?saved={pk}" if kind == "resolutions" else f"{page}#{kind}-{pk}"


@pytest.mark.parametrize("kind", MODELS)
def test_a_part_is_added_edited_and_removed(desk, meeting, parts, agency, kind):
    model, text = MODELS[kind], TEXTS[kind]
    answer = desk.post(at("part-add", meeting, kind), answers_of(kind, parts, agency, **{text: "ใหม่"}))
    made = model.objects.order_by("pk").last()
    assert answer["Location"] == place_of(kind, meeting, parts, made.pk)
    assert (getattr(made, text), made.position, made.meeting) == ("ใหม่", 2, meeting)
    typed = answers_of(kind, parts, agency, version=made.version, **{text: "แก้แล้ว"})
    answer = desk.post(at("part-edit", meeting, kind, made.pk), typed)
    assert answer["Location"] == place_of(kind, meeting, parts, made.pk)
    made.refresh_from_db()
    assert getattr(made, text) == "แก้แล้ว"
    key = {"form_key": uuid.uuid4().hex}
    ends = at("agenda", meeting) if kind == "agenda" else f"{at('item', meeting, parts['agenda'].pk)}#{kind}"
    for _click in range(2):
        assert desk.post(at("part-remove", meeting, kind, made.pk), key)["Location"] == ends
    assert list(model.objects.all()) == [parts[kind]]


@pytest.mark.parametrize("kind", MODELS)
def test_a_stale_part_keeps_both_versions(desk, staff, meeting, parts, agency, kind):
    text, part = TEXTS[kind], parts[kind]
    meetings.edit_part(part, by=staff, version=part.version, **{text: "ของเขา"})
    typed = answers_of(kind, parts, agency, version=part.version - 1, **{text: "ของฉัน"})
    page = desk.post(at("part-edit", meeting, kind, part.pk), typed)
    assert (page.status_code, "ของเขา" in page.content.decode()) == (409, True)
    assert page.context["form"][text].value() == "ของฉัน"


@pytest.mark.parametrize("kind", MODELS)
def test_two_clicks_add_one_part(desk, meeting, parts, agency, kind):
    typed = answers_of(kind, parts, agency)
    first, second = (desk.post(at("part-add", meeting, kind), typed) for _click in range(2))
    assert (first["Location"], MODELS[kind].objects.count()) == (second["Location"], 2)


@pytest.mark.parametrize(
    ("kind", "changes", "fields"),
    [
        ("agenda", {"title_th": "ก" * 5000}, ["title_th"]),
        ("agenda", {"title_th": "ก\x00"}, ["title_th"]),
        ("agenda", {"title_th": ""}, ["title_th"]),
        ("agenda", {"presenter": "ก" * 301}, ["presenter"]),
        ("agenda", {"parent": "999"}, ["parent"]),
        ("agenda", {"kind": "party"}, ["kind"]),
        ("agenda", {"shown": "9"}, ["shown"]),
        ("agenda", {"projects": ["9" * 40]}, ["projects"]),
        ("resolutions", {"item": ""}, ["item"]),
        ("resolutions", {"item": "999999"}, ["item"]),
        ("resolutions", {"text_th": "ก" * 5001}, ["text_th"]),
        ("resolutions", {"concerns": ["9" * 40]}, ["concerns"]),
        ("assignments", {"due_on": "10/1/2562"}, ["due_on"]),
        ("assignments", {"due_on": "31/2/2562"}, ["due_on"]),
        ("assignments", {"starts_on": "1/3/2562", "due_on": "1/2/2562"}, ["due_on"]),
        ("assignments", {"agency": ""}, ["agency"]),
        ("assignments", {"agency": "999999"}, ["agency"]),
        ("assignments", {"partners": ["9" * 40]}, ["partners"]),
        ("assignments", {"responsible": "ก" * 301}, ["responsible"]),
    ],
)
def test_a_bad_answer_is_a_sentence_at_its_field_and_nothing_is_lost(
    desk, meeting, parts, agency, kind, changes, fields
):
    typed = answers_of(kind, parts, agency, **changes)
    page = desk.post(at("part-add", meeting, kind), typed)
    assert (page.status_code, errors(page)) == (400, fields)
    form = page.context["form"]
    names = [name for name in typed if name in form.fields and name not in ("projects", "concerns", "partners")]
    assert {name: str(form[name].value()) for name in names} == {name: str(typed[name]) for name in names}
    assert MODELS[kind].objects.count() == 1


def test_a_resolution_needs_its_item_and_says_so(desk, meeting, parts, agency):
    page = desk.post(at("part-add", meeting, "resolutions"), answers_of("resolutions", parts, agency, item=""))
    assert page.context["form"].errors["item"] == ["โปรดเลือกระเบียบวาระที่มีมตินี้"]


def test_a_name_of_300_characters_is_taken_whole(desk, meeting, parts, agency):
    name = "น" * 300
    desk.post(at("part-add", meeting, "agenda"), answers_of("agenda", parts, agency, presenter=name))
    desk.post(at("part-add", meeting, "assignments"), answers_of("assignments", parts, agency, responsible=name))
    assert AgendaItem.objects.order_by("pk").last().presenter == name
    assert Assignment.objects.order_by("pk").last().responsible == name


def test_an_agency_that_is_gone_is_said_at_its_field(desk, staff, meeting, parts, agency):
    gone = factories.make_agency(staff)
    typed = answers_of("assignments", parts, gone)
    Agency.objects.filter(pk=gone.pk).delete()
    page = desk.post(at("part-add", meeting, "assignments"), typed)
    assert page.context["form"].errors == {"agency": ["ไม่มีหน่วยงานนี้แล้ว โปรดเลือกหน่วยงานอื่น"]}


def test_the_item_after_the_last_is_refused_with_its_title_kept(desk, staff, meeting, parts, agency):
    have = AgendaItem.objects.count()
    AgendaItem.objects.bulk_create(
        AgendaItem(meeting=meeting, title_th=f"เรื่อง {n}", position=n, number=f"{n}")
        for n in range(have + 1, MOST_ITEMS)
    )
    assert desk.post(at("agenda", meeting), {"title_th": "ข้อที่ห้าร้อย", "form_key": "1"}).status_code == 302
    for page in (
        desk.post(at("agenda", meeting), {"title_th": "ข้อที่เกินมา", "form_key": "2"}),
        desk.post(at("part-add", meeting, "agenda"), answers_of("agenda", parts, agency, title_th="ข้อที่เกินมา")),
    ):
        assert (page.status_code, errors(page)) == (400, ["title_th"])
        assert page.context["form"]["title_th"].value() == "ข้อที่เกินมา"
    assert AgendaItem.objects.count() == MOST_ITEMS


def test_an_item_of_another_meeting_is_no_parent(desk, staff, meeting, parts, agency):
    elsewhere = add(staff, factories.make_meeting(staff), "ที่อื่น")
    typed = answers_of("agenda", parts, agency, parent=elsewhere.pk)
    page = desk.post(at("part-add", meeting, "agenda"), typed)
    assert (page.status_code, errors(page)) == (400, ["parent"])
    assert stands(meeting) == ["1 เรื่องที่หนึ่ง"]


def test_editing_an_item_leaves_it_where_it_stands(desk, staff, meeting, parts, agency):
    below = add(staff, meeting, "ใต้ข้อหนึ่ง", parts["agenda"])
    opened = desk.get(at("part-edit", meeting, "agenda", below.pk))
    assert "parent" not in opened.context["form"].fields
    typed = answers_of("agenda", parts, agency, version=below.version, title_th="แก้แล้ว", parent="")
    assert desk.post(at("part-edit", meeting, "agenda", below.pk), typed).status_code == 302
    assert stands(meeting) == ["1 เรื่องที่หนึ่ง", "1.1 แก้แล้ว"]


def test_items_stand_five_deep_and_no_deeper(desk, staff, meeting):
    item = None
    for depth in range(1, agenda.DEEPEST + 1):
        item = add(staff, meeting, f"ชั้น {depth}", item)
    page = desk.post(at("agenda", meeting), {"title_th": "ลึกไป", "parent": item.pk, "form_key": "1"})
    assert (page.status_code, errors(page)) == (400, ["parent"])


def test_a_kind_that_another_item_has_is_not_on_offer(desk, staff, meeting, parts):
    add(staff, meeting, "เรื่องสืบเนื่อง", kind="arising")
    page = desk.get(at("part-edit", meeting, "agenda", parts["agenda"].pk))
    offered = [value for value, _label in page.context["form"].fields["kind"].choices]
    assert offered == ["", "announced", "adoption", "information", "considered", "other"]


def test_what_shows_more_than_the_item_above_is_said_at_its_field(desk, staff, meeting, parts, agency):
    item = parts["agenda"]
    typed = answers_of("agenda", parts, agency, parent=item.pk, shown="3")
    page = desk.post(at("part-add", meeting, "agenda"), typed)
    assert (page.status_code, errors(page)) == (400, ["shown"])


def test_a_resolution_of_another_meeting_is_no_choice(desk, staff, meeting, parts, agency):
    other = factories.make_meeting(staff)
    item = add(staff, other, "ที่อื่น")
    elsewhere = meetings.add_part(Resolution, by=staff, meeting=other, item=item, text_th="มติที่อื่น")
    typed = answers_of("assignments", parts, agency, resolution=elsewhere.pk)
    page = desk.post(at("part-add", meeting, "assignments"), typed)
    assert (page.status_code, errors(page), "มติที่อื่น" in page.content.decode()) == (400, ["resolution"], False)
    page = desk.get(f"{at('part-add', meeting, 'assignments')}?under={elsewhere.pk}")
    assert page.context["form"].initial == {}


def test_work_asked_by_the_meeting_as_a_whole_has_no_resolution(desk, meeting, parts, agency):
    typed = answers_of("assignments", parts, agency, resolution="")
    answer = desk.post(at("part-add", meeting, "assignments"), typed)
    made = Assignment.objects.order_by("pk").last()
    assert (made.resolution, answer["Location"]) == (None, f"{at('detail', meeting)}#assignments-{made.pk}")


def test_an_assignment_names_a_period_a_person_partners_and_projects(desk, staff, meeting, parts, agency, project):
    partner = factories.make_agency(staff)
    typed = answers_of("assignments", parts, agency, starts_on="1 ก.พ. 2562", due_on="1/3/2562", responsible="นายสมชาย")
    desk.post(at("part-add", meeting, "assignments"), {**typed, "partners": [partner.pk], "projects": [project.pk]})
    made = Assignment.objects.order_by("pk").last()
    assert (made.starts_on, made.due_on, made.responsible) == (dt.date(2019, 2, 1), dt.date(2019, 3, 1), "นายสมชาย")
    assert (list(made.partners.all()), list(made.projects.all())) == ([partner], [project])


def test_a_new_row_begins_where_it_is_added(desk, meeting, parts):
    item, resolution = parts["agenda"], parts["resolutions"]
    begun = {
        at("part-add", meeting, "agenda"): {},
        f"{at('part-add', meeting, 'agenda')}?under={item.pk}": {"parent": item.pk},
        f"{at('part-add', meeting, 'resolutions')}?under={item.pk}": {"item": item.pk},
        f"{at('part-add', meeting, 'assignments')}?under={resolution.pk}": {"resolution": resolution.pk},
        at("part-add", meeting, "resolutions"): {},
        f"{at('part-add', meeting, 'resolutions')}?under={'9' * 40}": {},
        f"{at('part-add', meeting, 'resolutions')}?under=๑x": {},
    }
    assert {page: desk.get(page).context["form"].initial for page in begun} == begun


def test_what_is_typed_into_a_resolution_is_kept_for_its_item_alone(desk, staff, meeting, parts):
    other = add(staff, meeting, "เรื่องที่สอง")
    page = at("part-add", meeting, "resolutions")
    typed = {"text_th": "พิมพ์ค้างไว้", "item": parts["agenda"].pk, "form_key": "a"}
    kept = desk.post(f"{page}?under={parts['agenda'].pk}", typed, headers={"x-autosave": "1;after=0"})
    assert kept.status_code == 200
    again = desk.get(f"{page}?under={parts['agenda'].pk}")
    assert again.context["form"].initial["text_th"] == "พิมพ์ค้างไว้"
    assert desk.get(f"{page}?under={other.pk}").context["form"].initial == {"item": other.pk}


def test_removing_an_item_says_what_goes_with_it(desk, meeting, parts):
    item, resolution, assignment = (parts[kind] for kind in MODELS)
    remove = at("part-remove", meeting, "agenda", item.pk)
    page = desk.get(remove)
    assert page.context["along"] == [resolution, assignment]
    # who was not told, is told first
    assert desk.post(remove, follow=True).redirect_chain == [(remove, 302)]
    assert AgendaItem.objects.count() == 1
    assert desk.post(page.context["url"])["Location"] == at("agenda", meeting)
    assert [model.objects.count() for model in MODELS.values()] == [0, 0, 0]


def test_what_was_answered_is_not_removed(desk, staff, reporter, meeting, parts):
    assignments.answer(parts["assignments"], by=reporter, text="ทำแล้ว")
    page = at("part-remove", meeting, "assignments", parts["assignments"].pk)
    for kind in MODELS:  # what stands above it stays, too: a sentence says why, and no button promises anything
        asked = at("part-remove", meeting, kind, parts[kind].pk)
        html = desk.get(f"/en{asked}").content.decode()
        assert ("An agency has answered an assignment here" in html, f'action="/en{asked}' in html) == (True, False)
    assert desk.post(page, follow=True).redirect_chain == [(page, 302)]
    assert Assignment.objects.count() == 1


def test_where_open_matters_stand_stays(desk, staff, agency):
    body = series.add(by=staff, key="body", name_th="คณะ")
    first = factories.make_meeting(staff, kind="committee", series=body, title_th="", published=False)
    factories.make_assignment(staff, agency, meeting=first)
    later = timezone.localdate() + dt.timedelta(days=9)
    following = meetings.add(
        by=staff, prefill=True, series=MeetingSeries.objects.get(), kind="committee", starts_on=later
    )
    arising = following.agenda.get(kind="arising")
    page = at("part-remove", following, "agenda", arising.pk)
    assert desk.post(page, follow=True).redirect_chain == [(page, 302)]
    assert "kind" not in desk.get(at("part-edit", following, "agenda", arising.pk)).context["form"].fields


# --- how much is asked of the database -------------------------------------------------------------------------------
def many(staff, meeting, agency, rows):
    """So many items, a fifth at the top with four under each, each with a resolution."""
    top = None
    items = []
    for n in range(rows):
        top = None if n % 5 == 0 else top
        item = AgendaItem(
            meeting=meeting, title_th=f"เรื่อง {n}", position=n, number="-", parent=top, presented_by=agency
        )
        item.save()
        items.append(item)
        top = top or item
    Resolution.objects.bulk_create(
        Resolution(meeting=meeting, item=item, number="-", text_th="มติ", position=1) for item in items
    )
    agenda.renumber(meeting)
    return items


@pytest.mark.parametrize("rows", [20, 500])
def test_the_editor_asks_the_same_of_the_database_however_long_the_agenda(
    desk, staff, meeting, agency, rows, django_assert_num_queries
):
    many(staff, meeting, agency, rows)
    with django_assert_num_queries(5):
        page = desk.get(at("agenda", meeting))
    assert len(page.context["outline"].all) == rows


@pytest.mark.parametrize("rows", [1, 10])
@pytest.mark.parametrize(("kind", "queries"), [("agenda", 8), ("resolutions", 7), ("assignments", 9)])
def test_the_form_of_a_part_asks_the_same_of_the_database(
    desk, staff, meeting, agency, kind, queries, rows, django_assert_num_queries
):
    many(staff, meeting, agency, rows)
    under = Resolution.objects.first() if kind == "assignments" else AgendaItem.objects.first()
    with django_assert_num_queries(queries):
        desk.get(f"{at('part-add', meeting, kind)}?under={under.pk}")
