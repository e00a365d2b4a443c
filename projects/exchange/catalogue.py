"""The open data as other catalogues read it: DCAT-AP 3 and schema.org as JSON-LD, and what CKAN and GD Catalog take.

Names and choices of the last are those of the Thai government data catalogue (metadata of the Digital Government
Development Agency, มสพร. 1-2563, as its extension of CKAN has them), so their values are Thai in any language.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from projects.exchange import enclosed
from projects.exchange.kept import KINDS, Counted, File, Made
from projects.exchange.tables import TABLES

Data = dict[str, Any]
EU = "http://publications.europa.eu/resource/authority"
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "spdx": "http://spdx.org/rdf/terms#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcatap": "http://data.europa.eu/r5r/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
FILE_TYPES = {"csv": "CSV", "json": "JSON", "xlsx": "XLSX", "zip": "ZIP"}
KEYWORDS = {
    "th": ["นวัตกรรมภาครัฐ", "ห้องปฏิบัติการนวัตกรรมภาครัฐ", "บริการภาครัฐ", "การคิดเชิงออกแบบ", "การพัฒนาระบบราชการ"],
    "en": ["public sector innovation", "government innovation lab", "public services", "design thinking", "GovLab"],
}
ALL_AS_ONE = _("All tables, the dictionary, the licence and checksums in one file")
DICTIONARY = _("Dictionary of all columns")


# --- files as they are handed out ------------------------------------------------------------------------------------
def file_url(home: str, name: str) -> str:
    """Where a file is downloaded: `projects.th.xlsx` under the Thai address of `projects.xlsx`."""
    base, _dot, ending = name.rpartition(".")
    stem, _dot, language = base.partition(".")
    with override(language or "th"):
        return home + reverse("public:data-file", args=[stem, ending])


def download_name(name: str) -> str:
    """The name that a file is saved under: `govlab-projects-en.xlsx`; "" for what is not handed out."""
    base, _dot, ending = name.rpartition(".")
    if ending not in KINDS:
        return ""
    stem, _dot, language = base.partition(".")
    return f"{stem if stem == 'govlab' else f'govlab-{stem}'}{'-en' if language == 'en' else ''}.{ending}"


def files_of(made: Made, stem: str) -> dict[str, File]:
    """The files of a table that are handed out, by name."""
    return {name: file for name, file in made.files.items() if name.split(".")[0] == stem and download_name(name)}


# --- DCAT-AP ---------------------------------------------------------------------------------------------------------
def dcat(made: Made, home: str) -> Data:
    """The catalogue with a dataset for each table, in DCAT-AP 3 as JSON-LD."""
    page = home + _page("th")
    whole, *tables = [_dataset(made, home, name) for name in ("govlab", *made.tables)]
    catalogue = {
        "@id": f"{page}#catalogue",
        "@type": "dcat:Catalog",
        "dct:title": _both(enclosed.TITLE),
        "dct:description": _both(enclosed.ABOUT),
        "dct:publisher": _owner(home),
        "dct:issued": _moment(made.since),
        "dct:modified": _moment(made.changed),
        "dct:language": [{"@id": f"{EU}/language/THA"}, {"@id": f"{EU}/language/ENG"}],
        "dct:spatial": {"@id": f"{EU}/country/THA", "@type": "dct:Location"},
        "dct:license": {"@id": enclosed.LICENCE_URL, "@type": "dct:LicenseDocument"},
        "dcat:themeTaxonomy": {"@id": f"{EU}/data-theme", "@type": "skos:ConceptScheme"},
        "foaf:homepage": {"@id": page, "@type": "foaf:Document"},
        "dcat:dataset": [whole, *tables],
        "dcat:service": _service(home, [each["@id"] for each in (whole, *tables)]),
    }
    return {"@context": CONTEXT, **catalogue}


def _dataset(made: Made, home: str, name: str) -> Data:
    """One table, or all of it together."""
    page, table = home + _page("th"), TABLES.get(name)
    own = f"{page}{name}/" if table else page
    title, about = (table.label, table.about) if table else (enclosed.TITLE, enclosed.ABOUT)
    source, names = table.comes_from if table else enclosed.COMES_FROM, list(files_of(made, name))
    data: Data = {
        "@id": f"{own}#dataset",
        "@type": "dcat:Dataset",
        "dct:identifier": f"{own}#dataset",
        "dct:title": _both(title),
        "dct:description": _both(about),
        "dct:publisher": {"@id": f"{home}/#opdc"},
        "dct:issued": _moment(made.since),
        "dct:modified": _moment(max(made.files[each].changed for each in names)),
        "dct:accrualPeriodicity": {"@id": f"{EU}/frequency/DAILY", "@type": "dct:Frequency"},
        "dct:language": [{"@id": f"{EU}/language/THA"}, {"@id": f"{EU}/language/ENG"}],
        "dct:spatial": {"@id": f"{EU}/country/THA", "@type": "dct:Location"},
        "dct:accessRights": {"@id": f"{EU}/access-right/PUBLIC", "@type": "dct:RightsStatement"},
        "dct:provenance": {"@type": "dct:ProvenanceStatement", "skos:prefLabel": _both(source)},
        "dcat:theme": {"@id": f"{EU}/data-theme/GOVE", "@type": "skos:Concept"},
        "dcat:keyword": [
            {"@value": word, "@language": language} for language, words in KEYWORDS.items() for word in words
        ],
        "dcat:landingPage": {"@id": own, "@type": "foaf:Document"},
        "dcat:distribution": [_distribution(home, own, each, made.files[each]) for each in names],
    }
    if settings.CONTACT_EMAIL:
        data["dcat:contactPoint"] = {
            "@type": "vcard:Organization",
            "vcard:fn": _both(enclosed.OWNER),
            "vcard:hasEmail": {"@id": f"mailto:{settings.CONTACT_EMAIL}"},
        }
    return data


def _distribution(home: str, page: str, name: str, file: File) -> Data:
    ending = name.rpartition(".")[2]
    return {
        "@id": f"{page}#{name}",
        "@type": "dcat:Distribution",
        "dct:title": download_name(name),
        "dcat:accessURL": {"@id": page},
        "dcat:downloadURL": {"@id": file_url(home, name)},
        "dct:format": {"@id": f"{EU}/file-type/{FILE_TYPES[ending]}", "@type": "dct:MediaTypeOrExtent"},
        "dcat:mediaType": {
            "@id": f"https://www.iana.org/assignments/media-types/{KINDS[ending].split(';')[0]}",
            "@type": "dct:MediaType",
        },
        "dcat:byteSize": {"@value": str(file.size), "@type": "xsd:nonNegativeInteger"},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"},
            "spdx:checksumValue": {"@value": file.sha256, "@type": "xsd:hexBinary"},
        },
        "dct:license": {"@id": f"{EU}/licence/CC_BY_4_0", "@type": "dct:LicenseDocument"},
        "dct:modified": _moment(file.changed),
        "dcatap:availability": {"@id": f"{EU}/planned-availability/STABLE", "@type": "skos:Concept"},
    }


def _service(home: str, datasets: list[str]) -> Data:
    return {
        "@id": f"{home}/api/v1/#service",
        "@type": "dcat:DataService",
        "dct:title": _both(_("API for developers")),
        "dct:publisher": {"@id": f"{home}/#opdc"},
        "dcat:endpointURL": {"@id": f"{home}/api/v1/"},
        "dcat:endpointDescription": {"@id": home + reverse("api-schema")},
        "dcat:servesDataset": [{"@id": each} for each in datasets],
    }


def _owner(home: str) -> Data:
    kind = {"@id": "http://purl.org/adms/publishertype/NationalAuthority", "@type": "skos:Concept"}
    return {"@id": f"{home}/#opdc", "@type": "foaf:Agent", "foaf:name": _both(enclosed.OWNER), "dct:type": kind}


def _page(language: str) -> str:
    with override(language):
        return reverse("public:data")


def _both(text: Any) -> list[Data]:
    told = []
    for language in ("th", "en"):
        with override(language):
            told.append({"@value": str(text), "@language": language})
    return told


def _moment(value: datetime) -> Data:
    told = timezone.localtime(value).isoformat(timespec="seconds")
    return {"@value": told, "@type": "xsd:dateTime"}


# --- CKAN and GD Catalog ---------------------------------------------------------------------------------------------
def ckan(made: Made, home: str) -> Data:
    """What `package_create` of CKAN takes, with the fields that the Thai government data catalogue asks for."""
    with override("th"):
        return {
            "name": "govlab-open-data",
            "type": "dataset",
            "private": False,
            "title": str(enclosed.TITLE),
            "notes": str(enclosed.ABOUT),
            "owner_org": "opdc",
            "maintainer": str(enclosed.OWNER),
            "maintainer_email": settings.CONTACT_EMAIL,
            "url": home + _page("th"),
            "version": made.files["govlab.zip"].sha256[:12],
            "tags": [{"name": word} for words in KEYWORDS.values() for word in words],
            "tag_string": ",".join(word for words in KEYWORDS.values() for word in words),
            "data_type": "ข้อมูลหลากหลายประเภท",
            "objective": ["เพื่อการให้บริการประชาชน", "พันธกิจหน่วยงาน"],
            "update_frequency_unit": "วัน",
            "update_frequency_interval": "1",
            "geo_coverage": "ประเทศ",
            "data_source": str(enclosed.COMES_FROM),
            "data_format": ["CSV", "JSON", "อื่นๆ"],
            "data_format_other": "XLSX, ZIP",
            "data_category": "ข้อมูลสาธารณะ",
            "data_class_level": "เปิดเผย",
            "license_id": "Creative Commons Attributions",
            "license_title": enclosed.LICENCE,
            "license_url": enclosed.LICENCE_URL,
            "accessible_condition": " ".join(map(str, (enclosed.LICENCE_TELLS, *enclosed.LIMITS))),
            "data_support": "หน่วยงานของรัฐ",
            "data_collect": "อื่นๆ",
            "data_collect_other": "โครงการ",
            "data_language": ["ไทย", "อังกฤษ"],
            "created_date": _day(made.since),
            "last_updated_date": _day(made.changed),
            "high_value_dataset": "False",
            "reference_data": "False",
            "allow_harvest": "True",
            "resources": [
                _resource(made, home, name, file) for name, file in made.files.items() if download_name(name)
            ],
        }


def _resource(made: Made, home: str, name: str, file: File) -> Data:
    stem, ending = name.split(".", maxsplit=1)[0], name.rpartition(".")[2]
    table = TABLES.get(stem)
    about = table.about if table else DICTIONARY if stem == "dictionary" else ALL_AS_ONE
    label = table.label if table else about
    counted = made.tables.get(stem, Counted(0, 0))
    return {
        "name": f"{label} ({download_name(name)})",
        "description": str(about),
        "url": file_url(home, name),
        "format": FILE_TYPES[ending],
        "mimetype": KINDS[ending].split(";")[0],
        "size": file.size,
        "hash": f"sha256:{file.sha256}",
        "resource_created_date": _day(made.since),
        "resource_last_updated_date": _day(file.changed),
        **({"rows": counted.rows} if table else {}),
    }


def _day(value: datetime) -> str:
    return timezone.localdate(value).isoformat()


# --- schema.org ------------------------------------------------------------------------------------------------------
def dataset(made: Made, home: str, address: str, name: str = "") -> Data:
    """The open data, or one table of it, as schema.org has it, in the active language."""
    table = TABLES.get(name)
    names = list(files_of(made, name)) if table else ["govlab.zip"]
    data: Data = {
        "@type": "Dataset",
        "@id": f"{address}#dataset",
        "name": str(table.label if table else enclosed.TITLE),
        "description": f"{table.about if table else enclosed.ABOUT} {table.comes_from if table else ''}".strip(),
        "url": address,
        "license": enclosed.LICENCE_URL,
        "isAccessibleForFree": True,
        "creator": {"@id": f"{home}/#opdc"},
        "publisher": {"@id": f"{home}/#opdc"},
        "inLanguage": ["th", "en"],
        "spatialCoverage": "Thailand",
        "keywords": [word for words in KEYWORDS.values() for word in words],
        "dateModified": timezone.localtime(max(made.files[each].changed for each in names)).isoformat("T", "seconds"),
        "distribution": [
            {
                "@type": "DataDownload",
                "name": download_name(each),
                "contentUrl": file_url(home, each),
                "encodingFormat": KINDS[each.rpartition(".")[2]].split(";")[0],
                "contentSize": f"{made.files[each].size} B",
                "sha256": made.files[each].sha256,
            }
            for each in names
        ],
    }
    if table:
        data["variableMeasured"] = [
            {"@type": "PropertyValue", "name": column.name, "description": str(column.label)}
            for column in table.columns
        ]
    return data
