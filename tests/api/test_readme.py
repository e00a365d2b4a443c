"""The tour of the API in README runs as it stands there: a shell reads its lines."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from agencies.models import Scope
from agencies.rules import tokens
from tests import factories

README = Path(__file__).resolve().parents[2] / "README.md"
SAYS = 'API="$1" TOKEN="$2"; curl() { for word; do printf "%s\\0" "$word"; done; }; eval "$3"'
"""A shell's script in which curl says its words instead of asking."""
ADDRESS = "http://127.0.0.1:8000/api/v1"


def commands() -> list[str]:
    """The lines of the tour, each whole."""
    [block] = [text for text in re.findall(r"```sh\n(.*?)```", README.read_text(), re.DOTALL) if "/api/v1" in text]
    lines = block.replace("\\\n", " ").splitlines()
    return [line.partition("   #")[0].strip() for line in lines if line.startswith("curl")]


def test_the_tour_runs_as_it_stands(staff: Any, reporter: Any, agency: Any, client: Client, settings: Any) -> None:
    factories.make_project(staff, owner=agency, code="GL2562-3", title_th="แรงงาน")
    secret = tokens.make(by=reporter, name="README", days=1, scope=Scope.REPORT)[1]
    number, found = "", []
    for line in commands():
        answer = ask(line.replace("ID", number) if "Idempotency" not in line else line, secret)
        assert answer.status_code in (200, 201), (line, answer.content.decode())
        data = answer.json()
        found.append(data)
        number = str(data.get("id", number))
    listed, whole, walked, since, gone, made, changed, sent = found
    assert listed["results"] == [{"code": "GL2562-3", "title_th": "แรงงาน"}]
    assert (len(whole["stages"]), whole["agencies"][0]["key"]) == (4, agency.key)
    assert whole["included"] == {"indicators": [], "updates": []}
    assert ([row["code"] for row in walked["results"]], walked["next"]) == (["GL2562-3"], None)
    assert [row["code"] for row in since["results"]] == ["GL2562-3"]
    assert (gone["results"], sorted(gone)) == ([], ["as_of", "next", "results"])
    assert (made["state"], made["stage"], made["title"]) == ("draft", 3, "ทดสอบรอบที่สอง")
    assert (changed["planned"], changed["version"]) == ("ทดสอบกับผู้ใช้อีก 12 คน", 2)
    assert sent["state"] == "submitted"


def ask(line: str, secret: str) -> Any:
    """What the portal answers to a line of curl, read by a shell."""
    shell = shutil.which("sh")
    assert shell
    printed = subprocess.run([shell, "-c", SAYS, "sh", ADDRESS, secret, line], capture_output=True, check=True)
    words = printed.stdout.decode().split("\0")[:-1]
    headers, method, body, url = {}, "", None, ""
    rest = iter(words)
    for word in rest:
        if word == "-H":
            name, _colon, value = next(rest).partition(": ")
            headers[name] = value
        elif word == "-X":
            method = next(rest)
        elif word == "-d":
            body = next(rest)
        elif word != "-s":
            url = word
    kind = headers.pop("Content-Type", "application/json")
    method = method or ("POST" if body else "GET")
    if body:
        json.loads(body)
    return Client().generic(method, url.removeprefix("http://127.0.0.1:8000"), body or "", kind, headers=headers)


@pytest.mark.parametrize("word", ["cursor=", "updated_since=", "deletions/", "If-Match", "Idempotency-Key"])
def test_the_tour_shows_the_whole_way(word: str) -> None:
    assert any(word in line for line in commands())
