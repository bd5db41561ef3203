"""The dictionary of an SPSS system file: what pyreadstat neither reads in full nor writes.

Layout after PSPP's "System File Format" (gnu.org/software/pspp, developers' guide, chapter 1): a header of
176 bytes, then records that begin with their type as a 32-bit integer; 2 is a variable, 3 and 4 value labels,
6 documents, 7 an extension with subtype, size and count, 999 the end. Multiple-response sets are the
extensions 7 (dichotomies and categories) and 19 (dichotomies called as their counted value); the weight is
a field of the header. Both stand before the data, so they can be put into a file that is already written.
"""

from __future__ import annotations

import mmap
import re
import shutil
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from topline.dataset.files.raw import RawSet

HEADER: Final = 176
_COMPRESSION_AT: Final = 72
_WEIGHT_AT: Final = 76
SETS: Final = 7
LONG_NAMES: Final = 13
SETS_BY_VALUE: Final = 19
ENCODING: Final = 20
_MAGIC: Final = (b"$FL2", b"$FL3")
_ZLIB: Final = 2
_SET: Final = re.compile(rb"\n*(?P<name>\$[^=\n]+)=(?:(?P<kind>[CD])|E (?P<by>1|11) )")
_LENGTH: Final = re.compile(rb" ?(\d+) ")


@dataclass(frozen=True)
class SavDictionary:
    """What is needed of a dictionary: names by place, sets, weight, and where the data begin.

    `places` has the short name of each variable by its index, which counts 8 bytes of a case as one.
    """

    order: str
    places: Mapping[int, str]
    names: Mapping[str, str]  # short name -> long name
    weight: str
    sets: tuple[RawSet, ...]
    end: int  # offset of the record that ends the dictionary


def read_dictionary(data: bytes | mmap.mmap) -> SavDictionary:
    """Read the dictionary of a .sav or .zsav file; ValueError where it is none."""
    if data[:4] not in _MAGIC:
        raise ValueError("not a system file")
    order = "<" if struct.unpack_from("<i", data, 64)[0] in (2, 3) else ">"
    (weight,) = struct.unpack_from(f"{order}i", data, _WEIGHT_AT)
    places: dict[int, str] = {}
    extensions: dict[int, bytes] = {}
    at, index = HEADER, 0
    while (kind := struct.unpack_from(f"{order}i", data, at)[0]) != 999:
        if kind == 2:
            index += 1
            if struct.unpack_from(f"{order}i", data, at + 4)[0] >= 0:
                places[index] = data[at + 24 : at + 32].decode("latin-1").strip()
        elif kind == 7:
            subtype, size, count = struct.unpack_from(f"{order}3i", data, at + 4)
            extensions[subtype] = data[at + 16 : at + 16 + size * count]
        at = _next(data, at, kind, order)
    encoding = _codec(extensions.get(ENCODING, b""))
    long = extensions.get(LONG_NAMES, b"").decode(encoding, "replace")
    names = {short.upper(): name for short, _, name in (pair.partition("=") for pair in long.split("\t"))}
    short_names = {
        at: raw.encode("latin-1").decode(encoding, "replace").upper() for at, raw in places.items()
    }
    named = {short: names.get(short, short) for short in short_names.values()}
    found = [
        entry
        for subtype in (SETS, SETS_BY_VALUE)
        for entry in read_sets(extensions.get(subtype, b""), encoding, named)
    ]
    return SavDictionary(
        order, short_names, named, named.get(short_names.get(weight, ""), ""), tuple(found), at
    )


def _next(data: bytes | mmap.mmap, at: int, kind: int, order: str) -> int:
    """The offset of the record after this one."""

    def number(offset: int) -> int:
        return int(struct.unpack_from(f"{order}i", data, offset)[0])

    if kind == 2:
        after = at + 32
        if number(at + 8):
            length = number(after)
            after += 4 + (length + 3) // 4 * 4
        return after + 8 * abs(number(at + 12))
    if kind == 3:
        after = at + 8
        for _ in range(number(at + 4)):
            after += 8 + (data[after + 8] + 8) // 8 * 8
        return after
    if kind == 4:
        return at + 8 + 4 * number(at + 4)
    if kind == 6:
        return at + 8 + 80 * number(at + 4)
    if kind == 7:
        return at + 16 + number(at + 8) * number(at + 12)
    raise ValueError(f"record of type {kind}")


def read_sets(record: bytes, encoding: str, names: Mapping[str, str]) -> Iterator[RawSet]:
    """The sets of an extension record; columns that the file lacks are left out."""
    at = 0
    while match := _SET.match(record, at):
        source, by_value = match["name"].decode(encoding, "replace"), match["by"] is not None
        at = match.end()
        counted: str | None = None
        if by_value or match["kind"] == b"D":
            counted, at = _counted_text(record, at, encoding)
        label, at = _counted_text(record, at, encoding)
        end = record.find(b"\n", at)
        end = len(record) if end < 0 else end
        listed = record[at:end].decode(encoding, "replace").split()
        at = end
        columns = tuple(names[name.upper()] for name in listed if name.upper() in names)
        yield RawSet(
            source,
            columns,
            counted,
            {"": label} if label else {},
            "value" if by_value else "column",
            match["by"] == b"11",
        )


def _counted_text(record: bytes, at: int, encoding: str) -> tuple[str, int]:
    """A text that stands after its length in bytes and a space, and the offset behind it."""
    match = _LENGTH.match(record, at)
    if match is None:
        raise ValueError("multiple-response set")
    end = match.end() + int(match.group(1))
    return record[match.end() : end].decode(encoding, "replace"), end


def set_records(sets: Sequence[RawSet], short: Mapping[str, str], order: str) -> bytes:
    """The extension records of response sets; `short` gives the short name of each column. UTF-8."""
    found = b""
    for subtype, by_value in ((SETS, False), (SETS_BY_VALUE, True)):
        lines = [_set_line(entry, short) for entry in sets if (entry.labelled_by == "value") == by_value]
        if lines:
            text = b"".join(lines)
            found += struct.pack(f"{order}4i", 7, subtype, 1, len(text)) + text
    return found


def _set_line(entry: RawSet, short: Mapping[str, str]) -> bytes:
    label = next(iter(entry.labels.values()), "").encode()
    parts = [f"{entry.source}=".encode()]
    if entry.counted is None:
        parts.append(b"C ")
    else:
        written = entry.counted if isinstance(entry.counted, str) else f"{entry.counted:g}"
        counted = written.encode()
        kind = (b"E 11 " if entry.label_of_first else b"E 1 ") if entry.labelled_by == "value" else b"D"
        parts.append(kind + f"{len(counted)} ".encode() + counted + b" ")
    parts.append(f"{len(label)} ".encode() + label)
    parts += [b" " + short[column].lower().encode() for column in entry.columns]
    return b"".join([*parts, b"\n"])


def add_records(path: Path, sets: Sequence[RawSet], weight: str) -> None:
    """Put response sets and the weight into a file that pyreadstat wrote; UTF-8."""
    found = dictionary_of(path)
    short = {name: key for key, name in found.names.items()}
    index = next((at for at, key in found.places.items() if weight and key == short.get(weight)), 0)
    records = set_records(sets, short, found.order)
    made = path.with_name(f"{path.name}.new")
    with path.open("rb") as old, made.open("wb") as new:
        header = bytearray(old.read(found.end))
        struct.pack_into(f"{found.order}i", header, _WEIGHT_AT, index)
        new.write(header + records)
        if struct.unpack_from(f"{found.order}i", header, _COMPRESSION_AT)[0] == _ZLIB:
            new.write(_moved(old.read(), len(records), found))
        else:
            shutil.copyfileobj(old, new)
    made.replace(path)


def _moved(rest: bytes, by: int, found: SavDictionary) -> bytes:
    """What follows the dictionary of a .zsav file, its offsets into the file moved `by` bytes on.

    Three offsets stand after the record that ends the dictionary (where the data and the list of blocks
    begin, and its length), two more for each block in that list.
    """
    data = bytearray(rest)
    at = 8
    start, trailer = struct.unpack_from(f"{found.order}2q", data, at)
    struct.pack_into(f"{found.order}2q", data, at, start + by, trailer + by)
    blocks = trailer - found.end
    (number,) = struct.unpack_from(f"{found.order}i", data, blocks + 20)
    for block in range(number):
        place = blocks + 24 + 24 * block
        plain, packed = struct.unpack_from(f"{found.order}2q", data, place)
        struct.pack_into(f"{found.order}2q", data, place, plain + by, packed + by)
    return bytes(data)


def dictionary_of(path: Path) -> SavDictionary:
    """Read the dictionary of a file without reading its data; ValueError where it has none."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        try:
            return read_dictionary(data)
        except (struct.error, IndexError) as error:
            raise ValueError("the dictionary ends early") from error


def _codec(name: bytes) -> str:
    text = name.decode("ascii", "ignore").strip("\0 ")
    try:
        "".encode(text or "utf-8")
    except LookupError:
        return "latin-1"
    return text or "utf-8"
