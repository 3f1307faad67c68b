# SPDX-License-Identifier: Apache-2.0
"""Pictures of a payload, drawn by segno (ISO/IEC 18004)."""

import io

import segno

from kerege.qr.errors import Fault, StructureError
from kerege.qr.payload import Payload

__all__ = ["MAX_PIXELS_PER_MODULE", "png_image", "svg_image", "text_image"]

MAX_PIXELS_PER_MODULE = 40
"""Pixels: a full code is then some 3 600 wide, enough for a poster and no burden to memory."""

_QUIET_ZONE_MODULES = 4
"""The light border ISO/IEC 18004 asks for."""


_HALVES = {
    (False, False): "\N{FULL BLOCK}",
    (False, True): "\N{UPPER HALF BLOCK}",
    (True, False): "\N{LOWER HALF BLOCK}",
    (True, True): " ",
}
"""By whether the upper and the lower module are dark."""


def svg_image(payload: Payload) -> str:
    """An SVG document, scalable, dark on light. Raises as `Payload.write` does."""
    buffer = io.BytesIO()
    _symbol(payload).save(
        buffer,
        kind="svg",
        border=_QUIET_ZONE_MODULES,
        light="white",
        omitsize=True,
        title="QR code of a payment",
    )
    return buffer.getvalue().decode()


def png_image(payload: Payload, *, pixels_per_module: int = 8) -> bytes:
    """A PNG image. Raises as `Payload.write` does, and `StructureError` for a size out of range."""
    if type(pixels_per_module) is not int or not 1 <= pixels_per_module <= MAX_PIXELS_PER_MODULE:
        message = f"a module is 1 to {MAX_PIXELS_PER_MODULE} pixels wide"
        raise StructureError(Fault("", 0, message, "choose another size"))
    buffer = io.BytesIO()
    _symbol(payload).save(buffer, kind="png", border=_QUIET_ZONE_MODULES, scale=pixels_per_module)
    return buffer.getvalue()


def text_image(payload: Payload) -> str:
    """Lines for a terminal, two rows of modules each. Light modules are drawn, dark ones left out:
    light on dark it looks as on paper, and the other way round scanners read it too.

    Raises as `Payload.write` does.
    """
    rows = [tuple(bool(dark) for dark in row) for row in _symbol(payload).matrix_iter(border=2)]
    if len(rows) % 2:
        rows.append((False,) * len(rows[0]))
    pairs = zip(rows[::2], rows[1::2], strict=True)
    return "\n".join(
        "".join(_HALVES[cells] for cells in zip(upper, lower, strict=True))
        for upper, lower in pairs
    )


def _symbol(payload: Payload) -> segno.QRCode:
    """Level M: 15 % of the symbol may be lost, which a crumpled receipt can ask for."""
    return segno.make_qr(payload.write(), error="m", encoding="utf-8", boost_error=False)
