"""Rule files as a running service uses them."""

from __future__ import annotations

import asyncio
import errno
import time
from collections.abc import Callable, Mapping
from itertools import chain
from pathlib import Path
from threading import Lock
from typing import Final

from ..caching.checked import Cache
from ..caching.folder import user_folder
from ..errors import RuleError
from ..loader import together
from .choosing import choose, emptied_of, loaded_of, wanted_of
from .looking import Look, look, reason
from .problems import problems_of
from .resting import REST, Rest
from .state import Broke, LiveEvent, LiveProblem, Loaded, Mended, Swapped
from .versions import Version, read_version


class LiveRules:
    """The rules of a file or a folder, kept up with the files while they change.

    ``current`` is one whole version, swapped by one assignment. A file with errors keeps its own
    last good version in use while other files change; so do files that claim what belongs to
    another file. A file that is gone takes its channels with it; one that is emptied does not, nor
    does a folder that cannot be read. `problems` tells what is not used as it is.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        cache: bool | str | Path = False,
        on_change: Callable[[LiveEvent], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Load the rules.

        Args:
            path: A rule file or a folder of them.
            cache: As `loader.load` takes it.
            on_change: Is told every swap, every problem once, and when it is gone; after the
                swap, in the thread that calls `refresh` or in the event loop of `watch`.
            clock: Seconds that only grow.

        Raises:
            RuleError: the files have mistakes; it holds every diagnostic.
            OSError: a file cannot be read.
        """
        folder = user_folder() if cache is True else Path(cache) if cache else None
        self.path: Final = Path(path)
        self._cache = None if folder is None else Cache(folder)
        self._on_change = on_change
        self._clock = clock
        self._lock = Lock()
        self._rest = Rest()
        self._versions: dict[Path, Version] = {}
        self._used: dict[Path, Version] = {}
        self._problems: Mapping[str, LiveProblem] = {}
        self._is_read = True
        self._taken = self._start()
        self._current = loaded_of(self._used, 1)

    @property
    def current(self) -> Loaded:
        """The rules in use; a request takes them once."""
        return self._current

    @property
    def problems(self) -> tuple[LiveProblem, ...]:
        """What keeps files from being used as they are, in order of paths; none at best."""
        return tuple(self._problems.values())

    def refresh(self, *, at_once: bool = False) -> float | None:
        """Look at the files, and swap in what has changed once they rest.

        Gives the seconds after which to look again because something has changed that does not
        rest yet; None where nothing is under way. With ``at_once`` they are taken as they are.
        Nothing that the file system or a rule file does is raised; any thread may call it.
        """
        again, events = self._look(at_once=at_once)
        self._tell(events)
        return again

    async def watch(self, stop: asyncio.Event) -> None:
        """Keep up with the files until ``stop`` is set; they are read and checked in threads."""
        from .watching import keep_up  # noqa: PLC0415 (asyncio is for services alone)

        async def turn() -> float | None:
            again, events = await asyncio.to_thread(self._look, at_once=False)
            self._tell(events)
            return again

        await keep_up(self.path, turn, stop)

    def _tell(self, events: tuple[LiveEvent, ...]) -> None:
        if self._on_change is not None:
            for event in events:
                self._on_change(event)

    def _start(self) -> Look:
        self.path.stat()
        seen = self._see()
        for path, why in seen.failed.items():
            raise OSError(errno.EIO, why, str(path))
        self._versions = {path: read_version(path, seen, (), self._cache) for path in seen.files}
        found = chain.from_iterable(each.diagnostics for each in self._versions.values())
        diagnostics = together([each.checked for each in self._versions.values()], tuple(found))
        if any(each.severity == "error" for each in diagnostics):
            raise RuleError(tuple(dict.fromkeys(diagnostics)))
        self._used = dict(self._versions)
        return seen

    def _see(self) -> Look:
        known = {**self._used, **self._versions}
        beside = [path for each in known.values() for path in each.beside]
        beside += [path for each in self._used.values() for path in each.beside]
        return look(self.path, known, sorted({*beside}))

    def _look(self, *, at_once: bool) -> tuple[float | None, tuple[LiveEvent, ...]]:
        with self._lock:
            seen = self._see()
            if seen == self._taken and self._is_read:
                self._rest.end()
                return None, ()
            now = self._clock()
            wait = self._rest.wait(seen, self._taken, now)
            if wait and not at_once:
                return wait, ()
            is_late = at_once or self._rest.is_late(now)
            read, unread = self._read(seen)
            if not is_late and self._see() != seen:
                return REST, ()  # it changed while it was read
            self._versions = read
            self._taken = seen
            self._rest.end()
            # What the file system refuses once it may give another time, all else being equal.
            self._is_read = all(path in seen.failed for path in unread) and all(
                each.is_complete for each in read.values()
            )
            events = tuple(self._take(seen, unread))
            return (None if self._see() == seen else REST), events

    def _read(self, seen: Look) -> tuple[dict[Path, Version], dict[Path, str]]:
        """The files as they are, and of those that cannot be read why."""
        read: dict[Path, Version] = {}
        unread = dict(seen.failed)
        for path in seen.files:
            known = [each[path] for each in (self._versions, self._used) if path in each]
            if known and known[0].is_as_seen(seen):
                read[path] = known[0]
                continue
            try:
                read[path] = read_version(path, seen, known, self._cache)
            except OSError as error:
                unread[path] = reason(error)
            except Exception as error:  # whatever is in one file, the others go on
                unread[path] = f"checking it fails by a fault of LeadLark, {type(error).__name__}"
        return read, unread

    def _take(self, seen: Look, unread: Mapping[Path, str]) -> list[LiveEvent]:
        used = self._used
        emptied = emptied_of(self._versions, used)
        wanted = wanted_of(seen, self._versions, used, emptied)
        chosen, conflicts = choose(wanted, used)
        problems = problems_of(self._versions, chosen, unread, emptied, conflicts, self._problems)
        events: list[LiveEvent] = []
        if any(chosen.get(path) is not used.get(path) for path in {*chosen, *used}):
            events.append(self._swap(chosen))
        for name, problem in problems.items():
            known = self._problems.get(name)
            if known is None or not known.is_like(problem):
                events.append(Broke(problem))
        events += [Mended(name) for name in self._problems if name not in problems]
        self._problems = problems
        return events

    def _swap(self, chosen: dict[Path, Version]) -> Swapped:
        old, used = self._current, self._used
        paths = sorted({*used, *chosen})
        changed = [path for path in paths if chosen.get(path) is not used.get(path)]
        self._used = chosen
        self._current = new = loaded_of(chosen, old.number + 1)
        return Swapped(
            new,
            tuple(map(str, changed)),
            tuple(sorted(new.channels.keys() - old.channels.keys())),
            tuple(sorted(old.channels.keys() - new.channels.keys())),
        )
