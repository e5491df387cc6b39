"""Texts of a payload, each once: columns hold their numbers."""

from __future__ import annotations


class Texts:
    """Texts by number, in the order in which they came. `texts[number]` is the text again."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._numbers: dict[str, int] = {}

    def number(self, text: str) -> int:
        """The number of a text, new ones at the end."""
        known = self._numbers.get(text)
        if known is None:
            known = self._numbers[text] = len(self.texts)
            self.texts.append(text)
        return known
