"""The helper: Go's own compiler with observers added, and how this package talks to it.

`build` makes it (once per Go version), `front` asks its server for tokens, syntax and types, `dump`
compiles a program and brings home every pass and every instruction.
"""

from __future__ import annotations
