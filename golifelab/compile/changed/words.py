"""A reader's own text, made safe to stand in Go source.

Whatever the text holds - quotes, backslashes, newlines, percent signs, Go code - it stays the text
of one message.
"""

from __future__ import annotations

import re

from golifelab.errors import LimitExceeded

_MAX_LENGTH = 1000
_NAMED = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}
_PLACES = re.compile(r"\{(from|to)\}")


def clean(text: str) -> str:
    """The text as all tools can print it.

    A line break is followed by a tab, which is how Go's tools continue a message; other control
    characters and halves of characters become U+FFFD. LimitExceeded over a thousand characters.
    """
    if len(text) > _MAX_LENGTH:
        raise LimitExceeded("the text of the diagnostic", f"{_MAX_LENGTH:,} characters")
    lines = [line.strip() for line in text.splitlines()]
    words = "\n\t".join(line for line in lines if line)
    return "".join(
        "\ufffd" if _unprintable(character) and character not in "\n\t" else character
        for character in words
    )


def go_string(text: str) -> str:
    """A Go string literal for a text. Only printable characters stand in it unescaped."""
    return '"' + "".join(map(_escaped, text)) + '"'


def format_and_arguments(text: str) -> str:
    """A Go format literal with its arguments, in which `{from}` and `{to}` are the types."""
    pieces = _PLACES.split(text)
    literal = "%s".join(piece.replace("%", "%%") for piece in pieces[::2])
    names = {"from": "from", "to": "T"}
    return ", ".join([go_string(literal), *(names[place] for place in pieces[1::2])])


def _unprintable(character: str) -> bool:
    return ord(character) < 32 or 0x7F <= ord(character) < 0xA0 or _half(character)


def _half(character: str) -> bool:
    return 0xD800 <= ord(character) < 0xE000


def _escaped(character: str) -> str:
    if character in _NAMED:
        return _NAMED[character]
    # Neither control characters nor those that change the direction of text are printable.
    if character.isprintable():
        return character
    number = 0xFFFD if _half(character) else ord(character)
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
