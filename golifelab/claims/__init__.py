"""The article's claims, each with the experiment that settles it on the reader's own toolchain."""

from __future__ import annotations
