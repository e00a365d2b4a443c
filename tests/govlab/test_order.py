"""The sort key gives the order of the royal dictionary by plain comparison of code points."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govlab.thai import sort_key

# By hand, in the order of the royal dictionary; digits and Latin come before it.
WORDS = """
1669 2562 5G API café design Future govlab GovLab2 policy zebra
กก กฎ กฎเกณฑ์ กฎหมาย กด กรม กรรม กราบ กล้วย กลุ่ม ก๊วน กสิกรรม ก้อง กะทิ กัก กั้ง กา ก่า ก้า ก๊า ก๋า กาน ก้าน กำ ก่ำ ก้ำ
กิน กี่ กึ่ง กุ้ง กู้ เก เก๋ เกง เก็ง เก่ง เก้ง เก๋ง เกณฑ์ เกษตร เกาะ แก แก่ แก้ว โกง ใกล้ ไก ไก่ ไกล
ขนม ข้าว เขต แขก โขง ไข่ คน คำ จังหวัด จันทร์ เจ้าหน้าที่ ใจ ชุมชน เชียงใหม่ ซ้ำ ญาติ ตลาด ไต่ ถนน ทะเล แทน ธนาคาร
นวัตกรรม น้อง น้อย นำ น้ำ น้ำใจ เนื้อ บริการ บ้าน ประชาชน ปลา ปล่า ปล้า เปิด แปล โปรแกรม ผู้สูงอายุ แผน ฝน พื้นที่ แพทย์
ฟ้า ภาครัฐ มติ มหาวิทยาลัย เมือง แม่ โมง ยา รถ ระบบ รัก รัฐ เรียน แรงงาน โรงเรียน ไร่ ฤกษ์ ฤดู ฤทธิ์ ฤๅษี
ลม ละคร ลำ เล่น แล้ว โลก ไล่ ฦๅชา วัด วัน เวลา ไว้ ศาล ศูนย์ เศรษฐกิจ สถานี สุข เสา โสม ใส ไส
หญิง หนังสือ หมู่บ้าน เหนือ แหวน ให้ ใหม่ ไห้ ไหม อาหาร อำเภอ เอกสาร แอ โอกาส ใอ ไอ ฮา เฮ
"""
IN_ORDER = WORDS.split()


def test_words_come_in_the_order_of_the_royal_dictionary():
    shuffled = random.Random(2562).sample(IN_ORDER, len(IN_ORDER))
    assert sorted(shuffled, key=sort_key) == IN_ORDER


def test_every_word_of_the_list_has_a_key_of_its_own():
    assert len({sort_key(word) for word in IN_ORDER}) == len(IN_ORDER) > 60


def test_code_points_alone_would_give_another_order():
    assert sorted(IN_ORDER) != IN_ORDER


@pytest.mark.parametrize(
    ("lower", "higher"),
    [
        ("กา", "ก่า"),
        ("ก่า", "ก้า"),
        ("ก้า", "ก๊า"),
        ("ก๊า", "ก๋า"),
        ("ก๋า", "กาก"),
        ("นำ", "น้ำ"),
        ("จันท", "จันทร์"),
        ("การ", "การ์"),
        ("การ์", "การ์ด"),
        ("เก็ง", "เก่ง"),
        ("ใก", "ไก"),
        ("เอ", "แอ"),
        ("ฤา", "ฤๅ"),
        ("ร", "ฤ"),
        ("ไร", "ฤ"),
        ("ฤ", "ล"),
        ("ล", "ฦ"),
        ("ฦ", "ว"),
        ("กา่ก", "ก่าก"),
        ("9", "a"),
        ("z", "ก"),
        ("cafe", "café"),
        ("café", "cafeteria"),
    ],
)
def test_the_lower_of_two_comes_first(lower, higher):
    assert sort_key(lower) < sort_key(higher)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("GovLab", "govlab"),
        ("กรม การ", "กรมการ"),
        ("กรม-การ", "กรมการ"),
        ("“กรมการ”", "กรมการ"),
        ("กรุงเทพฯ", "กรุงเทพ"),
        ("ต่าง ๆ", "ต่าง"),
        ("น\u0e4d\u0e49า", "น้ำ"),
        ("เเก้ว", "แก้ว"),
        ("๒๕๖๒", "2562"),
        ("ＧｏｖＬａｂ", "govlab"),
        ("กรม\u200bการ\x00", "กรมการ"),
        ("!?", ""),
        ("", ""),
    ],
)
def test_what_does_not_count_gives_the_same_key(one, other):
    assert sort_key(one) == sort_key(other)


def test_the_key_is_bounded():
    assert len(sort_key("น้ำ" * 2000)) == 255
    assert len(sort_key("น้ำ" * 2000, length=40)) == 40
    assert len(sort_key("่" * 5000)) <= 255


def test_a_bounded_key_keeps_the_order_weakly():
    cut = [sort_key(word, length=3) for word in IN_ORDER]
    assert all(one <= other for one, other in pairwise(cut))


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_any_text_gives_a_key_of_the_basic_plane_that_a_database_takes(text):
    key = sort_key(text)
    assert len(key) <= 255
    assert "\x00" not in key
    assert all(char <= "\uffff" for char in key)
    assert key.encode().decode() == key


@given(st.lists(st.text(alphabet="กขรลาำเแไใ่้์ aZ1", max_size=8), max_size=8))
def test_bytes_order_as_code_points_do(texts):
    keys = [sort_key(text) for text in texts]
    assert sorted(keys) == sorted(keys, key=str.encode)
