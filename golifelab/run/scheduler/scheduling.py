"""Run a program under runtime/trace."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from golifelab.errors import FeatureUnavailable, GolifelabError
from golifelab.load.hold.start import runs_here
from golifelab.run.scheduler.reading import from_trace
from golifelab.run.scheduler.recording import content_of, recorded_scheduling
from golifelab.run.scheduler.stage import Scheduling
from golifelab.run.wrapped import Wrapped, wrapped
from golifelab.source import Source
from golifelab.target import Target

# A program that is killed leaves whole generations only: they are to be short. In nanoseconds.
MOST_PROCESSORS = 1024
_GENERATION = 200_000_000
_REPORTS_EVERY = 10  # milliseconds


def scheduling(
    source: Source,
    target: Target,
    *,
    processors: int = 0,
    async_preemption: bool = True,
    reports: bool = False,
    timeout: float = 5.0,
    argv: tuple[str, ...] = (),
    environment: Mapping[str, str] | None = None,
) -> Scheduling:
    """Run a program under runtime/trace for `timeout` seconds at most.

    The trace begins before main.main and ends after it, at os.Exit, at a panic, at the limit, or
    when all goroutines wait for ever. `processors` is GOMAXPROCS, 0 for as many as there are.
    Without `async_preemption` the runtime sends no SIGURG (GODEBUG=asyncpreemptoff=1). With
    `reports` the scheduler also reports every ten milliseconds (schedtrace). A program that is
    killed, or that another fatal error ends, has a trace up to the last 0.2 seconds.

    Where this machine can't run the program, a recorded run of a small one takes its place.
    CompileFailed and LinkFailed as for the program; GolifelabError when it ended before anything
    was traced.
    """
    if not 0 <= processors <= MOST_PROCESSORS:
        raise GolifelabError(
            f"{processors} Ps", remedy=f"0, for as many as there are, up to {MOST_PROCESSORS}"
        )
    made = _traced(source, target)
    try:
        runs_here(made.executable)
    except FeatureUnavailable:
        return recorded_scheduling()
    words = [f"traceadvanceperiod={_GENERATION}"]
    words += [] if async_preemption else ["asyncpreemptoff=1"]
    words += [f"schedtrace={_REPORTS_EVERY}"] if reports else []
    settings = dict(environment or {})
    debug = ",".join([*filter(None, [settings.pop("GODEBUG", "")]), *words])
    settings |= {"GOMAXPROCS": str(processors)} if processors else {}
    gathered = made.run(
        argv,
        environment=settings | {"GODEBUG": debug},
        timeout=timeout,
        line="{run}; go tool trace -d=parsed trace.out",
        file="trace.out",
    )
    return from_trace(
        gathered.data,
        gathered=gathered,
        main=made.main,
        processors=processors,
        async_preemption=async_preemption,
    )


def recording_of(source: Source, target: Target) -> dict[str, object]:
    """What is recorded of a traced run: on one P, so that goroutines must take turns."""
    return content_of(scheduling(source, target, processors=1), target)


@lru_cache(maxsize=32)
def _traced(source: Source, target: Target) -> Wrapped:
    return wrapped(
        source,
        target,
        before="golifelab_trace.Start(golifelab_out)",
        after="golifelab_trace.Stop()",
        imports=("runtime/trace",),
        stops_inside=True,
    )
