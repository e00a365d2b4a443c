"""The headings that people write above their own tables, by the kind of row and the column."""

from collections.abc import Iterable
from dataclasses import replace

from projects.exchange.columns import Column

WRITTEN: dict[str, dict[str, tuple[str, ...]]] = {
    "projects": {
        "code": ("รหัสโครงการ", "เลขที่โครงการ", "project code"),
        "cohort": ("รุ่น", "รุ่นปี พ.ศ.", "ปี", "year"),
        "title_th": ("ชื่อโครงการ", "โครงการ", "ชื่อเรื่อง", "ชื่อโครงการภาษาไทย", "project", "project title"),
        "title_en": ("ชื่อโครงการภาษาอังกฤษ",),
        "field": ("ด้าน", "service field"),
        "owners": ("หน่วยงาน", "ชื่อหน่วยงาน", "หน่วยงานหลัก", "หน่วยงานรับผิดชอบ", "หน่วยงานที่รับผิดชอบ", "agency"),
        "partners": ("หน่วยงานที่เกี่ยวข้อง", "หน่วยงานภาคี"),
    },
    "agencies": {
        "key": ("รหัสหน่วยงาน", "agency code"),
        "name_th": ("ชื่อหน่วยงาน", "หน่วยงาน", "ชื่อหน่วยงานภาษาไทย", "agency", "name"),
        "name_en": ("ชื่อหน่วยงานภาษาอังกฤษ",),
        "short_th": ("ชื่อย่อ", "อักษรย่อ", "ตัวย่อ"),
        "kind": ("ประเภทหน่วยงาน",),
        "parent": ("กระทรวง", "ต้นสังกัด", "หน่วยงานต้นสังกัด"),
    },
    "indicators": {
        "project": ("รหัสโครงการ", "project code"),
        "name_th": ("ชื่อตัวชี้วัด", "ตัวชี้วัด", "ชื่อตัวชี้วัดภาษาไทย", "indicator"),
        "name_en": ("ชื่อตัวชี้วัดภาษาอังกฤษ",),
        "unit_th": ("หน่วยนับ", "หน่วย", "unit"),
        "target": ("ค่าเป้าหมาย",),
    },
    "readings": {
        "project": ("รหัสโครงการ", "project code"),
        "indicator": ("ชื่อตัวชี้วัด",),
        "happened_on": ("วันที่", "date"),
        "value": ("ผล", "ค่าที่วัดได้", "ผลการวัด"),
    },
    "innovations": {
        "title_th": ("ชื่อนวัตกรรม", "นวัตกรรม", "ชื่อเรื่อง", "innovation", "title"),
        "title_en": ("ชื่อนวัตกรรมภาษาอังกฤษ",),
        "about_th": ("รายละเอียด", "description"),
        "agency": ("ชื่อหน่วยงาน", "เจ้าของนวัตกรรม"),
        "project": ("รหัสโครงการ", "project code"),
    },
    "resolutions": {
        "meeting": ("ชื่อการประชุม", "ครั้งที่ประชุม"),
        "item": ("วาระ", "วาระที่", "agenda item"),
        "number": ("มติที่", "ลำดับมติ", "number of the resolution"),
        "text_th": ("ข้อความมติ", "มติที่ประชุม"),
        "agencies": ("หน่วยงานที่รับผิดชอบ", "หน่วยงานรับผิดชอบ", "ชื่อหน่วยงาน"),
        "due_on": ("กำหนดส่ง", "กำหนดเสร็จ", "วันครบกำหนด", "ครบกำหนด", "due"),
    },
}
"""The headings that people write above each column of their own tables, and those of lists that left the portal."""


def as_written(table: str, columns: Iterable[Column]) -> tuple[Column, ...]:
    """The columns with what else people write above them."""
    return tuple(replace(each, aliases=WRITTEN[table].get(each.name, ())) for each in columns)
