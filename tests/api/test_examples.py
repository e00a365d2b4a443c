"""Every body of the API's description has an example that is as described, and what is sent so is taken."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator, FormatChecker

from agencies.api.columns import SeenSeveral
from agencies.api.examples import Composer, Words, mend
from agencies.api.records import SeenField
from agencies.models import Agency
from projects.api import updates
from projects.api.docs import description
from projects.exchange import facts
from projects.models import Project
from projects.rules import projects
from tests import factories, standing
from tests.api.walking import HERE, PLACE, real_keys
from tests.world import make_world

FORMATS = FormatChecker()
FORMATS.checks("uri")(lambda value: not isinstance(value, str) or value.startswith(("http://", "https://")))
FORMATS.checks("date-time", ValueError)(lambda value: not isinstance(value, str) or is_aware(parse_datetime(value)))


@pytest.fixture(params=["th", "en"])
def said(request: pytest.FixtureRequest) -> dict[str, Any]:
    return description(request.param)


def wrong(said: dict[str, Any], schema: dict[str, Any], value: Any) -> list[str]:
    """What is not as the schema has it."""
    found = Draft202012Validator({**schema, "components": said["components"]}, format_checker=FORMATS)
    return [f"{'.'.join(map(str, each.absolute_path))}: {each.message}" for each in found.iter_errors(value)]


def bodies(said: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Each body of each operation: where it stands, its status ("" for what is sent), what is said of it."""
    for path, verbs in said["paths"].items():
        for verb, operation in verbs.items():
            sent = operation.get("requestBody", {"content": {}})
            for status, body in (("", sent), *operation["responses"].items()):
                for kind, media in body.get("content", {}).items():
                    yield f"{verb} {path} {status} {kind}", status, media


def shown(said: dict[str, Any], media: dict[str, Any]) -> list[Any]:
    """The examples of a body."""
    names = [each["$ref"].rpartition("/")[2] for each in media.get("examples", {}).values()]
    return [said["components"]["examples"][name]["value"] for name in names]


# --- there is one, and it is as described ----------------------------------------------------------------------------
def test_every_body_has_an_example(said: dict[str, Any]) -> None:
    assert [where for where, _status, media in bodies(said) if not shown(said, media)] == []


def test_every_example_is_as_its_schema_says(said: dict[str, Any]) -> None:
    found = {
        (media["examples"]["example"]["$ref"], one)
        for _where, _status, media in bodies(said)
        for value in shown(said, media)
        for one in wrong(said, media["schema"], value)
    }
    assert found == set()


def test_a_refusal_shows_its_own_status(said: dict[str, Any]) -> None:
    refused = [(status, shown(said, media)) for _where, status, media in bodies(said) if status[:1] == "4"]
    assert {status for status, _values in refused} >= {"400", "401", "403", "404", "412", "422", "428", "429"}
    assert [(status, values) for status, values in refused if int(status) != values[0]["status"]] == []
    assert all(("errors" in values[0]) == (status == "400") for status, values in refused)


def test_refusals_are_told_in_the_language_of_the_description() -> None:
    titles = [description(language)["components"]["examples"]["Problem401"]["value"]["title"] for language in LANGUAGES]
    assert titles == ["ต้องใช้โทเคน", "A token is needed"]


LANGUAGES = ("th", "en")


def test_every_parameter_that_must_be_sent_has_an_example_and_no_other_is_sent_by_itself(said: dict[str, Any]) -> None:
    asked = [
        (verb, path, each)
        for path, verbs in said["paths"].items()
        for verb, operation in verbs.items()
        for each in operation.get("parameters", ())
    ]
    unlike = [
        (verb, path, each["name"]) for verb, path, each in asked if each.get("required", False) != ("example" in each)
    ]
    assert unlike == []
    values = [
        (each, [each["example"]] if "example" in each else each["schema"].get("examples", ())) for *_, each in asked
    ]
    assert [one for each, found in values for value in found for one in wrong(said, each["schema"], value)] == []
    names = {each["name"] for each, found in values if found}
    assert names >= {
        "fields",
        "include",
        "order",
        "q",
        "updated_since",
        "If-Match",
        "Idempotency-Key",
        "project",
        "page",
    }


def test_an_address_names_the_record_that_is_shown(said: dict[str, Any]) -> None:
    for path, name in (("projects/{code}/hide/", "code"), ("updates/{id}/comments/", "id"), ("papers/{id}/", "id")):
        above = f"{HERE}{path[: path.index('}') + 1]}/"
        read = said["paths"][above]["get"]
        [record] = shown(said, read["responses"]["200"]["content"]["application/json"])
        for operation in said["paths"][f"{HERE}{path}"].values():
            assert [each["example"] for each in operation["parameters"] if each["name"] == name] == [record[name]]


def test_a_record_reads_as_after_its_verb(said: dict[str, Any]) -> None:
    states = {
        path: shown(said, said["paths"][f"{HERE}{path}"]["post"]["responses"][status]["content"]["application/json"])[0]
        for path, status in (("projects/", "201"), ("projects/{code}/hide/", "200"), ("updates/{id}/approve/", "200"))
    }
    assert [each["state"] for each in states.values()] == ["draft", "hidden", "approved"]
    assert [each["version"] for each in states.values()] == [1, 4, 4]


def test_the_facts_are_in_the_examples(said: dict[str, Any]) -> None:
    project = said["components"]["examples"]["Project"]["value"]
    names = (project["code"], project["title_th"], project["field"]["key"], project["cohort"])
    assert names == ("GL2562-3", "การรายงานตัวของแรงงานต่างด้าว (90 วัน)", "immigration", 2562)


@dataclass
class Asks:
    """A request of which only the person counts."""

    user: Any


# --- what is sent as shown is taken ----------------------------------------------------------------------------------
def test_every_request_as_shown_is_read(monkeypatch: pytest.MonkeyPatch, staff: Any) -> None:
    """By the serializers themselves; which records there are is another question."""
    monkeypatch.setattr(SeenField, "to_internal_value", lambda field, data: data)
    monkeypatch.setattr(SeenSeveral, "to_internal_value", lambda field, data: data)
    monkeypatch.setattr(updates, "by_indicator", lambda rows, person: rows)
    monkeypatch.setattr(Agency.objects, "filter", lambda **asked: [Agency(key=key) for key in asked["key__in"]])
    generator = SchemaGenerator()
    made = generator.get_schema(request=None, public=True)
    readers = {name: component.object for (name, _kind), component in generator.registry._components.items()}
    found = []
    for where, status, media in bodies(made):
        if status or "form" in where:
            continue
        [value] = shown(made, media)
        many = "items" in media["schema"]
        name = (media["schema"]["items"] if many else media["schema"])["$ref"].rpartition("/")[2]
        reader = readers[name] if isinstance(readers[name], type) else type(readers[name])
        sent = reader(data=value, many=many, partial=name.startswith("Patched"), context={"request": Asks(staff)})
        if not sent.is_valid():
            found.append((where, sent.errors))
    assert found == []


ADDED = "agencies cohorts innovations meetings projects series sources synonyms"
"""Lists to which an example is added as it stands, on the facts alone."""


@pytest.fixture
def with_facts(db: None) -> None:
    standing.once(facts.load)


def test_what_is_shown_is_really_added_to_the_facts(with_facts: Any, call: Any, staff: Any) -> None:
    said = description("th")
    for name in ADDED.split():
        operation = said["paths"][f"{HERE}{name}/"]["post"]
        [sent] = shown(said, operation["requestBody"]["content"]["application/json"])
        answer = call(staff).post(f"{HERE}{name}/", sent, format="json")
        assert answer.status_code == 201, (name, answer.json())
        answered = operation["responses"]["201"]["content"]["application/json"]
        [told] = shown(said, answered)
        kept = {each: value for each, value in sent.items() if not isinstance(told.get(each, []), list | dict)}
        assert {each: answer.json()[each] for each in kept} == kept, name
        assert wrong(said, answered["schema"], answer.json()) == [], name


def test_the_report_that_is_shown_is_really_taken(with_facts: Any, call: Any, staff: Any) -> None:
    said = description("th")
    project, agency = Project.objects.get(code="GL2562-3"), Agency.objects.get(key="anamai")
    projects.add_part(project, by=staff, agency=agency, part="owner")
    person = factories.make_member(agency, name="ผู้รายงาน")
    indicator = factories.make_indicator(staff, project)
    [sent] = shown(said, said["paths"][f"{HERE}updates/"]["post"]["requestBody"]["content"]["application/json"])
    readings = [{**each, "indicator": indicator.pk} for each in sent["readings"]]
    answer = call(person).post(f"{HERE}updates/", {**sent, "readings": readings}, format="json")
    assert answer.status_code == 201, answer.json()
    assert answer.json()["happened_on"] == str(date(2019, 11, 20))
    assert [each["value"] for each in answer.json()["readings"]] == ["48"]


# --- what is promised of an answer -----------------------------------------------------------------------------------
def promised(schema: dict[str, Any]) -> dict[str, Any]:
    """What is described without `fields`: of two descriptions of a record the first, the whole one."""
    return schema["anyOf"][0] if "anyOf" in schema else schema


def test_without_fields_everybody_is_told_all_that_is_required(
    staff: Any, agency: Any, reporter: Any, stranger: Any, call: Any
) -> None:
    make_world(staff, agency, reporter)
    said = description("th")
    paths = {path: verbs["get"] for path, verbs in said["paths"].items() if "get" in verbs}
    keys, people = real_keys(call(staff), paths), [call(staff), call(reporter), call(stranger), call()]
    found, looked = [], 0
    for path, operation in paths.items():
        content = operation["responses"]["200"]["content"]
        if "application/json" not in content:  # a file
            continue
        schema = content["application/json"]["schema"]
        page = said["components"]["schemas"].get(schema.get("$ref", "").rpartition("/")[2], {}).get("properties", {})
        row = promised(page["results"]["items"]) if "results" in page else None
        for words in keys.get(path.partition("{")[0], []) if "{" in path else [{}]:
            answers = [person.get(PLACE.sub(lambda word: words.get(word[1], "2"), path)) for person in people]
            for told in [answer.json() for answer in answers if answer.status_code == 200]:
                rows = told["results"] if row else [told]
                looked += len(rows)
                found += [(path, one) for each in rows for one in wrong(said, row or promised(schema), each)]
    assert found == []
    assert looked > 200


def test_with_fields_nothing_but_them_is_promised(project: Any, call: Any) -> None:
    said = description("th")
    schema = said["paths"][f"{HERE}projects/{{code}}/"]["get"]["responses"]["200"]["content"]["application/json"][
        "schema"
    ]
    some = call().get(f"{HERE}projects/{project.code}/?fields=code,title_th").json()
    assert (wrong(said, schema, some), bool(wrong(said, promised(schema), some))) == ([], True)
    assert [each["$ref"].rpartition("/")[2] for each in schema["anyOf"]] == ["Project", "SparseProject"]


@pytest.mark.parametrize(
    ("name", "left_out"),
    [("Project", {"version", "included"}), ("Rating", {"reason", "created_at", "version", "included"})],
)
def test_all_is_required_but_what_only_insiders_read(name: str, left_out: set[str]) -> None:
    told = description("th")["components"]["schemas"][name]
    assert {*told["properties"]} - {*told["required"]} == left_out


# --- how one is put together -----------------------------------------------------------------------------------------
WORDS = Words(
    fields={"agency": {"key": "opdc", "name_th": "ก.พ.ร."}, "day": "2019-11-20", "title": "ชื่อ"},
    records={"Named": {"title": "ชื่อของตน"}},
    formats={"date": "2019-01-11"},
    sent={"Short": ["day"]},
    answers={},
    parameters={},
)
NAMED = {"properties": {"key": {"type": "string"}, "name_th": {"type": "string"}}}
TEXT: dict[str, Any] = {"type": "string"}


@pytest.mark.parametrize(
    ("schema", "made"),
    [
        ({"properties": {"agency": TEXT}}, {"agency": "opdc"}),
        ({"properties": {"agency": {"type": "array", "items": TEXT}}}, {"agency": ["opdc"]}),
        ({"properties": {"agency": {"type": "object", **NAMED}}}, {"agency": {"key": "opdc", "name_th": "ก.พ.ร."}}),
        ({"properties": {"day": {"type": ["string", "null"], "format": "date"}}}, {"day": "2019-11-20"}),
        ({"properties": {"other": {"type": "string", "format": "date"}}}, {"other": "2019-01-11"}),
        ({"properties": {"title": {"type": "string", "enum": ["a", "b"]}}}, {"title": "a"}),
        ({"properties": {"title": {"type": "integer", "minimum": 5}}}, {"title": 5}),
        ({"$ref": "#/components/schemas/Named"}, {"title": "ชื่อของตน"}),
        ({"anyOf": [{"type": "integer"}, {"$ref": "#/components/schemas/Named"}]}, 1),
    ],
)
def test_a_value_comes_from_its_name_as_far_as_it_fits(schema: dict[str, Any], made: Any) -> None:
    schemas = {"Named": {"type": "object", "properties": {"title": TEXT}}}
    assert Composer(schemas, WORDS).made({"type": "object", **schema} if "properties" in schema else schema) == made


def test_a_request_shows_what_must_be_sent_and_what_has_a_value() -> None:
    fields = {"day": TEXT, "title": TEXT, "unsaid": TEXT, "needed": TEXT}
    schemas = {name: {"type": "object", "properties": fields, "required": ["needed"]} for name in ("Long", "Short")}
    made = [Composer(schemas, WORDS).made({"$ref": f"#/{name}"}, sent=True) for name in schemas]
    assert made == [{"day": "2019-11-20", "title": "ชื่อ", "needed": ""}, {"day": "2019-11-20", "needed": ""}]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"oneOf": [{"format": "uri"}, {"maxLength": 0}]}, {"anyOf": [{"format": "uri"}, {"maxLength": 0}]}),
        ({"oneOf": [{}, {"type": "null"}]}, {"anyOf": [{}, {"type": "null"}]}),
        ({"oneOf": [{"enum": ["a"]}, {"enum": [""]}]}, {"oneOf": [{"enum": ["a"]}, {"enum": [""]}]}),
        ({"type": ["integer", "null"], "enum": ["1", "2"]}, {"type": "string", "enum": ["1", "2"]}),
        ({"type": "integer", "enum": [1, 2]}, {"type": "integer", "enum": [1, 2]}),
    ],
)
def test_what_no_value_would_satisfy_is_mended(before: dict[str, Any], after: dict[str, Any]) -> None:
    mend(whole := {"deep": [before]})
    assert whole == {"deep": [after]}
