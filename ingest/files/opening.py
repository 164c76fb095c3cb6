"""Opens whatever was handed in by what its bytes say it is, not by its name: CSV, XLSX, XLS, JSON, or a ZIP of these."""

import shutil
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO
from zipfile import BadZipFile, ZipFile, ZipInfo

from huanxin.errors import FileRefusedError
from ingest.files.csv_table import open_csv
from ingest.files.json_series import open_json
from ingest.files.old_workbook import open_old_workbook
from ingest.files.part import Part
from ingest.files.workbook import open_workbook

SUFFIXES = (".csv", ".xlsx", ".xls", ".json", ".jsonl", ".ndjson", ".zip")
"""Names that a folder's files are taken in by."""
MAX_MEMBERS = 500
MAX_MEMBER_BYTES = 1 << 30
MAX_RATIO = 200
"""How far a ZIP's member may expand beyond its packed size: CSV reaches 30, a bomb 1,000."""

_ZIP, _OLE, _HTML = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", (b"<html", b"<!doc", b"<?xml", b"<table")
_RUBBISH = ("__MACOSX/", ".DS_Store", "Thumbs.db")


def opened(path: Path, encoding: str | None, name: str = "") -> Iterator[Part | FileRefusedError]:
    """The parts of a file, one after the other; each must be read before the next is asked for.

    Raises FileRefusedError where it is of no kind that is taken in; for a ZIP's member the error stands in the member's place.
    """
    name = name or path.name
    with path.open("rb") as file:
        beginning = file.read(4096)
    text = beginning.removeprefix(b"\xef\xbb\xbf").lstrip()
    if beginning.startswith(_ZIP):
        yield from _packed(path, encoding, name)
    elif beginning.startswith(_OLE):
        with open_old_workbook(path, name) as parts:
            yield from parts
    elif text[:6].lower().startswith(_HTML):
        raise FileRefusedError("not_a_table", name, "", "it is a web page by another name: open it in Excel, save it as .xlsx")
    elif text[:1] in (b"{", b"["):
        with open_json(path, name, encoding) as part:
            yield part
    elif not text:
        raise FileRefusedError("empty", name, "", "the file is empty")
    else:
        with open_csv(path, name, encoding) as part:
            yield part


def _packed(path: Path, encoding: str | None, name: str) -> Iterator[Part | FileRefusedError]:
    """A workbook, which is a ZIP itself, or the members of a ZIP."""
    try:
        with ZipFile(path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir() and not _is_rubbish(member)]
            if any(member.filename == "[Content_Types].xml" for member in members):
                with open_workbook(path, name) as parts:
                    yield from parts
                return
            _bounded(members, name)
            for member in members:
                try:
                    with _extracted(archive, member, name) as (extracted, inner):
                        yield from opened(extracted, encoding, f"{name}/{inner}")
                except FileRefusedError as error:
                    yield error
    except (BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise FileRefusedError("damaged", name, "", f"the ZIP is damaged ({type(error).__name__}): pack it anew") from error


def member_name(member: ZipInfo) -> str:
    """A member's name; Chinese Windows writes it in GBK and says nothing of it."""
    if member.flag_bits & 0x800:
        return member.filename
    raw = member.filename.encode("cp437", errors="replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return member.filename


def _bounded(members: list[ZipInfo], name: str) -> None:
    if not members:
        raise FileRefusedError("empty", name, "", "the ZIP is empty")
    for member in members:
        packed = max(member.compress_size, 1)
        if member.file_size > MAX_MEMBER_BYTES or (member.file_size > 1 << 20 and member.file_size > MAX_RATIO * packed):
            inner = member_name(member)
            raise FileRefusedError("too_large", name, inner, f"{inner} would expand to {member.file_size >> 20} MiB: refused")
        if member.flag_bits & 0x1:
            raise FileRefusedError("password", name, member_name(member), "the ZIP has a password: pack it without one")
        if member_name(member).lower().endswith(".zip"):
            raise FileRefusedError("nested", name, member_name(member), "it holds another ZIP: pack the files themselves")
    if len(members) > MAX_MEMBERS:
        raise FileRefusedError(
            "too_large", name, "", f"it has {len(members)} files, at most {MAX_MEMBERS} are taken in at once"
        )


@contextmanager
def _extracted(archive: ZipFile, member: ZipInfo, name: str) -> Iterator[tuple[Path, str]]:
    """A member on disk, for workbooks need to be read back and forth. Raises FileRefusedError where its size is another."""
    with NamedTemporaryFile(prefix="huanxin-", suffix=Path(member.filename).suffix[:8]) as to:
        with archive.open(member) as source:
            _copy(source, to, member, name)
        to.flush()
        yield Path(to.name), member_name(member)


def _copy(source: IO[bytes], to: IO[bytes], member: ZipInfo, name: str) -> None:
    shutil.copyfileobj(source, to, 1 << 20)  # zipfile stops at the size that the directory states
    if to.tell() != member.file_size:
        raise FileRefusedError("damaged", name, member_name(member), "a member is not as large as the ZIP says")


def _is_rubbish(member: ZipInfo) -> bool:
    return any(part in member.filename for part in _RUBBISH) or Path(member.filename).name.startswith(("~$", "._"))
