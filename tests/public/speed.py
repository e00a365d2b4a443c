"""What a kept public page costs against one that is made: `python -m tests.public.speed` prints milliseconds of CPU."""

import os
import tempfile
import time
from collections.abc import Callable
from typing import Any

TIMES = 40
PATHS = ("/", "/projects/", "/projects/GL2562-3/", "/meetings/subcommittee-3-2564/", "/search/?q=แรงงาน", "/privacy/")


def cost(do: Callable[[], Any]) -> float:
    """Milliseconds of this process's CPU for doing it once; the first time is not counted."""
    do()
    began = time.process_time()
    for _n in range(TIMES):
        do()
    return (time.process_time() - began) / TIMES * 1000


def main() -> None:
    """Prints a table for the portal of the demonstration, in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(VAR_DIR=folder, HTTPS="0", DJANGO_SETTINGS_MODULE="govlab.settings")
        import django  # noqa: PLC0415 (the folder is chosen first)
        from django.core.management import call_command  # noqa: PLC0415

        django.setup()
        with open(os.devnull, "w", encoding="utf-8") as nowhere:
            call_command("get_ready", stdout=nowhere)
        from django.conf import settings  # noqa: PLC0415
        from django.test import Client  # noqa: PLC0415

        client = Client(headers={"Host": "127.0.0.1", "Accept-Encoding": "gzip"})
        print(f"{'':32}  made   kept    304  (ms of CPU, {TIMES} times, middleware and compression included)")
        for path in PATHS:
            settings.PAGES_MEMORY = 0
            made = cost(lambda path=path: client.get(path))
            settings.PAGES_MEMORY = 8
            kept = cost(lambda path=path: client.get(path))
            tag = client.get(path).headers["ETag"]
            same = cost(lambda path=path, tag=tag: client.get(path, headers={"If-None-Match": tag}))
            print(f"{path:32} {made:5.2f}  {kept:5.2f}  {same:5.2f}  {made / kept:4.0f} times cheaper")


if __name__ == "__main__":
    main()
