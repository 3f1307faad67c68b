# SPDX-License-Identifier: Apache-2.0
"""`kerege completion`: what a shell needs to complete our commands with the Tab key."""

import click
from click.shell_completion import get_completion_class

from kerege.errors import InvariantViolation

__all__ = ["SHELLS", "completion"]

SHELLS = ("bash", "zsh", "fish")


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print a script that completes commands, options and their values in SHELL.

    \b
    bash:  kerege completion bash > ~/.local/share/bash-completion/completions/kerege
    zsh:   kerege completion zsh > ~/.zfunc/_kerege      (a folder of $fpath)
    fish:  kerege completion fish > ~/.config/fish/completions/kerege.fish
    """
    kind = get_completion_class(shell)
    if kind is None:
        raise InvariantViolation(f"click completes nothing in {shell}")
    root = context.find_root()
    click.echo(kind(root.command, {}, "kerege", "_KEREGE_COMPLETE").source())
