"""Delimited text (csv): which encoding, which delimiter, which cells. Imports nothing of Django."""

import csv
import io

from apps.core.spreadsheets.gate import MAX_COLUMNS, Refused

_DELIMITERS = ",\t;|，"
_SAMPLE_LINES = 60


def read_delimited(data: bytes) -> list[list[str]]:
    """Return the rows of a csv file. Raises Refused when it is not text or not a table."""
    text = decode(data)
    if not text.strip():
        raise Refused("empty")
    delimiter = sniff_delimiter(text)
    csv.field_size_limit(1 << 20)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        raise Refused("damaged") from None
    if max(map(len, rows), default=0) > 100 * MAX_COLUMNS:
        raise Refused("too_many_columns", limit=MAX_COLUMNS)
    return rows


def decode(data: bytes) -> str:
    """Return the text of UTF-8, GB 18030 or UTF-16 bytes. Raises Refused for anything else."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strict(data, "utf-16")
    if data.startswith(b"\xef\xbb\xbf"):
        return _strict(data, "utf-8-sig")
    if b"\0" in data:
        return _strict(data, _utf_16_without_mark(data))
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _strict(data, "gb18030")


def _utf_16_without_mark(data: bytes) -> str:
    """Tell the byte order by where the zero bytes of digits and commas stand."""
    start = data[:4096]
    even, odd = start[::2].count(0), start[1::2].count(0)
    if max(even, odd) < len(start) // 20 or (even and odd and min(even, odd) * 4 > max(even, odd)):
        raise Refused("not_workbook", found="binary")
    return "utf-16-be" if even > odd else "utf-16-le"


def _strict(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise Refused("encoding") from None
    if "\0" in text:
        raise Refused("not_workbook", found="binary")
    return text


def sniff_delimiter(text: str) -> str:
    """Return the delimiter that splits the first lines most evenly; a comma if none does."""
    lines = [line for line in text.splitlines()[:_SAMPLE_LINES] if line.strip()]
    best, best_score = ",", 0.0
    for delimiter in _DELIMITERS:
        counts = [line.count(delimiter) for line in lines]
        usual = max(set(counts), key=counts.count, default=0)
        filled = [count for count in counts if count]
        if not filled:
            continue
        usual = usual or max(set(filled), key=filled.count)
        score = usual * sum(count >= usual for count in counts) / len(counts)
        if score > best_score:
            best, best_score = delimiter, score
    return best
