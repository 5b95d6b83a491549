"""`leadlark run` on many payloads: what is broken, in which order, with how much memory."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadlark.limits import MAX_PAYLOAD_BYTES

RUN = (sys.executable, "-m", "leadlark", "run", "shop.channel")
AT = ("--now", "2026-01-01", "--format", "json")

PEAK = """\
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def order(number: int, **more: object) -> str:
    return json.dumps({"client_phone": 74712770000 + number, "order_id": number, **more})


def places(out: str) -> list[int]:
    return [json.loads(line)["place"]["payload"] for line in out.splitlines()]


@pytest.fixture
def batch(folder: Path) -> Callable[..., Path]:
    def written(*lines: str, name: str = "big.ndjson") -> Path:
        file = folder / name
        file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return file

    return written


def test_broken_lines_do_not_stop_the_others(leadlark, batch):
    """Each line that cannot be read is told with its payload and line; all others are decided."""
    large = '{"a": "' + "x" * MAX_PAYLOAD_BYTES + '"}'
    batch(order(1), "", '{"a": ', "  ", order(2), large, "[1]", order(3))

    ran = leadlark("run", "shop.channel", "big.ndjson", "--format", "json")

    assert 1 == ran.status
    assert [1, 3, 6] == places(ran.out)
    assert [
        "big.ndjson payload 2: P101: Broken JSON: the text ends before the JSON value is complete "
        "(at line 3, column 7)",
        "big.ndjson payload 4: P501: The payload is over 1 MiB (at line 6)",
        "big.ndjson payload 5: P108: The payload is neither an object nor a list of objects "
        "(at line 7, [0])",
    ] == ran.err.splitlines()


def test_worst_status_counts(leadlark, batch):
    """A reject in the midst of a batch makes the status 1; without one it is 0."""
    batch(order(1), order(2), name="good.ndjson")
    batch(order(1), '{"client_phone": 74712773120}', order(2))

    assert 0 == leadlark("run", "shop.channel", "good.ndjson").status
    assert 1 == leadlark("run", "shop.channel", "big.ndjson").status


def test_text_names_the_payloads(leadlark, batch, folder: Path):
    """Where there are several payloads, text names each; a single one needs no name."""
    batch(order(1), order(1))
    (folder / "list.json").write_text(f"[{order(2)}, {order(3)}]")

    lines = leadlark("run", "shop.channel", "big.ndjson").out.splitlines()
    of_list = leadlark("run", "shop.channel", "list.json").out.splitlines()
    of_files = leadlark("run", "shop.channel", "order.json", "order.json").out.splitlines()

    assert ["big.ndjson payload 1", "create: no deal found"] == lines[:2]
    assert ["", "big.ndjson payload 2"] == lines[-3:-1]
    assert "list.json payload 1" == of_list[0]
    assert "list.json payload 2" in of_list
    assert "order.json" == of_files[0]


def test_place_names_the_element(leadlark, folder: Path):
    """Decisions on the elements of `each` have the payload and the element."""
    (folder / "each.channel").write_text(
        'channel e {\n    entity lead\n    each <items>\n    lead {\n        TITLE = "<name>"\n'
        "    }\n}\n"
    )
    payload = '{"items": [{"name": "a"}, {"name": "b"}]}'
    ran = leadlark("run", "each.channel", "-", "--format", "json", stdin=payload)

    shown = [json.loads(line)["place"] for line in ran.out.splitlines()]
    assert [{"file": "-", "payload": 1, "element": index} for index in (1, 2)] == shown


def test_memory_does_not_grow_with_the_file(folder: Path, batch):
    """A hundred thousand lines take no more memory than a thousand."""
    call = (*RUN, "big.ndjson", "--dry-run", *AT)
    ping = order(1, test="x" * 100)

    def peak(count: int) -> int:
        # Most are pings, which take less time than orders.
        batch(*(order(number) if number % 10 == 0 else ping for number in range(count)))
        done = subprocess.run(
            [sys.executable, "-c", PEAK, *call], cwd=folder, capture_output=True, check=True
        )
        return int(done.stdout)

    small, large = peak(1_000), peak(100_000)

    assert large - small < 8 * 1024  # KiB


def test_closed_pipe_ends_quietly(folder: Path, batch):
    """Whoever reads one decision and goes ends the command without a word."""
    batch(*(order(number) for number in range(3_000)))
    for jobs in ("1", "2"):
        with subprocess.Popen(
            [*RUN, "big.ndjson", "--dry-run", "--jobs", jobs, *AT],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as child:
            assert child.stdout is not None
            assert child.stderr is not None
            child.stdout.readline()
            child.stdout.close()
            assert b"" == child.stderr.read()
        assert 141 == child.returncode


def test_decisions_on_standard_input_come_at_once(folder: Path):
    """Who sends lines one by one gets each decision before sending the next but one."""
    with subprocess.Popen(
        [*RUN, "-", *AT], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        shown = []
        for number in range(1, 5):
            child.stdin.write(f"{order(number)}\n".encode())
            child.stdin.flush()
            if number > 1:  # the second line tells that there are lines
                shown += places(child.stdout.readline().decode())
        child.stdin.close()
    assert [1, 2, 3] == shown


def test_jobs_give_the_same_results_in_order(leadlark, batch):
    """Two processes print what one prints, whether decisions are applied or not."""
    lines = [order(number % 500) for number in range(900)]
    lines[450] = "{"
    lines[700] = '{"client_phone": 1}'
    batch(*lines)
    for how in (AT, ("--dry-run", *AT), ("--dry-run", *AT[:2]), ("--store", "sqlite:///{}.db")):
        one, two = (
            leadlark(
                *("run", "shop.channel", "big.ndjson", "--jobs", jobs),
                *(each.format(jobs) for each in how),
            )
            for jobs in ("1", "2")
        )
        assert one == two
        assert 1 == one.status


def test_later_payloads_find_what_earlier_ones_made(leadlark, batch):
    """With two processes, too, an order that comes again is found by what its first one made."""
    batch(*(order(number) for number in [*range(600), *range(600)]))

    ran = leadlark("run", "shop.channel", "big.ndjson", "--jobs", "2", *AT)

    actions = [json.loads(line)["action"] for line in ran.out.splitlines()]
    assert ["create"] * 600 + ["ignore"] * 600 == actions


ORDERS = st.builds(
    lambda number, phone, name: json.dumps(
        {"client_phone": 74712770000 + phone, "client_name": name, "order_id": number}
    ),
    st.integers(1, 30),
    st.integers(0, 9),
    st.sampled_from(["Мария", "", None, "<order_id>"]),
) | st.sampled_from(['{"test": 1}', "{", "[]", "[{}, 2]", '{"order_id": 1, "order_id": 2}'])


@settings(max_examples=4, deadline=None)
@given(st.lists(ORDERS, min_size=20, max_size=40), st.integers(12, 25))
def test_any_batch_is_decided_the_same_by_several_processes(
    tmp_path_factory: pytest.TempPathFactory, shop_rules: str, lines: list[str], times: int
) -> None:
    """Whatever is in a batch, two processes give the output and the status of one."""
    folder = tmp_path_factory.mktemp("batch")
    (folder / "shop.channel").write_text(shop_rules, encoding="utf-8")
    (folder / "big.ndjson").write_text("\n".join(lines * times), encoding="utf-8")

    one, two = (
        subprocess.run(
            [*RUN, "big.ndjson", "--jobs", jobs, *AT], cwd=folder, capture_output=True, check=False
        )
        for jobs in ("1", "2")
    )

    assert (one.returncode, one.stdout, one.stderr) == (two.returncode, two.stdout, two.stderr)


def test_small_batches_need_no_workers(leadlark, batch):
    """What fits into one piece of work is done by the command itself."""
    batch(*(order(number) for number in range(10)))

    ran = leadlark("run", "shop.channel", "big.ndjson", "--jobs", "8", *AT)

    assert list(range(1, 11)) == places(ran.out)


@pytest.mark.parametrize("jobs", ["0", "-1", "two", "62", "²"])
def test_jobs_are_a_number(leadlark, jobs: str):
    """A number of processes that makes no sense is a mistake of the call."""
    ran = leadlark("run", "shop.channel", "order.json", f"--jobs={jobs}")

    assert (2, "") == (ran.status, ran.out)
    assert "is no number from 1 to 61" in ran.err


# The bar


def watched(folder: Path, *, terminal: bool) -> tuple[bytes, bytes]:
    """What a run of more than a second writes to a terminal, and to the pipe beside it.

    The terminal is standard error, and with ``terminal`` standard output, too.
    """
    own, seen = os.openpty()
    with subprocess.Popen(
        [*RUN, "-", *AT],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=seen if terminal else subprocess.PIPE,
        stderr=seen,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "80"},
    ) as child:
        os.close(seen)
        assert child.stdin is not None
        child.stdin.write(f"{order(1)}\n{order(2)}\n".encode())
        child.stdin.flush()
        drawn = os.read(own, 100) if terminal else b""
        out = b"" if child.stdout is None else child.stdout.readline()
        time.sleep(1.2)
        child.stdin.write(f"{order(3)}\n{{\n{order(4)}\n".encode())
        child.stdin.close()
        with contextlib.suppress(OSError):  # a terminal that nobody writes to any more
            while piece := os.read(own, 4096):
                drawn += piece
        out += b"" if child.stdout is None else child.stdout.read()
    os.close(own)
    return drawn, out


def test_bar_on_a_terminal(folder: Path):
    """Work of over a second shows how far it is on standard error, notes above it."""
    drawn, out = watched(folder, terminal=False)

    assert [1, 2, 3, 5] == places(out.decode())
    assert "bytes" in drawn.decode()
    assert "- payload 4: P101: Broken JSON" in drawn.decode()


def test_no_bar_beside_results(folder: Path):
    """Where the results go to the terminal as well, no bar is drawn between them."""
    drawn, _ = watched(folder, terminal=True)

    assert [1, 2, 3, 5] == [
        json.loads(line)["place"]["payload"]
        for line in drawn.decode().splitlines()
        if line.startswith("{")
    ]
    assert "bytes" not in drawn.decode()


# Workers that end, and that are ended


def children(parent: int) -> set[int]:
    """The processes that a process has started and that are there."""
    found = set()
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            rest = file.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(rest[1]) == parent and rest[0] != "Z":
            found.add(int(file.parent.name))
    return found


def workers(child: subprocess.Popen[bytes]) -> set[int]:
    """The processes that multiprocessing has started to work."""
    return {
        each
        for each in children(child.pid)
        if b"spawn_main" in (Path("/proc") / str(each) / "cmdline").read_bytes()
    }


@pytest.fixture
def endless(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A run with two workers that are at work and whose input has no end."""
    with subprocess.Popen(
        [*RUN, "-", "--dry-run", "--jobs", "2", *AT],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        # A shell in the background hands on that SIGINT is to be ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        for number in range(1_600):
            child.stdin.write(f"{order(number)}\n".encode())
        child.stdin.flush()
        child.stdout.readline()  # a chunk is done, so the workers are there
        yield child
        child.stdin.close()
        child.stdout.close()


def gone(processes: set[int]) -> bool:
    """Whether processes have ended; waits for them for a while."""
    for _ in range(600):
        if not any((Path("/proc") / str(each)).exists() for each in processes):
            return True
        time.sleep(0.05)
    return False


def test_interrupt_ends_all_workers(endless: subprocess.Popen[bytes]):
    """Ctrl-C, which reaches every process of the terminal, ends all with one word."""
    started = workers(endless)
    assert started

    os.killpg(endless.pid, signal.SIGINT)

    assert endless.stderr is not None
    assert b"leadlark: interrupted\n" == endless.stderr.read()
    assert 130 == endless.wait()
    assert gone(started)


def test_killed_command_leaves_no_worker(endless: subprocess.Popen[bytes]):
    """Workers do not outlive the process that they work for, however it ends."""
    started = workers(endless)
    assert started

    endless.kill()

    assert gone(started)


def test_lost_worker_is_a_clear_error(endless: subprocess.Popen[bytes]):
    """A worker that is killed is told in one sentence, with what is done; the status is 3."""
    for each in workers(endless):
        os.kill(each, signal.SIGKILL)
    assert endless.stdin is not None
    endless.stdin.close()
    assert endless.stdout is not None
    endless.stdout.read()

    assert endless.stderr is not None
    said = endless.stderr.read().decode()
    assert said.startswith("leadlark: a worker process ended before its work was done")
    assert 1 == said.count("\n")
    assert 3 == endless.wait()
