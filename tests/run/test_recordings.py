"""The recordings that come with the project, against what the programs do now."""

from __future__ import annotations

import pytest

from golifelab.errors import FeatureUnavailable, GolifelabError
from golifelab.load.recorded.envelope import recorded, recorded_names, scrubbed, shape_difference
from golifelab.run.recordings import MAKERS, record, sample_source


def test_every_recording_has_a_maker_and_the_other_way_round():
    assert set(recorded_names()) == set(MAKERS)


@pytest.mark.parametrize("name", MAKERS)
def test_a_recording_has_the_shape_of_a_live_run(name, newest):
    maker, kept = MAKERS[name], recorded(name)
    source = sample_source(maker.sample)
    assert source.files == kept.source.files, f"make it again: golifelab record {name}"
    try:
        live = scrubbed(maker.make(source, newest), newest)
    except FeatureUnavailable as error:
        pytest.skip(error.message)
    assert shape_difference(kept.content, live) == ""


def test_recordings_are_made_by_name(tmp_path, target):
    told: list[str] = []
    try:
        (path,) = record(["println-hello"], target=target, folder=tmp_path, say=told.append)
    except FeatureUnavailable as error:
        pytest.skip(error.message)
    assert path.read_text().startswith("{")
    assert len(told) == 1
    with pytest.raises(GolifelabError, match="there are"):
        record(["nothing"], folder=tmp_path)
