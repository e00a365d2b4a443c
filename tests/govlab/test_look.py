"""The look keeps its promises: contrast, size, no inline style, four shapes for four states, fields that explain."""

import gzip
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import QueryDict
from django.template import engines
from django.test import RequestFactory

from govlab.templatetags.look import STATES, glyph

BASE = Path(settings.BASE_DIR)
CSS = (BASE / "static" / "css" / "portal.css").read_text()
PARTS = [
    "_display.html", "_errors.html", "_field.html", "_glyph.html", "_hatches.html", "_pages.html", "_track.html",
]  # fmt: skip

# --- colours ---------------------------------------------------------------------------------------------------------


def tokens(block: str) -> dict[str, tuple[str, str]]:
    """The light and the dark value of each colour token in a piece of CSS."""
    found = re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", block)
    return {name: (light, dark) for name, light, dark in found}


def luminance(colour: str) -> float:
    """Relative luminance of a #rrggbb colour, as WCAG 2.2 defines it."""
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast of two #rrggbb colours, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def block_after(selector: str) -> str:
    """The declarations of the first rule with this selector."""
    return CSS.split(f"{selector} {{", 1)[1].split("}", 1)[0]


PLAIN = tokens(block_after(":root"))
MORE = PLAIN | tokens(block_after("[data-contrast=more]"))
TEXT = [
    (ink, ground)
    for ink in ("ink", "ink-2", "link", "good", "warn", "bad")
    for ground in ("paper", "sheet", "tint")
] + [("on-act", "act"), ("paper", "ink"), ("paper", "bad")]  # fmt: skip
LINES = [
    (line, ground)
    for line in ("ink-3", "overview", "needs", "develop", "plan", "act", "good")
    for ground in ("paper", "sheet")
]


def test_contrast_is_computed_as_wcag_does():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("colours", [PLAIN, MORE], ids=["plain", "more"])
def test_every_text_stands_out_and_every_line_is_seen(colours, theme):
    faint = {pair for pair in TEXT if contrast(*(colours[name][theme] for name in pair)) < 4.5}
    unseen = {pair for pair in LINES if contrast(*(colours[name][theme] for name in pair)) < 3}
    assert (faint, unseen) == (set(), set())


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_more_contrast_gives_reading_text_seven_to_one(theme):
    inks = [("ink", "paper"), ("ink", "sheet"), ("ink-2", "paper"), ("ink-2", "sheet"), ("link", "paper")]
    assert [pair for pair in inks if contrast(*(MORE[name][theme] for name in pair)) < 7] == []


def test_the_readers_choice_and_the_systems_wish_for_contrast_are_the_same_tokens():
    wish = CSS.split("@media (prefers-contrast: more)", 1)[1].split("}", 1)[0]
    assert tokens(wish) == tokens(block_after("[data-contrast=more]"))


def test_inserted_deleted_and_marked_text_stands_out_in_both_themes():
    for element in ("ins", "del", "mark"):
        grounds = re.search(rf"  {element} {{ background: light-dark\((#\w{{6}}), (#\w{{6}})\)", CSS).groups()
        assert [contrast(PLAIN["ink"][theme], grounds[theme]) >= 4.5 for theme in (0, 1)] == [True, True]


# --- the style sheet -------------------------------------------------------------------------------------------------


def test_a_first_visit_stays_small():
    assert len(gzip.compress(CSS.encode())) <= 8 * 1024
    assert (BASE / "static" / "js" / "portal.js").stat().st_size <= 4 * 1024


def test_the_style_sheet_asks_no_other_host_and_uses_two_weights():
    assert re.findall(r"https?:|//[\w.]+/|@import", CSS) == []
    assert set(re.findall(r"font-weight: (\w+)", CSS)) == {"400", "700"}


def test_running_text_leaves_room_for_thai_marks():
    heights = {float(found) for found in re.findall(r"(?:line-height: |/)(1\.\d+)[; ]", block_after("  body"))}
    assert heights and min(heights) >= 1.6


def test_braces_are_balanced_and_every_token_used_is_set():
    assert CSS.count("{") == CSS.count("}")
    assert set(re.findall(r"var\(--([\w-]+)\)", CSS)) - set(re.findall(r"--([\w-]+): ", CSS)) == set()


@pytest.mark.parametrize("part", PARTS)
def test_a_part_has_neither_style_nor_script_in_it(part):
    text = (BASE / "templates" / "parts" / part).read_text()
    assert re.findall(r"style=|<style|<script|\son\w+=|javascript:", text) == []


# --- the diamonds ----------------------------------------------------------------------------------------------------


def draw(text: str, request=None, **context) -> str:
    """A template given as text, rendered, with runs of white space made one blank."""
    return re.sub(r"\s+", " ", engines["django"].from_string("{% load look %}" + text).render(context, request)).strip()


def test_a_glyph_gives_each_stage_its_place_and_its_state():
    drawn = draw("{% glyph states 'ขั้น 2' %}", states=["done", "in_progress", "not_started", "unknown"])
    classes = re.findall(r'<path class="([^"]+)"', drawn)
    assert classes == ["s1 done", "s2 in_progress", "s3 not_started", "s4 unknown"]
    assert 'role="img" aria-label="ขั้น 2"' in drawn


def test_a_glyph_without_words_is_decoration():
    drawn = draw("{% glyph states %}", states=["done"] * 4)
    assert 'aria-hidden="true"' in drawn and "role=" not in drawn


def test_the_words_of_a_glyph_are_escaped():
    assert 'aria-label="&quot;&gt;&lt;b&gt;"' in draw("{% glyph states label %}", states=["done"] * 4, label='"><b>')


@pytest.mark.parametrize("states", [["done"] * 3, ["done"] * 5, ["done", "done", "done", "finished"]])
def test_a_glyph_of_anything_but_four_known_states_is_refused(states):
    with pytest.raises(ValueError, match="four states"):
        glyph(states)


def test_every_state_is_drawn_in_its_own_way():
    drawn = {state: re.search(rf"\.glyph \.{state} {{ ([^}}]+) }}", CSS) for state in STATES - {"not_started"}}
    rules = [found.group(1) for found in drawn.values()]
    assert len(set(rules)) == len(rules) == 3  # the fourth, not started, is the plain outline


STAGES = [
    {"number": n, "name": name, "state": state, "state_label": words, "note": note}
    for n, name, state, words, note in [
        (1, "เข้าใจภาพรวม", "done", "เสร็จ", "15 ก.พ. 2562"),
        (2, "เข้าถึงความต้องการ", "in_progress", "กำลังทำ", "กำหนด <31> ธ.ค. 2562"),
        (3, "พัฒนาและทดสอบ", "not_started", "ยังไม่เริ่ม", ""),
        (4, "วางแผนนำไปใช้", "unknown", "ยังไม่มีข้อมูล", ""),
    ]
]


@pytest.mark.parametrize("stages", [STAGES, [SimpleNamespace(**stage) for stage in STAGES]], ids=["dicts", "objects"])
def test_a_track_keeps_each_triangle_with_its_words(stages):
    items = re.findall(r"<li>(.*?)</li>", draw("{% track stages %}", stages=stages))
    assert [re.search(r'path class="([^"]+)"', item).group(1) for item in items] == [
        "s1 done", "s2 in_progress", "s3 not_started", "s4 unknown",
    ]  # fmt: skip
    assert [re.search(r"<strong>(.*?)</strong>", item).group(1) for item in items] == [
        f"{stage['number']}. {stage['name']}" for stage in STAGES
    ]
    assert items[1].endswith("</strong> กำลังทำ กำหนด &lt;31&gt; ธ.ค. 2562 ")


def test_every_hatching_that_the_style_sheet_asks_for_is_defined_once():
    drawn = draw('{% include "parts/_hatches.html" %}')
    assert re.findall(r'id="([\w-]+)"', drawn) == re.findall(r'url\("#([\w-]+)"\)', CSS)
    # Colours come from tokens, so the dark page has its own.
    for name in re.findall(r'<rect class="([\w-]+)"', drawn):
        token = re.search(rf"\.{name} {{ fill: var\(--([\w-]+)\); }}", CSS).group(1)
        assert len(set(PLAIN[token])) == 2


# --- fields, errors, pages -------------------------------------------------------------------------------------------


class Report(forms.Form):
    stage = forms.ChoiceField(label="ขั้น", choices=[("1", "หนึ่ง"), ("2", "สอง")], widget=forms.RadioSelect)
    done_on = forms.CharField(label="วันที่ทำเสร็จ", help_text="เช่น 28/2/2562")
    note = forms.CharField(label="หมายเหตุ", required=False)
    agree = forms.BooleanField(label="ยืนยัน", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)


def test_a_wrong_field_says_so_beside_what_was_typed():
    class Dated(Report):
        def clean_done_on(self):
            raise forms.ValidationError("กุมภาพันธ์ 2562 มี <28> วัน")

    drawn = draw("{{ form.done_on.as_field_group }}", form=Dated({"done_on": "31/2/2562"}))
    assert drawn.startswith('<div class="field wrong">')
    assert 'value="31/2/2562"' in drawn and 'aria-invalid="true"' in drawn
    assert 'aria-describedby="id_done_on_helptext id_done_on_error"' in drawn
    assert 'id="id_done_on_helptext">เช่น 28/2/2562</div>' in drawn
    assert '<div class="error" id="id_done_on_error"> <p>กุมภาพันธ์ 2562 มี &lt;28&gt; วัน</p> </div>' in drawn


def test_only_a_field_that_may_stay_empty_is_called_optional():
    form = Report()
    called = {name: "optional" in draw("{{ field.as_field_group }}", field=form[name]) for name in form.fields}
    assert called == {"stage": False, "done_on": False, "note": True, "agree": False, "version": False}


def test_radio_buttons_stand_in_a_fieldset_with_a_legend_and_a_tick_box_in_its_label():
    form = Report()
    radios = draw("{{ form.stage.as_field_group }}", form=form)
    assert "<fieldset > <legend> ขั้น </legend>" in radios and radios.count('type="radio"') == 2
    assert '<div class="field tick"> <label for="id_agree"><input type="checkbox"' in draw(
        "{{ form.agree.as_field_group }}", form=form
    )


def test_the_summary_of_errors_links_to_each_field_and_tells_of_hidden_ones():
    form = Report({"done_on": ""})
    form.add_error(None, "ส่งไม่ได้ในตอนนี้")
    drawn = draw('{% include "parts/_errors.html" %}', form=form)
    assert 'role="alert"' in drawn
    assert re.findall(r'href="([^"]+)"', drawn) == ["#id_stage_0", "#id_done_on"]
    assert drawn.count("<li>") == 4
    fields = draw("{% for field in form %}{{ field }}{% endfor %}", form=form)
    assert all(f'id="{target}"' in fields for target in ("id_stage_0", "id_done_on"))


def test_a_form_without_errors_has_no_summary():
    assert draw('{% include "parts/_errors.html" %}', form=Report()) == ""


def pages(number: int, items: int = 400, query: str = "") -> list[QueryDict]:
    """The links that pagination draws, as their queries."""
    page = Paginator(range(items), 20).page(number)
    drawn = draw('{% include "parts/_pages.html" %}', RequestFactory().get(f"/projects/?{query}"), page_obj=page)
    return [QueryDict(link.removeprefix("?").replace("&amp;", "&")) for link in re.findall(r'href="([^"]*)"', drawn)]


def test_pages_keep_what_was_asked_and_change_the_page_only():
    links = pages(7, query="q=น้ำ&field=1&field=2&page=7")
    assert [link["page"] for link in links] == ["6", "1", "6", "7", "8", "20", "8"]
    assert {(link["q"], *link.getlist("field")) for link in links} == {("น้ำ", "1", "2")}


def test_the_first_and_the_last_page_have_no_way_beyond():
    assert [link["page"] for link in pages(1)] == ["1", "2", "20", "2"]
    assert [link["page"] for link in pages(20)] == ["19", "1", "19", "20"]


def test_one_page_needs_no_pagination():
    assert pages(1, items=20) == []


def test_a_box_of_a_facet_says_what_it_would_leave_and_shows_what_was_typed_as_text():
    choices = [
        SimpleNamespace(key="a&b", label="<ก>", count=0, chosen=True),
        SimpleNamespace(key="2", label="ข", count=1200, chosen=False),
    ]
    drawn = draw("{% facet_choices 'field' choices %}", choices=choices)
    boxes = re.findall(r"<label[^>]*>|<input[^>]*>|(?<=<span>)[^<]+|(?<=quiet\">)\d+(?=</span>)", drawn)
    assert boxes == [
        '<label class="quiet">', '<input type="checkbox" name="field" value="a&amp;b" checked>', "&lt;ก&gt;", "0",
        "<label>", '<input type="checkbox" name="field" value="2">', "ข", "1200",
    ]  # fmt: skip
