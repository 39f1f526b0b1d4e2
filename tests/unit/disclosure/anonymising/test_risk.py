"""Equal to what pyCANON computes, and to what is published of small tables."""

from __future__ import annotations

import csv
import math
import random
from collections import Counter, defaultdict
from datetime import date

import pandas as pd
import pytest
from pycanon import anonymity

from ckanext.satudata_pontianak.disclosure.anonymising.plan import Plan
from ckanext.satudata_pontianak.disclosure.anonymising.risk import measure
from ckanext.satudata_pontianak.disclosure.anonymising.running import mask_file

pytestmark = pytest.mark.usefixtures("read_here")

# The inpatient tables of Machanavajjhala et al., "l-diversity: privacy beyond k-anonymity" (2007):
# figure 2, which is 4-anonymous, and figure 3, which is 3-diverse as well. The paper's own example,
# so published values: (postcode, age, condition).
FOUR_ANONYMOUS = [
    *((("130**", "<30"), c) for c in ("heart", "heart", "viral", "viral")),
    *((("1485*", ">=40"), c) for c in ("cancer", "heart", "viral", "viral")),
    *((("130**", "3*"), c) for c in ("cancer", "cancer", "cancer", "cancer")),
]
THREE_DIVERSE = [
    *((("1305*", "<=40"), c) for c in ("heart", "viral", "cancer", "cancer")),
    *((("1485*", ">40"), c) for c in ("cancer", "heart", "viral", "viral")),
    *((("1306*", "<=40"), c) for c in ("heart", "viral", "cancer", "cancer")),
]


def of_rows(rows, threshold=5, **more):
    classes: Counter[object] = Counter(key for key, _ in rows)
    values: dict[object, Counter[object]] = defaultdict(Counter)
    for key, value in rows:
        values[key][value] += 1
    return measure(classes, threshold, values={"s": values}, **more)


def test_the_published_tables():
    assert (of_rows(FOUR_ANONYMOUS).k, of_rows(FOUR_ANONYMOUS).diversity["s"].distinct) == (4, 1)
    assert (of_rows(THREE_DIVERSE).k, of_rows(THREE_DIVERSE).diversity["s"].distinct) == (4, 3)
    # In each class one value comes twice and two come once.
    assert of_rows(THREE_DIVERSE).diversity["s"].entropy == pytest.approx(math.sqrt(8))


def people(rows: int, seed: int) -> pd.DataFrame:
    r = random.Random(seed)  # noqa: S311
    return pd.DataFrame(
        {
            "umur": [r.choice(("20-29", "30-39", "40-49", "50+")) for _ in range(rows)],
            "kelamin": [r.choice("LP") for _ in range(rows)],
            "kelurahan": [r.choice(("Akcaya", "Saigon", "Mariana")) for _ in range(rows)],
            "diagnosa": [r.choice(("demam", "batuk", "asma", "tb")) for _ in range(rows)],
        }
    )


QUASI = ["umur", "kelamin", "kelurahan"]


@pytest.mark.parametrize("rows", [30, 200, 3000])
@pytest.mark.parametrize("seed", range(4))
def test_equal_to_pycanon_over_the_whole_way(tmp_path, rows, seed):
    frame = people(rows, seed)
    path = tmp_path / "people.csv"
    frame.to_csv(path, index=False)
    plan = Plan.of({"quasi_identifiers": QUASI, "sensitive": ["diagnosa"]})
    risk = mask_file(path, plan, tmp_path / "out.csv", today=date(2026, 1, 1)).risk
    assert risk.quasi_identifiers == tuple(QUASI)
    assert risk.k == anonymity.k_anonymity(frame, QUASI)
    found = risk.diversity["diagnosa"]
    assert found.distinct == anonymity.l_diversity(frame, QUASI, ["diagnosa"])
    # pyCANON gives the whole number below.
    assert int(found.entropy + 1e-9) == anonymity.entropy_l_diversity(frame, QUASI, ["diagnosa"])
    sizes = frame.groupby(QUASI).size()
    assert risk.classes == len(sizes)
    assert risk.prosecutor == pytest.approx(1 / sizes.min())
    assert risk.prosecutor_average == pytest.approx((sizes * (1 / sizes)).sum() / rows)
    assert risk.marketer == pytest.approx(len(sizes) / rows)
    assert risk.at_risk == pytest.approx(sizes[sizes < 5].sum() / rows)


def test_what_is_left_after_leaving_rows_out_is_equal_to_pycanon(tmp_path):
    frame = people(200, 9)
    path, out = tmp_path / "people.csv", tmp_path / "out.csv"
    frame.to_csv(path, index=False)
    plan = Plan.of({"quasi_identifiers": QUASI, "sensitive": ["diagnosa"], "suppress_below": 8})
    outcome = mask_file(path, plan, out, today=date(2026, 1, 1))
    left = pd.read_csv(out, sep=";", encoding="utf-8-sig")
    assert 0 < len(left) == outcome.written < 200
    assert outcome.removed == 200 - len(left)
    assert outcome.k == anonymity.k_anonymity(left, QUASI) >= 8
    assert outcome.risk.diversity["diagnosa"].distinct == anonymity.l_diversity(
        left, QUASI, ["diagnosa"]
    )


def test_a_population_lowers_the_journalists_risk_but_not_the_prosecutors():
    classes = {"a": 2, "b": 4}
    alone = measure(classes, 5)
    assert (alone.prosecutor, alone.journalist, alone.marketer) == (0.5, 0.5, 2 / 6)
    among = measure(classes, 5, population={"a": 20, "b": 10})
    assert among.prosecutor == 0.5
    assert among.journalist == 1 / 10
    assert among.marketer == pytest.approx((2 / 20 + 4 / 10) / 6)
    # A population that has fewer than the table is none.
    assert measure(classes, 5, population={"a": 1}).journalist == 0.5


def test_nothing_is_no_anonymity():
    assert measure({}, 5).k == 0
    assert measure({("x",): 1}, 5).at_risk == 1.0


def test_an_empty_cell_is_a_value(tmp_path):
    path = tmp_path / "a.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([["umur", "n"], *[["", "a"]] * 3, *[["20", "b"]] * 4])
    plan = Plan.of({"quasi_identifiers": ["umur"]})
    outcome = mask_file(path, plan, tmp_path / "o.csv", today=date(2026, 1, 1), k=3)
    assert outcome.k == 3
    assert outcome.enough
    assert math.isclose(outcome.risk.prosecutor, 1 / 3)
