"""Write down what was measured: JSON lines on stdout and in build/bench.jsonl."""

import gc
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

OUTPUT = Path(__file__).resolve().parents[1] / "build" / "bench.jsonl"
Answer = TypeVar("Answer")


@dataclass
class Stopwatch:
    """Seconds that a block took, known when it has ended."""

    seconds: float = 0.0


@contextmanager
def timed() -> Iterator[Stopwatch]:
    """Time a block; garbage is collected before and not during it."""
    watch = Stopwatch()
    gc.collect()
    gc.disable()
    begun = time.perf_counter()
    try:
        yield watch
    finally:
        watch.seconds = time.perf_counter() - begun
        gc.enable()


def best_of(times: int, work: Callable[[], Answer]) -> tuple[float, Answer]:
    """Run `work` several times; return the shortest time and the last answer."""
    shortest = float("inf")
    for _turn in range(times):
        with timed() as watch:
            answer = work()
        shortest = min(shortest, watch.seconds)
    return shortest, answer


def write(
    name: str,
    value: float,
    unit: str,
    *,
    baseline: float | None = None,
    ratio: float | None = None,
    rows: int | None = None,
    **more: Any,
) -> None:
    """Write one figure; `more` says what the baseline is and what the target."""
    line = {
        "name": name,
        "value": round(value, 4),
        "unit": unit,
        "baseline": None if baseline is None else round(baseline, 4),
        "ratio": None if ratio is None else round(ratio, 4),
        "rows": rows,
        **more,
    }
    text = json.dumps(line, ensure_ascii=False)
    print(text, flush=True)
    OUTPUT.parent.mkdir(exist_ok=True)
    with OUTPUT.open("a", encoding="utf-8") as file:
        file.write(text + "\n")


def begin() -> None:
    """Start a new file, with what the figures were measured on."""
    OUTPUT.unlink(missing_ok=True)
    load = os.getloadavg()[0]
    write("machine.cores", os.cpu_count() or 0, "cores", load_before=round(load, 2))
