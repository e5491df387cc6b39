"""The reader of profiles."""

from __future__ import annotations

import gzip
from functools import cache

from fuzz.reader import Seed
from golifelab.program import sample
from golifelab.run.heap.heap import watching, written
from golifelab.run.heap.profile import Profile, read_profile


def read_profile_whole(content: bytes) -> None:
    """All stacks with their frames and values, by function, and there and back as plain data."""
    profile = read_profile(content)
    for kind, _ in profile.types:
        profile.functions(kind)
    assert len(profile.frame()) == len(profile)
    assert Profile.from_json(profile.to_json()).stacks == profile.stacks


@cache
def profile_seeds() -> tuple[Seed, ...]:
    """The heap profile of a run, as Go writes it and unpacked."""
    program = sample("keeper")
    ran = watching(program.source, program.target).run(
        environment={"GODEBUG": "memprofilerate=4096"}, timeout=10
    )
    _, blocks = written(ran.data)
    packed = blocks["profile", "end"]
    plain = gzip.decompress(packed)
    return Seed("packed", packed, ((0, 12),)), Seed("plain", plain, ((0, 400), (0, len(plain))))
