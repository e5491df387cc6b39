"""Write requirements.lock and requirements-test.lock from pyproject.toml: `make lock`.

The locks hold versions and hashes for every platform and Python that golifelab supports, and no
address: where packages come from is each machine's own setting.
"""

from __future__ import annotations

import shutil
import subprocess

from steps import BIN, ROOT, environment, fail, say

COMPILE = [
    "pip",
    "compile",
    "--quiet",
    "--universal",
    "--python-version=3.11",
    "--fork-strategy=fewest",  # one version of each package for all Pythons, where one exists
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-annotate",
    "--no-header",
    "--upgrade",
    "pyproject.toml",
]


def main() -> None:
    """Resolve the course's packages, then the tests' on top of the very same versions."""
    beside = BIN / "uv"
    uv = str(beside) if beside.exists() else shutil.which("uv")
    if uv is None:
        fail("lock", "uv is missing: `make setup-test` installs it")
    course = ["--output-file=requirements.lock"]
    tests = ["--extra=test", "--constraint=requirements.lock"]
    for options in (course, [*tests, "--output-file=requirements-test.lock"]):
        say("lock", f"resolving {options[-1].partition('=')[2]} …")
        subprocess.run([uv, *COMPILE, *options], cwd=ROOT, env=environment(), check=True)


if __name__ == "__main__":
    main()
