"""Where Chromium is, and how it is started so that it asks nothing of the network."""

import os
import shutil
import sys

ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def path() -> str | None:
    """The browser's path: CHROMIUM, or what is installed."""
    names = [os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome"]
    return next((found for name in names if name and (found := shutil.which(name))), None)


if __name__ == "__main__":
    sys.exit(0 if path() else 1)
