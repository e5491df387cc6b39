"""What an instruction does, in a few words: operands in `operands`, opcodes in a table each."""

from golifelab.compile.machine.explain.explain import Explanation, explain

__all__ = ["Explanation", "explain"]
