"""Touched documents travel packed, each once."""

from datetime import date

from streams.touched_cases import MOST, pack_documents, unpack_documents


def test_documents_come_back_once_each() -> None:
    one, other = bytes(range(16)), bytes(16)
    (first,) = pack_documents("subsidy.paid", [19_716, 19_716, 0], [one, one, other])
    (again,) = pack_documents("subsidy.paid", [19_716], [one])
    (car,) = pack_documents("newcar.registered", [19_716], [one])
    assert unpack_documents([first, again, car]) == [
        ("newcar.registered", date(2023, 12, 25), one),
        ("subsidy.paid", date(1970, 1, 1), other),
        ("subsidy.paid", date(2023, 12, 25), one),
    ]


def test_no_message_is_larger_than_kafka_takes() -> None:
    ids = [number.to_bytes(16, "big") for number in range(2 * MOST + 1)]
    messages = list(pack_documents("subsidy.paid", [1] * len(ids), ids))
    assert len(messages) == 3
    assert max(map(len, messages)) < 2**18
    assert len(unpack_documents(messages)) == len(ids)
