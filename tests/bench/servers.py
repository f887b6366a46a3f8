"""Processes that are measured: started, asked by wrk, weighed and stopped."""

import os
import re
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_PATIENCE_S = 180
_MILLISECONDS = {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4}


@dataclass(frozen=True, slots=True)
class Rate:
    """What wrk saw: answers a second, latencies in milliseconds, and how many answers were neither 2xx nor 3xx."""

    per_s: float
    p50_ms: float
    p99_ms: float
    bad: int


@dataclass(slots=True)
class Running:
    """A server of our own. `first_answer_s` is the time from its start to its first good answer."""

    name: str
    base: str
    process: subprocess.Popen[bytes]
    first_answer_s: float

    def anonymous_mb(self) -> float:
        """Memory that belongs to its processes alone, without the pages of files that they map."""
        return sum(_anonymous_kb(pid) for pid in _family(self.process.pid)) / 1024

    def stop(self) -> None:
        """Ends it and what it started."""
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(40)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@dataclass(frozen=True, slots=True)
class Command:
    """How a server is started: `ready` is the path whose first 200 counts."""

    name: str
    argv: Sequence[str]
    port: int
    ready: str
    environ: Mapping[str, str] = field(default_factory=dict)
    directory: Path | None = None

    def start(self, logs: Path) -> Running:
        """Starts it, and waits until it answers. Raises RuntimeError when it never does."""
        base = f"http://127.0.0.1:{self.port}"
        begun = time.perf_counter()
        with (logs / f"{self.name}.log").open("wb") as log:
            process = subprocess.Popen(
                self.argv,
                stdout=log,
                stderr=log,
                env={**os.environ, **self.environ},
                cwd=self.directory,
                start_new_session=True,
            )
        while process.poll() is None and time.perf_counter() - begun < _PATIENCE_S:
            if _answers(base + self.ready):
                return Running(self.name, base, process, time.perf_counter() - begun)
            time.sleep(0.01)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        raise RuntimeError(f"{self.name} does not answer; its log is {logs / self.name}.log")


def wrk(url: str, *, headers: Mapping[str, str], connections: int, seconds: int) -> Rate:
    """A round of questions over kept connections. Raises CalledProcessError."""
    told = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    options = ["-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "60s", "--latency"]
    out = subprocess.run(["wrk", *options, *told, url], capture_output=True, text=True, check=True).stdout
    rate, bad = re.search(r"Requests/sec:\s+([\d.]+)", out), re.search(r"Non-2xx or 3xx responses: (\d+)", out)
    assert rate, out
    return Rate(float(rate[1]), _latency(out, 50), _latency(out, 99), int(bad[1]) if bad else 0)


def fetch(url: str, headers: Mapping[str, str] | None = None) -> tuple[bytes, Mapping[str, str]]:
    """A body and its headers. Raises OSError."""
    with urllib.request.urlopen(urllib.request.Request(url, headers=dict(headers or {})), timeout=120) as answer:
        return answer.read(), answer.headers


def _latency(out: str, percentile: int) -> float:
    found = re.search(rf"\s{percentile}%\s+([\d.]+)(us|ms|s|m)\b", out)
    return float(found[1]) * _MILLISECONDS[found[2]] if found else float("nan")


def _answers(url: str) -> bool:
    try:
        fetch(url)
    except OSError:
        return False
    return True


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return [pid, *(one for child in children for one in _family(int(child)))]


def _anonymous_kb(pid: int) -> int:
    text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    found = re.search(r"^Anonymous:\s+(\d+) kB", text, re.MULTILINE)
    return int(found[1]) if found else 0
