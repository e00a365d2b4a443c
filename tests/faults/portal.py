"""A portal to be ill-treated: its server, its clients, and a look at what it kept."""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import threading
import urllib.parse
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from tests import serving

CAREFUL, NAIVE = "govlab.wsgi:application", "tests.faults.naive_wsgi:application"


@dataclass
class Answer:
    """What came back; status 0 when the line broke."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    def json(self) -> Any:
        return json.loads(self.body)


class Portal:
    """Served from a folder with two workers that come back when they are killed.

    After two deaths in a row the server itself gives up, so it is started again, as a service manager does.
    """

    def __init__(self, folder: Path, *, naive: bool, **environment: str) -> None:
        self.port = serving.free_port()
        self.env = serving.environment(folder, self.port, **environment)
        self.application = NAIVE if naive else CAREFUL
        self.closing = threading.Event()
        self.server = self._start()
        self.guardian = threading.Thread(target=self._guard, daemon=True)
        self.guardian.start()

    def _start(self) -> subprocess.Popen[bytes]:
        return serving.serve(self.env, self.port, "--respawn-failed-workers", application=self.application, workers=2)

    def _guard(self) -> None:
        while not self.closing.wait(0.1):
            if self.server.poll() is not None:
                self.server = self._start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.closing.set()
        self.guardian.join()
        self.server.terminate()
        try:
            self.server.wait(15)
        except subprocess.TimeoutExpired:
            self.server.kill()

    def workers(self) -> list[int]:
        """The server's child processes that serve."""
        process = self.server.pid
        return [int(pid) for pid in Path(f"/proc/{process}/task/{process}/children").read_text().split()]

    def kill_one(self, choose: Any) -> bool:
        """Kills one of the workers, whatever it is doing; False when none is there."""
        try:
            os.kill(choose(self.workers()), signal.SIGKILL)
        except (IndexError, OSError):
            return False
        return True

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None, wait: float = 30
    ) -> Answer:
        """One request on a line of its own."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=wait)
        try:
            line.request(method, path, body, headers or {})
            got = line.getresponse()
            return Answer(got.status, got.read(), {name.lower(): value for name, value in got.getheaders()})
        except (OSError, http.client.HTTPException):
            return Answer(0)
        finally:
            line.close()


class LetterWorker:
    """`manage.py work`, started again whenever it died."""

    def __init__(self, portal: Portal) -> None:
        self.env = portal.env
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "manage.py", "work"], cwd=serving.ROOT, env=self.env)

    def kill(self) -> None:
        """Whatever it is doing; another one begins."""
        self.process.kill()
        self.process.wait()
        self.process = self._start()

    def end(self) -> None:
        """As a service manager ends it."""
        self.process.terminate()
        self.process.wait(15)


class Program:
    """A client of the API with a token."""

    def __init__(self, portal: Portal, secret: str) -> None:
        self.portal, self.secret = portal, secret

    def send(self, method: str, path: str, answers: Any = None, **headers: str) -> Answer:
        """JSON; `Idempotency_Key="..."` and `If_Match="..."` become headers."""
        told = {"Authorization": f"Bearer {self.secret}", "Content-Type": "application/json"}
        told |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self.portal.ask(method, f"/api/v1{path}", json.dumps(answers or {}).encode(), told)

    def attach(self, update: int, name: str, content: bytes, key: str) -> Answer:
        """A file to an update."""
        body, kind = multipart({}, [("file", name, content)])
        told = {"Authorization": f"Bearer {self.secret}", "Content-Type": kind, "Idempotency-Key": key}
        return self.portal.ask("POST", f"/api/v1/updates/{update}/evidence/", body, told)


class Reader:
    """A person with a browser that keeps cookies."""

    def __init__(self, portal: Portal, email: str, password: str) -> None:
        self.portal, self.cookies = portal, dict[str, str]()
        self.lock = threading.Lock()
        page = self.get("/accounts/login/")
        self.post("/accounts/login/", {**hidden(page), "login": email, "password": password})

    def _ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        told = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), **headers}
        got = self.portal.ask(method, path, body, told)
        with self.lock:
            for part in re.findall(r"(?:^|, )((?:session|csrf)=[^;]+)", got.headers.get("set-cookie", "")):
                name, _sign, value = part.partition("=")
                self.cookies[name] = value
        return got

    def get(self, path: str) -> Answer:
        """A page."""
        return self._ask("GET", path)

    def post(self, path: str, answers: dict[str, str], files: list[tuple[str, str, bytes]] | None = None) -> Answer:
        """A form."""
        if files is None:
            body, kind = urllib.parse.urlencode(answers).encode(), "application/x-www-form-urlencoded"
        else:
            body, kind = multipart(answers, files)
        return self._ask("POST", path, body, **{"Content-Type": kind})


def hidden(page: Answer) -> dict[str, str]:
    """The hidden fields of a page's first forms: token, form key, version."""
    fields = re.findall(rb'<input type="hidden" name="([a-z_]+)" value="([^"]*)"', page.body)
    return {name.decode(): value.decode() for name, value in fields}


def multipart(answers: dict[str, str], files: list[tuple[str, str, bytes]]) -> tuple[bytes, str]:
    """The body of a form with files, and its kind."""
    edge = uuid.uuid4().hex
    rows = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n'.encode() for n, v in answers.items()
    ]
    for name, file, content in files:
        head = f'--{edge}\r\nContent-Disposition: form-data; name="{name}"; filename="{file}"\r\n'
        rows.append(f"{head}Content-Type: application/octet-stream\r\n\r\n".encode() + content + b"\r\n")
    return b"".join([*rows, f"--{edge}--\r\n".encode()]), f"multipart/form-data; boundary={edge}"


def pdf(mark: str, size: int = 0) -> bytes:
    """A PDF that nobody else has; padded to so many bytes."""
    body = f"%PDF-1.4\n% {mark}\n".encode()
    return body + b"%" + b"x" * max(size - len(body) - 8, 0) + b"\n%%EOF\n"
