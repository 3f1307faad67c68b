# SPDX-License-Identifier: Apache-2.0
"""What stands behind `--qr`: the payload itself, or a picture of the code."""

from pathlib import Path
from typing import Final

from kerege.errors import KeregeError

__all__ = ["payload_of"]

_PICTURES: Final = (".png", ".jpg", ".jpeg")
_MAX_PICTURE_BYTES: Final = 8 * 1024 * 1024


def payload_of(given: str) -> str:
    """The payload; a picture is read if the scanner library (zxing-cpp, pillow) is installed.

    Raises `KeregeError`.
    """
    if not given.lower().endswith(_PICTURES):
        return given
    path = Path(given)
    try:
        if path.stat().st_size > _MAX_PICTURE_BYTES:
            raise KeregeError("the picture is too large", place=given)
        import zxingcpp
        from PIL import Image

        with Image.open(path) as picture:
            found = zxingcpp.read_barcodes(picture.convert("L"))
    except ImportError:
        raise KeregeError(
            "pictures cannot be read here",
            remedy="install zxing-cpp and pillow, or give the code's payload",
        ) from None
    except OSError as fault:
        raise KeregeError(f"not a picture that can be read: {fault}", place=given) from fault
    texts = [one.text for one in found if one.text]
    if len(texts) != 1:
        raise KeregeError(f"the picture shows {len(texts)} codes, not one", place=given)
    return texts[0]
