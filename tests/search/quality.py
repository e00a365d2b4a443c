"""`python -m tests.search.quality [--projects N]`: whether people find what they look for, among many other records.

On SQLite, and on PostgreSQL where a server answers at TEST_POSTGRES_URL. Every third query is held out: nothing was
tuned by it. Ends with 1 below the aim.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import yaml

from tests.search.bench import on_each_database

FILE = Path(__file__).with_name("queries.yaml")
FIRST = 3
AIM = 0.95


def queries() -> list[tuple[str, str, list[str]]]:
    """Every query: its class, what is typed, and the records of which one must be found."""
    classes = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return [(name, str(q), wanted) for name, own in classes.items() for q, wanted in own.items()]


def is_wanted(hit: Any, wanted: list[str]) -> bool:
    """Whether the record is one of those: by its name in the address, or by how its title begins."""
    names = {f"{hit.kind}:{hit.id}"}
    titles = [f"{hit.kind}:{title}" for title in (hit.title_th, hit.title_en) if title]
    return any(each in names or any(title.startswith(each) for title in titles) for each in wanted)


def found(person: Any) -> list[tuple[str, str, bool]]:
    """Each query with its class, and whether a wanted record was among the FIRST."""
    from projects.search import search

    return [(name, q, any(is_wanted(hit, wanted) for hit in search(person, q, FIRST))) for name, q, wanted in queries()]


def measure() -> None:
    """Prints what was found as JSON."""
    import django

    django.setup()
    from django.contrib.auth.models import AnonymousUser

    print(json.dumps(found(AnonymousUser()), ensure_ascii=False))


def _share(results: list[list[Any]]) -> str:
    right = sum(ok for _name, _q, ok in results)
    return f"{right:>4} of {len(results):>4}  {right / len(results):6.1%}"


def report(database: str, output: str) -> bool:
    """Prints the figures; whether they meet the aim, all and held out."""
    results = json.loads(output.splitlines()[-1])
    print(f"\n{database}: found among the first {FIRST}")
    for name in dict.fromkeys(name for name, _q, _ok in results):
        print(f"  {name:<28} {_share([each for each in results if each[0] == name])}")
    held_out = results[::3]
    tuned = [each for number, each in enumerate(results) if number % 3]
    print(f"  {'looked at while tuning':<28} {_share(tuned)}")
    print(f"  {'held out':<28} {_share(held_out)}")
    print(f"  {'all':<28} {_share(results)}")
    for number, (name, q, ok) in enumerate(results):
        if not ok:
            print(f"  not found: {q if number % 3 else '(held out)'}  [{name}]")
    return all(sum(ok for *_rest, ok in each) / len(each) >= AIM for each in (results, held_out))


def main() -> int:
    """Makes the databases, asks, says how it went."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--projects", type=int, default=20_000)
    asked = parser.parse_args()
    met = [report(*each) for each in on_each_database(asked.projects, "tests.search.quality", "--measure")]
    return 0 if all(met) else 1


if __name__ == "__main__":
    if "--measure" in sys.argv:
        measure()
    else:
        sys.exit(main())
