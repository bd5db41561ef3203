"""`python -m topline` is `topline`."""

import sys

from topline.cli import main

if __name__ == "__main__":
    sys.exit(main())
