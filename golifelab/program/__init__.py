"""A Go program, the face of the library: text and target in, every stage out.

Stage modules are imported inside the properties: `import golifelab` then costs next to nothing, and
a reader who looks at tokens never loads the linker's readers.
"""

from golifelab.program.face import Program, sample

__all__ = ["Program", "sample"]
