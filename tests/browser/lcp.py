"""`make lcp`: when the largest thing of a page is drawn on a slow telephone, and what the first visit weighs."""

import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tests.browser import chromium
from tests.serving import environment, free_port, make_ready, serve

PATHS = ("/", "/projects/GL2562-3/", "/search/?q=แรงงาน", "/projects/", "/privacy/")
TIMES = 5
AIM = 1200
"""Milliseconds."""
LATENCY, SPEED, CPU = 150, 1_600_000 / 8, 4
"""Milliseconds for each request, bytes in a second, how many times slower than this machine."""
WATCH = """
new PerformanceObserver((list) => {
  const last = list.getEntries().at(-1);
  window.drawn = [last.startTime, last.element ? last.element.tagName.toLowerCase() : ""];
}).observe({type: "largest-contentful-paint", buffered: true});
"""


def visit(browser: Browser, url: str, path: str) -> tuple[float, str, float, int]:
    """One first visit: milliseconds until the largest thing was drawn, which it was, bytes, requests."""
    context = browser.new_context(base_url=url, viewport={"width": 390, "height": 844}, is_mobile=True)
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    network: dict[str, Any] = {"offline": False, "latency": LATENCY, "downloadThroughput": SPEED}
    session.send("Network.emulateNetworkConditions", {**network, "uploadThroughput": SPEED})
    session.send("Emulation.setCPUThrottlingRate", {"rate": CPU})
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.add_init_script(WATCH)
    page.goto(path, wait_until="networkidle")
    drawn, what = page.evaluate("window.drawn")
    context.close()
    return drawn, what, sum(sizes), len(sizes)


def main() -> int:
    """Prints the table; 1 where a page is over the aim."""
    slow = 0
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        port = free_port()
        env = environment(Path(folder), port)
        make_ready(env, Path(folder))
        server = serve(env, port)
        try:
            browser = playwright.chromium.launch(executable_path=chromium.path(), args=chromium.ARGS)
            print(f"slow 4G: {LATENCY} ms, {SPEED * 8 / 1e6} Mbit/s, CPU {CPU}x; {TIMES} first visits; aim {AIM} ms")
            for path in PATHS:
                visits = [visit(browser, f"http://127.0.0.1:{port}", path) for _n in range(TIMES)]
                drawn = statistics.median(time for time, *_ in visits)
                _time, what, size, requests = visits[-1]
                slow += drawn > AIM
                print(f"{path:24} LCP {drawn:5.0f} ms <{what}> {size / 1000:5.1f} kB {requests} requests")
        finally:
            server.terminate()
            server.wait(10)
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
