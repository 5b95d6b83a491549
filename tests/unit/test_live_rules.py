"""Rules of a running service: files that change, break, move and vanish under it."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from leadlark import Request, RuleError
from leadlark.live.resting import GONE, PATIENCE, REST
from leadlark.live.rules import LiveRules
from leadlark.live.state import Broke, LiveEvent, Mended, NoChannel, Swapped, lookup


def channel(address: str, title: str = "a", extra: str = "") -> str:
    block = f'    lead {{\n        TITLE = "{title}"\n    }}\n'
    return f"channel {address} {{\n    entity lead\n{extra}{block}}}\n"


BROKEN = "channel broken {\n    entity house\n}\n"


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Live:
    """Live rules of a folder with a clock of their own, and what they have told."""

    def __init__(self, path: Path) -> None:
        self.clock = Clock()
        self.told: list[LiveEvent] = []
        self.rules = LiveRules(path, on_change=self.told.append, clock=self.clock)

    def settle(self) -> list[LiveEvent]:
        """Look until nothing is under way, the clock going on; gives what was told meanwhile."""
        self.told.clear()
        for _ in range(50):
            again = self.rules.refresh()
            if again is None:
                return list(self.told)
            self.clock.now += again
        raise AssertionError("it never rests")

    def titles(self) -> dict[str, object]:
        channels = self.rules.current.channels
        request = Request(payload={})
        return {key: each.map(request).entity["TITLE"] for key, each in sorted(channels.items())}

    def kinds(self) -> dict[str, str]:
        return {Path(each.path).name: each.kind for each in self.rules.problems}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "rules"
    made.mkdir()
    (made / "a.channel").write_text(channel("a"))
    (made / "b.channel").write_text(channel("b"))
    return made


@pytest.fixture
def live(folder: Path) -> Live:
    return Live(folder)


def test_start(live: Live) -> None:
    """What is loaded tells its files with their hashes and the addresses of each."""
    loaded = live.rules.current

    assert {"a": "a", "b": "a"} == live.titles()
    assert [("a.channel", ("a",)), ("b.channel", ("b",))] == [
        (Path(each.path).name, each.channels) for each in loaded.files
    ]
    assert {each.rules for each in loaded.files} == {
        each.program.rules for each in loaded.channels.values()
    }
    assert (None, 1, ()) == (loaded.default, loaded.number, live.rules.problems)
    assert live.rules.refresh() is None


def test_start_with_broken_rules(folder: Path) -> None:
    """A service does not start with rules that have mistakes: every one comes out."""
    (folder / "c.channel").write_text(BROKEN)
    (folder / "d.channel").write_text(channel("a"))

    with pytest.raises(RuleError) as caught:
        LiveRules(folder)

    codes = [each.code for each in caught.value.diagnostics]
    assert "E206" in codes
    assert len(codes) == len(set(caught.value.diagnostics)) > 1


def test_start_without_rules(tmp_path: Path) -> None:
    """Rules that are not there are told as such."""
    with pytest.raises(FileNotFoundError):
        LiveRules(tmp_path / "nowhere")


def test_edit(live: Live, folder: Path) -> None:
    """A changed file is swapped in, and the channels of the others stay the objects they were."""
    before = live.rules.current
    (folder / "a.channel").write_text(channel("a", "new"))

    told = live.settle()

    assert {"a": "new", "b": "a"} == live.titles()
    assert before.channels["b"] is live.rules.current.channels["b"]
    assert [Swapped(live.rules.current, (str(folder / "a.channel"),), (), ())] == told
    assert 2 == live.rules.current.number
    assert "halves" in live.rules.current.channels["a"].program.__dict__
    assert [] == live.settle()


def test_touched(live: Live, folder: Path) -> None:
    """A file that is written with the text it had is no change."""
    before = live.rules.current
    (folder / "a.channel").write_text(channel("a"))
    os.utime(folder / "a.channel", (1, 1))

    assert [] == live.settle()
    assert before is live.rules.current


def test_half_written(live: Live, folder: Path) -> None:
    """What a writer has got to is not read before it rests."""
    whole = channel("a") + channel("a-second")
    file = folder / "a.channel"
    for end in range(0, len(whole), 9):
        file.write_text(whole[:end])
        assert live.rules.refresh() is not None
        live.clock.now += REST / 2
        assert 1 == live.rules.current.number
        if live.clock.now > PATIENCE - 2 * REST:
            break
    file.write_text(whole)

    live.settle()

    assert ["a", "a-second", "b"] == sorted(live.rules.current.channels)
    assert () == live.rules.problems


def test_never_resting(live: Live, folder: Path) -> None:
    """A file that is written all the time keeps nothing waiting for longer than `PATIENCE`."""
    (folder / "b.channel").write_text(channel("b", "new"))
    count = 0
    while live.titles()["b"] != "new":
        count += 1
        (folder / "a.channel").write_text(channel("a", str(count)))
        live.rules.refresh()
        live.clock.now += REST / 2

    assert live.clock.now <= PATIENCE + REST


def test_breaks_and_is_mended(live: Live, folder: Path) -> None:
    """A broken file keeps its last good version while others are swapped, told once each time."""
    kept = live.rules.current.files[0].rules
    (folder / "a.channel").write_text(BROKEN)
    (folder / "b.channel").write_text(channel("b", "new"))

    swapped, broke = live.settle()

    assert {"a": "a", "b": "new"} == live.titles()
    (problem,) = live.rules.problems
    assert (Broke(problem), "broken", kept) == (broke, problem.kind, problem.kept)
    assert isinstance(swapped, Swapped)
    assert "E" in problem.diagnostics[0].code
    assert "stays in use" in problem.message
    assert str(folder / "a.channel") == problem.to_dict()["diagnostics"][0]["path"]
    assert [] == live.settle()

    (folder / "a.channel").write_text(BROKEN + BROKEN)
    (again,) = live.settle()
    assert isinstance(again, Broke)
    assert problem.since == again.problem.since

    (folder / "a.channel").write_text(channel("a", "mended"))
    told = live.settle()
    assert {"a": "mended", "b": "new"} == live.titles()
    assert Mended(str(folder / "a.channel")) == told[-1]
    assert () == live.rules.problems


def test_breaks_and_goes_back(live: Live, folder: Path) -> None:
    """A broken file that is taken back to what is in use is mended without a swap."""
    before = live.rules.current
    (folder / "a.channel").write_text(BROKEN)
    live.settle()
    (folder / "a.channel").write_text(channel("a"))

    assert [Mended(str(folder / "a.channel"))] == live.settle()
    assert before is live.rules.current


@pytest.mark.parametrize("data", [b"\xff\xfe", b"#" * 300_000, b"(" * 5_000, b"\0"])
def test_anything_in_a_file(live: Live, folder: Path, data: bytes) -> None:
    """Whatever a file holds, its last good version stays and the others go on."""
    (folder / "a.channel").write_bytes(data)
    live.settle()

    assert {"a.channel": "broken"} == live.kinds()
    assert {"a": "a", "b": "a"} == live.titles()


def test_deleted(live: Live, folder: Path) -> None:
    """A file that is gone takes its channels with it, after a while."""
    (folder / "a.channel").unlink()

    assert GONE == live.rules.refresh()
    assert {"a", "b"} == set(live.rules.current.channels)
    (swapped,) = live.settle()

    assert Swapped(live.rules.current, (str(folder / "a.channel"),), (), ("a",)) == swapped
    assert {"b"} == set(live.rules.current.channels)


def test_deleted_for_a_moment(live: Live, folder: Path) -> None:
    """An editor that takes a file away before it writes it does no harm."""
    (folder / "a.channel").unlink()
    live.rules.refresh()
    live.clock.now += GONE / 2
    live.rules.refresh()
    (folder / "a.channel").write_text("")
    live.rules.refresh()
    live.clock.now += GONE / 2
    live.rules.refresh()
    (folder / "a.channel").write_text(channel("a", "new"))

    (swapped,) = live.settle()

    assert isinstance(swapped, Swapped)
    assert () == swapped.removed
    assert {"a": "new", "b": "a"} == live.titles()


def test_emptied(live: Live, folder: Path) -> None:
    """A file that is emptied keeps its channels: a full disk does that, nobody who means it."""
    (folder / "a.channel").write_text("")
    live.settle()

    assert {"a.channel": "emptied"} == live.kinds()
    assert {"a": "a", "b": "a"} == live.titles()

    (folder / "a.channel").unlink()
    live.settle()
    assert ({"b": "a"}, {}) == (live.titles(), live.kinds())


def test_added(live: Live, folder: Path) -> None:
    """A new file comes into use, in a new folder too; what begins with a dot does not."""
    (folder / "more").mkdir()
    (folder / "more" / "c.channel").write_text(channel("c"))
    (folder / ".hidden").mkdir()
    (folder / ".hidden" / "d.channel").write_text(channel("d"))
    (folder / ".e.channel").write_text(channel("e"))
    (folder / "f.channel.swp").write_text(channel("f"))

    (swapped,) = live.settle()

    assert isinstance(swapped, Swapped)
    assert ("c",) == swapped.added


def test_a_new_file_that_is_broken(live: Live, folder: Path) -> None:
    """A new file with mistakes is told and left out."""
    (folder / "c.channel").write_text(BROKEN)
    live.settle()

    (problem,) = live.rules.problems
    assert problem.kept is None
    assert "not in use" in problem.message
    (folder / "c.channel").unlink()
    assert [Mended(str(folder / "c.channel"))] == live.settle()


def test_renamed(live: Live, folder: Path) -> None:
    """A file under another name is one swap in which no address goes away."""
    (folder / "a.channel").rename(folder / "z.channel")

    (swapped,) = live.settle()

    assert isinstance(swapped, Swapped)
    assert ((), ()) == (swapped.added, swapped.removed)
    assert [str(folder / "a.channel"), str(folder / "z.channel")] == list(swapped.changed)


def test_renamed_over(live: Live, folder: Path) -> None:
    """A file that is moved into the place of another one is read, whatever its time is."""
    stat = (folder / "a.channel").stat()
    (folder / "a.new").write_text(channel("a", "b"))
    os.utime(folder / "a.new", ns=(stat.st_atime_ns, stat.st_mtime_ns))
    (folder / "a.new").rename(folder / "a.channel")
    live.settle()

    assert {"a": "b", "b": "a"} == live.titles()


def test_conflict(live: Live, folder: Path) -> None:
    """An address is never served by two files: who has it keeps it, until it is given up."""
    (folder / "c.channel").write_text(channel("a", "stolen") + channel("c"))
    (folder / "b.channel").write_text(channel("b", "new"))
    live.settle()

    assert {"a": "a", "b": "new"} == live.titles()
    assert {"c.channel": "conflict"} == live.kinds()
    assert "E206" == live.rules.problems[0].diagnostics[0].code

    (folder / "a.channel").unlink()
    live.settle()
    assert {"a": "stolen", "b": "new", "c": "a"} == live.titles()
    assert () == live.rules.problems


def test_conflict_of_two_changed_files(live: Live, folder: Path) -> None:
    """Where two changed files claim one address both stay what they were."""
    (folder / "a.channel").write_text(channel("x", "new"))
    (folder / "b.channel").write_text(channel("x", "new"))
    live.settle()

    assert {"a": "a", "b": "a"} == live.titles()
    assert {"a.channel": "conflict", "b.channel": "conflict"} == live.kinds()


def test_an_address_moves(live: Live, folder: Path) -> None:
    """Two files that exchange their addresses at once are swapped at once."""
    (folder / "a.channel").write_text(channel("b", "moved"))
    (folder / "b.channel").write_text(channel("a", "moved"))
    live.settle()

    assert {"a": "moved", "b": "moved"} == live.titles()


def test_two_defaults(live: Live, folder: Path) -> None:
    """There is one default channel; a second one stays out."""
    (folder / "a.channel").write_text(channel("a", extra="    default\n"))
    live.settle()
    (folder / "b.channel").write_text(channel("b", "new", extra="    default\n"))
    live.settle()

    assert live.rules.current.channels["a"] is live.rules.current.default
    assert {"a": "a", "b": "a"} == live.titles()
    assert {"b.channel": "conflict"} == live.kinds()


def test_a_folder_in_its_place(live: Live, folder: Path) -> None:
    """A file that can be read no more keeps its last good version."""
    (folder / "a.channel").unlink()
    (folder / "a.channel").mkdir()
    live.settle()

    assert {"a.channel": "unreadable"} == live.kinds()
    assert {"a": "a", "b": "a"} == live.titles()


def test_a_link_to_nowhere(live: Live, folder: Path) -> None:
    """A link that leads nowhere is a problem of its own."""
    (folder / "c.channel").symlink_to(folder / "nowhere")
    live.settle()

    assert {"c.channel": "unreadable"} == live.kinds()


def test_folder_gone(live: Live, folder: Path) -> None:
    """Rules stay in use while their folder is away, and are looked at when it is back."""
    folder.rename(folder.with_name("away"))
    live.settle()
    assert {"rules": "unreadable"} == live.kinds()
    assert {"a": "a", "b": "a"} == live.titles()

    folder.with_name("away").rename(folder)
    (folder / "a.channel").write_text(channel("a", "new"))
    told = live.settle()
    assert Mended(str(folder)) == told[-1]
    assert {"a": "new", "b": "a"} == live.titles()


def test_a_file_that_is_refused_once(
    live: Live, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the file system refuses for a moment is read later, though nothing else changes."""

    def refuse(*_: object) -> bytes:
        raise PermissionError(13, "Permission denied")

    (folder / "a.channel").write_text(channel("a", "new"))
    with monkeypatch.context() as patch:
        patch.setattr("leadlark.live.versions.read_bytes", refuse)
        live.settle()
        assert {"a.channel": "unreadable"} == live.kinds()
        assert [] == live.settle()
    live.settle()

    assert ({}, {"a": "new", "b": "a"}) == (live.kinds(), live.titles())


def test_one_file(folder: Path) -> None:
    """A single file is kept up with as a folder is; gone, it stays in use."""
    live = Live(folder / "a.channel")
    (folder / "a.channel").write_text(channel("a", "new"))
    live.settle()
    assert {"a": "new"} == live.titles()

    (folder / "a.channel").unlink()
    live.settle()
    assert ({"a": "new"}, {"a.channel": "unreadable"}) == (live.titles(), live.kinds())


def test_schema_file(live: Live, folder: Path) -> None:
    """A schema file is a part of the rule file that names it."""
    schema = folder / "a.json"
    schema.write_text('{"properties": {"n": {"type": "integer"}}, "required": ["n"]}')
    text = channel("a", "<n>", '    payload schema "a.json"\n')
    (folder / "a.channel").write_text(text)
    live.settle()
    assert () == live.rules.problems
    assert "reject" == live.rules.current.channels["a"].map(Request(payload={})).outcome

    schema.write_text('{"properties": {"n": {"type": "integer"}}}')
    (swapped,) = live.settle()
    assert isinstance(swapped, Swapped)
    assert live.rules.current.channels["a"].map(Request(payload={})).outcome is None

    schema.unlink()
    live.settle()
    assert {"a.channel": "broken"} == live.kinds()
    schema.write_text('{"properties": {"n": {"type": "integer"}}, "required": ["n"]}')
    live.settle()
    assert {} == live.kinds()
    assert "reject" == live.rules.current.channels["a"].map(Request(payload={})).outcome


def test_config_map(tmp_path: Path) -> None:
    """Files that are links through a link, as orchestrators mount them, are swapped together."""
    mount = tmp_path / "mount"
    for version in ("1", "2"):
        (mount / f"..{version}").mkdir(parents=True)
        for name in ("a", "b"):
            (mount / f"..{version}" / f"{name}.channel").write_text(channel(name, version))
    (mount / "..data").symlink_to("..1")
    for name in ("a", "b"):
        (mount / f"{name}.channel").symlink_to(f"..data/{name}.channel")
    live = Live(mount)
    assert {"a": "1", "b": "1"} == live.titles()

    (mount / "..new").symlink_to("..2")
    (mount / "..new").rename(mount / "..data")
    (swapped,) = live.settle()

    assert isinstance(swapped, Swapped)
    assert {"a": "2", "b": "2"} == live.titles()
    assert 2 == len(swapped.changed)


def test_a_linked_folder(tmp_path: Path, folder: Path) -> None:
    """A folder that is a link is followed to where it leads at the time."""
    link = tmp_path / "link"
    link.symlink_to(folder)
    live = Live(link)
    other = tmp_path / "other"
    other.mkdir()
    (other / "a.channel").write_text(channel("a", "new"))
    (tmp_path / "new").symlink_to(other)
    (tmp_path / "new").rename(link)
    live.settle()

    assert {"a": "new"} == live.titles()


def test_at_once(live: Live, folder: Path) -> None:
    """Who knows that the files are whole need not wait for their rest."""
    (folder / "a.channel").unlink()

    assert live.rules.refresh(at_once=True) is None
    assert {"b"} == set(live.rules.current.channels)


def test_one_version_whole(folder: Path) -> None:
    """Of 200 edits of two files every reader sees one version of both, compiled."""
    rules = LiveRules(folder)
    seen: set[tuple[object, ...]] = set()
    request = Request(payload={})
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            channels = rules.current.channels
            seen.add(tuple(each.map(request).entity["TITLE"] for each in channels.values()))

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(200):
        (folder / "a.channel").write_text(channel("a", str(number)))
        (folder / "b.channel").write_text(channel("b", str(number)))
        rules.refresh(at_once=True)
    stop.set()
    reader.join()

    assert 201 == rules.current.number
    assert all(first == second for first, second in seen)


def addresses() -> Iterator[tuple[str, object]]:
    yield from (("a", "a"), ("old", "default"), ("never", NoChannel.UNKNOWN))
    yield from ((odd, NoChannel.UNKNOWN) for odd in ("", "A", "a/b", "a\n", "ä", "a" * 65, "<b>"))


@pytest.mark.parametrize(("address", "found"), list(addresses()))
def test_lookup(live: Live, folder: Path, address: str, found: object) -> None:
    """Loaded: its channel. Once loaded: the default. Never, or no address at all: unknown."""

    class Everything(frozenset[str]):
        def __contains__(self, key: object) -> bool:
            assert key in ("a", "old", "never")
            return key in ("a", "old")

    (folder / "b.channel").write_text(channel("default", extra="    default\n"))
    live.settle()
    answer = lookup(live.rules.current, address, Everything())

    assert found == (answer if isinstance(answer, NoChannel) else answer.address)


def test_lookup_without_default(live: Live) -> None:
    """An address that was loaded once is gone where no channel takes its requests."""
    assert NoChannel.GONE is lookup(live.rules.current, "old", {"old"})


@pytest.mark.parametrize("told", [True, False])
def test_watch(folder: Path, told: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The task swaps what changes, by being told or by looking, until it is stopped."""
    if not told:
        monkeypatch.setitem(__import__("sys").modules, "watchfiles", None)

    async def play() -> list[LiveEvent]:
        events: asyncio.Queue[LiveEvent] = asyncio.Queue()
        seen: list[LiveEvent] = []
        rules = LiveRules(folder, on_change=events.put_nowait)
        stop = asyncio.Event()
        task = asyncio.create_task(rules.watch(stop))
        await asyncio.sleep(0)
        (folder / "a.channel").write_text(channel("a", "new"))
        seen.append(await events.get())
        folder.rename(folder.with_name("away"))
        seen.append(await events.get())
        folder.with_name("away").rename(folder)
        seen.append(await events.get())
        (folder / "b.channel").write_text(BROKEN)
        seen.append(await events.get())
        stop.set()
        await task
        return seen

    kinds = [type(each) for each in asyncio.run(asyncio.wait_for(play(), 60))]

    assert [Swapped, Broke, Mended, Broke] == kinds
