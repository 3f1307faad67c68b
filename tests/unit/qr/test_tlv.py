# SPDX-License-Identifier: Apache-2.0
import pytest

from kerege.qr import MAX_VALUE_CHARS, DataObject, StructureError, parse_objects, write_objects


def test_objects_keep_order_and_place() -> None:
    first, second = parse_objects("5902北京6203abc")
    assert (first.tag, first.value, first.path, first.offset) == ("59", "北京", "59", 0)
    assert (second.tag, second.value, second.path, second.offset) == ("62", "abc", "62", 6)


def test_lengths_count_characters() -> None:
    assert write_objects([DataObject("01", "最佳运输")]) == "0104最佳运输"
    assert write_objects([DataObject("01", "Ə" * 99)]) == "0199" + "Ə" * 99


def test_a_template_knows_where_it_stands() -> None:
    (template,) = parse_objects("6214" + "0103abc" + "5003" + "xyz", base=100)
    bill, nested = template.objects()
    assert (bill.path, bill.offset) == ("62.01", 104)
    assert (nested.path, nested.offset, nested.value_offset) == ("62.50", 111, 115)


@pytest.mark.parametrize(
    ("text", "path", "offset", "message"),
    [
        ("0", "", 0, "should stand here"),
        ("000", "", 0, "should stand here"),
        ("000201x", "", 6, "should stand here"),
        ("0A0201", "", 0, "should stand here"),
        ("00-201", "", 0, "should stand here"),
        ("00+201", "", 0, "should stand here"),
        ("0٠0201", "", 0, "should stand here"),
        ("00 201", "", 0, "should stand here"),
        ("0003ab", "00", 2, "the length is 3 characters, but 2 are left"),
        ("0099", "00", 2, "the length is 99 characters, but 0 are left"),
        ("0001a0001b", "00", 5, "the tag came before, at character 0"),
    ],
)
def test_malformed_objects(text: str, path: str, offset: int, message: str) -> None:
    with pytest.raises(StructureError, match=message) as caught:
        parse_objects(text)
    assert (caught.value.fault.path, caught.value.fault.offset) == (path, offset)


def test_a_fault_inside_a_template_has_its_path() -> None:
    (template,) = parse_objects("62050105x")
    with pytest.raises(StructureError, match="but 1 are left") as caught:
        template.objects()
    assert caught.value.place == "tag 62.01, character 6"


@pytest.mark.parametrize(
    "objects",
    [
        [DataObject("1", "a")],
        [DataObject("1a", "a")],
        [DataObject("٠١", "a")],
        [DataObject("01", "")],
        [DataObject("01", "a" * (MAX_VALUE_CHARS + 1))],
        [DataObject("01", "a"), DataObject("01", "b")],
    ],
)
def test_what_cannot_be_written(objects: list[DataObject]) -> None:
    with pytest.raises(StructureError):
        write_objects(objects)
