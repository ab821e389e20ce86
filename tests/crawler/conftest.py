import pytest

from tests.crawler.wires import Wire


@pytest.fixture
def wire(database_url: str) -> Wire:
    return Wire(database_url=database_url)
