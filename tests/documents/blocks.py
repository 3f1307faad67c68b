# SPDX-License-Identifier: Apache-2.0
"""Read a Markdown document: its fenced blocks, links and headings."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["RUNNABLE", "Block", "blocks_of", "headings_of", "links_of", "unmarked_faults"]

RUNNABLE = frozenset({"python", "console"})
"""Languages the documentation tests execute."""

LOOKS_RUNNABLE = frozenset({"bash", "sh", "shell", "py", "pycon", "python3", "shell-session"})
"""Languages that would look executable to a reader, and are not run."""

_FENCE = re.compile(r"^(?P<indent> *)(?P<fence>`{3,}|~{3,})(?P<language>[\w-]*)[^`]*$")
_NOT_RUN = re.compile(r"<!-- not run(?:: *(?P<reason>.*?))? *-->")


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its first line's number, its text, and why it is not run."""

    language: str
    line: int
    text: str
    not_run: str | None
    """The reason given; empty if the mark gives none; `None` if the block is to run."""


def blocks_of(text: str) -> list[Block]:
    """Every fenced block, in order."""
    blocks = []
    lines = text.splitlines()
    number = 0
    while number < len(lines):
        opening = _FENCE.match(lines[number])
        if opening is None:
            number += 1
            continue
        indent, fence = len(opening["indent"]), opening["fence"]
        end = number + 1
        while end < len(lines) and lines[end].strip() != fence:
            end += 1
        body = "".join(f"{line[indent:]}\n" for line in lines[number + 1 : end])
        blocks.append(Block(opening["language"], number + 2, body, _mark_before(lines, number)))
        number = end + 1
    return blocks


def _mark_before(lines: list[str], number: int) -> str | None:
    before = [line for line in lines[max(0, number - 2) : number] if line.strip()]
    mark = _NOT_RUN.search(before[-1]) if before else None
    return None if mark is None else (mark["reason"] or "").strip()


def unmarked_faults(blocks: list[Block]) -> Iterator[str]:
    """Give a line for each block that looks executable, is not run, and does not say why."""
    for block in blocks:
        if block.not_run == "":
            yield f"line {block.line}: say why it is not run: `<!-- not run: reason -->`"
        elif block.language in LOOKS_RUNNABLE and block.not_run is None:
            yield f"line {block.line}: `{block.language}` is not run; use `console` or `python`"


def _prose(text: str) -> str:
    """The document without its fenced blocks and code spans."""
    kept: list[str] = []
    fence = ""
    for line in text.splitlines():
        opening = _FENCE.match(line)
        if fence:
            fence = "" if line.strip() == fence else fence
        elif opening:
            fence = opening["fence"]
        else:
            kept.append(line)
    return re.sub(r"`[^`\n]*`", "", "\n".join(kept))


def links_of(text: str) -> list[str]:
    """Every link target and image source outside blocks."""
    prose = _prose(text)
    inline = re.findall(r"\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)", prose)
    attributes = re.findall(r"(?:src|srcset|href)=\"([^\"]+)\"", prose)
    references = re.findall(r"^\[[^\]]+\]:\s+(\S+)", prose, flags=re.MULTILINE)
    return inline + attributes + references


def headings_of(text: str) -> set[str]:
    """The anchors a reader can link to: headings in the form hosting sites give them."""
    outside_blocks = re.sub(r"^(`{3,}).*?^\1", "", text, flags=re.MULTILINE | re.DOTALL)
    titles = re.findall(r"^#+ +(.+?) *#*$", outside_blocks, flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
