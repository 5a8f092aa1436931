"""`python -m convene`, for where the `convene` script is not on the path."""

import sys

from convene.cli import main

sys.exit(main())
