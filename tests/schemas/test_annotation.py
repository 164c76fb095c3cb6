"""What fields say of themselves; above all, that a decimal's pattern promises no more than its model."""

from decimal import Decimal
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field, TypeAdapter
from pydantic.fields import FieldInfo

from schemas.annotation import bare
from schemas.catalogue import event_types
from schemas.marks import Unit

DECIMALS = {
    f"{event_type}.{name}": info
    for event_type, model in event_types().items()
    for name, info in model.model_fields.items()
    if bare(info).is_decimal
}


def test_there_are_decimals() -> None:
    assert {"subsidy.paid.amount_yuan", "subsidy.paid.price_yuan", "recycling.weighed.deduct_kg"} <= DECIMALS.keys()


@pytest.mark.parametrize("info", DECIMALS.values(), ids=DECIMALS)
@given(data=st.data())
def test_a_text_of_the_pattern_is_valid_and_is_written_so_again(info: FieldInfo, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(bare(info).decimal_pattern.replace("$", r"\Z")))
    field: Any = Annotated[(info.annotation, *info.metadata)] if info.metadata else info.annotation
    assert str(TypeAdapter(field).validate_python(text)) == text


@pytest.mark.parametrize("text", ["01", "1.", ".5", "+1", "1e3", " 1", "1.005", "9" * 14, "-1", "", "NaN", "１"])
def test_no_other_text_is_of_the_pattern(text: str) -> None:
    adapter = TypeAdapter(Annotated[str, Field(pattern=bare(DECIMALS["subsidy.paid.price_yuan"]).decimal_pattern)])
    with pytest.raises(ValueError, match="pattern"):
        adapter.validate_python(text)


def test_marks_and_none_are_found_behind_one_another() -> None:
    class Model(BaseModel):
        price: Annotated[Decimal, Field(max_digits=6, decimal_places=2, ge=0), Unit("yuan")] | None = None
        bounded: Annotated[Decimal, Field(max_digits=6, decimal_places=2, le=5)]

    found = bare(Model.model_fields["price"])
    assert (found.base, found.nullable, found.decimal_places) == (Decimal, True, 2)
    assert Unit("yuan") in found.marks
    with pytest.raises(TypeError, match="not told from its text"):
        _ = bare(Model.model_fields["bounded"]).decimal_pattern
