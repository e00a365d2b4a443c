"""The web font that is built: small, whole, stacking Thai marks, and found by the style sheet."""

import re
import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.core.management import call_command
from fontTools.ttLib import TTFont
from whitenoise.storage import CompressedManifestStaticFilesStorage as Manifest

from govlab.management.commands import build_font

BASE = Path(settings.BASE_DIR)
CSS = (BASE / "static" / "css" / "portal.css").read_text()


@pytest.fixture(scope="module")
def fonts(tmp_path_factory):
    """The two cuts, made once."""
    return build_font.build(tmp_path_factory.mktemp("font"))


def test_the_style_sheet_names_the_fonts_that_are_built(fonts):
    assert sorted(re.findall(r'url\("\.\./font/([^"]+)"\)', CSS)) == sorted(path.name for path in fonts)


def test_each_font_is_small_and_holds_every_letter_a_page_needs(fonts):
    needed = {ord(letter) for letter in map(chr, range(0x20, 0x7F))} | set(map(ord, "–—‘’“”…•·→←×฿๑๙กฮะๆฯํ์๊"))
    for path in fonts:
        assert path.stat().st_size <= 20 * 1024
        assert needed - set(TTFont(path).getBestCmap()) == set()


def test_each_font_still_stacks_thai_marks_and_keeps_its_licence(fonts):
    for path in fonts:
        font = TTFont(path)
        features = {
            record.FeatureTag for table in ("GSUB", "GPOS") for record in font[table].table.FeatureList.FeatureRecord
        }
        assert {"ccmp", "mark", "mkmk"} <= features
        assert "Open Font License" in font["name"].getDebugName(13) and "Sarabun" in font["name"].getDebugName(0)


def test_digits_are_equally_wide_so_that_columns_of_numbers_line_up(fonts):
    for path in fonts:
        font = TTFont(path)
        letters = font.getBestCmap()
        assert len({font["hmtx"][letters[ord(digit)]][0] for digit in "0123456789"}) == 1


def test_cutting_twice_gives_the_same_bytes(fonts):
    assert [build_font.cut(weight) for weight in build_font.WEIGHTS] == [path.read_bytes() for path in fonts]


def test_an_up_to_date_font_is_left_alone_a_missing_or_broken_one_is_made(fonts, tmp_path):
    for path in fonts:
        shutil.copy(path, tmp_path)
    regular, bold = (tmp_path / path.name for path in fonts)
    assert build_font.build(tmp_path) == []
    regular.write_bytes(b"half a font")
    assert build_font.build(tmp_path) == [regular]
    bold.unlink()
    assert build_font.build(tmp_path) == [bold]
    assert build_font.build(tmp_path, force=True) == [regular, bold]
    assert sorted(tmp_path.iterdir()) == [regular, bold]


def test_a_font_cut_by_another_recipe_is_out_of_date(fonts, monkeypatch):
    monkeypatch.setattr(build_font, "FEATURES", ("ccmp",))
    assert [build_font.is_current(path, weight) for path, weight in zip(fonts, (400, 700), strict=True)] == [False] * 2


def test_the_command_says_what_it_wrote_and_then_nothing(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    said = [StringIO(), StringIO()]
    for out in said:
        call_command("build_font", stdout=out)
    assert [line.split(":")[0] for line in said[0].getvalue().splitlines()] == [
        "sarabun-400.woff2",
        "sarabun-700.woff2",
    ]
    assert said[1].getvalue() == ""


def test_a_manifest_finds_the_fonts_and_leaves_the_hatchings_alone(fonts, tmp_path):
    source = tmp_path / "source"
    shutil.copytree(BASE / "static" / "css", source / "css")
    shutil.copytree(fonts[0].parent, source / "font")
    target = tmp_path / "target"
    shutil.copytree(source, target)
    storage = Manifest(location=target, base_url="/static/")
    files = {str(path.relative_to(source)): (StaticFilesStorage(source), str(path.relative_to(source)))
             for path in source.rglob("*.*")}  # fmt: skip
    assert [error for *_, error in storage.post_process(files) if isinstance(error, Exception)] == []
    hashed = (target / storage.hashed_files["css/portal.css"]).read_text()
    assert len(re.findall(r"\.\./font/sarabun-[47]00\.[0-9a-f]{12}\.woff2", hashed)) == 2
    assert hashed.count('url("#hatch-') == 4
