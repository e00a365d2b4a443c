"""The portal as `make run` serves it, in a folder of its own, for tests that need a real server."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(folder: Path, port: int, **more: str) -> dict[str, str]:
    """What a portal in this folder and on this port is told."""
    env = {
        **os.environ,
        "VAR_DIR": str(folder),
        "HTTPS": "0",
        "PORTAL_URL": f"http://127.0.0.1:{port}",
        "API_REQUESTS_PER_MINUTE": "100000",
        **more,
    }
    env.pop("DJANGO_SETTINGS_MODULE", None)
    return env


def make_ready(env: dict[str, str], folder: Path, *, copy: bool = True) -> None:
    """Brings the facts and the demonstration in; a copy of READY_PORTAL, a folder where that was done, where named."""
    if copy and (ready := os.environ.get("READY_PORTAL")):
        shutil.copytree(ready, folder, dirs_exist_ok=True)
    else:
        subprocess.run(
            [sys.executable, "manage.py", "get_ready"], cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL
        )


def serve(
    env: dict[str, str], port: int, *options: str, application: str = "govlab.wsgi:application", workers: int = 1
) -> subprocess.Popen[bytes]:
    """Starts granian; returns once the portal answers."""
    granian = Path(sys.executable).with_name("granian")
    server = subprocess.Popen(
        [
            *(granian, "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", str(workers)),
            *("--blocking-threads", "16", "--no-ws", "--log-level", "error", *options, application),
        ],
        cwd=ROOT,
        env=env,
        stdout=subprocess.DEVNULL,
    )
    for _ in range(600):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                return server
        except OSError:
            time.sleep(0.1)
    server.kill()
    raise RuntimeError("the portal does not answer")
