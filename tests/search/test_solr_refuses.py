"""Solr itself refuses what the portal never asks of it, whatever reached it."""

from __future__ import annotations

import importlib.util
import subprocess
import time
from pathlib import Path

import requests

import ckan.plugins.toolkit as tk

ROOT = Path(__file__).parents[2]
JARS = ROOT / ".run" / "solr" / "lib"

# Prints the names that Solr registers by itself: of parsers, of functions, then of transformers.
NAMES = """
import java.util.*;
public class Names {
  static Set<String> of(String type, String field) throws Exception {
    var found = Class.forName("org.apache.solr." + type).getDeclaredField(field);
    found.setAccessible(true);
    return new TreeSet<>(((Map<String, ?>) found.get(null)).keySet());
  }
  public static void main(String[] given) throws Exception {
    System.out.println(String.join(" ", of("search.QParserPlugin", "standardPlugins")));
    System.out.println(String.join(" ", of("search.ValueSourceParser", "standardVSParsers")));
    System.out.println(String.join(" ",
      of("response.transform.TransformerFactory", "defaultFactories")));
  }
}
"""


def _refused():
    spec = importlib.util.spec_from_file_location("refused", ROOT / "solr" / "refused_names.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


refused = _refused()


def ask(**params: str) -> requests.Response:
    """Ask Solr, past everything of ours."""
    return requests.get(f"{tk.config['solr_url']}/select", params=params, timeout=30)


def test_every_parser_that_is_not_used_is_refused() -> None:
    for name in refused.PARSERS:
        for asked in (
            {"q": f"{{!{name} f=id from=id to=id field=id v='*:*'}}"},
            {"q": f"{{!type={name}}}*:*"},
            {"q": "*:*", "fq": f"{{!{name} f=id}}a"},
        ):
            assert ask(**asked).status_code >= 400, (name, asked)
        assert ask(q="*:*", defType=name).status_code >= 400, name


def test_every_function_is_refused_wherever_one_may_stand() -> None:
    for name in refused.FUNCTIONS:
        call = f"{name}(1,1)"
        assert ask(q="*:*", sort=f"{call} asc").status_code >= 400, name
    for asked in (
        {"q": '_val_:"sum(1,1)"'},
        {"q": '*:* _query_:"{!func}sum(1,1)"'},
        {"q": "air", "defType": "edismax", "qf": "text", "bf": "sum(1,1)"},
        {"q": "air", "defType": "edismax", "qf": "text", "boost": "sum(1,1)"},
        {"q": "*:*", "fl": "x:sum(1,1)"},
        {"q": "{!frange l=0}sum(1,1)"},
    ):
        assert ask(**asked).status_code >= 400, asked


def test_every_transformer_of_documents_is_refused(city) -> None:
    """Asked of a document that is there: of none nothing is transformed, and all would answer."""
    city.dataset()
    assert ask(q="*:*", rows="1", fl="id").json()["response"]["docs"]
    for name in refused.TRANSFORMERS:
        for fl in (
            f"[{name}]", f"id,[{name}]", f"x:[{name}]", f"x:[{name} f=id q=*:* v=1]",
            f"x:[{name} parentFilter=*:*]", f"title:[{name} f=title]", f"[{name} v='a']",
            f"* [{name}]",
        ):  # fmt: skip
            answer = ask(q="*:*", rows="1", fl=fl, **{"x.q": "*:*", "x.rows": "9"})
            assert answer.status_code >= 400, (fl, answer.text[:300])


def test_nothing_sleeps() -> None:
    begun = time.monotonic()
    for asked in (
        {"q": "*:*", "sort": "sleep(4000,1) asc"},
        {"q": '_val_:"sleep(4000,1)"'},
        {"q": "*:*", "fl": "sleep(4000,1)"},
    ):
        assert ask(**asked).status_code >= 400, asked
    assert time.monotonic() - begun < 4


def test_a_search_counts_and_finds_and_does_nothing_else() -> None:
    answer = ask(
        q="*:*", rows="0", stats="true", mlt="true", hl="true", debugQuery="true",
        **{"stats.field": "id", "json.facet": '{"x": "unique(id)"}', "hl.fl": "*"},
    ).json()  # fmt: skip
    assert set(answer) == {"responseHeader", "response"}


def test_what_is_used_answers() -> None:
    assert ask(q="*:*").status_code == 200
    for name in refused.USED:
        assert ask(q="air bersih", defType=name, qf="text title^2").status_code == 200, name
    assert ask(q="*:*", sort="score desc, metadata_modified desc").status_code == 200


def test_no_name_that_this_solr_knows_is_missing(tmp_path) -> None:
    source = tmp_path / "Names.java"
    source.write_text(NAMES, "utf-8")
    told = subprocess.run(
        ["java", "-cp", f"{JARS}/*", str(source)], check=True, capture_output=True, text=True
    ).stdout
    lines = [set(line.split()) for line in told.strip().splitlines()]
    parsers, functions, transformers = lines[-3:]
    assert parsers - set(refused.PARSERS) == set(refused.USED)
    assert functions <= set(refused.FUNCTIONS)
    assert transformers <= set(refused.TRANSFORMERS)
