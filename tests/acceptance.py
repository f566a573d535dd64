"""Names for the tests of the acceptance scenario: each carries its assertion, word for word."""

from collections.abc import Callable
from typing import TypeVar

import pytest

Test = TypeVar("Test", bound=Callable[..., object])


def asserts(words: str) -> Callable[[Test], Test]:
    """Name a test by the assertion that it checks; ``pytest -k`` and reports show the words."""

    def decorate(test: Test) -> Test:
        named = pytest.mark.parametrize("assertion", [words], ids=[words], indirect=True)
        return pytest.mark.usefixtures("assertion")(named(test))

    return decorate
