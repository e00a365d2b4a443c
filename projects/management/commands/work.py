"""The worker: sends letters, and does by the clock what rules do by the clock, until it is told to stop."""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import InterfaceError, OperationalError, connections

from govlab import edition, housekeeping, outbox
from projects import delivering, following
from projects.exchange import importing_work, opendata
from projects.rules import evidence, follows, ratings, reminders, rounds, voices

log = logging.getLogger(__name__)

LETTERS_EVERY = 2.0
"""Seconds between two looks into the outbox."""
BY_THE_CLOCK: tuple[tuple[Callable[[], Any], float], ...] = (
    (rounds.tick, 60),
    (reminders.remind, 60),
    (outbox.gather_digests, 60),
    (following.send_digests, 60),
    (edition.compact, 60),
    (housekeeping.tidy, 60 * 60),
    (evidence.forget_orphans, 60 * 60),
    (follows.forget, 60 * 60),
    (ratings.forget_marks, 60 * 60),
    (delivering.tell_of_calls, 60),
    (delivering.forget, 60 * 60),
    (voices.tell_of_waiting, 10 * 60),
    (voices.forget_contacts, 60 * 60),
)
"""What else it does, and how many seconds lie between two times."""
AT_LEISURE: tuple[tuple[Callable[[], Any], float], ...] = ((importing_work.work, 1), (opendata.tick, 60))
"""What may take minutes: each in a thread of its own, so that neither a letter nor the other waits for it."""
WEBHOOKS_EVERY = 2.0
"""Seconds between two looks at what changed; each webhook's turn is a thread of its own and holds nothing up."""
LONGEST_WAIT = 30.0
"""Seconds it waits at most for a database that is in trouble."""
END = {signal.SIGTERM, signal.SIGINT}
"""The signals that end it."""
FOR_THE_LAST = 0.7
"""Seconds that the letter under way gets to finish once the worker is told to stop."""


class Command(BaseCommand):
    """`manage.py work [--once]`."""

    help = "Send letters, open rounds, remind, until it is told to stop (SIGTERM or Ctrl-C)."
    stop = threading.Event()

    def add_arguments(self, parser: CommandParser) -> None:
        """Works on and on unless told to do everything once."""
        parser.add_argument("--once", action="store_true", help="do everything that is due once, then end (for cron)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Works in a thread of its own, so that neither a slow mail server nor a locked database delays the end."""
        self.stop.clear()
        if options["once"]:
            for job, _seconds in (*BY_THE_CLOCK, *AT_LEISURE):
                job()
            outbox.send_due()
            turns = delivering.Turns()
            turns.begin()
            turns.finish()
            return
        signal.pthread_sigmask(signal.SIG_BLOCK, END)  # nothing is interrupted half way: the end is waited for below
        work = threading.Thread(target=self.work, daemon=True)
        work.start()
        for long in AT_LEISURE:
            threading.Thread(target=self.keep_at, args=[[long]], daemon=True).start()
        signal.sigwait(END)
        self.stop.set()
        work.join(FOR_THE_LAST)
        # At once: what it may still be doing is rolled back, or its letter is taken again by the next worker.
        os._exit(0)

    def work(self) -> None:
        """Does what is due, again and again; whatever fails is written down and tried again."""
        turns = delivering.Turns(self.stop.is_set)
        send = (lambda: outbox.send_due(stop=self.stop.is_set), LETTERS_EVERY)
        self.keep_at([send, (turns.begin, WEBHOOKS_EVERY), *BY_THE_CLOCK])

    def keep_at(self, jobs: Sequence[tuple[Callable[[], Any], float]]) -> None:
        """Does these jobs, each when it is due, until the worker is told to stop."""
        due = [0.0] * len(jobs)
        trouble = 0.0
        while not self.stop.wait(trouble or 0.2):
            failed = False
            for number, (job, seconds) in enumerate(jobs):
                if self.stop.is_set() or time.monotonic() < due[number]:
                    continue
                done = carried_out(job)
                due[number] = time.monotonic() + seconds if done else 0.0
                failed = failed or not done
            trouble = min(max(trouble * 2, 1), LONGEST_WAIT) if failed else 0.0
        connections.close_all()


def carried_out(job: Callable[[], Any]) -> bool:
    """Does a job; False when the database did not answer. Another fault is the job's own and stops no other job."""
    try:
        job()
    except (OperationalError, InterfaceError) as error:
        log.warning("the database is in trouble, the worker waits: %s", type(error).__name__)
        connections.close_all()
        return False
    except Exception:
        log.exception("a job of the worker failed")
    return True
