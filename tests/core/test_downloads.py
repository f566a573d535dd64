"""Downloads: a transaction and a language of their own, and an answer where they begin wrong."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone, translation

from core.downloads import Stream
from core.errors import Problem


@pytest.mark.django_db(transaction=True)
def test_rows_are_read_in_a_transaction_that_ends_with_the_last() -> None:
    def parts() -> Iterator[bytes]:
        for _ in range(3):
            yield b"yes" if connection.in_atomic_block else b"no"

    stream = Stream(parts)
    assert list(stream) == [b"yes"] * 3
    assert not connection.in_atomic_block


@pytest.mark.django_db(transaction=True)
def test_a_client_that_goes_ends_the_transaction() -> None:
    stream = Stream(lambda: iter([b"1", b"2"]))
    assert next(stream) == b"1"
    stream.close()
    assert not connection.in_atomic_block


@pytest.mark.django_db
def test_the_language_stays_the_readers() -> None:
    def parts() -> Iterator[bytes]:
        while True:
            yield f"{translation.get_language()} {timezone.get_current_timezone_name()}".encode()

    with translation.override("hy"), timezone.override("Asia/Yerevan"):
        stream = Stream(parts)
    with translation.override("ru"):
        assert [next(stream), next(stream)] == [b"hy Asia/Yerevan"] * 2
        assert translation.get_language() == "ru"
    stream.close()


@pytest.mark.django_db
def test_what_goes_wrong_at_the_start_is_raised_at_once() -> None:
    def parts() -> Iterator[bytes]:
        raise Problem("unavailable")
        yield b""

    with pytest.raises(Problem):
        Stream(parts)


@pytest.mark.django_db(transaction=True)
def test_downloads_leave_half_of_the_threads_to_others() -> None:
    many = settings.WEB_THREADS // 2
    streams = [Stream(lambda: iter([b"1", b"2"])) for _ in range(many)]
    with pytest.raises(Problem) as refused:
        Stream(lambda: iter([b"1"]))
    assert refused.value.code == "downloads_busy"
    assert list(streams.pop()) == [b"1", b"2"]
    streams.append(Stream(lambda: iter([b"1"])))
    for stream in streams:
        stream.close()
    again = [Stream(lambda: iter([b"1"])) for _ in range(many)]
    assert [list(one) for one in again] == [[b"1"]] * many
