"""Names for the words of a frame from the debug information that an executable carries.

DWARF says of a variable where it is kept while it is kept in memory: so many bytes from the
frame's base, which in Go's programs is where the stack pointer was before the call. Only what was
ever kept in memory has such a place.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from golifelab.link.elf.image import Image
from golifelab.link.metadata.pclntab import TableFunction

_WORD = 8
_MAX_WORDS = 64  # of one variable
_MAX_DEPTH = 40
_RETURN = {"amd64": _WORD, "arm64": 0}  # between the frame and its base: the return address
_KINDS = ("DW_TAG_formal_parameter", "DW_TAG_variable")
_BLOCKS = ("DW_TAG_lexical_block", "DW_TAG_inlined_subroutine")


def dwarf_names(image: Image, function: TableFunction, frame_size: int) -> dict[int, str]:
    """The variables of a function's frame, by their offset from the stack pointer.

    Empty without debug information, where it is not understood, and for processors other than
    amd64 and arm64.
    """
    if image.machine not in _RETURN or not any(s.name == ".debug_info" for s in image.sections):
        return {}
    base = frame_size + _RETURN[image.machine]
    found: dict[int, str] = {}
    try:
        debug = _debug(image)
        unit, entry = _entry(debug, function)
        if entry is not None:
            for place, name in _places(debug, unit, entry, 0):
                found.setdefault(base + place, name)
    except Exception:  # noqa: BLE001  # a foreign reader, over a file that may be damaged: no names
        return {}
    return found


@lru_cache(maxsize=4)
def _debug(image: Image) -> Any:
    from elftools.elf.elffile import ELFFile

    return ELFFile(io.BytesIO(image.data)).get_dwarf_info()


def _entry(debug: Any, function: TableFunction) -> tuple[Any, Any]:
    """The unit of a function's package, and its entry there; None where there is none."""
    path, _, rest = function.name.rpartition("/")
    package = f"{path}/{rest.partition('.')[0]}".lstrip("/").encode()
    for unit in debug.iter_CUs():
        top = unit.get_top_DIE()
        name = top.attributes.get("DW_AT_name")
        if name is None or name.value != package:
            continue
        for entry in top.iter_children():
            start = entry.attributes.get("DW_AT_low_pc")
            if entry.tag == "DW_TAG_subprogram" and start and start.value == function.entry:
                return unit, entry
    return None, None


def _places(debug: Any, unit: Any, entry: Any, depth: int) -> Iterator[tuple[int, str]]:
    """Where variables are kept, in bytes from the frame's base, inner blocks after their outer."""
    inner = []
    for child in entry.iter_children():
        if child.tag in _BLOCKS and depth < _MAX_DEPTH:
            inner.append(child)
        elif child.tag in _KINDS and "DW_AT_location" in child.attributes:
            name = _attribute(child, "DW_AT_name")
            if name is not None:
                size = _size(child)
                for place, offset in _kept(debug, unit, child, size):
                    text = name.value.decode("utf-8", "replace")
                    yield place, f"{text}+{offset}" if offset else text
    for child in inner:
        yield from _places(debug, unit, child, depth + 1)


def _attribute(entry: Any, name: str) -> Any:
    """An attribute of an entry, or of the one that it is an inlined copy of."""
    found = entry.attributes.get(name)
    if found is None and "DW_AT_abstract_origin" in entry.attributes:
        found = entry.get_DIE_from_attribute("DW_AT_abstract_origin").attributes.get(name)
    return found


def _size(entry: Any) -> int:
    """The bytes of a variable's type; a word where nothing says."""
    owner = entry
    if "DW_AT_type" not in owner.attributes and "DW_AT_abstract_origin" in owner.attributes:
        owner = owner.get_DIE_from_attribute("DW_AT_abstract_origin")
    for _ in range(8):
        if "DW_AT_type" not in owner.attributes:
            break
        owner = owner.get_DIE_from_attribute("DW_AT_type")
        size = owner.attributes.get("DW_AT_byte_size")
        if size is not None:
            return int(size.value)
        if owner.tag != "DW_TAG_typedef":  # a pointer's entry says what it points to
            break
    return _WORD


def _kept(debug: Any, unit: Any, entry: Any, size: int) -> Iterator[tuple[int, int]]:
    """The words of a variable that are kept in memory: (place, offset in the variable)."""
    from elftools.dwarf.dwarf_expr import DWARFExprParser
    from elftools.dwarf.locationlists import LocationEntry, LocationParser

    where = entry.attributes["DW_AT_location"]
    parser = DWARFExprParser(unit.structs)
    if where.form.startswith("DW_FORM_block") or where.form == "DW_FORM_exprloc":
        expressions = [where.value]
    else:
        lists = LocationParser(debug.location_lists())
        found = lists.parse_from_attribute(where, unit.header.version, die=entry)
        expressions = [one.loc_expr for one in found if isinstance(one, LocationEntry)]
    for expression in expressions:
        yield from _words(parser.parse_expr(expression), size)


def _words(operations: Any, size: int) -> Iterator[tuple[int, int]]:
    place: int | None = None
    offset = 0
    for one in operations:
        if one.op_name == "DW_OP_fbreg":
            place = one.args[0]
        elif one.op_name == "DW_OP_call_frame_cfa":
            place = 0
        elif one.op_name == "DW_OP_piece":
            if place is not None:
                yield from _span(place, offset, one.args[0])
            place, offset = None, offset + one.args[0]
        else:
            place = None
    if place is not None and not offset:
        yield from _span(place, 0, size)


def _span(place: int, offset: int, size: int) -> Iterator[tuple[int, int]]:
    for step in range(0, min(size, _MAX_WORDS * _WORD), _WORD):
        yield place + step, offset + step
