"""Touched cells: packed by partition, each cell always in the same one, and unpacked without doubles."""

from datetime import date, timedelta

from streams.touched import pack, unpack, version

DAYS = {date(2024, 1, 1) + timedelta(days=n) for n in range(60)}


def test_every_day_arrives_once_and_always_in_the_same_partition() -> None:
    first, again = pack("subsidy.paid", DAYS, 3), pack("subsidy.paid", DAYS, 3)
    assert first == again
    assert set(first) == {0, 1, 2}
    assert unpack(first.values(), 3) == ({"subsidy.paid": DAYS}, {})


def test_a_day_s_partition_does_not_depend_on_its_neighbours() -> None:
    alone = next(iter(pack("subsidy.paid", [date(2024, 1, 1)], 3)))
    assert date(2024, 1, 1) in unpack([pack("subsidy.paid", DAYS, 3)[alone]], 3)[0]["subsidy.paid"]


def test_messages_of_several_streams_and_repeats_fold() -> None:
    values = [*pack("a", DAYS, 1).values(), *pack("a", DAYS, 1).values(), *pack("b", [date(2024, 2, 2)], 1).values()]
    assert unpack(values, 1) == ({"a": DAYS, "b": {date(2024, 2, 2)}}, {})


def test_what_was_packed_for_fewer_partitions_lies_elsewhere() -> None:
    values = [*pack("a", DAYS, 3).values(), *pack("b", DAYS, 12).values()]
    assert unpack(values, 12) == ({"b": DAYS}, {"a": DAYS})


def test_more_partitions_outrank_any_offset_and_all_fits_a_uint64() -> None:
    assert version(12, 0) > version(3, 2**48 - 1) > version(3, 7)
    assert version(1000, 2**48 - 1) < 2**64
