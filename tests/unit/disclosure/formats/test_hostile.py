"""Good files, mutated a thousand times: each ends in a verdict, none is clear by accident.

Every good file holds one NIK. A mutated one may be ``clear`` only where the NIK can no longer be
read by anybody: not in the bytes, nor in anything that can be unpacked from them. So says
``readable``, which knows nothing of the readers.
"""

from __future__ import annotations

import random
import re
import time
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ckanext.satudata_pontianak.disclosure.limits import MEGABYTE, Limits
from ckanext.satudata_pontianak.disclosure.report import FileReport, Verdict
from ckanext.satudata_pontianak.disclosure.ruleset import DEFAULT
from ckanext.satudata_pontianak.disclosure.sandbox import Sandbox
from ckanext.satudata_pontianak.disclosure.sentences import SENTENCES

from .. import made

pytestmark = pytest.mark.slow

LIMITS = Limits(wall_seconds=15, cpu_seconds=15, unpacked=64 * MEGABYTE)
# The readers are tried here: with every rule that there is, this takes several times as long.
RULES = replace(DEFAULT, id="nik", kinds=("nik", "no_kk"))
SOME, ALL = 1_000, 20_000
GOOD = {kind: make() for kind, make in made.FORMATS.items()}
ZIPPED = ("xlsx", "ods", "docx", "pptx", "odt", "zip", "shz")
# Within more digits it is another number.
_NARROW = re.compile(rb"(?<!\d)%s(?!\d)" % made.NIK.encode())
_WIDE = re.compile(rb"(?<!\d\0)%s(?!\d\0)" % made.NIK.encode("utf-16-le"))
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)

Random = random.Random
Mutate = Callable[[bytes, Random], bytes]


def readable(data: bytes, deep: int = 0) -> bool:
    """Say whether the planted NIK can be read in the bytes or in what they unpack to."""
    if _NARROW.search(data) or _WIDE.search(data):
        return True
    packed = [m[1] for m in _STREAM.finditer(data)]
    packed = [(piece, 15) for piece in packed]
    position = data.find(b"PK\x03\x04")
    while position >= 0:
        name, extra = (
            int.from_bytes(data[position + at : position + at + 2], "little") for at in (26, 28)
        )
        packed.append((data[position + 30 + name + extra :], -15))
        position = data.find(b"PK\x03\x04", position + 4)
    packed += [(data[m.start() :], 31) for m in re.finditer(rb"\x1f\x8b\x08", data)]
    for piece, window in packed:
        try:
            inner = zlib.decompressobj(window).decompress(piece, MEGABYTE)
        except zlib.error:
            continue
        if deep < 3 and readable(inner, deep + 1):
            return True
    return False


def _flip(data: bytes, r: Random) -> bytes:
    out = bytearray(data)
    for _ in range(r.choice((1, 1, 3, 20))):
        out[r.randrange(len(out))] ^= 1 << r.randrange(8)
    return bytes(out)


def _cut(data: bytes, r: Random) -> bytes:
    return data[: r.randrange(1, len(data))]


def _behead(data: bytes, r: Random) -> bytes:
    return data[r.randrange(1, min(len(data), 600)) :]


def _place(data: bytes, r: Random) -> tuple[int, int]:
    start = r.randrange(len(data))
    return start, min(len(data), start + r.choice((1, 2, 4, 16, 64, 512)))


def _remove(data: bytes, r: Random) -> bytes:
    start, end = _place(data, r)
    return data[:start] + data[end:]


def _repeat(data: bytes, r: Random) -> bytes:
    start, end = _place(data, r)
    return data[:end] + data[start:end] * r.choice((1, 2, 50)) + data[end:]


def _fill(data: bytes, r: Random) -> bytes:
    start, end = _place(data, r)
    return data[:start] + r.choice((b"\0", b"\xff", b"(", b"<", b'"')) * (end - start) + data[end:]


def _noise(data: bytes, r: Random) -> bytes:
    start, _ = _place(data, r)
    return data[:start] + r.randbytes(r.choice((1, 3, 40, 4000))) + data[start:]


def _numbers(data: bytes, r: Random) -> bytes:
    """Put an absurd number where a length or a count may stand."""
    start = r.randrange(len(data))
    size = r.choice((1, 2, 4, 8))
    number = r.choice((b"\xff" * size, b"\x7f" + b"\xff" * (size - 1), b"\0" * size))
    return data[:start] + number + data[start + size :]


def _digits(data: bytes, r: Random) -> bytes:
    """Make a written number absurd: a length, a count, a reference."""
    found = list(re.finditer(rb"(?<!\d)\d{1,8}(?!\d)", data))
    if not found:
        return _flip(data, r)
    match = r.choice(found)
    number = r.choice((b"99999999999", b"-1", b"0", b"4294967296", b"1e999"))
    return data[: match.start()] + number + data[match.end() :]


def _splice(data: bytes, r: Random) -> bytes:
    other = r.choice(list(GOOD.values()))
    return r.choice((data + other, other + data, data[: len(data) // 2] + other))


def _nest(data: bytes, r: Random) -> bytes:
    """Open brackets, elements or quotes without end."""
    start, _ = _place(data, r)
    opening = r.choice((b"[", b"<a>", b'{"a":', b"((", b'"', b"<<"))
    return data[:start] + opening * 3_000 + data[start:]


MUTATIONS: tuple[Mutate, ...] = (
    _flip, _cut, _behead, _remove, _repeat, _fill, _noise, _numbers, _digits, _splice, _nest,
)  # fmt: skip


def mutated(seed: int) -> tuple[str, bytes]:
    """Return the extension and the bytes of one hostile file."""
    r = Random(seed)
    kind = list(GOOD)[seed % len(GOOD)]
    mutate = r.choice(MUTATIONS)
    data = GOOD[kind]
    if kind in ZIPPED and r.random() < 0.7:
        # A whole frame around a broken part, so that the part is looked at.
        parts = made.unzipped(data)
        name = r.choice([n for n, content in parts.items() if content])
        data = made.zipped({**parts, name: mutate(parts[name], r)})
    else:
        data = mutate(data, r)
    return (r.choice(list(GOOD)) if r.random() < 0.1 else kind), data


def judge(seed: int, data: bytes, report: FileReport) -> None:
    """Hold one verdict against what can be read."""
    what = f"seed {seed}: {report.verdict} {report.reason}"
    kinds = {finding.kind for finding in report.findings}
    if report.verdict is Verdict.FAILED:
        assert report.reason is not None, what
        assert report.reason.code in SENTENCES.keys() - {"bad_output", "crashed"}, what
    elif report.verdict is Verdict.FINDINGS:
        # Under a mutated heading ("nkk") it is the number of a family card.
        assert kinds & {"nik", "no_kk"} or not readable(data), what
    else:
        assert not readable(data), what


def scan_all(folder: Path, seeds: range) -> Counter[str]:
    """Scan the files of some seeds with one child, and count how they end."""
    ends: Counter[str] = Counter()
    with Sandbox(LIMITS, RULES) as box:
        for seed in seeds:
            kind, data = mutated(seed)
            path = folder / f"{seed}.{kind}"
            path.write_bytes(data)
            start = time.monotonic()
            report = box.scan(path)
            assert time.monotonic() - start < LIMITS.wall_seconds, seed
            judge(seed, data, report)
            ends[report.reason.code if report.reason else str(report.verdict)] += 1
            path.unlink()
    return ends


@pytest.mark.parametrize("kind", sorted(GOOD))
def test_the_good_file_is_read(tmp_path, kind):
    path = tmp_path / f"a.{kind}"
    path.write_bytes(GOOD[kind])
    with Sandbox(LIMITS, RULES) as box:
        report = box.scan(path)
    assert readable(GOOD[kind])
    assert {finding.kind for finding in report.findings} == {"nik"}
    expected = "no_text" if kind in made.PICTURES else None
    assert (report.reason.code if report.reason else None) == expected


def test_a_thousand_mutated_files_are_never_clear_by_accident(tmp_path):
    ends = scan_all(tmp_path, range(SOME))
    assert ends.total() == SOME
    assert ends["broken_file"] > SOME // 4
    assert ends["findings"] > SOME // 10


@pytest.mark.long
def test_many_more_mutated_files_are_never_clear_by_accident(tmp_path):
    assert scan_all(tmp_path, range(SOME, ALL)).total() == ALL - SOME
