from __future__ import annotations

import os
import threading

from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.cache import cache
from golifelab.toolchain.gofolder import folder, leads_outside


def program(text="func main() {}", **more):
    return Source.from_text(f"package main\n\n{text}\n", **more)


def test_equal_sources_stand_in_one_folder(newest):
    with folder(program(), newest) as one, folder(program(), newest) as other:
        assert one.path == other.path
        assert one.output != other.output
        assert sorted(path.name for path in one.path.iterdir()) == ["go.mod", "main.go"]
        assert (one.path / "main.go").read_text() == program().text()
    # It stays for the next build; what a build made does not.
    assert one.path.exists()
    assert not one.output.exists()
    with folder(program("var x int\n\nfunc main() {}"), newest) as third:
        assert third.path != one.path


def test_many_at_once(newest):
    source, seen = program(f"// {os.getpid()}\n\nfunc main() {{}}"), []

    def enter():
        with folder(source, newest) as place:
            seen.append((place.path / "main.go").read_text())

    threads = [threading.Thread(target=enter) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [source.text()] * 8


def test_folders_that_nobody_uses_go(newest):
    old = cache().directory("modules") / "old"
    old.mkdir(exist_ok=True)
    os.utime(old, (1, 1))
    with folder(program(f"// new {os.urandom(4).hex()}\n\nfunc main() {{}}"), newest):
        assert not old.exists()


def test_what_is_outside_of_std(tmp_path):
    assert not leads_outside(program('import "net/http"\n\nfunc main() {}'), Target())
    assert not leads_outside(program('import "C"\n\nfunc main() {}'), Target())
    assert leads_outside(program('import "lab/inner"\n\nfunc main() {}'), Target())
    assert leads_outside(program('import "example.com/x"\n\nfunc main() {}'), Target())
    source = Source((("main.go", 'package main\n\nimport _ "lab/x"\n'),), directory=tmp_path)
    with folder(source, Target()) as place:
        assert place.path == tmp_path
        assert place.program == ("main.go",)
        assert place.flags[0].startswith("-overlay=")
    assert list(tmp_path.iterdir()) == []
