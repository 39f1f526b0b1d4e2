"""Write a Solr core for CKAN: its own schema.xml beside a small solrconfig.xml.

Usage: make_configset.py SOLR_HOME CORE...

The schema is taken from the CKAN that is installed, so that the two always agree. The
files are rewritten only when they differ; existing indexes are kept. Exit code 0, and
the word "changed" or "unchanged" on the standard output.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

SOLRCONFIG = """<?xml version="1.0" encoding="UTF-8"?>
<config>
  <luceneMatchVersion>9.12.0</luceneMatchVersion>
  <dataDir>${solr.data.dir:}</dataDir>
  <directoryFactory name="DirectoryFactory" class="solr.NRTCachingDirectoryFactory"/>
  <codecFactory class="solr.SchemaCodecFactory"/>
  <schemaFactory class="ClassicIndexSchemaFactory"/>
  <indexConfig>
    <lockType>native</lockType>
  </indexConfig>
  <updateHandler class="solr.DirectUpdateHandler2">
    <updateLog>
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
      <str name="df">text</str>
    </lst>
  </requestHandler>
  <requestHandler name="/admin/ping" class="solr.PingRequestHandler">
    <lst name="invariants">
      <str name="q">solrpingquery</str>
    </lst>
  </requestHandler>
</config>
"""

EMPTY_LIST = """# Empty on purpose: CKAN's schema asks for the file, we have no words to put in it.
"""


def installed_schema() -> str:
    """Return the text of schema.xml of the installed CKAN, without importing CKAN."""
    spec = importlib.util.find_spec("ckan")
    if spec is None or not spec.submodule_search_locations:
        sys.exit("CKAN is not installed in this environment: no schema.xml to take")
    return Path(spec.submodule_search_locations[0], "config/solr/schema.xml").read_text("utf-8")


def write(path: Path, text: str) -> bool:
    """Write the file when its content differs, and say whether it did."""
    if path.is_file() and path.read_text("utf-8") == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return True


def main(home: Path, cores: list[str]) -> None:
    """Make the home with one directory for each core."""
    files = {home / "solr.xml": "<solr/>\n"}
    for core in cores:
        conf = home / core / "conf"
        files[home / core / "core.properties"] = f"name={core}\n"
        files[conf / "schema.xml"] = installed_schema()
        files[conf / "solrconfig.xml"] = SOLRCONFIG
        for name in ("synonyms.txt", "protwords.txt"):
            files[conf / name] = EMPTY_LIST
    changed = [write(path, text) for path, text in files.items()]
    sys.stdout.write("changed\n" if any(changed) else "unchanged\n")


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), sys.argv[2:])
