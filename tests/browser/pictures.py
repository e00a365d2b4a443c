"""`make pictures`: the two pictures of README, taken from a portal of their own with the demonstration in it."""

import io
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser import chromium
from tests.serving import ROOT, environment, free_port, make_ready, serve


def take() -> None:
    """Writes docs/project.png and docs/desk.png, 960 px wide in 64 colours to stay small."""
    (ROOT / "docs").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        port = free_port()
        env = environment(Path(folder), port)
        make_ready(env, Path(folder))
        server = serve(env, port)
        try:
            opened = playwright.chromium.launch(executable_path=chromium.path(), args=chromium.ARGS)
            page = opened.new_page(base_url=f"http://127.0.0.1:{port}", viewport={"width": 1200, "height": 860})
            page.goto("/projects/GL2562-3/")
            save(page.screenshot(), "project")
            page.goto("/accounts/login/")
            page.locator("input[name=login]").fill("desk@govlab.test")
            page.locator("input[name=password]").fill((Path(folder) / "demo_password").read_text().strip())
            page.locator("main form button").first.click()
            page.goto("/desk/projects/?cohort=2562")
            save(page.screenshot(), "desk")
        finally:
            server.terminate()
            server.wait(10)


def save(png: bytes, name: str) -> None:
    """Makes the picture small and keeps it under docs/."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    picture.thumbnail((960, 960))
    picture.quantize(64).save(ROOT / "docs" / f"{name}.png", optimize=True)


if __name__ == "__main__":
    take()
