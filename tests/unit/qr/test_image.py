# SPDX-License-Identifier: Apache-2.0
import io
import re
from xml.etree import ElementTree

import pytest
import zxingcpp
from PIL import Image

from kerege.qr import DataObject, Payload, StructureError, png_image, svg_image, text_image
from kerege.qr.image import MAX_PIXELS_PER_MODULE

LATIN = Payload((DataObject("00", "01"), DataObject("59", "Nan")))
KAZAKH = Payload((DataObject("00", "01"), DataObject("64", "0002KK0108Нан Әлем")))
LARGEST = Payload(
    (DataObject("00", "01"), *(DataObject(f"8{digit}", "Ә" * 58) for digit in range(4)))
)


@pytest.mark.parametrize("payload", [LATIN, KAZAKH, LARGEST])
def test_a_scanner_reads_the_png(payload: Payload) -> None:
    image = Image.open(io.BytesIO(png_image(payload, pixels_per_module=3)))
    (found,) = zxingcpp.read_barcodes(image)
    assert found.text == payload.write()


@pytest.mark.parametrize("payload", [LATIN, KAZAKH, LARGEST])
def test_a_scanner_reads_the_svg(payload: Payload) -> None:
    (found,) = zxingcpp.read_barcodes(rastered(svg_image(payload)))
    assert found.text == payload.write()


@pytest.mark.parametrize("payload", [LATIN, KAZAKH, LARGEST])
def test_a_scanner_reads_the_terminal(payload: Payload) -> None:
    lines = text_image(payload).splitlines()
    halves = {
        "\N{FULL BLOCK}": (255, 255),
        "\N{UPPER HALF BLOCK}": (255, 0),
        "\N{LOWER HALF BLOCK}": (0, 255),
        " ": (0, 0),
    }
    image = Image.new("L", (len(lines[0]), 2 * len(lines)))
    for row, line in enumerate(lines):
        for column, character in enumerate(line):
            for half, shade in enumerate(halves[character]):
                image.putpixel((column, 2 * row + half), shade)
    large = image.resize((image.width * 4, image.height * 4), Image.Resampling.NEAREST)
    (found,) = zxingcpp.read_barcodes(large)
    assert found.text == payload.write()


def rastered(document: str) -> Image.Image:
    """The dark modules, four pixels each: segno writes them as one path of horizontal strokes."""
    root = ElementTree.fromstring(document)
    size = int(float(root.attrib["viewBox"].split()[2]))
    image = Image.new("L", (size, size), 255)
    dark = next(path for path in root.iterfind(".//{*}path") if "stroke" in path.attrib)
    x, y = 0, 0
    for command, numbers in re.findall(r"([Mmh])([^Mmh]*)", dark.attrib["d"]):
        values = [float(number) for number in re.findall(r"-?[0-9.]+", numbers)]
        if command == "h":
            for column in range(int(values[0])):
                image.putpixel((x + column, y), 0)
            x += int(values[0])
        else:
            x = int(values[0]) + (0 if command == "M" else x)
            y = int(values[1] // 1) + (0 if command == "M" else y)
    return image.resize((size * 4, size * 4), Image.Resampling.NEAREST)


@pytest.mark.parametrize("size", [0, -1, MAX_PIXELS_PER_MODULE + 1, 2.5, True])
def test_sizes_are_limited(size: int) -> None:
    with pytest.raises(StructureError, match="pixels wide"):
        png_image(LATIN, pixels_per_module=size)


def test_what_cannot_be_written_is_not_drawn() -> None:
    with pytest.raises(StructureError):
        svg_image(Payload((DataObject("00", "01"), DataObject("59", ""))))


def test_a_module_may_be_one_pixel_or_forty() -> None:
    sizes = [
        Image.open(io.BytesIO(png_image(LATIN, pixels_per_module=size))).width
        for size in (1, MAX_PIXELS_PER_MODULE)
    ]
    modules = int(ElementTree.fromstring(svg_image(LATIN)).attrib["viewBox"].split()[2])
    assert sizes == [modules, modules * MAX_PIXELS_PER_MODULE]


def test_a_light_border_of_four_modules_surrounds_the_symbol() -> None:
    image = Image.open(io.BytesIO(png_image(LATIN, pixels_per_module=1))).convert("L")
    dark = [
        (x, y) for x in range(image.width) for y in range(image.height) if _is_dark(image, x, y)
    ]
    assert (min(x for x, _ in dark), min(y for _, y in dark)) == (4, 4)
    assert max(x for x, _ in dark) == image.width - 5


def _is_dark(image: Image.Image, x: int, y: int) -> bool:
    return image.getpixel((x, y)) == 0
