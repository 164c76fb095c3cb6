"""From pydantic's errors to one typed rejection, without the value: it may be personal."""

import re

from pydantic import ValidationError

from huanxin.errors import RejectedError

NAME = re.compile(r"[a-z][a-z_0-9]{0,40}")


def rejection(error: ValidationError, prefix: str = "") -> RejectedError:
    """The first error, as stage (open, envelope or data), reason, dotted field and message."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    field = ".".join(_named(part) for part in ((prefix,) if prefix else ()) + first["loc"])
    if first["type"] == "json_invalid":
        return RejectedError("open", "json_invalid", "", "not valid JSON")
    stage = "data" if field == "data" or field.startswith("data.") else "envelope"
    return RejectedError(stage, first["type"], field, first["msg"])


def _named(part: object) -> str:
    """A place in the document, unless a source made a key of something that is no name: it could be personal."""
    text = str(part)
    return text if isinstance(part, int) or NAME.fullmatch(text) else "?"
