"""One position through the whole life of a program, forwards and back.

Every link says what kind it is and on what evidence it rests. Where the chain can't go on (a value
folded away, a program that does not compile), the last link says where and why it ends.
"""

from golifelab.thread.forward import thread
from golifelab.thread.model import Link, Thread

__all__ = ["Link", "Thread", "thread"]
