# SPDX-License-Identifier: Apache-2.0
"""Published shapes of XML, with made-up people in them; and XML made to hurt."""

import pytest

from kerege.bank.screening_list import ListedEntry, MalformedList
from kerege.bank.screening_xml import read_xml_list

UN = """<?xml version="1.0" encoding="UTF-8"?>
<CONSOLIDATED_LIST xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    dateGenerated="2026-11-01T00:00:00.000Z">
  <INDIVIDUALS>
    <INDIVIDUAL>
      <DATAID>6900001</DATAID><VERSIONNUM>1</VERSIONNUM>
      <FIRST_NAME>YURI</FIRST_NAME><SECOND_NAME>V</SECOND_NAME><THIRD_NAME>SHCHEDRIN</THIRD_NAME>
      <UN_LIST_TYPE>Made-up</UN_LIST_TYPE><REFERENCE_NUMBER>XXi.001</REFERENCE_NUMBER>
      <INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Щедрин</ALIAS_NAME></INDIVIDUAL_ALIAS>
      <INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME/></INDIVIDUAL_ALIAS>
      <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><DATE>1958-11-30</DATE>
      </INDIVIDUAL_DATE_OF_BIRTH>
      <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>APPROXIMATELY</TYPE_OF_DATE><YEAR>1959</YEAR>
      </INDIVIDUAL_DATE_OF_BIRTH>
    </INDIVIDUAL>
  </INDIVIDUALS>
  <ENTITIES>
    <ENTITY><DATAID>6900002</DATAID><FIRST_NAME>ALTYN KOPIR</FIRST_NAME>
      <ENTITY_ALIAS><QUALITY>a.k.a.</QUALITY><ALIAS_NAME>Golden Bridge</ALIAS_NAME></ENTITY_ALIAS>
    </ENTITY>
  </ENTITIES>
</CONSOLIDATED_LIST>"""

OFAC = """<?xml version="1.0" standalone="yes"?>
<sdnList xmlns="https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/XML">
  <publshInformation><Publish_Date>11/01/2026</Publish_Date></publshInformation>
  <sdnEntry>
    <uid>90001</uid><firstName>Yuri</firstName><lastName>SHCHEDRIN</lastName>
    <sdnType>Individual</sdnType>
    <programList><program>MADEUP</program><program>TEST</program></programList>
    <akaList><aka><uid>1</uid><type>a.k.a.</type><category>weak</category>
      <lastName>SCEDRIN</lastName><firstName>Iurii</firstName></aka></akaList>
    <dateOfBirthList>
      <dateOfBirthItem><uid>2</uid><dateOfBirth>30 Nov 1958</dateOfBirth></dateOfBirthItem>
      <dateOfBirthItem><uid>3</uid><dateOfBirth>circa 1959</dateOfBirth></dateOfBirthItem>
      <dateOfBirthItem><uid>4</uid><dateOfBirth>Jan 1960</dateOfBirth></dateOfBirthItem>
      <dateOfBirthItem><uid>5</uid><dateOfBirth>unknown</dateOfBirth></dateOfBirthItem>
    </dateOfBirthList>
  </sdnEntry>
  <sdnEntry><uid>90002</uid><lastName>MERIDIAN STAR</lastName><sdnType>Vessel</sdnType></sdnEntry>
  <sdnEntry><uid>90003</uid><lastName>ALTYN KOPIR</lastName><sdnType>Entity</sdnType></sdnEntry>
</sdnList>"""


def test_the_shape_of_the_united_nations() -> None:
    listed = read_xml_list(UN.encode(), name="un")
    assert listed.version == "2026-11-01T00:00:00.000Z"
    assert listed.entries == (
        ListedEntry(
            id="6900001",
            kind="person",
            names=("YURI V SHCHEDRIN", "Щедрин"),
            birth_dates=("1958-11-30", "1959"),
            note="XXi.001",
        ),
        ListedEntry(id="6900002", kind="firm", names=("ALTYN KOPIR", "Golden Bridge")),
    )


def test_the_shape_of_ofac() -> None:
    listed = read_xml_list(OFAC.encode(), name="ofac")
    assert listed.version == "11/01/2026"
    assert listed.entries == (
        ListedEntry(
            id="90001",
            kind="person",
            names=("Yuri SHCHEDRIN", "Iurii SCEDRIN"),
            birth_dates=("1958-11-30", "1959", "1960"),
            note="MADEUP TEST",
        ),
        ListedEntry(id="90002", kind="vessel", names=("MERIDIAN STAR",)),
        ListedEntry(id="90003", kind="firm", names=("ALTYN KOPIR",)),
    )


LAUGHS = """<?xml version="1.0"?><!DOCTYPE sdnList [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>
<sdnList><sdnEntry><uid>1</uid><lastName>&b;</lastName></sdnEntry></sdnList>"""
OUTSIDE = """<!DOCTYPE sdnList [<!ENTITY x SYSTEM "file:///etc/hostname">]><sdnList>&x;</sdnList>"""


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no XML",
        "<sdnList>",
        "<sdnList/>",
        "<other/>",
        "<CONSOLIDATED_LIST/>",
        LAUGHS,
        OUTSIDE,
        "<!DOCTYPE sdnList><sdnList/>",
        "<a>" * 17 + "</a>" * 17,
        OFAC.replace("<uid>90001</uid>", ""),
        OFAC.replace("<uid>90002</uid>", "<uid>90001</uid>"),
        OFAC.replace("<lastName>MERIDIAN STAR</lastName>", ""),
        OFAC.replace('standalone="yes"', 'encoding="no-such-encoding"'),
        OFAC.replace("SCEDRIN", "&nosuch;"),
    ],
)
def test_xml_that_is_not_used(text: str) -> None:
    with pytest.raises(MalformedList):
        read_xml_list(text.encode(), name="x")


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"\x00" * 100, OFAC.encode()[:-100]])
def test_bytes_that_are_no_xml(data: bytes) -> None:
    with pytest.raises(MalformedList):
        read_xml_list(data, name="x")
