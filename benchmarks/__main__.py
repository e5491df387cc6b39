"""`python -m benchmarks`: all measurements in one run, as ratios.

The absolute figures belong to the machine; the ratios are what can be compared.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys

from benchmarks import images, processes, stages, traces
from benchmarks.measure import Timing
from benchmarks.programs import hello, server
from golifelab.errors import GolifelabError


def main() -> int:
    """Measure and print; with --json as data."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--no-browser", action="store_true", help="leave out JupyterLab")
    options = parser.parse_args()
    groups: dict[str, list[Timing]] = {}
    groups["front end, hello"] = stages.front_end(0)
    sized = {lines: stages.front_end(lines) for lines in (500, 5000, 18_000)}
    groups |= {f"front end, {lines:,} lines": group for lines, group in sized.items()}
    groups["front end, growth"] = stages.growth(sized)
    groups["back end, hello"] = stages.back_end(hello(), "main.main")
    groups["back end, 500 lines and net/http"] = stages.back_end(server(), "main.step3")
    groups["SSA, against what people use now"] = stages.gossafunc()
    try:
        groups["graphs"] = stages.layouts()
    except GolifelabError as error:
        print(f"the layout of graphs left out: {error}", file=sys.stderr)
    groups["link, hello"] = stages.linking(hello())
    groups["link, 500 lines and net/http"] = stages.linking(server())
    groups["read the compiler's executable"] = images.reading()
    try:
        groups["a process, held"] = processes.holding()
        groups["a program's start"] = processes.booting()
    except GolifelabError as error:
        print(f"held processes left out: {error}", file=sys.stderr)
    groups["an execution trace"] = traces.reading()
    memories = [images.memory(), traces.memory()]
    if not options.no_browser:
        try:
            from benchmarks.browser_latency import keystroke_to_paint
            from benchmarks.lab_latency import keystroke_to_lab, scrubbing

            groups["browser, the lab, 30 edits"] = keystroke_to_lab(30)
            groups["browser, the lab, package fmt"] = scrubbing()
            groups["browser, the whole life, 30 edits"] = keystroke_to_paint(30)
        except (GolifelabError, ImportError) as error:
            print(f"browser latency left out: {error}", file=sys.stderr)
    if options.json:
        data: dict[str, object] = {
            name: [_data(t, group) for t in group] for name, group in groups.items()
        }
        json.dump(
            data | {"memory": [dataclasses.asdict(memory) for memory in memories]},
            sys.stdout,
            indent=1,
        )
        print()
        return 0
    for name, group in groups.items():
        print(f"\n{name}")
        for timing in group:
            print(
                f"  {timing.name:<28} median {timing.median * 1000:8.1f} ms"
                f"   p95 {timing.p95 * 1000:8.1f} ms   {_ratio(timing, group):6.2f} ×"
            )
    print("\nmemory")
    for memory in memories:
        print(
            f"  {memory.name}: {memory.peak / 1e6:.1f} MB at the peak"
            f" for a file of {memory.file / 1e6:.1f} MB   {memory.ratio:.2f} ×"
        )
    return 0


def _ratio(timing: Timing, group: list[Timing]) -> float:
    """How many times the first of its group, which is the bare tool."""
    return timing.median / group[0].median


def _data(timing: Timing, group: list[Timing]) -> dict[str, object]:
    return {
        "name": timing.name,
        "median_ms": round(timing.median * 1000, 3),
        "p95_ms": round(timing.p95 * 1000, 3),
        "ratio": round(_ratio(timing, group), 3),
    }


if __name__ == "__main__":
    sys.exit(main())
