"""Schemathesis over every operation of the API for each kind of person: `python -m tests.api.walking --examples 50`.

The command makes a portal of its own in a folder that goes away, asks it a lot, and prints what it was answered.
"""

import argparse
import os
import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
PLACE = re.compile(r"\{(\w+)\}")
HERE = "/api/v1/"


def to_its_end(app: Any) -> Any:
    """The portal as a server runs it, which closes each answer: a file would stay open."""

    def answered(environ: Any, start_response: Any) -> list[bytes]:
        body = app(environ, start_response)
        try:
            return [b"".join(body)]
        finally:
            body.close()

    return answered


def operations(app: Any) -> list[Any]:
    """Every operation that the portal describes."""
    found = schemathesis.openapi.from_wsgi(f"{HERE}schema/?format=json", app=to_its_end(app))
    return [result.ok() for result in found.get_all_operations()]


def made(operation: Any, mode: GenerationMode, examples: int, start: int) -> list[Any]:
    """So many requests for an operation, the same ones each time."""
    found: list[Any] = []

    @seed(start)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def collect(case: Any) -> None:
        found.append(case)

    collect()
    return found


def real_keys(api: Any, paths: Iterable[str]) -> dict[str, list[dict[str, str]]]:
    """By the beginning of a path, what stands in the places of addresses that lead somewhere, as `api` lists them."""
    found: dict[str, list[dict[str, str]]] = {}
    for path in {path[: path.index("{")] for path in paths if "{" in path}:
        name = next(PLACE.search(one)[1] for one in paths if one.startswith(f"{path}{{"))  # type: ignore[index]
        if path == f"{HERE}lookups/":
            rows = api.get(f"{path}fields/").json()["results"]
            found[path] = [{"table": "fields", "key": row["key"]} for row in rows[:1]]
            continue
        answer = api.get(path)
        rows = answer.json().get("results", []) if answer.status_code == 200 else []
        found[path] = [{name: str(row[name])} for row in (*rows[:1], *rows[-1:]) if name in row]
    return found


def asked(operation: Any, examples: int, start: int, keys: list[dict[str, str]]) -> Iterator[Any]:
    """Requests as they should be, every other one of a record that is there; and one that is not as it should be."""
    for turn, case in enumerate(made(operation, GenerationMode.POSITIVE, examples, start)):
        if keys and turn % 2 == 0:
            case.path_parameters = {**(case.path_parameters or {}), **keys[turn // 2 % len(keys)]}
        yield case
    try:
        yield from made(operation, GenerationMode.NEGATIVE, max(1, examples // 2), start)
    except Exception as error:
        if "Impossible" not in str(type(error)) + str(error) and "negat" not in str(error).lower():
            raise


class Walk:
    """What was asked and answered, by person; `wrong` are sentences."""

    def __init__(self, people: dict[str, str | None]) -> None:
        self.people = people
        self.answers: dict[str, Counter[int]] = {name: Counter() for name in people}
        self.wrong: list[str] = []

    def ask(self, operation: Any, case: Any) -> None:
        """Sends the request as each person and looks at the answers."""
        for name, secret in self.people.items():
            headers = {"Accept-Encoding": "identity", **({"Authorization": f"Bearer {secret}"} if secret else {})}
            if case.headers:
                case.headers.pop("Authorization", None)
            response = case.call(headers=headers)
            self.answers[name][response.status_code] += 1
            try:
                case.validate_response(response, checks=CHECKS)
            except (FailureGroup, Failure) as failures:
                for failure in getattr(failures, "exceptions", [failures]):
                    said = str(failure).replace("\n", " ")[:600]
                    self.wrong.append(f"{name}: {operation.label}: {response.status_code}: {said}")

    def summary(self) -> str:
        """A line for each person."""
        lines = []
        for name, answers in self.answers.items():
            told = ", ".join(f"{status}: {count}" for status, count in sorted(answers.items()))
            lines.append(f"{name:12} {sum(answers.values()):6} requests   {told}")
        return "\n".join([*lines, f"{len(self.wrong)} answers that are not as described"])


def main() -> None:
    """Walks over the demonstration's portal."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--examples", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            VAR_DIR=folder,
            HTTPS="0",
            DJANGO_SETTINGS_MODULE="govlab.settings",
            API_REQUESTS_PER_MINUTE="100000000",
            EMAIL_URL="memorymail://",
        )
        import django  # noqa: PLC0415 (the folder is chosen first)
        from django.core.management import call_command  # noqa: PLC0415

        django.setup()
        with open(os.devnull, "w", encoding="utf-8") as nowhere:
            call_command("get_ready", stdout=nowhere)
            call_command("demo", stdout=nowhere)
        from django.core.wsgi import get_wsgi_application  # noqa: PLC0415
        from rest_framework.test import APIClient  # noqa: PLC0415

        from agencies.models import Role, Scope, User  # noqa: PLC0415
        from agencies.rules import tokens  # noqa: PLC0415

        staff = User.objects.filter(is_staff=True, demo=True).first()
        lead = User.objects.filter(memberships__role=Role.LEAD, demo=True).first()
        reporter = User.objects.filter(memberships__role=Role.REPORTER, demo=True).first()
        people: dict[str, str | None] = {"visitor": None}
        for name, person, scope in (
            ("reporter", reporter, Scope.EVERYTHING),
            ("lead", lead, Scope.EVERYTHING),
            ("staff", staff, Scope.EVERYTHING),
            ("read", staff, Scope.READ),
            ("report", lead, Scope.REPORT),
        ):
            assert person, name
            people[name] = tokens.make(by=person, name=name, days=1, scope=scope)[1]
        walk, every = Walk(people), operations(get_wsgi_application())
        client = APIClient(headers={"host": "127.0.0.1"})
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {people['staff']}")
        keys = real_keys(client, [operation.path for operation in every])
        for operation in every:
            near = keys.get(operation.path.partition("{")[0], [])
            for case in asked(operation, chosen.examples, chosen.seed, near):
                walk.ask(operation, case)
        print("\n".join(sorted({*walk.wrong})))
        print(walk.summary())


if __name__ == "__main__":
    main()
