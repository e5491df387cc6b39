"""`python -m fuzz`, `make fuzz`: a campaign of damaged inputs against every reader of bytes.

Each input must be read or refused with a ParseError, in bounded time and memory. What breaks that
is kept in build/fuzz, and the exit status is 1.
"""

from __future__ import annotations

import argparse
import os
import secrets
import sys
import time
from pathlib import Path

from fuzz.campaign import campaign, keep
from fuzz.reader import Broken, judge
from fuzz.readers import READERS, reader

_KEPT = Path("build") / "fuzz"


def main() -> int:
    """Run a campaign, or one kept input again."""
    names = [one.name for one in READERS]
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=24_000, help="how many, in all")
    parser.add_argument("--reader", action="append", choices=names, help="only this one")
    parser.add_argument("--seed", default="", help="that of a former campaign")
    parser.add_argument("--workers", type=int, default=max(1, (os.cpu_count() or 2) // 2))
    parser.add_argument("--again", type=Path, help="an input that was kept; with --reader")
    options = parser.parse_args()
    chosen = [reader(name) for name in options.reader or names]
    if options.again:
        return _again(options.again, options.reader or [options.again.name.partition("-")[0]])
    for one in chosen:
        one.seeds()
    seed = options.seed or secrets.token_hex(4)
    print(f"campaign --seed {seed}: {options.inputs:,} inputs, {options.workers} at a time")
    started = time.monotonic()
    tallies, failures = campaign(
        chosen, options.inputs, seed, workers=options.workers, say=_progress
    )
    print(f"\n{'reader':<12}{'inputs':>9}{'read':>9}{'refused':>9}{'slowest':>12}{'memory':>12}")
    for name, tally in tallies.items():
        print(
            f"{name:<12}{tally.inputs:>9,}{tally.inputs - tally.refused:>9,}{tally.refused:>9,}"
            f"{tally.slowest * 1000:>9,.0f} ms{tally.peak / (1 << 20):>8,.0f} MiB"
        )
    for failure in failures:
        print(f"BROKEN {keep(failure, _KEPT)}: {failure.message}")
    total = sum(tally.inputs for tally in tallies.values())
    verdict = f"{len(failures)} broke a reader" if failures else "every one was read or refused"
    print(f"{total:,} inputs in {time.monotonic() - started:.0f} s: {verdict}")
    return 1 if failures else 0


def _again(path: Path, names: list[str]) -> int:
    for name in names:
        try:
            outcome = judge(reader(name), path.read_bytes())
        except Broken as broken:
            print(broken)
            raise broken.__cause__ or broken from None
        print(f"{name}: {'refused' if outcome.refused else 'read'} in {outcome.seconds:.3f} s")
    return 0


def _progress(text: str) -> None:
    """Where the campaign stands, on one line of a terminal; nothing in a log."""
    if sys.stderr.isatty():
        print(f"\r{text}", end="", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
