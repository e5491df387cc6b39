"""The course's machinery: exercises, quizzes, claim cards, progress, the doctor, the notebooks."""

from __future__ import annotations
