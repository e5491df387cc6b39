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
    return unquote(head[:dot]) if dot > slash + 1 else ""


def _of_type(name: str) -> str:
    rest = name.removeprefix("go:itab.")
    if name.startswith("type:"):
        algorithm = _TYPE_ALGORITHM.match(name)
        if name.startswith("type:.") and algorithm is None:
            return ""  # names and import paths, which many packages share
        rest = name[algorithm.end() :] if algorithm else name.removeprefix("type:")
    found = _QUALIFIED.search(rest)
    return unquote(found[1]) if found else ""
