# SPDX-License-Identifier: Apache-2.0
"""What stands behind `--qr`: the payload itself, or a picture of the code."""

from pathlib import Path
from typing import Final

from kerege.errors import KeregeError

__all__ = ["payload_of"]

_PICTURES: Final = (".png", ".jpg", ".jpeg")
_MAX_PICTURE_BYTES: Final = 8 * 1024 * 1024

_MAX_PIXELS: Final = 50_000_000
"""More than a telephone's camera takes; a small file can say it unpacks to gigabytes."""


def payload_of(given: str) -> str:
    """The payload; a picture is read if the scanner library (zxing-cpp, pillow) is installed.

    Raises `KeregeError`.
    """
    if not given.lower().endswith(_PICTURES):
        return given
    texts = _texts_of(Path(given))
    if len(texts) != 1:
        raise KeregeError(f"the picture shows {len(texts)} codes, not one", place=given)
    return texts[0]


def _texts_of(path: Path) -> list[str]:
    try:
        import zxingcpp
        from PIL import Image
    except ImportError:
        raise KeregeError(
            "pictures cannot be read here",
            remedy="install zxing-cpp and pillow, or give the code's payload",
        ) from None
    # Pillow tells a broken PNG as SyntaxError, and what unpacks to gigabytes by names of its own.
    bombs = (Image.DecompressionBombError, Image.DecompressionBombWarning)
    try:
        if path.stat().st_size > _MAX_PICTURE_BYTES:
            raise KeregeError("the picture is too large", place=str(path))
        with Image.open(path, formats=("PNG", "JPEG")) as picture:
            if picture.width * picture.height > _MAX_PIXELS:
                raise KeregeError("the picture is too large", place=str(path))
            found = zxingcpp.read_barcodes(picture.convert("L"))
    except (OSError, SyntaxError, ValueError, *bombs) as fault:
        raise KeregeError(f"not a picture that can be read: {fault}", place=str(path)) from fault
    return [one.text for one in found if one.text]
