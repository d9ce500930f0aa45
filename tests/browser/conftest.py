"""A browser for the tests of a module."""

from __future__ import annotations

import pytest

from tests.browser.page import open_browser


@pytest.fixture(scope="module")
def browser():
    driver = open_browser()
    yield driver
    driver.quit()
