"""The page's modules as they travel to the browser."""

from __future__ import annotations

import gzip
import json
import re

from golifelab.widgets import assets
from golifelab.widgets.runtime import STUB, modules_digest


def test_every_module_comes_after_those_it_imports():
    seen: set[str] = set()
    for name, text in assets.ordered().items():
        if not name.startswith("vendor/"):
            folder = (assets.STATIC / name).parent
            for needed in re.findall(r'^.*\bfrom "(\.[^"]+)"', text, re.MULTILINE):
                found = (folder / needed).resolve().relative_to(assets.STATIC)
                assert found.as_posix() in seen, name
        seen.add(name)


def test_every_module_and_style_is_shipped():
    shipped = set(assets.ordered())
    on_disk = {path.relative_to(assets.STATIC).as_posix() for path in assets.STATIC.rglob("*.js")}
    assert shipped == on_disk - {"loader.js"}
    bundle = json.loads(gzip.decompress(assets.bundle()))
    for path in assets.STATIC.rglob("*.css"):
        assert path.read_text(encoding="utf-8") in bundle["style"]


def test_comments_stay_at_home_and_every_line_keeps_its_number():
    bundle = json.loads(gzip.decompress(assets.bundle()))
    for module in bundle["modules"]:
        whole = assets.ordered()[module["name"]].split("\n")
        shipped = module["text"].split("\n")
        assert len(shipped) == len(whole)
        for sent, line in zip(shipped, whole, strict=True):
            if sent != line:
                assert sent == ""
                assert line.lstrip().startswith(("/*", "*", "//")), module["name"]


def test_the_bundle_is_small_and_the_stub_tiny():
    assert len(assets.bundle()) < 400_000
    assert len(STUB) < 800
    assert re.fullmatch("[0-9a-f]{16}", modules_digest())


def test_own_modules_name_no_host_and_assign_no_markup():
    for name, text in assets.ordered().items():
        if name.startswith("vendor/"):
            continue
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", text)
        assert "https://" not in text.replace("http://www.w3.org/2000/svg", ""), name


def test_modules_hold_one_idea_each():
    for path in assets.STATIC.rglob("*.js"):
        if path.parent.name == "vendor":
            continue
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 350, path.name
