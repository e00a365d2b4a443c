"""Each fault as a trial: what is done to the portal, and the figures that say what became of it."""

import hashlib
import random
import sqlite3
import subprocess
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2

from tests.faults.portal import Answer, LetterWorker, Portal, Program, Reader, hidden, pdf

Figures = dict[str, Any]
PASSWORD = "a-long-password-for-faults"


class Stage:
    """The portal a trial is played on, with what the trial needs to know of it."""

    def __init__(self, folder: Path, database: str, naive: bool, seconds: float) -> None:
        self.folder, self.database, self.naive, self.seconds = folder, database, naive, seconds
        self.secrets: list[str] = []
        self.email = ""
        self.project = ""

    def open(self, **environment: str) -> Portal:
        """Serves it."""
        more = {"DATABASE_URL": self.database} if self.database else {}
        return Portal(self.folder, naive=self.naive, **more, **environment)


def draft(program: Program, project: str, title: str, key: str) -> Answer:
    """Begins a report."""
    answers = {
        "project": project,
        "stage": 2,
        "stage_state": "in_progress",
        "happened_on": "2019-06-30",
        "title": title,
        "text": "สัมภาษณ์ผู้ใช้บริการ",
    }
    return program.send("POST", "/updates/", answers, Idempotency_Key=key)


def insist(act: Callable[[str], Answer], good: int, key: Callable[[], str]) -> Answer:
    """Asks again until the portal says that it is done, as a client does whose line breaks."""
    for _try in range(1200):
        answer = act(key())
        if answer.status == good:
            return answer
        if answer.status not in (0, 500, 502, 503, 507):
            raise RuntimeError(f"{answer.status}: {answer.body.decode(errors='replace')[:300]}")
        time.sleep(0.05)
    raise RuntimeError("the portal never said that it was done")


def kills(stage: Stage, kept: Callable[[list[str]], Figures]) -> Figures:
    """Workers killed at random under four clients that post reports with evidence and send them."""
    done: list[str] = []
    killed = 0
    with stage.open() as portal, ThreadPoolExecutor(4) as pool:
        over = threading.Event()

        def client(secret: str) -> None:
            program = Program(portal, secret)
            while not over.is_set():
                mark = uuid.uuid4().hex
                keys = [f"{mark[:20]}-{step}" for step in range(3)]
                began = insist(lambda key: draft(program, stage.project, mark, key), 201, lambda: keys[0])
                number = began.json()["id"]
                file = pdf(mark)
                insist(lambda key: program.attach(number, f"{mark}.pdf", file, key), 201, lambda: keys[1])
                path = f"/updates/{number}/submit/"
                sent = insist_sent(program, path, keys[2])
                if sent:
                    done.append(mark)

        clients = [pool.submit(client, secret) for secret in stage.secrets[:4]]
        letters = LetterWorker(portal)
        end = time.monotonic() + stage.seconds
        while time.monotonic() < end:
            time.sleep(random.uniform(0.1, 1.2))
            killed += portal.kill_one(random.choice)
            if killed % 5 == 4:  # it needs seconds to begin, and must get some letters out
                letters.kill()
        over.set()
        for each in clients:
            each.result(120)
        letters.end()
    return {"workers killed": killed, "reports acknowledged": len(done), **kept(done)}


def insist_sent(program: Program, path: str, key: str) -> bool:
    """Sends a report; a naive portal says "not the moment" to the second try of a first that got through."""
    for _try in range(1200):
        answer = program.send("POST", path, Idempotency_Key=key)
        if answer.status in (200, 400):
            return True
        time.sleep(0.05)
    return False


def sixteen(stage: Stage) -> Figures:
    """Sixteen equal posts at the same moment, over the API and from one form."""
    with stage.open() as portal, ThreadPoolExecutor(16) as pool:
        program = Program(portal, stage.secrets[0])
        mark, key = uuid.uuid4().hex, uuid.uuid4().hex
        gate = threading.Barrier(16)

        def post(_number: int) -> Answer:
            gate.wait()
            return draft(program, stage.project, mark, key)

        answers = list(pool.map(post, range(16)))
        numbers = {answer.json()["id"] for answer in answers if answer.status == 201}
        reader = Reader(portal, stage.email, PASSWORD)
        path = f"/workspace/projects/{stage.project}/updates/add/"
        form = {**hidden(reader.get(path)), "title": uuid.uuid4().hex, "text": "ข้อความ", "verb": "draft"}

        def send(_number: int) -> Answer:
            gate.wait()
            return reader.post(path, form)

        pages = [answer.headers.get("location") for answer in pool.map(send, range(16)) if answer.status == 302]
    return {"answers": len(answers), "reports by API": len(numbers), "reports by form": len(set(pages))}


def overwrites(stage: Stage, rounds: int = 200) -> Figures:
    """Two people add a word each to the same report, so many rounds in all; a lost word was overwritten in silence."""
    with stage.open() as portal:
        first = Program(portal, stage.secrets[0])
        number = draft(first, stage.project, uuid.uuid4().hex, uuid.uuid4().hex).json()["id"]
        path, refused, wrong = f"/updates/{number}/", Counter[str](), []

        def write(secret: str) -> list[str]:
            program, words = Program(portal, secret), []
            while len(words) < rounds // 2:
                seen = program.send("GET", path)
                word = uuid.uuid4().hex[:8]
                text = f"{seen.json()['text']} {word}"
                answer = program.send("PATCH", path, {"text": text}, If_Match=seen.headers["etag"])
                if answer.status == 200:
                    words.append(word)
                elif answer.status == 412:
                    refused["stale"] += 1
                else:
                    wrong.append(answer.status)
                    if len(wrong) > 50:
                        raise RuntimeError(f"answers: {Counter(wrong)}")
            return words

        with ThreadPoolExecutor(2) as pool:
            words = [word for part in pool.map(write, stage.secrets[:2]) for word in part]
        there = set(first.send("GET", path).json()["text"].split())
    return {"savings": len(words), "refused as stale": refused["stale"], "overwritten": len(set(words) - there)}


@contextmanager
def locked(stage: Stage, seconds: float) -> Any:
    """Keeps everybody else from writing for so long."""
    if stage.database:
        line: Any = psycopg2.connect(stage.database)
        line.cursor().execute("LOCK TABLE projects_progressupdate IN ACCESS EXCLUSIVE MODE")
    else:
        line = sqlite3.connect(stage.folder / "portal.sqlite3", isolation_level=None, check_same_thread=False)
        line.execute("BEGIN IMMEDIATE")
    released = threading.Event()

    def release() -> None:
        line.rollback()
        line.close()
        released.set()

    timer = threading.Timer(seconds, release)
    timer.start()
    try:
        yield released
    finally:
        timer.join()


def lock(stage: Stage, seconds: float = 9) -> Figures:
    """The database is locked for nine seconds while somebody saves a form."""
    with stage.open() as portal:
        reader = Reader(portal, stage.email, PASSWORD)
        path = f"/workspace/projects/{stage.project}/updates/add/"
        mark = uuid.uuid4().hex
        form = {**hidden(reader.get(path)), "title": mark, "text": "ข้อความที่พิมพ์ไว้", "verb": "draft"}
        with locked(stage, seconds):
            began = time.monotonic()
            answer = reader.post(path, form)
            took = time.monotonic() - began
        again = reader.post(path, form)
    kept = mark.encode() in answer.body and "ข้อความที่พิมพ์ไว้".encode() in answer.body
    saved = again.status == 302
    return {"status": answer.status, "seconds": round(took, 1), "text kept": kept, "saved afterwards": saved}


@contextmanager
def small_disk(megabytes: int) -> Any:
    """A disk of this size of our own, None where that needs rights we have not."""
    place = Path(tempfile.mkdtemp())
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(place)], capture_output=True, check=False
    )
    try:
        yield place if mounted.returncode == 0 else None
    finally:
        if mounted.returncode == 0:
            subprocess.run(["umount", "-l", str(place)], check=False)
        place.rmdir()


def disk(stage: Stage) -> Figures:
    """Evidence is posted until its disk is full, over the API and from a form."""
    with small_disk(2) as place:
        if place is None:
            return {}
        with stage.open(MEDIA_ROOT=str(place)) as portal:
            program = Program(portal, stage.secrets[0])
            number = draft(program, stage.project, uuid.uuid4().hex, uuid.uuid4().hex).json()["id"]
            answers: list[int] = []
            while len(answers) < 12 and (not answers or answers[-1] == 201):
                content = pdf(uuid.uuid4().hex, 600_000)
                answers.append(program.attach(number, f"{len(answers)}.pdf", content, uuid.uuid4().hex).status)
            reader = Reader(portal, stage.email, PASSWORD)
            path = f"/workspace/projects/{stage.project}/updates/add/"
            mark = uuid.uuid4().hex
            form = {**hidden(reader.get(path)), "title": mark, "text": "ข้อความที่พิมพ์ไว้", "verb": "draft"}
            page = reader.post(path, form, [("attach", "ใหญ่.pdf", pdf(mark, 900_000))])
            whole = {row["sha256"] for row in program.send("GET", f"/updates/{number}/").json()["evidence"]}
        files = [path for path in place.rglob("*") if path.is_file()]
        named = {path.parent.name + path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
        there = {name for name, digest in named.items() if name == digest}
    return {
        "files kept": answers.count(201),
        "API says": answers[-1],
        "form says": page.status,
        "text kept": mark.encode() in page.body and "ข้อความที่พิมพ์ไว้".encode() in page.body,
        "partial files": len(named) - len(there),
        "rows without their file": len(whole - there),
    }
