"""What a page of 50 projects costs: `python -m tests.api.speed` prints milliseconds of CPU, queries and bytes.

It reads the portal that VAR_DIR and DATABASE_URL name, and writes nothing there.
"""

import itertools
import os
import time
from collections.abc import Callable
from typing import Any

TIMES = 40


def cost(ask: Callable[[], Any]) -> float:
    """Milliseconds of this process's CPU for one answer; the first two are not counted."""
    ask()
    ask()
    began = time.process_time()
    for _n in range(TIMES):
        ask()
    return (time.process_time() - began) / TIMES * 1000


def main() -> None:
    """Prints a line for each way to ask."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "govlab.settings")
    os.environ.update(HTTPS="0", API_REQUESTS_PER_MINUTE="100000000", CACHE_URL="locmemcache://")
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    import govlab.wsgi  # noqa: F401, PLC0415 (the settings are chosen first; as the server has it loaded)
    from govlab.counting import COUNTS  # noqa: PLC0415
    from projects.models import Project  # noqa: PLC0415

    client, turn = Client(headers={"host": "127.0.0.1"}), itertools.count()
    print(f"{Project.objects.count()} projects on {connection.vendor}; ms of CPU ({TIMES} times), queries, bytes")

    def told(name: str, ask: Callable[[], Any]) -> None:
        ask()
        with CaptureQueriesContext(connection) as queries:
            answer = ask()
        asked = len(queries)
        print(f"{name:48} {cost(ask):6.2f} ms {asked:3} queries {len(answer.content):8,} bytes")

    def anew() -> str:
        """So many commas, between which nothing is asked for: another address each time for the same answer."""
        return "," * next(turn)

    def counted_anew() -> Any:
        COUNTS.clear()
        return client.get(f"/api/v1/projects/?fields={anew()}")

    etag = client.get("/api/v1/projects/").headers["ETag"]
    told("made once, asked again", lambda: client.get("/api/v1/projects/"))
    told("If-None-Match", lambda: client.get("/api/v1/projects/", headers={"if-none-match": etag}))
    told("made anew", lambda: client.get(f"/api/v1/projects/?fields={anew()}"))
    told("made anew, the first after a change", counted_anew)
    told("made anew, fields=code,title_th", lambda: client.get(f"/api/v1/projects/?fields=code,title_th{anew()}"))
    told("made anew, include=indicators", lambda: client.get(f"/api/v1/projects/?include=indicators{anew()}"))
    told("made anew, a step of a walk", lambda: client.get(f"/api/v1/projects/?cursor=&fields={anew()}"))


if __name__ == "__main__":
    main()
