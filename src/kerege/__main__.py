# SPDX-License-Identifier: Apache-2.0
"""`python -m kerege` is the `kerege` command."""

from kerege.cli import main

if __name__ == "__main__":
    main(prog_name="kerege")
