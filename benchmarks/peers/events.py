"""Synthetic `subsidy.paid` messages, as the gateway puts them into Kafka: distinct documents with varied personal values."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from ingest.prepare import Prepared, Preparer
from ingest.sources import sources
from schemas.catalogue import example
from schemas.check_digits import person_id_check_digit, vin_check_digit
from schemas.envelope import Envelope
from schemas.identity import Identifier

TYPE = "subsidy.paid"
VIN_CHARACTERS = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
SURNAMES, GIVEN = "王李张刘陈杨黄赵吴周徐孙马朱胡", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超"


def messages(
    identifier: Identifier, count: int, first_day: date, days: int, seed: int = 1, first: int = 0
) -> Iterator[Prepared]:
    """`count` different payments, numbered from `first`, over `days` days from `first_day`; a seed gives the same ones."""
    dice = random.Random(seed)
    preparer = Preparer(identifier, sources(), timedelta(days=1))
    now = datetime.now(UTC)
    for number in range(first, first + count):
        yield preparer.prepare(Envelope.model_validate(payment(dice, first_day + timedelta(days=number % days), number)), now)


def payment(dice: random.Random, day: date, number: int) -> dict[str, Any]:
    """One payment's envelope."""
    document = example(TYPE)
    name = dice.choice(SURNAMES) + dice.choice(GIVEN) + dice.choice(GIVEN)
    time = f"{day}T{dice.randrange(8, 18):02}:{dice.randrange(60):02}:{dice.randrange(60):02}+08:00"
    document["time"] = time
    document["data"] |= {
        "pay_no": f"ZF{day:%Y%m%d}{number:09}",
        "paid_at": time,
        "apply_no": f"SQ{day:%Y%m%d}{number:09}",
        "original_pay_no": f"ZF{day:%Y%m%d}{number:09}0",
        "amount_yuan": f"{dice.randrange(5_000, 20_000)}.{dice.randrange(100):02}",
        "confirmed_at": time,
        "payee": name,
        "applicant": name,
        "account": f"999{dice.randrange(10**16):016}",
        "applicant_id": person_id(dice),
        "phone": f"100{dice.randrange(10**8):08}",
        "old_vin": vin(dice),
        "new_vin": vin(dice),
        "cert_no": f"HSZM{day:%Y%m%d}{number:09}",
        "invoice_no": f"{dice.randrange(10**20):020}",
        "town": dice.choice(["凤城镇", "北留镇", "润城镇", "町店镇", "东冶镇"]),
    }
    return document


def person_id(dice: random.Random) -> str:
    """A 身份证 number of no one: valid check character, a division that does not exist."""
    first = f"140599{date(1950, 1, 1) + timedelta(days=dice.randrange(18_000)):%Y%m%d}{dice.randrange(1000):03}"
    return first + person_id_check_digit(first)


def vin(dice: random.Random) -> str:
    """A VIN with its check digit."""
    text = "L0Y" + "".join(dice.choices(VIN_CHARACTERS, k=14))
    return text[:8] + vin_check_digit(text) + text[9:]
