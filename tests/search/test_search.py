"""Searching: however it is typed, the closest first, and never what may not be seen."""

import math
from pathlib import Path

import pytest
import yaml
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.utils.translation import override

from agencies.models import Agency
from agencies.rules import records
from govlab import sampling
from govlab.filters import holding
from govlab.finding import fold
from govlab.models import SearchEntry
from govlab.trigrams import KIND_BITS
from projects.exchange import facts, synonyms
from projects.models import AgendaItem, Innovation, Meeting, Project, Resolution, Synonyms
from projects.rules import projects, publishing
from projects.rules.meetings import add_part
from projects.search import KINDS, Answer, answer, pieces, search
from tests import factories
from tests.search import quality

pytestmark = pytest.mark.django_db


def found(person, q, **kwargs):
    return [(hit.kind, hit.id) for hit in search(person, q, **kwargs)]


def groups(person, q, **kwargs):
    return [(group.kind, group.count, group.more) for group in answer(person, q, **kwargs).groups]


# --- what is found ---------------------------------------------------------------------------------------------------
def test_every_kind_is_found_and_titles_come_first(visitor, staff, agency):
    aim = factories.make_project(staff, title_th="อื่น", aim_th="แจ้งปริมาณน้ำ")
    title = factories.make_project(staff, title_th="บริหารน้ำ")
    body = factories.make_agency(staff, "กรมชลน้ำ")
    meeting = factories.make_meeting(staff, title_th="ประชุมเรื่องน้ำ")
    innovation = factories.make_innovation(staff, title_th="ถังน้ำ")
    assert found(visitor, "น้ำ") == [
        ("project", title.code),
        ("meeting", meeting.key),
        ("innovation", str(innovation.pk)),
        ("agency", body.key),
        ("project", aim.code),
    ]


TYPED = {
    "digits in Thai": ("บริการ 90 วัน", "๙๐ วัน"),
    "marks in another order": ("น้ำเสีย", "นํ้าเสีย"),
    "two e for ae": ("แรงงาน", "เเรงงาน"),
    "a doubled mark": ("ด้อยโอกาส", "ด้้อยโอกาส"),
    "nothing visible between": ("น้ำเสีย", "น้ำ\u200bเสีย"),
    "letters of one sound": ("มัคคุเทศก์", "มัคคุเทสก์"),
    "a letter that is not heard left out": ("มัคคุเทศก์", "มัคคุเทศ"),
    "tone marks left out": ("ผู้ด้อยโอกาส", "ผูดอยโอกาส"),
    "by sound": ("ดำรงธรรม", "ดำรงทำ"),
    "one of two letters": ("สัมมนา", "สัมนา"),
    "stops left out": ("สำนักงาน ก.พ.ร.", "กพร"),
    "capitals": ("Sandbox", "sANDBOX"),
    "a part of a word": ("แรงงานต่างด้าว", "งานต่างด้า"),
    "any order": ("บริหารจัดการน้ำเพื่อเกษตรกร", "เกษตรกร น้ำ"),
    "without spaces": ("ระบบติดตามเรื่องร้องเรียนของกระทรวง", "กระทรวงร้องเรียน"),
    "one wrong letter": ("มัคคุเทศก์ท้องถิ่น", "มัคคุเพศก์"),
    "one letter too few": ("การลงทะเบียนแรงงาน", "ลงทะเบยน"),
    "a wrong letter in English": ("Entrepreneur", "Entreprenuer"),
}


@pytest.mark.parametrize(("title", "typed"), TYPED.values(), ids=TYPED)
def test_it_is_found_as_people_type_it(visitor, staff, title, typed):
    project = factories.make_project(staff, title_th=title)
    factories.make_project(staff, title_th="โครงการอื่นที่ไม่เกี่ยว")
    assert found(visitor, typed) == [("project", project.code)]


def test_all_words_must_be_there(visitor, staff):
    both = factories.make_project(staff, title_th="แรงงานต่างด้าว", aim_th="รายงานตัว 90 วัน")
    factories.make_project(staff, title_th="แรงงานในระบบ")
    assert found(visitor, "แรงงาน ๙๐ วัน") == [("project", both.code)]
    assert found(visitor, "แรงงาน ฮิปโปโปเตมัส") == []


def test_what_comes_nearest_is_offered_where_nothing_holds_all(visitor, staff):
    project = factories.make_project(staff, title_th="แรงงานต่างด้าว")
    near = answer(visitor, "แรงงาน ฮิปโปโปเตมัส")
    assert (near.nearest, [hit.id for group in near.groups for hit in group.hits]) == (True, [project.code])


def test_a_mended_word_is_told(visitor, staff):
    factories.make_project(staff, title_th="อบรมมัคคุเทศก์ท้องถิ่น")
    got = answer(visitor, "มัคคุเพศก์")
    assert (got.nearest, got.instead != "", len(got.groups)) == (False, True, 1)


MISSPELT = {
    "its end wrong": ("คิวตรวจคนเข้าเมืองแบบยืดหยุ่น", "คิวตม", ""),
    "its end wrong, a letter on": ("คิวตรวจคนเข้าเมืองแบบยืดหยุ่น", "คิวตรม", ""),
    "its last letter": ("การประชุมร่วม", "ประชุส", "ประชุม"),
    "its first letter": ("งานบริการใหม่", "จริการ", "บริการ"),
    "a letter left out": ("การลงทะเบียนแรงงาน", "ลงทะเบยน", "ลงทะเบียน"),
    "two letters turned round": ("แรงงานต่างด้าว", "ต่างด้วา", "ต่างด้าว"),
    "one letter too many": ("การรายงานตัวของแรงงาน", "รายงานตัวส", "รายงานตัว"),
    "an end in English": ("Digital platform", "platfore", "platform"),
}


@pytest.mark.parametrize(("title", "typed", "mended"), MISSPELT.values(), ids=MISSPELT)
def test_a_word_is_mended_to_whole_words_never_cut_off_at_the_mistake(visitor, staff, title, typed, mended):
    factories.make_project(staff, title_th=title)
    assert answer(visitor, typed).instead == mended


def test_other_words_find_it_in_both_languages_and_in_a_run(visitor, staff):
    records.add(Synonyms, by=staff, words="แรงงานต่างด้าว\nแรงงานต่างชาติ\nmigrant worker")
    project = factories.make_project(staff, title_th="การลงทะเบียนแรงงานต่างด้าว")
    english = factories.make_project(staff, title_th="โครงการ ก", title_en="Jobs for migrant workers")
    both = [("project", project.code), ("project", english.code)]
    assert sorted(found(visitor, "แรงงานต่างชาติ")) == sorted(both)
    assert found(visitor, "migrant worker") == both[::-1]
    assert found(visitor, "ลงทะเบียนแรงงานต่างชาติ") == [("project", project.code)]


def test_a_new_group_of_words_is_known_at_once(visitor, staff):
    project = factories.make_project(staff, title_th="อบรมมัคคุเทศก์")
    assert found(visitor, "ผู้พาเที่ยว") == []
    group = records.add(Synonyms, by=staff, words="มัคคุเทศก์\nผู้พาเที่ยว")
    assert found(visitor, "ผู้พาเที่ยว") == [("project", project.code)]
    records.remove(group, by=staff)
    assert found(visitor, "ผู้พาเที่ยว") == []


def test_the_closer_comes_first(visitor, staff):
    records.add(Synonyms, by=staff, words="คนไข้\nผู้ป่วย")
    text = factories.make_project(staff, title_th="ก", aim_th="คนไข้รอนาน")
    other = factories.make_project(staff, title_th="ข้อมูลผู้ป่วย")
    inside = factories.make_project(staff, title_th="ดูแลคนไข้")
    begins = factories.make_project(staff, title_th="คนไข้นอก")
    same = factories.make_project(staff, title_th="คนไข้")
    order = [same, begins, inside, text, other]
    assert found(visitor, "คนไข้") == [("project", row.code) for row in order]


def test_resolutions_and_meetings_are_found_by_their_words_and_by_the_agenda(visitor, staff):
    meeting = factories.make_meeting(staff, title_th="ประชุม")
    item = add_part(AgendaItem, by=staff, meeting=meeting, number="1", title_th="แผนปีหน้า")
    decided = add_part(
        Resolution, by=staff, meeting=meeting, item=item, number="1.2", text_th="ทดลอง Regulatory Sandbox"
    )
    assert found(visitor, "sandbox") == [("resolution", str(decided.pk))]
    # By the agenda item, both: what was decided under it may say no more than "agreed".
    assert found(visitor, "แผนปี") == [("meeting", meeting.key), ("resolution", str(decided.pk))]


# --- who finds what --------------------------------------------------------------------------------------------------
def test_what_may_not_be_seen_is_neither_found_nor_counted(visitor, reporter, stranger, staff, agency):
    project = factories.make_project(staff, owner=agency, published=False, title_th="ลับเฉพาะ")
    meeting = factories.make_meeting(staff, published=False, title_th="ลับเฉพาะ")
    item = add_part(AgendaItem, by=staff, meeting=meeting, number="1", title_th="ลับเฉพาะ")
    decided = add_part(Resolution, by=staff, meeting=meeting, item=item, number="1.1", text_th="ลับเฉพาะ")
    innovation = factories.make_innovation(staff, published=False, title_th="ลับเฉพาะ")
    shown = factories.make_project(staff, title_th="ลับเฉพาะ")
    both = [("project", shown.code), ("project", project.code)]
    own = {
        "visitor": [("project", shown.code)],
        "stranger": [("project", shown.code)],
        "reporter": both,
        "staff": [
            *both,
            ("meeting", meeting.key),
            ("resolution", str(decided.pk)),
            ("innovation", str(innovation.pk)),
        ],
    }
    people = {"visitor": visitor, "stranger": stranger, "reporter": reporter, "staff": staff}
    assert {name: found(person, "ลับเฉพาะ") for name, person in people.items()} == own
    counted = {name: sum(count for _kind, count, _more in groups(person, "ลับเฉพาะ")) for name, person in people.items()}
    assert counted == {name: len(hits) for name, hits in own.items()}
    for q in ("ลับเฉพาะ", "ลับเฉพาก", "เฉพาะ ฮิปโปโปเตมัส"):  # found, mended, nearest
        assert {kind: count for kind, count, _more in groups(visitor, q)} == {"project": 1}


def test_a_draft_alone_mends_nothing_and_is_not_nearest(visitor, staff):
    factories.make_project(staff, published=False, title_th="มัคคุเทศก์ท้องถิ่น")
    assert answer(visitor, "มัคคุเพศก์") == Answer("มัคคุเพศก์", words=answer(visitor, "มัคคุเพศก์").words)


def test_a_stale_entry_never_leaks(visitor, reporter, staff):
    project = factories.make_project(staff, published=False, title_th="ลับเฉพาะ")
    SearchEntry.objects.update(public=True)
    for person in (visitor, reporter):
        assert found(person, "ลับเฉพาะ") == []
        assert [hit for group in answer(person, "ลับเฉพาะ").groups for hit in group.hits] == []
    assert found(staff, "ลับเฉพาะ") == [("project", project.code)]


def test_what_is_hidden_edited_or_removed_is_found_no_more(visitor, staff):
    project = factories.make_project(staff, title_th="น้ำเสีย")
    innovation = factories.make_innovation(staff, published=False, title_th="น้ำเสีย")
    assert found(staff, "น้ำเสีย") == [("project", project.code), ("innovation", str(innovation.pk))]
    publishing.remove(innovation, by=staff)
    publishing.hide(project, by=staff)
    assert (found(visitor, "น้ำเสีย"), found(staff, "น้ำเสีย")) == ([], [("project", project.code)])


def test_by_token_one_finds_the_same_as_on_the_pages(call, staff, reporter, stranger, agency):
    factories.make_project(staff, owner=agency, published=False, title_th="ลับเฉพาะ")
    people = {"nobody": None, "stranger": stranger, "reporter": reporter, "staff": staff}
    asked = {name: call(person).get("/api/v1/search/", {"q": "ลับเฉพาะ"}) for name, person in people.items()}
    assert {name: len(page.json()["results"]) for name, page in asked.items()} == {
        "nobody": 0,
        "stranger": 0,
        "reporter": 1,
        "staff": 1,
    }


# --- pages, counts, queries ------------------------------------------------------------------------------------------
def test_groups_are_counted_and_turned_page_by_page(visitor, staff):
    made = [factories.make_project(staff, title_th="น้ำเสีย") for _n in range(7)]
    factories.make_innovation(staff, title_th="น้ำเสีย")
    assert groups(visitor, "น้ำเสีย") == [("project", 7, False), ("innovation", 1, False)]
    pages = [answer(visitor, "น้ำเสีย", kinds=("project",), each=3, start=start).groups for start in (0, 3, 6, 9)]
    shown = [[hit.id for group in page for hit in group.hits] for page in pages]
    assert [len(page) for page in shown] == [3, 3, 1, 0]
    assert sorted(code for page in shown for code in page) == sorted(row.code for row in made)


def test_a_common_word_is_counted_up_to_a_ceiling_in_every_kind(visitor, staff, monkeypatch):
    for n in range(6):
        factories.make_project(staff, title_th=f"น้ำเสีย {n}")
    factories.make_innovation(staff, title_th="ถังน้ำเสีย")
    for name, number in (("FIRST", 4), ("CEILING_EACH", 5), ("CEILING", 3)):
        monkeypatch.setattr(f"govlab.ranking.{name}", number)
    assert groups(visitor, "น้ำเสีย") == [("project", 5, True), ("innovation", 1, False)]
    assert groups(visitor, "น้ำเสีย", kinds=("project",)) == [("project", 3, True)]


def test_the_limit_holds_over_all_kinds(visitor, staff):
    for _n in range(4):
        factories.make_project(staff, title_th="น้ำ")
        factories.make_innovation(staff, title_th="น้ำ")
    assert [kind for kind, _id in found(visitor, "น้ำ", limit=5)] == ["project"] * 4 + ["innovation"]
    assert found(visitor, "น้ำ", limit=0) == []


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("q", "queries"), [("น้ำเสีย", 2), ("โรงงาน น้ำเสีย", 2), ("น้ำเสียโรงงานยา", 2), ("ยา", 2)])
def test_an_answer_costs_few_queries(visitor, staff, rows, q, queries, django_assert_num_queries):
    for _n in range(rows):
        factories.make_project(staff, title_th="น้ำเสียจากโรงงานยา")
        factories.make_meeting(staff, title_th="น้ำเสียจากโรงงานยา")
        factories.make_innovation(staff, title_th="น้ำเสียจากโรงงานยา")
    answer(visitor, q)
    with django_assert_num_queries(queries):
        assert [count for _kind, count, _more in groups(visitor, q)] == [rows] * 3


def test_a_query_without_words_asks_nothing(visitor, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert answer(visitor, " \u200b ") == Answer(" \u200b ")


BAD = ["", "   ", "\0", "\u200b", "%", "_", "'", '"', "\\", "*", "^", "-", "NEAR(a b)", "a OR b", 'x" OR "1"="1', "--"]
BAD += [
    "'; DROP TABLE govlab_searchentry; --",
    "😀",
    "😀😀😀😀",
    "\ud800",
    "ก\ud800ข\udfff",
    "ก" * 10_000,
    "ก " * 10_000,
]
BAD += [
    "ฮฮฮฮฮฮ",
    "่้๊๋",
    "ำำำำ",
    "ๆๆ",
    "ฯลฯ",
    "....",
    "{}[]()",
    "a:b",
    "folded_text:x",
    "\u200b",
    "(",
    "น้ำ AND",
    "น้ำ*",
    "\n\t",
]


@pytest.mark.parametrize("typed", BAD, ids=range(len(BAD)))
def test_anything_may_be_typed(visitor, staff, project, typed):
    for person in (visitor, staff):
        assert isinstance(search(person, typed), list)
        assert isinstance(answer(person, typed), Answer)
        assert isinstance(answer(person, typed, kinds=("project",), start=3), Answer)


def test_signs_that_databases_know_are_themselves(visitor, staff):
    factories.make_project(staff, title_th="ลดคิวในโรงพยาบาล")
    assert [found(visitor, typed) for typed in ("%", "_", "%%%", "ลด%ใน")] == [[]] * 4
    project = factories.make_project(staff, title_th="ลดคิวให้ได้ 50%_จริง")
    assert [found(visitor, typed) for typed in ("50%", "%_จริง")] == [[("project", project.code)]] * 2


# --- marking ---------------------------------------------------------------------------------------------------------
def test_the_words_found_are_marked_whatever_their_spelling():
    assert pieces("อบรมมัคคุเทศก์ใหม่", ["มัคคุเทสก"]) == [("อบรม", False), ("มัคคุเทศก์", True), ("ใหม่", False)]
    assert pieces("น้ำท่วม", ["น้ำ"]) == [("น้ำ", True), ("ท่วม", False)]
    assert pieces("ศูนย์ดำรงธรรม", ["ธรรม"]) == [("ศูนย์ดำรง", False), ("ธรรม", True)]
    assert pieces("", ["น้ำ"]) == []
    assert pieces("น้ำ", []) == [("น้ำ", False)]


@pytest.mark.parametrize(
    ("text", "word", "marked"),
    [
        ("Tourism", "tour", ["Tourism"]),
        ("Tour guides' Job Order", "guide", ["guides'"]),
        ("a guide’s start", "guide", ["guide’s"]),
        ("Start with art", "art", ["Start", "art"]),
        ("'tour' for a café", "tour", ["tour"]),
        ("the cafés", "cafe", ["cafés"]),
        ("follow-up", "follow", ["follow"]),
        ("ระบบ Sandboxในไทย", "sandb", ["Sandbox"]),
        ("ท่องเที่ยว", "เที่ยว", ["เที่ยว"]),
        ("13/2564", "3/2564", ["3/2564"]),
    ],
)
def test_a_latin_word_is_marked_whole(text, word, marked):
    assert [piece for piece, found in pieces(text, [word]) if found] == marked


@pytest.mark.parametrize("text", ["น้ำท่วมที่ศูนย์ดำรงธรรม ก.พ.ร.", "สัมมนาครั้งที่ ๓/๒๕๖๔ เเละ นํ้า", "a\u0301 Café 😀 กก์"])
@pytest.mark.parametrize("word", ["น้ำ", "ด", "ร", "รรม", "กพร", "cafe", "3/2564", "ัม", "่"])
def test_marking_changes_nothing_and_never_parts_a_letter_from_its_marks(text, word):
    cut = pieces(text, [word])
    assert "".join(piece for piece, _marked in cut) == text
    assert all(piece[0] not in "ัิีึืฺุู็่้๊๋์ํ๎ำ" for piece, _marked in cut[1:])


# --- the index -------------------------------------------------------------------------------------------------------
def test_writing_the_index_anew_gives_the_same(visitor, staff, agency, capsys):
    factories.make_project(staff, title_th="น้ำเสีย", owner=agency)
    factories.make_meeting(staff, title_th="น้ำเสีย")
    factories.make_innovation(staff, title_th="น้ำเสีย", published=False)
    before = list(SearchEntry.objects.order_by("pk").values())
    SearchEntry.objects.all().delete()
    assert found(visitor, "น้ำเสีย") == []
    call_command("reindex")
    assert list(SearchEntry.objects.order_by("pk").values()) == before
    assert len(found(visitor, "น้ำเสีย")) == 2


def test_lists_are_filtered_by_the_same_engine(staff, agency):

    records.add(Synonyms, by=staff, words="คนไข้\nผู้ป่วย")
    project = factories.make_project(staff, title_th="ข้อมูลผู้ป่วยนอก", owner=agency)
    factories.make_project(staff, title_th="อื่น ๆ")
    innovation = factories.make_innovation(staff, title_th="เตียงผู้ป่วย")
    meeting = factories.make_meeting(staff, title_th="เรื่องผู้ป่วย")
    rows = {Project: [project], Innovation: [innovation], Meeting: [meeting], Agency: []}
    assert {model: list(holding(model.objects.all(), "คนไข้")) for model in rows} == rows
    assert list(holding(Project.objects.all(), "นอก ผูป่วย")) == [project]
    assert list(holding(Agency.objects.all(), agency.name_th)) == [agency]
    assert holding(Project.objects.all(), "  ").count() == 2
    assert holding(Project.objects.all(), "\u200b").count() == 2
    assert [holding(Project.objects.all(), typed).count() for typed in ("%", "😀", "'\"")] == [0] * 3


def test_every_kind_is_one_that_is_found():
    assert {model.found_as[1] for model in (Project, Agency, Innovation, Meeting, Resolution)} | {"update"} == set(
        KINDS
    )


# --- quality ---------------------------------------------------------------------------------------------------------
def test_people_find_the_facts_as_they_type():
    facts.load()
    synonyms.load()
    results = quality.found(AnonymousUser())
    share = sum(ok for *_rest, ok in results) / len(results)
    assert (len(results) >= 90, share >= quality.AIM) == (True, True), [q for _name, q, ok in results if not ok]


def test_the_words_to_begin_with_come_once_and_never_again(staff):
    listed = yaml.safe_load(Path(synonyms.FILE).read_text(encoding="utf-8"))
    assert (synonyms.load(), synonyms.load()) == (len(listed), 0)
    assert len(listed) >= 150
    for row in Synonyms.objects.all()[:3]:
        records.remove(row, by=staff)
    left = Synonyms.objects.count()
    assert (synonyms.load(), Synonyms.objects.count()) == (0, left)


def test_a_short_word_is_another_word_with_another_tone_mark(visitor, staff):
    water = factories.make_project(staff, title_th="แจกน้ำ")
    text = factories.make_project(staff, title_th="ก", aim_th="ประหยัดน้ำ")
    lead = factories.make_project(staff, title_th="การนำทาง", aim_th="นำทาง")
    assert found(visitor, "น้ำ") == [("project", water.code), ("project", text.code)]
    assert found(visitor, "นำ") == [("project", lead.code)]
    assert found(visitor, "น้ำ ประหยัด") == [("project", text.code)]


def test_a_short_word_is_found_by_its_sound_where_nobody_writes_it_so(visitor, staff):
    forest = factories.make_project(staff, title_th="ดับไฟป่า")
    assert found(visitor, "ป้า") == [("project", forest.code)]
    assert found(visitor, "ป่า") == [("project", forest.code)]


# --- nearest, mended, and whatever the sample says -------------------------------------------------------------------
@pytest.mark.parametrize(
    ("known", "unheard"),
    [("", "a"), ("", "abc"), ("แรงงาน", "abc"), ("แรงงาน", "abcdefghijk"), ("แรงงานประมง", "abcdefghijk")],
)
def test_the_nearest_are_those_that_hold_most_of_the_words(visitor, staff, monkeypatch, known, unheard):
    """Whatever the sample knows, and however many words nobody ever wrote stand beside them."""
    sample = sampling.Sample([(1, fold(known), fold(known))] if known else ())
    monkeypatch.setattr(sampling, "kept", sampling.Kept(sample, due=math.inf))
    one = factories.make_project(staff, title_th="แรงงานนอกระบบ")
    both = factories.make_project(staff, title_th="แรงงานประมง")
    near = answer(visitor, f"แรงงาน ประมง {' '.join(f'nobody{letter * 3}' for letter in unheard)}")
    assert (near.nearest, [hit.id for hit in near.groups[0].hits]) == (True, [both.code, one.code])


def test_only_what_nothing_holds_is_mended(visitor, staff):
    factories.make_project(staff, title_th="แรงงานนอกระบบ")
    factories.make_project(staff, title_th="อบรมมัคคุเทศก์")
    got = answer(visitor, "แรงงานน มัคคุเพศก์")
    assert (got.instead, got.nearest) == ("", True)  # each is put right, and no record holds both
    both = factories.make_project(staff, title_th="แรงงานมัคคุเทศก์")
    mended = answer(visitor, "แรงงาน มัคคุเพศก์")
    assert (mended.instead, [hit.id for hit in mended.groups[0].hits]) == ("แรงงาน มัคคุเทศก์", [both.code])


@pytest.mark.parametrize("share", ["no sample", "the sample", "all alike", "a sample of something else"])
def test_what_is_found_is_the_same_whatever_the_sample_says(visitor, staff, monkeypatch, share):
    records.add(Synonyms, by=staff, words="คนไข้\nผู้ป่วย\npatient")
    for n in range(6):
        factories.make_project(staff, title_th=f"ดูแลผู้ป่วยที่บ้าน {n}", aim_th="ลดเวลารอคนไข้ในโรงพยาบาลชุมชน")
        factories.make_innovation(staff, title_th=f"รถรับส่งคนไข้ {n}")
    factories.make_project(staff, title_th="โรงงานน้ำเสีย")
    queries = [
        "คนไข้",
        "ผู้ป่วย บ้าน",
        "patient รถ",
        "ดูแลผู้ป่วยที่บ้าน",
        "รอคนไข้ในโรงพยาบาลชุมชน",
        "น้ำเสียโรงงาน",
        "น้ำ",
        "ไม่มีจริง",
        "บ้าน",
    ]

    def found_with(sample):
        kept = sampling.Kept(sample, due=math.inf)
        monkeypatch.setattr(sampling, "kept", kept)
        return {(q, kind): answer(visitor, q, kinds=kind).groups for q in queries for kind in (KINDS, ("project",))}

    rows = list(SearchEntry.objects.values_list("id", "folded_text", "folded_title"))
    samples = {
        "no sample": sampling.Sample(),
        "the sample": sampling.Sample([(pk >> KIND_BITS, *texts) for pk, *texts in rows], {1: 7, 3: 6}),
        "all alike": sampling.Sample([(kind, rows[0][1], rows[0][2]) for kind in (1, 3)], {1: 100_000, 3: 100_000}),
        "a sample of something else": sampling.Sample([(1, "ก", "ก"), (3, "ข", "ข")], {1: 100_000, 3: 5}),
    }
    assert found_with(samples[share]) == found_with(samples["no sample"])


# --- what a reviewer typed -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("typed", ['"น้ำ"', "“น้ำ”", "น้ำ?", "(น้ำ)", "#น้ำ", "น้ำ*", "น้ำ,เกษตร", "น้ำ/เกษตร", "'น้ำ'"])
def test_signs_around_and_between_words_are_no_part_of_them(visitor, staff, typed):
    project = factories.make_project(staff, title_th="น้ำเพื่อการเกษตร")
    assert found(visitor, typed) == [("project", project.code)]


def test_the_number_of_a_meeting_stays_one_word(visitor, staff):
    project = factories.make_project(staff, title_th="ตามมติครั้งที่ 3/2564")
    factories.make_project(staff, title_th="3 เรื่องของ 2564")
    assert found(visitor, "3/2564") == [("project", project.code)]


@pytest.mark.parametrize("typed", ["ตม.", "ตม", "ต.ม."])
def test_a_short_form_is_found_as_it_is_and_by_its_other_words(visitor, staff, typed):
    records.add(Synonyms, by=staff, words="ตรวจคนเข้าเมือง\nตม.")
    long = factories.make_project(staff, title_th="สำนักงานตรวจคนเข้าเมือง")
    short = factories.make_project(staff, title_th="คิว ตม.")
    both = factories.make_project(staff, title_th="ตม. ตรวจคนเข้าเมือง")
    assert {code for _kind, code in found(visitor, typed)} == {long.code, short.code, both.code}
    assert groups(visitor, typed) == [("project", 3, False)]


@pytest.mark.parametrize("typed", ["{}", "{} ", "gl{0[2]}{0[3]}{0[4]}{0[5]}{0[7]}"])
def test_a_code_that_was_changed_or_is_typed_otherwise_leads_to_its_project(visitor, staff, typed):
    project = factories.make_project(staff, code="GL2562-7")
    old = project.code
    projects.edit(project, by=staff, version=project.version, cohort=project.cohort, code="GL2562-99")
    got = answer(visitor, typed.format(old))
    assert (got.instead, [hit.id for group in got.groups for hit in group.hits]) == ("GL2562-99", ["GL2562-99"])
    publishing.hide(Project.objects.get(), by=staff)
    assert answer(visitor, typed.format(old)).groups == []


def test_an_innovation_is_found_by_its_country_in_both_languages(visitor, staff):
    innovation = factories.make_innovation(staff, title_th="แอปของเมือง", country="SG")
    assert found(visitor, "สิงคโปร์") == found(visitor, "singapore") == [("innovation", str(innovation.pk))]


def test_what_is_shown_of_it_is_in_the_language_of_the_page_where_it_can_be(visitor, staff):
    records.add(Synonyms, by=staff, words="แรงงานต่างด้าว\nmigrant worker")
    factories.make_project(
        staff, title_th="ก", aim_th="ลดเวลารอของแรงงานต่างด้าว", aim_en="Some 40 migrant workers a day queue before dawn"
    )
    factories.make_project(staff, title_th="ข", aim_en="For migrant workers")
    shown = {}
    for language in ("th", "en"):
        with override(language):
            hits = answer(visitor, "migrant worker").groups[0].hits
            shown[language] = sorted((hit.excerpt[:11], hit.foreign) for hit in hits)
    assert shown == {
        "th": [("For migrant", "en"), ("ลดเวลารอของ", "")],
        "en": [("For migrant", ""), ("Some 40 mig", "")],
    }


SENTENCE_EN = "Some 40 migrant workers a day queue before dawn to confirm an address"


@pytest.mark.parametrize(
    ("record", "language", "shown"),
    [
        # A lone name in another language tells a reader nothing; what stands there in their own does.
        ({"title_th": "ทุนแรงงาน", "focus_th": "ที่ทำการ", "focus_en": "Migrant work"}, "th", "ที่ทำการ"),
        ({"title_th": "ทุนแรงงาน", "focus_th": "ที่ทำการ", "focus_en": "Migrant work"}, "en", "Migrant work"),
        # A sentence that tells why it was found does, unless the title told it.
        ({"title_th": "ก", "focus_th": "ที่ทำการ", "aim_en": SENTENCE_EN}, "th", SENTENCE_EN),
        ({"title_th": "แรงงานต่างด้าว", "focus_th": "ที่ทำการ", "aim_en": SENTENCE_EN}, "th", "ที่ทำการ"),
        # The words in the language of the page come before any sentence in another.
        ({"title_th": "ก", "focus_th": "แรงงานต่างด้าว", "aim_en": SENTENCE_EN}, "th", "แรงงานต่างด้าว"),
        # Where the title alone holds them, what follows is in the language of the page too.
        ({"title_en": "Migrant jobs", "focus_th": "ที่ทำการ", "focus_en": "An office"}, "en", "An office"),
    ],
)
def test_no_name_in_another_language_stands_below_a_title(visitor, staff, record, language, shown):
    records.add(Synonyms, by=staff, words="แรงงานต่างด้าว\nmigrant")
    factories.make_project(staff, **{"title_th": "ก", **record})
    with override(language):
        assert [hit.excerpt for hit in answer(visitor, "migrant").groups[0].hits] == [shown]
