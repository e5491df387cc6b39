"""One argument of a system call in strace's words: a flag, a path, a buffer, a structure.

Each function takes a call's numbers and which of them is meant. What a call hands back (a buffer
that was read, an old mask) can be told once it returned, what it takes before that.
"""

from __future__ import annotations

import string
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from golifelab.load.hold.architecture import host
from golifelab.load.syscalls import flags as known
from golifelab.load.syscalls.flags import bits, choice

Read = Callable[[int, int], bytes]

_SHOWN = 32  # bytes of a buffer; strace's own limit
_LONGEST = 4096  # PATH_MAX
_PAGE = 4096
_AT_FDCWD = -100
_ENDLESS = (1 << 64) - 1
_ESCAPES = {9: "\\t", 10: "\\n", 11: "\\v", 12: "\\f", 13: "\\r", 34: '\\"', 92: "\\\\"}
_PLAIN = frozenset(string.printable.encode()) - frozenset(string.whitespace.encode()) | {32}
_DIGITS = frozenset(b"01234567")


@dataclass(frozen=True, slots=True)
class Raw:
    """A call's six numbers, its result (None before it returned), and a way to read memory."""

    values: tuple[int, ...]
    result: int | None
    read: Read

    def integer(self, index: int) -> int:
        """An argument as the C int it is."""
        return (self.values[index] + (1 << 31)) % (1 << 32) - (1 << 31)

    def bytes(self, address: int, count: int) -> bytes:
        """Memory, as far as it can be read."""
        try:
            return self.read(address, count)
        except (OSError, ValueError, OverflowError):  # the program gave an address that is none
            return b""

    @property
    def good(self) -> bool:
        """Whether it returned, and not with an error."""
        return self.result is not None and self.result >= 0


Word = Callable[[Raw, int], str]


def _address(raw: Raw, index: int) -> str:
    return pointer(raw.values[index])


def pointer(value: int) -> str:
    """An address, NULL for none."""
    return f"{value:#x}" if value else "NULL"


def _decimal(raw: Raw, index: int) -> str:
    return str(raw.values[index])


def _integer(raw: Raw, index: int) -> str:
    return str(raw.integer(index))


def _hexadecimal(raw: Raw, index: int) -> str:
    return f"{raw.values[index]:#x}" if raw.values[index] else "0"


def _octal(raw: Raw, index: int) -> str:
    return f"{raw.values[index] & 0xFFFF:#05o}".replace("0o", "0")


def _folder(raw: Raw, index: int) -> str:
    number = raw.integer(index)
    return "AT_FDCWD" if number == _AT_FDCWD else str(number)


def _bits(names: Mapping[str, int], none: str = "0") -> Word:
    return lambda raw, index: bits(raw.values[index] & 0xFFFFFFFF, names, none)


def _one_of(names: Mapping[str, int] | Sequence[str]) -> Word:
    return lambda raw, index: choice(raw.values[index] & 0xFFFFFFFF, names)


def _open(raw: Raw, index: int) -> str:
    value = raw.values[index] & 0xFFFFFFFF
    mode = known.ACCESS_MODES[min(value & 3, 2)]
    rest = bits(value & ~3, known.OPEN, "")
    return f"{mode}|{rest}" if rest else mode


def _access(raw: Raw, index: int) -> str:
    return bits(raw.values[index], known.ACCESS, "F_OK")


def _path(raw: Raw, index: int) -> str:
    address = raw.values[index]
    return quoted(c_string(raw, address)) if address else "NULL"


def c_string(raw: Raw, address: int) -> bytes:
    """The bytes up to a zero."""
    found = b""
    while b"\0" not in found and len(found) < _LONGEST:
        # Not over the end of a page: the next one may not be there.
        piece = raw.bytes(address, _PAGE - address % _PAGE)
        if not piece:
            break
        found, address = found + piece, address + len(piece)
    return found.partition(b"\0")[0]


def _taken(raw: Raw, index: int) -> str:
    """A buffer whose length is the next argument."""
    return _buffer(raw, index, raw.values[index + 1])


def _filled(raw: Raw, index: int) -> str:
    """A buffer that the call fills: as much of it as the result says."""
    if not raw.good:
        return _address(raw, index)
    return _buffer(raw, index, raw.result or 0)


def _random(raw: Raw, index: int) -> str:
    if not raw.good:
        return _address(raw, index)
    data = raw.bytes(raw.values[index], min(raw.result or 0, _SHOWN))
    text = "".join(f"\\x{byte:02x}" for byte in data)
    return f'"{text}"' + ("..." if (raw.result or 0) > _SHOWN else "")


def _buffer(raw: Raw, index: int, count: int) -> str:
    address = raw.values[index]
    if not address:
        return "NULL"
    data = raw.bytes(address, min(count, _SHOWN))
    return quoted(data) + ("..." if count > _SHOWN else "")


def quoted_start(data: bytes) -> str:
    """As much of some bytes as is shown of a buffer, quoted."""
    return quoted(data[:_SHOWN]) + ("..." if len(data) > _SHOWN else "")


def quoted(data: bytes) -> str:
    """Bytes as strace quotes them: what cannot be printed in octal, as short as can be."""
    parts = []
    for at, byte in enumerate(data):
        if byte in _ESCAPES:
            parts.append(_ESCAPES[byte])
        elif byte in _PLAIN:
            parts.append(chr(byte))
        else:
            wide = at + 1 < len(data) and data[at + 1] in _DIGITS
            parts.append(f"\\{byte:03o}" if wide else f"\\{byte:o}")
    return f'"{"".join(parts)}"'


def _signal(raw: Raw, index: int) -> str:
    return signal_name(raw.integer(index))


def signal_name(number: int) -> str:
    """A signal's name ("SIGURG", "SIGRT_3"); the number for one that does not exist."""
    return f"SIG{known.SIGNALS[number]}" if 0 < number < len(known.SIGNALS) else str(number)


@lru_cache(maxsize=256)
def signal_set(mask: int) -> str:
    """A set of signals: "[INT URG]", or "~[KILL]" where that is shorter."""
    count = len(known.SIGNALS) - 1
    inside = [known.SIGNALS[n] for n in range(1, count + 1) if mask >> (n - 1) & 1]
    if len(inside) <= count * 2 // 3:
        return f"[{' '.join(inside)}]"
    outside = [known.SIGNALS[n] for n in range(1, count + 1) if not mask >> (n - 1) & 1]
    return f"~[{' '.join(outside)}]"


def _mask(raw: Raw, index: int) -> str:
    data = raw.bytes(raw.values[index], 8) if raw.values[index] else b""
    return signal_set(int.from_bytes(data, "little")) if len(data) == 8 else _address(raw, index)


def _action(raw: Raw, index: int) -> str:
    data = raw.bytes(raw.values[index], 32) if raw.values[index] else b""
    return _action_words(data) if len(data) == 32 else _address(raw, index)


@lru_cache(maxsize=256)
def _action_words(data: bytes) -> str:
    # A start sets over a hundred of them, nearly all alike.
    handler, how, restorer, mask = struct.unpack("<QQQQ", data)
    words = [
        f"sa_handler={('SIG_DFL', 'SIG_IGN')[handler] if handler < 2 else f'{handler:#x}'}",
        f"sa_mask={signal_set(mask)}",
        f"sa_flags={bits(how & 0xFFFFFFFF, known.ACTION)}",
    ]
    if how & known.ACTION["SA_RESTORER"]:
        words.append(f"sa_restorer={restorer:#x}")
    return f"{{{', '.join(words)}}}"


def _stack(raw: Raw, index: int) -> str:
    data = raw.bytes(raw.values[index], 24) if raw.values[index] else b""
    if len(data) < 24:
        return _address(raw, index)
    place, how, size = struct.unpack("<QI4xQ", data)
    flags = bits(how, known.ALTSTACK)
    return f"{{ss_sp={pointer(place)}, ss_flags={flags}, ss_size={size}}}"


def _limit(raw: Raw, index: int) -> str:
    data = raw.bytes(raw.values[index], 16) if raw.values[index] else b""
    if len(data) < 16:
        return _address(raw, index)
    now, most = map(_bound, struct.unpack("<QQ", data))
    return f"{{rlim_cur={now}, rlim_max={most}}}"


def _bound(value: int) -> str:
    if value == _ENDLESS:
        return "RLIM64_INFINITY"
    return f"{value // 1024}*1024" if value > 1024 and value % 1024 == 0 else str(value)


def _time(raw: Raw, index: int) -> str:
    data = raw.bytes(raw.values[index], 16) if raw.values[index] else b""
    if len(data) < 16:
        return _address(raw, index)
    seconds, rest = struct.unpack("<qq", data)
    return f"{{tv_sec={seconds}, tv_nsec={rest}}}"


def _processors(raw: Raw, index: int) -> str:
    if not raw.good:
        return _address(raw, index)
    mask = int.from_bytes(raw.bytes(raw.values[index], raw.result or 0), "little")
    return f"[{' '.join(str(n) for n in range(mask.bit_length()) if mask >> n & 1)}]"


def _status(raw: Raw, index: int) -> str:
    """What struct stat says of the kind and size of a file."""
    data = raw.bytes(raw.values[index], 64) if raw.good else b""
    if len(data) < 64:
        return _address(raw, index)
    # struct stat: amd64 has a wide st_nlink before the mode, arm64 the order of asm-generic.
    mode_at, device_at = (24, 40) if host().name == "amd64" else (16, 32)
    (mode,), (device,), (size,) = (
        struct.unpack_from(layout, data, at)
        for layout, at in (("<I", mode_at), ("<Q", device_at), ("<Q", 48))
    )
    kind = choice(mode & 0o170000, known.FILE_KINDS)
    what = f"st_size={size}"
    if kind in ("S_IFCHR", "S_IFBLK"):
        major, minor = device >> 8 & 0xFFF, device & 0xFF | device >> 12 & 0xFFF00
        what = f"st_rdev=makedev({major:#x}, {minor:#x})"
    return f"{{st_mode={kind}|{mode & 0o7777:04o}, {what}, ...}}"


def _event(raw: Raw, index: int) -> str:
    data = raw.bytes(raw.values[index], 12) if raw.values[index] else b""
    if len(data) < 12:
        return _address(raw, index)
    (events,) = struct.unpack_from("<I", data)
    (data64,) = struct.unpack_from("<Q", data, 4)
    low = data64 & 0xFFFFFFFF
    return f"{{events={bits(events, known.EPOLL)}, data={{u32={low}, u64={data64}}}}}"


# The kinds of arguments by name.
WORDS: Mapping[str, Word] = {
    "address": _address,
    "decimal": _decimal,
    "integer": _integer,
    "hexadecimal": _hexadecimal,
    "mode": _octal,
    "folder": _folder,
    "path": _path,
    "open": _open,
    "access": _access,
    "taken": _taken,
    "filled": _filled,
    "random": _random,
    "signal": _signal,
    "mask": _mask,
    "action": _action,
    "stack": _stack,
    "limits": _limit,
    "time": _time,
    "processors": _processors,
    "status": _status,
    "event": _event,
    "prot": _bits(known.PROT, "PROT_NONE"),
    "map": _bits(known.MAP),
    "at": _bits(known.AT),
    "grnd": _bits(known.RANDOM),
    "efd": _bits(known.EVENTFD),
    "epoll": _bits(known.EPOLL_CREATE),
    "how": _one_of(known.HOW),
    "advice": _one_of(known.ADVICE),
    "limit": _one_of(known.LIMITS),
    "control": _one_of(known.EPOLL_CONTROL),
    "arch": _one_of(known.ARCH_PRCTL),
}
# Those that a call hands back: they can be told only once it returned.
HANDED_BACK = frozenset(
    ["filled", "random", "processors", "status", "mask", "action", "stack", "limits"]
)
