"""What experiments on ways to build have in common: builds that are remembered, and their notes."""

from __future__ import annotations

from pathlib import Path

from golifelab.claims.workbench import Lab
from golifelab.data import data_directory
from golifelab.errors import FeatureUnavailable
from golifelab.link.elf.image import Image
from golifelab.link.modes import Build, Way, built, executable_built
from golifelab.source import Source


def source_of(sample: str) -> Source:
    """The source of a sample program."""
    return Source.from_directory(data_directory() / "programs" / sample)


def command(sample: str, way: Way) -> str:
    """The build of a sample as a reader would type it."""
    return f"{way.command.removesuffix(' .')} ./{sample}"


def attempt(lab: Lab, sample: str, way: Way) -> Build:
    """Build a sample in a way and write down what came of it, or why nothing did."""
    row = built(source_of(sample), lab.bench.target, way, program=sample)
    said = [facts(row)] if row.available else [row.reason]
    said += [f"(said on the way: {warning})" for warning in row.warnings]
    lab.note(command(sample, way), "\n".join(said))
    return row


def build(lab: Lab, sample: str, way: Way) -> Build:
    """As `attempt`; FeatureUnavailable where this machine can't build it, or Go refuses."""
    row = attempt(lab, sample, way)
    if not row.available:
        raise FeatureUnavailable(command(sample, way), row.reason, remedy=row.missing)
    return row


def image(lab: Lab, sample: str, way: Way) -> Image:
    """The file of a build, to look into; FeatureUnavailable as for `build`."""
    return Image(path(lab, sample, way))


def path(lab: Lab, sample: str, way: Way) -> Path:
    """Where the file of a build is; FeatureUnavailable as for `build`."""
    return executable_built(source_of(sample), lab.bench.target, way)


def facts(row: Build) -> str:
    """What a build's file says, in a line."""
    return (
        f"{row.outcome} {row.kind}: interpreter {row.interpreter or 'none'}, libraries"
        f" {', '.join(row.needed) or 'none'}, entry {row.entry_symbol or 'without a name'},"
        f" {row.size:,} bytes"
    )
