"""Completes the API's description: an example for every body and address, put together from one table of good values.

The table (`Words`) says what stands in a field by its name, and by component where that differs; what it does not say
follows from the schema. So a new field has an example at once, and a good one with one line in the table.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from rest_framework.serializers import Field

from govlab.problems import MEDIA_TYPE, problem

Schema = dict[str, Any]
METHODS = ("get", "post", "patch", "delete")
TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "object": (dict,),
    "array": (list,),
}
NAMES = ("key", "code", "id")
"""By which of its fields a record is named where only its name stands."""
HERE = "/api/v1/"
REFUSED = f"{HERE}projects/GL2562-3/"
"""What was asked in the examples of refusals."""
_UNSAID: Any = object()


@dataclass(frozen=True)
class Words:
    """The table: what stands in a field, by its name; by component and name; by the format of what has neither."""

    fields: Mapping[str, Any]
    records: Mapping[str, Mapping[str, Any]]
    formats: Mapping[str, Any]
    sent: Mapping[str, list[str]]
    """Which fields a request shows, by its component; of a request that is not here, every field that has a value."""
    answers: Mapping[str, Mapping[str, Any]]
    """How a record reads after a verb, by `<list>/<verb>` or the verb alone."""
    parameters: Mapping[str, Any]


def types_of(schema: Schema) -> list[str]:
    """The types that a schema allows."""
    kinds = schema.get("type", [])
    return [kinds] if isinstance(kinds, str) else list(kinds)


def fits(schema: Schema, value: Any) -> bool:
    """Whether a value is of a schema's type and among its choices; what is inside it is not looked at."""
    kinds = types_of(schema)
    if "enum" in schema:
        return value in schema["enum"]
    if value is None or not kinds:
        return not kinds or "null" in kinds
    return any(isinstance(value, TYPES.get(kind, ())) for kind in kinds) and (
        not isinstance(value, bool) or "boolean" in kinds
    )


def cast(schema: Schema, value: Any) -> Any:
    """A value in the form that the schema asks for: a record by its name, one thing as a list of it."""
    kinds = types_of(schema)
    if isinstance(value, dict) and kinds and "object" not in kinds and "array" not in kinds:
        value = next((value[name] for name in NAMES if name in value and fits(schema, value[name])), value)
    if "array" in kinds and not isinstance(value, list) and value is not None:
        value = [value]
    return str(value) if kinds == ["string"] and type(value) is int else value


class Composer:
    """Puts examples together for the schemas of one description."""

    def __init__(self, schemas: Mapping[str, Schema], words: Words) -> None:
        self.schemas, self.words = schemas, words

    def followed(self, schema: Schema) -> tuple[str, Schema]:
        """What a schema refers to, with the component's name ("" for none)."""
        name = ""
        while True:
            if "$ref" in schema:
                name = schema["$ref"].rpartition("/")[2]
                schema = self.schemas[name]
            elif len(schema.get("allOf", ())) == 1:
                schema = schema["allOf"][0]
            else:
                return name, schema

    def chosen(self, schema: Schema, value: Any) -> tuple[str, Schema]:
        """The branch of a schema that takes the value, else the first one."""
        name, schema = self.followed(schema)
        branches = [self.chosen(one, value) for one in schema.get("oneOf") or schema.get("anyOf") or ()]
        if not branches:
            return name, schema
        return next(
            (one for one in branches if value is not _UNSAID and fits(one[1], cast(one[1], value))), branches[0]
        )

    def made(self, schema: Schema, given: Any = _UNSAID, *, beside: str = "", sent: bool = False) -> Any:
        """An example of what the schema describes; `given` is what it should say, `beside` whose words it may use."""
        name, schema = self.chosen(schema, given)
        given = given if given is _UNSAID else cast(schema, given)
        if given is not _UNSAID and not fits(schema, given):
            given = _UNSAID
        if "properties" in schema and given is not None:
            said = {} if given is _UNSAID else given
            return dict(self.properties(name, schema, said, beside=beside, sent=sent))
        if "items" in schema and given is not None:
            items, rows = schema["items"], given
            if given is _UNSAID:
                rows = [_UNSAID] if "properties" in self.chosen(items, _UNSAID)[1] else []
            return [self.made(items, row, beside=beside, sent=sent) for row in rows]
        return self.plain(schema) if given is _UNSAID else self.placed(given)

    def properties(
        self, name: str, schema: Schema, said: Mapping[str, Any], *, beside: str, sent: bool
    ) -> Iterator[tuple[str, Any]]:
        """The fields of an object that its example shows."""
        shown, needed = self.words.sent.get(name), schema.get("required", ())
        for field, inner in schema["properties"].items():
            value = self.value(inner, field, said, name, beside)
            if sent and field not in needed and (value is _UNSAID if shown is None else field not in shown):
                continue
            if field != "included" or field in said:
                yield field, self.made(inner, value, sent=sent)

    def value(self, schema: Schema, field: str, said: Mapping[str, Any], *components: str) -> Any:
        """What the table says of a field, the first that its schema takes."""
        rows = (said, *(self.words.records.get(name, {}) for name in components), self.words.fields)
        for row in rows:
            if field in row:
                inner = self.chosen(schema, row[field])[1]
                if fits(inner, cast(inner, row[field])):
                    return row[field]
        return _UNSAID

    def plain(self, schema: Schema) -> Any:
        """A value by what the schema alone says."""
        kinds = types_of(schema)
        if "enum" in schema:
            return schema["enum"][0]
        if (kind := schema.get("format", "")) in self.words.formats and fits(schema, self.words.formats[kind]):
            return self.placed(self.words.formats[kind])
        if "default" in schema:
            return schema["default"]
        plain = {"integer": max(1, schema.get("minimum", 1)), "boolean": False, "object": {}, "string": ""}
        return next((plain[kind] for kind in kinds if kind in plain), None)

    def placed(self, value: Any) -> Any:
        """A path with the portal's own address before it."""
        return f"{settings.PORTAL_URL}{value}" if isinstance(value, str) and value.startswith("/") else value


# --- a description, completed ----------------------------------------------------------------------------------------
def complete(description: dict[str, Any], words: Words) -> dict[str, Any]:
    """The description with examples for every body and address, and with what `fields` leaves of a record."""
    components = description["components"]
    schemas, kept = components["schemas"], components.setdefault("examples", {})
    mend(description)
    with_sparse(description)
    composer = Composer(schemas, words)
    for path, operations in description["paths"].items():
        for method in METHODS:
            if method in operations:
                _complete(path, method, operations[method], composer, kept)
                _place(path, operations[method], description["paths"], composer)
    return description


def mend(schema: Any) -> None:
    """Says what is meant where a value would be refused as the framework says it.

    An empty text is also a text with a format, null is also anything: one of two branches is then at least one. The
    choices of a select are texts, whatever the column holds.
    """
    if isinstance(schema, list):
        for each in schema:
            mend(each)
    elif isinstance(schema, dict):
        branches = schema.get("oneOf", ())
        if any(not branch or branch.get("maxLength") == 0 for branch in branches):
            schema["anyOf"] = schema.pop("oneOf")
        choices, kinds = schema.get("enum"), {"type": types_of(schema)}
        if isinstance(choices, list) and not any(fits(kinds, one) for one in choices):
            schema["type"] = "string"
        for each in schema.values():
            mend(each)


def with_sparse(description: dict[str, Any]) -> None:
    """Says beside each record that takes `fields` what it is with them: the same, nothing of it promised."""
    schemas = description["components"]["schemas"]
    for operations in description["paths"].values():
        read = operations.get("get", {})
        if not any(each["name"] == "fields" for each in read.get("parameters", ())):
            continue
        media = read["responses"]["200"]["content"]["application/json"]
        page = schemas.get(media["schema"].get("$ref", "").rpartition("/")[2], {})
        rows = page.get("properties", {}).get("results")
        place, word = (rows, "items") if rows else (media, "schema")
        if "$ref" not in place[word]:  # several addresses may have the same list
            continue
        name = place[word]["$ref"].rpartition("/")[2]
        if f"Sparse{name}" not in schemas:
            fields = {field: _bare(inner) for field, inner in schemas[name]["properties"].items()}
            about = f"{name} with `fields`: those fields alone."
            schemas[f"Sparse{name}"] = {"type": "object", "description": about, "properties": fields}
        place[word] = {"anyOf": [place[word], {"$ref": f"#/components/schemas/Sparse{name}"}]}
    description["components"]["schemas"] = dict(sorted(schemas.items()))


def _bare(schema: Schema) -> Schema:
    """What is told of a field, without the words about it, which stand at the whole record."""
    return deepcopy({key: value for key, value in schema.items() if key not in ("title", "description")})


def _answered(operation: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The bodies of what an operation answers when all is well."""
    done = [said for status, said in operation["responses"].items() if status in ("200", "201")]
    return [media for said in done for media in said.get("content", {}).values()]


def _complete(path: str, method: str, operation: dict[str, Any], composer: Composer, kept: dict[str, Any]) -> None:
    """Gives each body of an operation its example."""
    answered = _answered(operation)
    component = _name(composer, answered[0]["schema"]) if answered else ""
    for kind, media in operation.get("requestBody", {}).get("content", {}).items():
        name = _name(composer, media["schema"]) + ("Form" if "form" in kind else "")
        _keep(media, kept, name, composer.made(media["schema"], beside=component, sent=True))
    for media in answered:
        label, changes = _after(path, method, composer.words)
        name = _name(composer, media["schema"]) or "File"
        _keep(media, kept, f"{name}{label}", composer.made(media["schema"], changes))
    for status, said in operation["responses"].items():
        if media := said.get("content", {}).get(MEDIA_TYPE):
            errors = {"title_th": [Field.default_error_messages["required"]]} if status == "400" else None
            _keep(media, kept, f"Problem{status}", problem(int(status), REFUSED, errors=errors))


def _place(path: str, operation: dict[str, Any], paths: Mapping[str, Any], composer: Composer) -> None:
    """Gives each parameter of an operation its example; what names a record names the one of the examples.

    One that may be left out has it in its schema: the page for people sends along what stands at the parameter.
    """
    for parameter in operation.get("parameters", ()):
        name, schema, words = parameter["name"], parameter["schema"], composer.words
        said: Mapping[str, Any] = words.parameters
        if parameter["in"] == "path":
            above = paths.get(f"{path.partition(f'{{{name}}}')[0]}{{{name}}}/", {}).get("get", {"responses": {}})
            [component, *_] = [_name(composer, media["schema"]) for media in _answered(above)] or [""]
            said = {**said, **words.records.get(component, {})}
        value = composer.made(schema, composer.value(schema, name, said, ""))
        if parameter.get("required"):
            parameter["example"] = value
        elif "examples" not in schema and value not in ("", [], None):
            schema["examples"] = [value]


def _name(composer: Composer, schema: Schema) -> str:
    """The name of the component that a body holds, one of many for a list."""
    name, schema = composer.chosen(schema, _UNSAID)
    return name or (f"{_name(composer, schema['items'])}List" if "items" in schema else "")


def _after(path: str, method: str, words: Words) -> tuple[str, Mapping[str, Any]]:
    """What an answer is called and what reads otherwise in it: a new record, a changed one, one after a verb."""
    parts = [part for part in path.removeprefix(HERE).split("/") if part]
    if method == "get":
        return "", {}
    if method == "patch":
        return "Changed", {"version": 4}
    if len(parts) == 1 or parts[-1].startswith("{"):
        return "Added", {"version": 1, **words.answers.get(parts[0], {})}
    verb = parts[-1].title().replace("-", "")
    about = words.answers.get(f"{parts[0]}/{parts[-1]}", words.answers.get(parts[-1], {}))
    return f"After{verb}", {"version": 4, **about}


def _keep(media: dict[str, Any], kept: dict[str, Any], name: str, value: Any) -> None:
    """Names an example at a body; it stands once among the components."""
    kept.setdefault(name, {"value": value})
    media["examples"] = {"example": {"$ref": f"#/components/examples/{name}"}}
