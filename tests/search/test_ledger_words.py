"""Words in the ledger: found as people type them, in what everybody may read, and in nothing that they may not."""

import pytest
from django.contrib.auth.models import AnonymousUser

from agencies.rules import records
from govlab.history import drop
from projects.filters import AssignmentFilter, OpinionFilter, ResolutionFilter
from projects.models import AgendaItem, Assignment, Resolution, Shown, Synonyms
from projects.rules import meetings
from projects.rules.meetings import add_part
from projects.search import search
from tests import factories

pytestmark = pytest.mark.django_db
SECRET = "ย้ายสำนักงาน"


def resolve(staff, meeting, text="มติ", title="วาระ", shown=Shown.RESOLUTIONS):
    item = add_part(AgendaItem, by=staff, meeting=meeting, title_th=title, shown=shown)
    return add_part(Resolution, by=staff, meeting=meeting, item=item, text_th=text)


def ask(staff, agency, text, resolution=None, meeting=None):
    answers = {"meeting": meeting or resolution.meeting, "resolution": resolution, "agency": agency, "text_th": text}
    return add_part(Assignment, by=staff, **answers)


def resolutions(q, person=None):
    rows = Resolution.objects.visible_to(person or AnonymousUser())
    return set(ResolutionFilter({"q": q}, queryset=rows).qs)


def assignments(q, person):
    rows = Assignment.objects.visible_to(person)
    return set(AssignmentFilter({"q": q}, queryset=rows, person=person).qs)


TYPED = {
    "marks in another order": ("แก้ปัญหาน้ำเสีย", "นํ้าเสีย"),
    "by sound": ("ศูนย์ดำรงธรรม", "ดํารงทำ"),
    "letters of one sound": ("มัคคุเทศก์", "มัคคุเทสก์"),
    "without spaces, another order": ("ติดตามเรื่องร้องเรียนของกระทรวง", "กระทรวงร้องเรียน"),
    "Thai digits": ("ให้เสร็จใน 90 วัน", "๙๐ วัน"),
}


@pytest.mark.parametrize(("text", "typed"), TYPED.values(), ids=TYPED)
def test_a_resolution_is_found_by_all_it_tells_as_people_type_it(staff, agency, text, typed):
    meeting = factories.make_meeting(staff)
    own, titled, asking = (resolve(staff, meeting, *words) for words in ((text,), ("มติ", text), ("มติ",)))
    resolve(staff, meeting)
    ask(staff, agency, text, asking)
    assert resolutions(typed) == {own, titled, asking}


def test_a_resolution_is_found_by_other_words_for_the_same(staff):
    records.add(Synonyms, by=staff, words="มัคคุเทศก์\nไกด์")
    row = resolve(staff, factories.make_meeting(staff), "อบรมมัคคุเทศก์")
    assert resolutions("ไกด์") == {row}


def test_it_is_found_by_what_it_asks_now(staff, agency):
    meeting = factories.make_meeting(staff)
    first, second = resolve(staff, meeting), resolve(staff, meeting)
    work = ask(staff, agency, "สำรวจแม่น้ำ", first)
    assert (resolutions("แม่น้ำ"), resolutions("ภูเขา")) == ({first}, set())
    work.refresh_from_db()
    meetings.edit_part(work, by=staff, version=work.version, resolution=second, text_th="สำรวจภูเขา")
    assert (resolutions("แม่น้ำ"), resolutions("ภูเขา")) == (set(), {second})
    item = second.item
    item.refresh_from_db()
    meetings.edit_part(item, by=staff, version=item.version, title_th="เรื่องทะเลสาบ")
    assert resolutions("ทะเลสาบ") == {second}
    drop(Assignment.objects.get(pk=work.pk), "remove", by=staff)
    assert resolutions("ภูเขา") == set()


def test_the_list_finds_what_the_search_finds(staff, agency):
    meeting = factories.make_meeting(staff)
    rows = [resolve(staff, meeting, "ลดขั้นตอนการขออนุญาต"), resolve(staff, meeting, title="การขออนุญาตก่อสร้าง")]
    resolve(staff, meeting)
    for typed in ("ขออนุญาต", "อนุญาตขอ", "ก่อสร้าง อนุญาต"):
        found = {hit.id for hit in search(AnonymousUser(), typed) if hit.kind == "resolution"}
        assert found == {str(row.pk) for row in resolutions(typed)} <= {str(row.pk) for row in rows}


def test_nobody_finds_a_resolution_they_may_not_see(staff, agency, reporter):
    draft = resolve(staff, factories.make_meeting(staff, published=False), SECRET)
    titled = resolve(staff, factories.make_meeting(staff), SECRET, shown=Shown.TITLE)
    for row in (draft, titled):
        ask(staff, agency, "รายงานผล", row)
    assert [resolutions(SECRET, person) for person in (None, reporter, staff)] == [set(), set(), {draft, titled}]


def test_an_agency_learns_nothing_of_a_resolution_it_may_not_read(staff, agency, reporter):
    """It sees the work under it; by guessing words it could read the resolution letter by letter."""
    row = resolve(staff, factories.make_meeting(staff), SECRET, shown=Shown.TITLE)
    work = ask(staff, agency, "รายงานผล", row)
    assert (assignments("รายงานผล", reporter), assignments("รายงานผล", staff)) == ({work}, {work})
    assert (assignments(SECRET, reporter), assignments(SECRET, staff)) == (set(), {work})


def test_work_is_found_by_itself_its_resolution_and_its_agency_together(staff, agency, other_agency):
    records.add(Synonyms, by=staff, words="มัคคุเทศก์\nไกด์")
    meeting = factories.make_meeting(staff)
    row = resolve(staff, meeting, "ดูแลมัคคุเทศก์")
    under = ask(staff, agency, "รายงานผล", row)
    alone = ask(staff, other_agency, "อบรมมัคคุเทศก์ 3 รุ่น", meeting=meeting)
    assert assignments("ไกด์", staff) == {under, alone}
    assert (assignments("ไกด์ รายงาน", staff), assignments("มัคคุเทสก์", staff)) == ({under}, {under, alone})
    assert (assignments("๓ รุ่น", staff), assignments("อบรมไกด์", staff)) == ({alone}, {alone})
    assert assignments(f"{other_agency.name_th} อบรม", staff) == {alone}


def test_what_a_meeting_asks_as_a_whole_is_found_by_other_words_too(client, staff, agency):
    records.add(Synonyms, by=staff, words="มัคคุเทศก์\nไกด์")
    ask(staff, agency, "อบรมมัคคุเทศก์ 3 รุ่น", meeting=factories.make_meeting(staff))
    found = {q: client.get("/resolutions/", {"q": q}).context["count_whole"] for q in ("ไกด์", "๓ รุ่น", "ทะเล", "")}
    assert found == {"ไกด์": 1, "๓ รุ่น": 1, "ทะเล": 0, "": 1}


def test_resolutions_that_ask_nothing_are_found_on_the_desk_as_people_type_it(staff):
    meeting = factories.make_meeting(staff, published=False)
    row = resolve(staff, meeting, title="แก้ปัญหาน้ำเสีย")
    rows = Resolution.objects.visible_to(staff).filter(assignments=None)
    assert [set(OpinionFilter({"q": q}, queryset=rows, person=staff).qs) for q in ("นํ้าเสีย", "ทะเล")] == [{row}, set()]
