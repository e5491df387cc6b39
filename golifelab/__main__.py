"""`python -m golifelab` is the command `golifelab`."""

import sys

from golifelab.cli import main

sys.exit(main())
