"""The ways to build a program, and what each of them makes: read from the files themselves."""

from golifelab.link.modes.build import Build, built, executable_built
from golifelab.link.modes.matrix import ModeMatrix, each, mode_matrix, modes
from golifelab.link.modes.static import BUILDS, Recipe, StaticMatrix, build, static_matrix
from golifelab.link.modes.way import SETTINGS, WAYS, Way

__all__ = [
    "BUILDS",
    "SETTINGS",
    "WAYS",
    "Build",
    "ModeMatrix",
    "Recipe",
    "StaticMatrix",
    "Way",
    "build",
    "built",
    "each",
    "executable_built",
    "mode_matrix",
    "modes",
    "static_matrix",
]
