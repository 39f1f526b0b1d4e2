"""Eighty messy workbooks become the tables that a person reads; half of them nobody tuned by."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

BENCHMARK = Path(__file__).parents[3] / "benchmarks" / "workbooks.py"


@pytest.fixture(scope="module")
def benchmark():
    spec = importlib.util.spec_from_file_location("benchmark_workbooks", BENCHMARK)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
def test_nearly_all_tables_and_fields_are_right(benchmark, tmp_path):
    made = benchmark.made()
    halves = {"read": benchmark.Half(), "held": benchmark.Half()}
    for truth in made.make(tmp_path):
        halves[truth.half].add(truth, tmp_path, made.AGENCIES[truth.agency][0])
    for half in halves.values():
        assert half.files == 40
        assert half.right >= 0.95 * half.files
        filled = half.counts["filled", True]
        assert filled >= 0.98 * (filled + half.counts["filled", False])
    offered = sum(half.counts["offered", True] for half in halves.values())
    assert offered >= 0.85 * (
        offered + sum(half.counts["offered", False] for half in halves.values())
    )


def test_what_is_wrong_is_counted_as_wrong(benchmark, tmp_path):
    """A comparison that finds everything right would measure nothing."""
    made = benchmark.made()
    writer = made.Writer("dinkes", 0)
    truth = writer.page()
    writer.save(tmp_path, truth)
    right, wrong = benchmark.Half(), benchmark.Half()
    right.add(truth, tmp_path, "Dinas Kesehatan")
    truth.tidy[0][-1] = "123456789"
    truth.title = "Lain"
    wrong.add(truth, tmp_path, "Dinas Kesehatan")
    assert (right.right, wrong.right) == (1, 0)
    assert sum(wrong.counts[state, False] for state in ("filled", "offered")) == 1 + sum(
        right.counts[state, False] for state in ("filled", "offered")
    )
