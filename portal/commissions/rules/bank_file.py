"""The file that tells a bank to pay: ISO 20022 pain.001.001.09, one transfer each payout."""

from __future__ import annotations

import datetime as dt
import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass

from anyascii import anyascii

from portal.kernel.errors import Refused
from portal.kernel.money import Money

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
PLAIN = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]")
IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?")


@dataclass(frozen=True, slots=True)
class Party:
    """Who pays or is paid.  `bic` may be empty where the IBAN says enough."""

    name: str
    iban: str
    bic: str = ""


@dataclass(frozen=True, slots=True)
class Transfer:
    end_to_end: str
    to: Party
    amount: Money
    about: str


@dataclass(frozen=True, slots=True)
class Order:
    """One file: `ref` names it, everything is paid on one day from one account."""

    ref: str
    made_at: dt.datetime
    pays_on: dt.date
    debtor: Party
    transfers: tuple[Transfer, ...]


def pain001(order: Order) -> str:
    """The file as text.  The same order gives the same bytes."""
    root = ET.Element("Document", {"xmlns": NAMESPACE})
    initiation = ET.SubElement(root, "CstmrCdtTrfInitn")
    _head(initiation, order)
    payment = ET.SubElement(initiation, "PmtInf")
    _text(payment, "PmtInfId", order.ref)
    _text(payment, "PmtMtd", "TRF")
    _text(payment, "NbOfTxs", str(len(order.transfers)))
    _text(payment, "CtrlSum", _sum(order.transfers))
    _text(ET.SubElement(payment, "ReqdExctnDt"), "Dt", order.pays_on.isoformat())
    _text(ET.SubElement(payment, "Dbtr"), "Nm", latin(order.debtor.name))
    _account(payment, "DbtrAcct", order.debtor)
    _agent(payment, "DbtrAgt", order.debtor)
    _text(payment, "ChrgBr", "SLEV")
    for transfer in order.transfers:
        _transfer(payment, transfer)
    ET.indent(root)
    body = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


def _head(parent: ET.Element, order: Order) -> None:
    head = ET.SubElement(parent, "GrpHdr")
    _text(head, "MsgId", order.ref)
    _text(head, "CreDtTm", order.made_at.strftime("%Y-%m-%dT%H:%M:%SZ"))
    _text(head, "NbOfTxs", str(len(order.transfers)))
    _text(head, "CtrlSum", _sum(order.transfers))
    _text(ET.SubElement(head, "InitgPty"), "Nm", latin(order.debtor.name))


def _transfer(parent: ET.Element, transfer: Transfer) -> None:
    one = ET.SubElement(parent, "CdtTrfTxInf")
    _text(ET.SubElement(one, "PmtId"), "EndToEndId", transfer.end_to_end)
    amount = ET.SubElement(ET.SubElement(one, "Amt"), "InstdAmt")
    amount.set("Ccy", transfer.amount.currency)
    amount.text = str(transfer.amount.amount)
    if transfer.to.bic:
        _agent(one, "CdtrAgt", transfer.to)
    _text(ET.SubElement(one, "Cdtr"), "Nm", latin(transfer.to.name))
    _account(one, "CdtrAcct", transfer.to)
    _text(ET.SubElement(one, "RmtInf"), "Ustrd", latin(transfer.about, 140))


def _account(parent: ET.Element, tag: str, party: Party) -> None:
    _text(ET.SubElement(ET.SubElement(parent, tag), "Id"), "IBAN", party.iban)


def _agent(parent: ET.Element, tag: str, party: Party) -> None:
    institution = ET.SubElement(ET.SubElement(parent, tag), "FinInstnId")
    if party.bic:
        _text(institution, "BICFI", party.bic)
    else:
        _text(ET.SubElement(institution, "Othr"), "Id", "NOTPROVIDED")


def _text(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = text


def _sum(transfers: Sequence[Transfer]) -> str:
    return str(sum(transfer.amount.amount for transfer in transfers))


def latin(text: str, most: int = 70) -> str:
    """In the letters every bank takes, at most 70 of them."""
    return PLAIN.sub(" ", anyascii(text)).strip()[:most] or "-"


def iban_from(text: str) -> str:
    """An IBAN as people write it, without spaces.  Raises Refused("iban")."""
    iban = "".join(text.split()).upper()
    if not IBAN.fullmatch(iban) or _remainder(iban) != 1:
        raise Refused(
            "This is no IBAN: a letter or digit is wrong. Compare it with the bank's own.",
            code="iban",
            field="iban",
        )
    return iban


def _remainder(iban: str) -> int:
    turned = iban[4:] + iban[:4]
    return int("".join(str(int(character, 36)) for character in turned)) % 97


def bic_from(text: str) -> str:
    """A BIC or nothing.  Raises Refused("bic")."""
    bic = "".join(text.split()).upper()
    if bic and not BIC.fullmatch(bic):
        raise Refused("A BIC has 8 or 11 letters and digits.", code="bic", field="bic")
    return bic


def masked(iban: str) -> str:
    """DE•• 4471: enough to know it by, too little to use it."""
    return f"{iban[:2]}•• {iban[-4:]}"
