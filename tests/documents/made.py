"""A document of every block, and texts that would do harm if anything read code in them."""

import datetime as dt

from projects.documents.sheets import (
    Gap,
    Heading,
    PageBreak,
    Paragraph,
    People,
    Person,
    Sheet,
    Sides,
    Signature,
    Table,
)

THAI = (
    "ที่ประชุมพิจารณาแล้วเห็นว่าควรปรับปรุงกระบวนการทำงานของหน่วยงานภาครัฐให้คล่องตัวและยึดประชาชนเป็นศูนย์กลาง "
    "โดยใช้ Regulatory Sandbox ในพื้นที่นำร่อง 3 แห่ง ตามโครงการ GL2562-3 "
)
DAY = dt.date(2021, 11, 23)
TYPED = [
    "=1+1",
    "{{ 7*7 }} {% now %}",
    "<w:p><w:r/></w:p> & </w:t>",
    "]]> &amp; <!-- x -->",
    '#import "x": * #read("/etc/passwd") #sys.inputs',
    "$x^2$ *b* _i_ `c` = h \\u{41} \\n // c /* c */ @ref <label>",
    "MERGEFIELD x HYPERLINK http://a.test",
    "\"quoted\" 'single' -- --- ... ~",
]


def sheet(*blocks: object, digits: str = "arabic", language: str = "th", lines: tuple[str, ...] = ("รายงาน",)) -> Sheet:
    """A document of these blocks."""
    return Sheet("รายงานการประชุม 3/2564", DAY, lines, blocks, language, digits)  # type: ignore[arg-type]


def of_every_block(*, digits: str = "arabic") -> Sheet:
    """A document of several pages with every kind of block in every style."""
    return sheet(
        Gap(20),
        Sides("ที่ นร 1203/ว 12", "สำนักงาน ก.พ.ร.\nถนนพิษณุโลก"),
        Paragraph("23 พฤศจิกายน 2564", "centred"),
        Paragraph("ขอเชิญประชุม", "labelled", "เรื่อง"),
        Heading("ผู้มาประชุม"),
        People(tuple(Person(f"นายสมชาย {n}", "กรรมการ", "แทน นางมาลี" if n else "") for n in range(11))),
        Paragraph("9.30 น.", "body", "เริ่มประชุมเวลา"),
        Heading(THAI, "ระเบียบวาระที่ 1"),
        Heading("ข้อ", "1.1", 2),
        Paragraph(THAI * 3),
        Paragraph("", lead="มติที่ประชุม"),
        Paragraph(THAI, "numbered", "1.1"),
        Heading("ลึก", "1.1.1", 3),
        Table(("เวลา", "รายการ"), tuple((f"{n}.00 น.", THAI) for n in range(20)), (1, 4)),
        Table(("ก",), (("ข",),), (1,)),
        Signature(("(นายสมชาย)", "ผู้อำนวยการ"), "ขอแสดงความนับถือ"),
        PageBreak(),
        Paragraph("ระเบียบวาระการประชุม", "title"),
        digits=digits,
        lines=("รายงานการประชุม", "คณะกรรมการ", "ครั้งที่ 3/2564"),
    )
