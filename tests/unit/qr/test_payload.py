# SPDX-License-Identifier: Apache-2.0
import pytest

from kerege.qr import (
    MAX_PAYLOAD_BYTES,
    ChecksumError,
    DataObject,
    NotMerchantCodeError,
    Payload,
    QrError,
    StructureError,
    crc16,
    parse,
)

VERSION = DataObject("00", "01")


def sealed(body: str) -> str:
    """The body with a CRC that fits."""
    return f"{body}6304{crc16(body + '6304'):04X}"


def test_the_check_value_of_the_crc() -> None:
    assert crc16("123456789") == 0x29B1
    assert crc16("") == 0xFFFF


def test_what_is_written_is_read() -> None:
    payload = Payload((VERSION, DataObject("59", "Nan"), DataObject("58", "KZ")))
    text = payload.write()
    assert text == sealed("0002015903Nan5802KZ")
    assert parse(text) == payload


def test_a_crc_in_small_letters_is_read_and_capitals_are_written() -> None:
    text = sealed("0002015802KZ")
    assert text[-4:] != text[-4:].lower()
    assert parse(text[:-4] + text[-4:].lower()).write() == text


def test_find_and_between() -> None:
    payload = parse(sealed("0002012701a2601b5201c"))
    assert payload.find("27") == DataObject("27", "a")
    assert payload.find("28") is None
    assert [item.tag for item in payload.between("26", "51")] == ["27", "26"]


@pytest.mark.parametrize(
    ("text", "kind", "path", "offset"),
    [
        ("", NotMerchantCodeError, "", 0),
        ("https://example.org", NotMerchantCodeError, "", 0),
        ("\ufeff" + sealed("000201"), NotMerchantCodeError, "", 0),
        (" " + sealed("000201"), NotMerchantCodeError, "", 0),
        (b"000201", NotMerchantCodeError, "", 0),
        (None, NotMerchantCodeError, "", 0),
        (sealed("0102110002015802KZ"), NotMerchantCodeError, "", 0),
        (sealed("0002025802KZ"), NotMerchantCodeError, "00", 4),
        ("000201" + "9" * 510, StructureError, "", 512),
        (sealed("000201000201"), StructureError, "00", 6),
        (sealed("0002015401154012"), StructureError, "54", 11),
        (sealed("0002015802KZ") + " ", StructureError, "", 20),
        ("0002015802KZ", ChecksumError, "63", 12),
        ("0002015802KZ63", StructureError, "", 12),
        ("0002015802KZ6304", StructureError, "63", 14),
        ("0002015802KZ6304AB", StructureError, "63", 14),
        ("0002015802KZ6304xyz1", ChecksumError, "63", 16),
        ("0002015802KZ6304+123", ChecksumError, "63", 16),
        ("0002015802KZ6302AB", ChecksumError, "63", 16),
        ("0002015802KZ63040000", ChecksumError, "63", 16),
        (sealed("000201") + "5802KZ", ChecksumError, "63", 10),
        ("0002015901\ud83063040000", StructureError, "", 10),
    ],
)
def test_refused(text: str, kind: type[QrError], path: str, offset: int) -> None:
    with pytest.raises(kind) as caught:
        parse(text)
    assert (caught.value.fault.path, caught.value.fault.offset) == (path, offset)
    assert caught.value.remedy


def test_every_flipped_character_is_noticed() -> None:
    text = sealed("00020126130009kz.kerege5802KZ5903Nan")
    for at in range(len(text)):
        with pytest.raises(QrError):
            parse(text[:at] + chr(ord(text[at]) ^ 1) + text[at + 1 :])


@pytest.mark.parametrize(
    ("objects", "kind"),
    [
        ((), NotMerchantCodeError),
        ((DataObject("58", "KZ"),), NotMerchantCodeError),
        ((DataObject("58", "KZ"), VERSION), NotMerchantCodeError),
        ((DataObject("00", "02"),), NotMerchantCodeError),
        ((VERSION, DataObject("63", "ABCD")), StructureError),
        ((VERSION, DataObject("58", "")), StructureError),
        ((VERSION, DataObject("59", "\ud830")), StructureError),
        ((VERSION, *(DataObject(f"8{digit}", "Ә" * 99) for digit in range(3))), StructureError),
    ],
)
def test_what_cannot_be_written(objects: tuple[DataObject, ...], kind: type[QrError]) -> None:
    with pytest.raises(kind):
        Payload(objects).write()


def test_the_longest_payload() -> None:
    values = [DataObject(f"{80 + number}", "x" * 99) for number in range(4)]
    room = MAX_PAYLOAD_BYTES - len("000201" + "6304ABCD") - 4 * 103 - 4
    payload = Payload((VERSION, *values, DataObject("90", "x" * room)))
    assert len(payload.write()) == MAX_PAYLOAD_BYTES
    assert parse(payload.write()) == payload
    with pytest.raises(StructureError, match="513 bytes"):
        Payload((*payload.objects[:-1], DataObject("90", "x" * (room + 1)))).write()
