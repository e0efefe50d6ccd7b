from __future__ import annotations

import pytest

from tests.bench import import_people


@pytest.mark.bench
def test_a_million_persons_in_bounded_memory_and_time():
    results = import_people.run()

    assert results["ours"]["persons"] == results["duckdb"]["persons"] == import_people.PERSONS
    assert results["ours"]["mb"] < 400
