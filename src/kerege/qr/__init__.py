# SPDX-License-Identifier: Apache-2.0
"""QR codes that shops show and payers scan: EMVCo merchant-presented mode, version 01.

>>> from kerege.money import Amount
>>> from kerege.qr import PROFILES, MerchantCode, account_object, parse, read_payable
>>> from kerege.qr import write_merchant_code
>>> kz = PROFILES["KZ"]
>>> shop = MerchantCode(accounts=(account_object(kz, "@bakery"),), category="5462",
...     currency=kz.currency, country="KZ", name="Bakery", city="Almaty",
...     amount=Amount(45000, kz.currency))
>>> text = write_merchant_code(shop).write()
>>> text[:42], text[-8:]
('00020101021126240009kz.kerege0107@bakery52', '63049189')
>>> read_payable(parse(text), kz).payee
'@bakery'

A CRC finds scratches, not forgers: whom a code pays is shown to the payer, who confirms.
`svg_image` and `png_image` draw a payload. Pure: no clock, no network.
"""

from kerege.qr.amounts import FixedTip, PercentTip, PromptedTip, Tip
from kerege.qr.errors import (
    ChecksumError,
    Fault,
    NotMerchantCodeError,
    QrError,
    RuleError,
    StructureError,
)
from kerege.qr.image import png_image, svg_image, text_image
from kerege.qr.merchant import (
    ASK_PAYER,
    Details,
    LocalName,
    MerchantCode,
    read_merchant_code,
    write_merchant_code,
)
from kerege.qr.payee import Foreign, Payable, account_object, read_payable, terms_object
from kerege.qr.payload import MAX_PAYLOAD_BYTES, MAX_PAYLOAD_CHARS, Payload, crc16, parse
from kerege.qr.rules import find_faults
from kerege.qr.schemes import PROFILES, SCHEMES, Profile, Scheme, accounts_of, schemes_in
from kerege.qr.tlv import MAX_VALUE_CHARS, DataObject, parse_objects, write_objects

__all__ = [
    "ASK_PAYER",
    "MAX_PAYLOAD_BYTES",
    "MAX_PAYLOAD_CHARS",
    "MAX_VALUE_CHARS",
    "PROFILES",
    "SCHEMES",
    "ChecksumError",
    "DataObject",
    "Details",
    "Fault",
    "FixedTip",
    "Foreign",
    "LocalName",
    "MerchantCode",
    "NotMerchantCodeError",
    "Payable",
    "Payload",
    "PercentTip",
    "Profile",
    "PromptedTip",
    "QrError",
    "RuleError",
    "Scheme",
    "StructureError",
    "Tip",
    "account_object",
    "accounts_of",
    "crc16",
    "find_faults",
    "parse",
    "parse_objects",
    "png_image",
    "read_merchant_code",
    "read_payable",
    "schemes_in",
    "svg_image",
    "terms_object",
    "text_image",
    "write_merchant_code",
    "write_objects",
]
