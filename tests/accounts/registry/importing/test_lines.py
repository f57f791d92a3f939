"""Records cut from bytes (RFC 4180)."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.registry.importing.lines import BLOCK, LONGEST_LINE, Lines, chunks, open_header, opened, records
from accounts.registry.importing.refusal import FileRefused

HEADER = b"a,b\n"


def cut(body: bytes) -> list[tuple[int, bytes]]:
    file = BytesIO(HEADER + body)
    open_header(file, ("a", "b"))
    return list(records(Lines(file), 2))


def test_each_line_is_a_record_with_its_number():
    assert cut(b"1,2\n3,4") == [(2, b"1,2\n"), (3, b"3,4")]


def test_blank_lines_are_passed_over_and_counted():
    assert cut(b"\r\n1,2\r\n\r\n3,4\r\n") == [(3, b"1,2\r\n"), (5, b"3,4\r\n")]


def test_a_quoted_value_may_hold_line_breaks():
    assert cut(b'1,"x\ny ""z""\n"\n3,4\n') == [(2, b'1,"x\ny ""z""\n"\n'), (5, b"3,4\n")]


def test_a_stray_quote_costs_its_own_line_only():
    assert cut(b'1,x"y\n3,4\n5,"a,b"\n7,"8\n9"\n') == [
        (2, b'1,x"y\n'),
        (3, b"3,4\n"),
        (4, b'5,"a,b"\n'),
        (5, b'7,"8\n9"\n'),
    ]


def test_a_quote_never_closed_costs_its_own_line_only():
    body = b'1,"2\n' + b"3,4\n" * 50
    assert [number for number, _ in cut(body)] == list(range(2, 53))


def test_two_stray_quotes_do_not_swallow_what_stands_between():
    assert [number for number, _ in cut(b'1,x"y\n3,4\n5,x"y\n7,8\n')] == [2, 3, 4, 5]


def test_an_endless_line_is_cut_and_the_next_one_is_read():
    found = cut(b"x" * (LONGEST_LINE * 3) + b"\n1,2\n")
    assert [(number, len(record)) for number, record in found] == [(2, LONGEST_LINE), (3, 4)]


@pytest.mark.parametrize("header", [b"", b"a\n", b"b,a\n", b"a,b,c\n", b"a;b\n", b"\xff,b\n", b'"a,b\n', b"A,B\n"])
def test_another_header_refuses_the_file(header):
    with pytest.raises(FileRefused) as refused:
        open_header(BytesIO(header), ("a", "b"))
    assert refused.value.code == "wrong_header"


@pytest.mark.parametrize("header", [b"a,b\n", b"\xef\xbb\xbfa,b\r\n", b'"a","b"\n', b"a,b"])
def test_the_header_may_carry_a_mark_quotes_or_crlf(header):
    file = BytesIO(header)
    open_header(file, ("a", "b"))
    assert file.read() == b""


def test_chunks_hold_every_record_once():
    file = BytesIO(b"".join(b"%d,x\n" % number for number in range(90_000)) + b'"y",z\n' + b"1,2\n" * 50_000 + b"3,4")
    found = list(chunks(file, 2))
    numbers = [number for chunk in found for number, _ in opened(chunk)]
    assert numbers == list(range(2, 140_004))
    assert max(len(chunk.body) for chunk in found if not isinstance(chunk, list)) <= BLOCK + LONGEST_LINE
    assert max(len(chunk) for chunk in found if isinstance(chunk, list)) == 2000


LINES = st.sampled_from(
    [b"1,2", b"", b" \t", b"\xc2\xa0", b"3,4\r", b'5,"6', b'7"', b"\xff", b"\0", b"\x1f", b"8," + b"9" * 20_000]
)


@given(st.lists(LINES, max_size=30), st.booleans())
def test_a_block_read_at_once_and_its_lines_one_by_one_say_the_same(lines, is_ended):
    """Which way a line is read depends on its neighbours: what is read must not."""
    body = b"\n".join(lines) + b"\n" * is_ended
    at_once = [read(record) for chunk in chunks(BytesIO(body), 2) for record in opened(chunk)]
    assert at_once == [read(record) for record in records(Lines(BytesIO(body)), 2)]


def read(record: tuple[int, bytes | str]) -> tuple[int, bytes]:
    number, line = record
    line = line.encode() if isinstance(line, str) else line
    return number, line.removesuffix(b"\n")[:LONGEST_LINE]


@given(st.binary(max_size=300))
def test_no_bytes_stop_the_cutting_and_numbers_only_grow(body):
    numbers = [number for number, _ in records(Lines(BytesIO(body)), 2)]
    assert numbers == sorted(set(numbers))
