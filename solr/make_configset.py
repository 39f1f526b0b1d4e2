"""Write a Solr core for CKAN: its own schema.xml made to know Indonesian, beside a solrconfig.xml.

Usage: make_configset.py [--plain] SOLR_HOME CORE...

The schema is taken from the CKAN that is installed, so that the two always agree, and changed by
:mod:`indonesian_schema`; the lists of words are made from ``schemas/search.yaml``. ``--plain``
leaves it as CKAN wrote it, for comparing the two. The files are rewritten only when they differ;
existing indexes are kept. Exit code 0, and the word "changed" or "unchanged" on the standard
output.
"""

from __future__ import annotations

import csv
import importlib.util
import sys
from collections.abc import Iterable
from pathlib import Path

import indonesian_schema
import refused_names

from ckanext.satudata_pontianak.access.search import dictionary

HERE = Path(__file__).parent
REGIONS = HERE.parent / "schemas" / "codes" / "wilayah" / "wilayah.csv"

SOLRCONFIG = """<?xml version="1.0" encoding="UTF-8"?>
<config>
  <luceneMatchVersion>9.12.0</luceneMatchVersion>
  <dataDir>${solr.data.dir:}</dataDir>
  <directoryFactory name="DirectoryFactory"
      class="${solr.directoryFactory:solr.NRTCachingDirectoryFactory}"/>
  <codecFactory class="solr.SchemaCodecFactory"/>
  <schemaFactory class="ClassicIndexSchemaFactory"/>
  <indexConfig>
    <lockType>${solr.lock.type:native}</lockType>
  </indexConfig>
  <updateHandler class="solr.DirectUpdateHandler2">
    <updateLog enable="${solr.ulog:true}">
      <str name="dir">${solr.ulog.dir:}</str>
    </updateLog>
    <autoCommit>
      <maxTime>15000</maxTime>
      <openSearcher>false</openSearcher>
    </autoCommit>
  </updateHandler>
  <query>
    <maxBooleanClauses>16384</maxBooleanClauses>
    <filterCache size="512" initialSize="512" autowarmCount="0"/>
    <queryResultCache size="512" initialSize="512" autowarmCount="0"/>
    <documentCache size="512" initialSize="512" autowarmCount="0"/>
    <enableLazyFieldLoading>true</enableLazyFieldLoading>
  </query>
  <requestDispatcher>
    <requestParsers enableRemoteStreaming="false" formdataUploadLimitInKB="102400"/>
    <httpCaching never304="true"/>
  </requestDispatcher>
  <requestHandler name="/select" class="solr.SearchHandler">
    <lst name="defaults">
      <str name="echoParams">explicit</str>
      <str name="df">text</str>@DEFAULTS@
    </lst>@COMPONENTS@
  </requestHandler>
  <requestHandler name="/admin/ping" class="solr.PingRequestHandler">
    <lst name="invariants">
      <str name="q">solrpingquery</str>
    </lst>
  </requestHandler>@REFUSED@
</config>
"""

# The days on which figures are due are counted all, since freshness is counted from them; a caller
# of CKAN's search can name one limit for all facets only.
DEFAULTS = """
      <str name="f.satudata_due_day.facet.limit">-1</str>
      <str name="f.satudata_late_day.facet.limit">-1</str>"""

# No "more like this", no functions in facets, no explanation of a score.
COMPONENTS = """
    <arr name="components">
      <str>query</str>
      <str>facet</str>
    </arr>"""

EMPTY_LIST = """# Empty on purpose: CKAN's schema asks for the file, we have no words to put in it.
"""


def installed_schema() -> str:
    """Return the text of schema.xml of the installed CKAN, without importing CKAN."""
    spec = importlib.util.find_spec("ckan")
    if spec is None or not spec.submodule_search_locations:
        sys.exit("CKAN is not installed in this environment: no schema.xml to take")
    return Path(spec.submodule_search_locations[0], "config/solr/schema.xml").read_text("utf-8")


def lists() -> dict[str, str]:
    """Return the word lists of a core by the names of their files."""
    found = dictionary.dictionary()
    with REGIONS.open(encoding="utf-8", newline="") as file:
        regions = indonesian_schema.spellings(list(csv.DictReader(file)), found.regions.words)
    return {
        indonesian_schema.SYNONYMS: _lines([*dictionary.synonyms(found), *regions]),
        indonesian_schema.PHRASES: _lines(dictionary.phrases(found)),
        indonesian_schema.STOPWORDS: _lines(found.left_out),
    }


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n"


def solrconfig(*, plain: bool) -> str:
    """Return ``solrconfig.xml``: ours refuses by name what the portal never asks Solr for."""
    ours = {
        "@DEFAULTS@": DEFAULTS,
        "@COMPONENTS@": COMPONENTS,
        "@REFUSED@": f"\n{refused_names.elements()}",
    }
    written = SOLRCONFIG
    for place, text in ours.items():
        written = written.replace(place, "" if plain else text)
    return written


def core(name: str, *, plain: bool) -> dict[str, str]:
    """Return the files of one core by their paths below the home."""
    schema = installed_schema()
    files = {
        "core.properties": f"name={name}\n",
        "conf/schema.xml": schema if plain else indonesian_schema.transformed(schema),
        "conf/solrconfig.xml": solrconfig(plain=plain),
        "conf/synonyms.txt": EMPTY_LIST,
        "conf/protwords.txt": EMPTY_LIST,
    }
    if not plain:
        files |= {f"conf/{path}": text for path, text in lists().items()}
    return {f"{name}/{path}": text for path, text in files.items()}


def write(path: Path, text: str) -> bool:
    """Write the file when its content differs, and say whether it did."""
    if path.is_file() and path.read_text("utf-8") == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return True


def main(home: Path, cores: list[str], *, plain: bool = False) -> None:
    """Make the home with one directory for each core."""
    files = {"solr.xml": "<solr/>\n"}
    for name in cores:
        files |= core(name, plain=plain)
    changed = [write(home / path, text) for path, text in files.items()]
    sys.stdout.write("changed\n" if any(changed) else "unchanged\n")


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if word != "--plain"]
    if len(words) < 2:
        sys.exit(__doc__)
    main(Path(words[0]), words[1:], plain="--plain" in sys.argv)
