"""The package in a symbol's name."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote

# What a type is made of, before the first name in it: "*[]map[string]os.File".
_QUALIFIED = re.compile(r"(?:^|[^\w./%-])((?:[\w%~-]+(?:\.[\w%~-]+)*/)*[\w%~-]+)\.[\w(]")
_TYPE_ALGORITHM = re.compile(r"type:\.(?:eq|hash)\.")


@lru_cache(maxsize=1 << 17)
def package_of(name: str) -> str:
    """The import path that a symbol's name starts with; "" where it names none.

    A type belongs to the first package that it names, an itab to that of the type in it.
    """
    if name.startswith(("type:", "go:itab.")):
        return _of_type(name)
    if name.startswith("go:"):
        return ""
    head = re.split(r"[\[({,]", name, maxsplit=1)[0]
    slash = head.rfind("/")
    dot = head.find(".", slash + 1)
    package = head[:dot] if dot > slash + 1 else ""
    # "$f64.…" are constants that all packages share, "_" is a function without a name.
    return "" if package == "_" or package.startswith("$") else unquote(package)


def _of_type(name: str) -> str:
    rest = name.removeprefix("go:itab.")
    if name.startswith("type:"):
        algorithm = _TYPE_ALGORITHM.match(name)
        if name.startswith("type:.") and algorithm is None:
            return ""  # names and import paths, which many packages share
        rest = name[algorithm.end() :] if algorithm else name.removeprefix("type:")
    # "noalg." marks a type that is never compared; go.shape is no package.
    found = _QUALIFIED.finditer(rest.removeprefix("noalg.").replace("go.shape.", ""))
    # The parts of a map are types, too: map.group[string]bool.
    return unquote(next((one[1] for one in found if one[1] != "map"), ""))
