"""Thai and English texts by a grammar, for measuring: like those that agencies write, and each another one."""

import random
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import override

from projects.models.provinces import PROVINCES


class Said(NamedTuple):
    """The same in Thai and in English."""

    th: str
    en: str


def _pairs(text: str) -> list[Said]:
    return [Said(*map(str.strip, line.split("|"))) for line in text.strip().splitlines()]


DO = _pairs("""
การพัฒนา|Developing
การยกระดับ|Raising the level of
การปรับปรุง|Improving
การออกแบบ|Designing
การเพิ่มประสิทธิภาพ|Making more efficient
การลดขั้นตอน|Fewer steps in
การบูรณาการ|Integrating
การเชื่อมโยง|Linking up
การสร้างต้นแบบ|A prototype for
การทดลอง|Trying out
การขยายผล|Scaling up
การเปิดเผย|Opening up
การอำนวยความสะดวกใน|Making easier
การลดระยะเวลา|Shortening
การติดตาม|Following up
การประเมินผล|Evaluating
การถ่ายโอน|Handing over
การปฏิรูป|Reforming
การสื่อสาร|Communicating
การจัดตั้ง|Setting up
การทบทวน|Reviewing
การวางแผน|Planning
การคุ้มครอง|Protecting
การส่งเสริม|Promoting
""")
THING = _pairs("""
การขอใบอนุญาตก่อสร้าง|building permits
การจองคิวตรวจรักษา|booking of treatment
การรับเรื่องขยะตกค้าง|reports of uncollected waste
การแจ้งเตือนน้ำท่วม|flood warnings
การจ่ายเบี้ยยังชีพ|payment of allowances
การจดทะเบียนพาณิชย์|commercial registration
การต่อใบขับขี่|renewal of driving licences
การออกเอกสารสิทธิที่ดิน|issue of land titles
การชำระภาษีท้องถิ่น|payment of local tax
การดูแลระยะยาวที่บ้าน|long-term care at home
การส่งต่อฉุกเฉิน|emergency referral
การตรวจสอบคุณภาพอากาศ|air quality checks
การจัดการไฟป่าและหมอกควัน|forest fires and haze
การประมงชายฝั่ง|coastal fisheries
การปลูกข้าวอินทรีย์|organic rice growing
การซื้อขายผลไม้ออนไลน์|online fruit sales
การแนะแนวอาชีพ|career guidance
การอ่านหนังสือในห้องสมุด|reading in libraries
การฝึกทักษะช่างฝีมือ|training of craftspeople
การยืมอุปกรณ์การแพทย์|lending of medical equipment
การป้องกันยาเสพติด|drug prevention
การไกล่เกลี่ยข้อพิพาท|mediation of disputes
การขอรับความช่วยเหลือทางกฎหมาย|legal aid
การประปาหมู่บ้าน|village waterworks
การซ่อมถนนชำรุด|repair of damaged roads
การเดินรถโดยสารประจำทาง|bus services
การจอดรถในเมืองเก่า|parking in old towns
การรักษาความปลอดภัยชายหาด|safety on beaches
การขึ้นทะเบียนเกษตรแปลงใหญ่|registration of large farm plots
การเลี้ยงโคเนื้อ|cattle raising
การเฝ้าระวังโรคพิษสุนัขบ้า|rabies watch
การฉีดวัคซีน|vaccination
การคัดกรองมะเร็ง|cancer screening
การให้คำปรึกษาสุขภาพจิต|mental health counselling
การเลิกบุหรี่|giving up smoking
การจัดซื้อจัดจ้าง|procurement
การขอข้อมูลข่าวสาร|requests for information
การรับฟังความคิดเห็นก่อนออกกฎหมาย|consultation before laws are made
การเลือกตั้งสภาเด็ก|youth council elections
การจัดการภัยแล้ง|drought management
การฟื้นฟูป่าชายเลน|mangrove restoration
การคัดแยกของเสียอันตราย|sorting of hazardous waste
การใช้พลังงานแสงอาทิตย์|solar power
การอนุรักษ์โบราณสถาน|care of ancient monuments
การแสดงศิลปะพื้นบ้าน|folk arts
การแข่งขันกีฬาชุมชน|community sports
การนำเข้าส่งออกสินค้า|imports and exports
การขอคืนอากร|refunds of duty
การตรวจโรงงาน|factory inspections
การรับรองมาตรฐานอาหาร|certification of food
การกู้ยืมเพื่อที่อยู่อาศัย|housing loans
การออมของครัวเรือน|household savings
การแก้หนี้นอกระบบ|informal debt
การหางานหลังพ้นโทษ|jobs after prison
การเยี่ยมผู้ต้องขังทางไกล|remote prison visits
การแจ้งเบาะแสทุจริต|reports of corruption
การอบรมข้าราชการใหม่|training of new officials
การประเมินบุคลากร|staff appraisal
การทำงานทางไกล|remote work
การเบิกจ่ายงบอุดหนุน|payment of grants
""")
FOR = _pairs("""
ผู้สูงอายุที่อยู่ลำพัง|older people living alone
คนพิการทางการเห็น|blind people
แม่เลี้ยงเดี่ยว|single mothers
เด็กปฐมวัย|small children
เยาวชนนอกระบบ|young people out of school
เกษตรกรรายย่อย|small farmers
ชาวประมงพื้นบ้าน|local fishers
ผู้ค้าหาบเร่|street vendors
คนขับรถรับจ้าง|hired drivers
ผู้ประกอบการรายใหม่|new entrepreneurs
ชนเผ่าบนพื้นที่สูง|hill peoples
ผู้ป่วยติดเตียง|bedridden patients
หญิงตั้งครรภ์|pregnant women
นักศึกษาอาชีวะ|vocational students
ครูโรงเรียนขนาดเล็ก|teachers of small schools
อาสาสมัครสาธารณสุข|health volunteers
ทหารผ่านศึก|veterans
คนไร้บ้าน|homeless people
ผู้เช่าห้องพัก|tenants
นักท่องเที่ยวอิสระ|independent travellers
คนตกงาน|people out of work
ผู้ซื้อบ้านหลังแรก|first-time home buyers
วิสาหกิจชุมชน|community enterprises
แรงงานนอกระบบ|informal workers
""")
WITH = _pairs("""
ด้วยไลน์แชตบอต|by a LINE chatbot
ผ่านตู้บริการอัตโนมัติ|through self-service kiosks
โดยใช้ภาพถ่ายดาวเทียม|with satellite images
ด้วยบัตรใบเดียว|with one card
โดยอาสาสมัครหมู่บ้าน|by village volunteers
ด้วยเซนเซอร์ราคาประหยัด|with low-cost sensors
ผ่านศูนย์บริการร่วม|through joint service centres
ด้วยปัญญาประดิษฐ์|with artificial intelligence
โดยรถเคลื่อนที่|by mobile units
ด้วยลายมือชื่ออิเล็กทรอนิกส์|with electronic signatures
ผ่านร้านสะดวกซื้อ|through convenience shops
ด้วยแผนที่กลาง|with a shared map
โดยสภาพลเมือง|by a citizens' assembly
ด้วยคิวอาร์โค้ด|with QR codes
ผ่านสายด่วน|through a hotline
ด้วยข้อมูลเปิด|with open data
ด้วยเกมจำลอง|with a simulation game
โดยมหาวิทยาลัยในพื้นที่|by local universities
""")
BODY = _pairs("""
เทศบาลนคร|City Municipality of
เทศบาลเมือง|Town Municipality of
องค์การบริหารส่วนจังหวัด|Provincial Administrative Organisation of
สำนักงานสาธารณสุขจังหวัด|Public Health Office of
สำนักงานพัฒนาชุมชนจังหวัด|Community Development Office of
โรงพยาบาลประจำจังหวัด|Provincial Hospital of
สำนักงานขนส่งจังหวัด|Transport Office of
สำนักงานที่ดินจังหวัด|Land Office of
""")
# The names of the provinces stand in the catalogue; the grammar needs them in Thai whatever the language is.
PLACES_TH = (
    "กรุงเทพมหานคร สมุทรปราการ นนทบุรี ปทุมธานี พระนครศรีอยุธยา อ่างทอง ลพบุรี สิงห์บุรี ชัยนาท สระบุรี ชลบุรี ระยอง จันทบุรี"
    " ตราด ฉะเชิงเทรา ปราจีนบุรี นครนายก สระแก้ว นครราชสีมา บุรีรัมย์ สุรินทร์ ศรีสะเกษ อุบลราชธานี ยโสธร ชัยภูมิ อำนาจเจริญ บึงกาฬ"
    " หนองบัวลำภู ขอนแก่น อุดรธานี เลย หนองคาย มหาสารคาม ร้อยเอ็ด กาฬสินธุ์ สกลนคร นครพนม มุกดาหาร เชียงใหม่ ลำพูน ลำปาง อุตรดิตถ์"
    " แพร่ น่าน พะเยา เชียงราย แม่ฮ่องสอน นครสวรรค์ อุทัยธานี กำแพงเพชร ตาก สุโขทัย พิษณุโลก พิจิตร เพชรบูรณ์ ราชบุรี กาญจนบุรี"
    " สุพรรณบุรี นครปฐม สมุทรสาคร สมุทรสงคราม เพชรบุรี ประจวบคีรีขันธ์ นครศรีธรรมราช กระบี่ พังงา ภูเก็ต สุราษฎร์ธานี ระนอง ชุมพร"
    " สงขลา สตูล ตรัง พัทลุง ปัตตานี ยะลา นราธิวาส"
).split()
VILLAGE = (
    "บ้าน หนอง โนน คลอง ท่า ห้วย ดอน บาง แม่ วัง ปาก ทุ่ง เขา นา โพธิ์ สัก ยาง แก้ว ทอง เงิน ใหญ่ น้อย เหนือ ใต้ กลาง งาม ดี"
    " สูง ลาด ขาม ไผ่ ตาล มะขาม หว้า แดง ดำ ขาว หิน ทราย ลาน ศรี ชัย พล"
).split()
SAID = _pairs("""
จากการสัมภาษณ์พบว่าใช้เวลาเดินทางเฉลี่ย {n} นาที|Interviews showed an average of {n} minutes on the way
ผู้รับบริการ {n} คนจากสามตำบลร่วมทดสอบ|{n} people from three sub-districts took part in the test
ขั้นตอนเดิมมี {n} ขั้นและใช้เอกสารซ้ำกัน|The old way took {n} steps with the same papers again and again
ทีมงานลงพื้นที่ {n} ครั้งและวาดแผนที่การเดินทางของผู้ใช้|The team went out {n} times and drew the users' journey
ต้นแบบกระดาษถูกแก้ไข {n} รอบก่อนทดลองจริง|The paper prototype was changed {n} times before the pilot
ความพึงพอใจเพิ่มขึ้นร้อยละ {n} ในเดือนแรก|Satisfaction rose by {n} per cent in the first month
ยังมีผู้ที่เข้าไม่ถึงอินเทอร์เน็ตราวร้อยละ {n}|About {n} per cent are still without internet
เจ้าหน้าที่ {n} คนผ่านการอบรมการออกแบบบริการ|{n} officials were trained in service design
ประหยัดงบประมาณได้ {n} ล้านบาทต่อปี|It saves {n} million baht a year
ข้อร้องเรียนลดลงเหลือ {n} เรื่องต่อเดือน|Complaints fell to {n} a month
""")
STEP = _pairs("""
ลงพื้นที่สัมภาษณ์|Interviews in the field
ประชุมเชิงปฏิบัติการร่วมออกแบบ|Co-design workshop
ทดสอบต้นแบบรอบแรก|First test of the prototype
สรุปผลการทดลองใช้|Results of the pilot
จัดทำคู่มือการขยายผล|Handbook for scaling up
วิเคราะห์ข้อมูลการใช้งาน|Usage data analysed
""")
with override("en"):
    NAMES_EN = [str(name) for _number, name in PROVINCES]


@dataclass
class Grammar:
    """Texts from a seed: the same seed, the same texts."""

    seed: int = 1

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)  # noqa: S311

    def place(self) -> Said:
        """A village or a town that may be anywhere, and its province."""
        number = self.chance.randrange(len(PLACES_TH))
        village = "".join(self.chance.sample(VILLAGE, self.chance.choice((2, 3))))
        return Said(f"{village} จังหวัด{PLACES_TH[number]}", f"{NAMES_EN[number]} province")

    def title(self) -> Said:
        """A title of a project."""
        pick = self.chance.choice
        do, thing, whom, way, where = pick(DO), pick(THING), pick(FOR), pick(WITH), self.place()
        th, en = f"{do.th}{thing.th}", f"{do.en} {thing.en}"
        form = self.chance.randrange(6)
        if form != 1:
            th, en = f"{th}สำหรับ{whom.th}", f"{en} for {whom.en}"
        if form in (0, 1, 4):
            th, en = f"{th}{way.th}", f"{en} {way.en}"
        if form in (1, 2, 3, 5):
            th, en = f"{th} กรณี{where.th}" if form == 5 else f"{th}ในพื้นที่{where.th}", f"{en} in {where.en}"
        return Said(th, en)

    def text(self, sentences: int) -> Said:
        """Some sentences."""
        found = self.chance.sample(SAID, sentences)
        numbers = [self.chance.randrange(2, 99) for _sentence in found]
        return Said(
            " ".join(said.th.format(n=n) for said, n in zip(found, numbers, strict=True)),
            ". ".join(said.en.format(n=n) for said, n in zip(found, numbers, strict=True)),
        )

    def step(self) -> Said:
        """The headline of an update."""
        step, thing, whom = (self.chance.choice(of) for of in (STEP, THING, FOR))
        return Said(f"{step.th}เรื่อง{thing.th}กับ{whom.th}", f"{step.en} on {thing.en} with {whom.en}")

    def agencies(self) -> list[Said]:
        """Every agency that the grammar knows."""
        return [
            Said(f"{body.th}{place}", f"{body.en} {name}")
            for body in BODY
            for place, name in zip(PLACES_TH, NAMES_EN, strict=True)
        ]
