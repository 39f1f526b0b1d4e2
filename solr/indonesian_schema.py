"""Change CKAN's schema.xml so that a search knows Indonesian. Pure.

CKAN's type ``text`` stems words as English ones. Here it stems them as Indonesian, leaves small
words out and knows synonyms; fields are added for what our portal indexes besides CKAN
(``access/search/index.py``). Everything else stays as CKAN wrote it, so that a newer CKAN
brings its own.

Synonyms are looked up when somebody searches, not when a document is indexed: the file may change
without indexing anew. All fields that are searched together have the same chain but for the
stemmer, since edismax counts words over fields only where they fall into the same ones.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from xml.etree import ElementTree as ET

SYNONYMS = "synonyms_id.txt"
STOPWORDS = "stopwords_id.txt"
SHORT = {"sungai": ("sei",), "parit": ("prt",), "lima": ("5",)}
"""Words in names of regions that are also written shorter."""

SIMILARITY = "solr.BooleanSimilarityFactory"
"""A word counts by the field it stands in, never by how rare it is: that is counted over all
documents, so that the order of those that somebody sees would tell of those they may not."""

_SPLIT = {
    "class": "solr.WordDelimiterGraphFilterFactory",
    "generateWordParts": "1",
    "generateNumberParts": "1",
    "catenateAll": "0",
}
_STEM = {"class": "solr.IndonesianStemFilterFactory", "stemDerivational": "true"}


def _chain(*, index: bool, stem: bool) -> ET.Element:
    """Return the steps from a text to its words."""
    analyzer = ET.Element("analyzer", {"type": "index" if index else "query"})
    join = "1" if index else "0"
    steps: list[dict[str, str]] = [
        {**_SPLIT, "catenateWords": join, "catenateNumbers": join, "splitOnCaseChange": join}
    ]
    if index:
        steps.append({"class": "solr.FlattenGraphFilterFactory"})
    steps += [
        {"class": "solr.LowerCaseFilterFactory"},
        {"class": "solr.ASCIIFoldingFilterFactory"},
    ]
    if not index:
        synonyms = {"synonyms": SYNONYMS, "ignoreCase": "true", "expand": "true"}
        steps.append({"class": "solr.SynonymGraphFilterFactory", **synonyms})
    steps.append({"class": "solr.StopFilterFactory", "words": STOPWORDS, "ignoreCase": "true"})
    if stem:
        steps.append(_STEM)
    ET.SubElement(analyzer, "tokenizer", {"class": "solr.WhitespaceTokenizerFactory"})
    for step in steps:
        ET.SubElement(analyzer, "filter", step)
    return analyzer


def _text_type(name: str, *, stem: bool) -> ET.Element:
    # A synonym of several words is looked for as a phrase, not as words that stand anywhere.
    attributes = {"class": "solr.TextField", "positionIncrementGap": "100"}
    made = ET.Element(
        "fieldType", {"name": name, **attributes, "autoGeneratePhraseQueries": "true"}
    )
    made.extend([_chain(index=True, stem=stem), _chain(index=False, stem=stem)])
    return made


def _prefix_type() -> ET.Element:
    """Return the type for suggestions: each word by its beginnings."""
    made = ET.Element("fieldType", {"name": "satudata_beginnings", "class": "solr.TextField"})
    for kind in ("index", "query"):
        analyzer = ET.SubElement(made, "analyzer", {"type": kind})
        ET.SubElement(analyzer, "tokenizer", {"class": "solr.StandardTokenizerFactory"})
        ET.SubElement(analyzer, "filter", {"class": "solr.LowerCaseFilterFactory"})
        ET.SubElement(analyzer, "filter", {"class": "solr.ASCIIFoldingFilterFactory"})
        if kind == "index":
            size = {"minGramSize": "1", "maxGramSize": "20"}
            ET.SubElement(analyzer, "filter", {"class": "solr.EdgeNGramFilterFactory", **size})
    return made


FIELDS: Sequence[Mapping[str, str]] = (
    {"name": "satudata_words", "type": "satudata_words", "multiValued": "true"},
    {"name": "satudata_title_words", "type": "satudata_words"},
    {"name": "satudata_beginnings", "type": "satudata_beginnings"},
    {"name": "satudata_tags", "type": "text", "multiValued": "true"},
    {"name": "satudata_columns", "type": "text", "multiValued": "true"},
    {"name": "satudata_agency", "type": "text", "multiValued": "true"},
    {"name": "satudata_place", "type": "text", "multiValued": "true"},
    {"name": "satudata_topic", "type": "text", "multiValued": "true"},
    {"name": "satudata_year", "type": "string", "multiValued": "true"},
    {"name": "satudata_region", "type": "string", "multiValued": "true"},
    {"name": "satudata_format", "type": "string", "multiValued": "true"},
)
COPIES = (
    ("title", "satudata_words"),
    ("notes", "satudata_words"),
    ("tags", "satudata_words"),
    ("satudata_columns", "satudata_words"),
    ("satudata_agency", "satudata_words"),
    ("satudata_place", "satudata_words"),
    ("satudata_topic", "satudata_words"),
    ("title", "satudata_title_words"),
    ("title", "satudata_beginnings"),
    ("tags", "satudata_tags"),
)


def transformed(schema: str) -> str:
    """Return CKAN's schema with Indonesian in the place of English, and our fields.

    :param schema: the text of CKAN's ``schema.xml``.
    :raises ValueError: it has no type ``text`` or no list of fields; that CKAN is not known here.
    """
    root = ET.fromstring(schema)  # noqa: S314 -- a file of the installed CKAN
    types, fields = root.find("types"), root.find("fields")
    text = None if types is None else types.find("fieldType[@name='text']")
    if types is None or fields is None or text is None:
        raise ValueError("CKAN's schema.xml has no type 'text' or no fields: look what changed")
    types.insert(list(types).index(text), _text_type("text", stem=True))
    types.remove(text)
    types.extend([_text_type("satudata_words", stem=False), _prefix_type()])
    for field in FIELDS:
        ET.SubElement(fields, "field", {**field, "indexed": "true", "stored": "false"})
    for source, dest in COPIES:
        ET.SubElement(root, "copyField", {"source": source, "dest": dest})
    ET.SubElement(root, "similarity", {"class": SIMILARITY})
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, "unicode") + "\n"


def folded(text: str) -> str:
    """Return words as the chain sees them when it looks synonyms up: small, bare, split."""
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    # The chain splits letters from figures: "covid19" is two words.
    parts = re.findall(r"[a-z]+|\d+", plain)
    return " ".join(parts)


def synonyms(written: str, more: Iterable[str] = ()) -> str:
    """Return the list for Solr: what people wrote, in the form in which words are looked up.

    :param written: lines ``a, b`` and ``a => b, c``; ``#`` begins a comment.
    :param more: further lines.
    :raises ValueError: a line with a side that is empty.
    """
    lines = []
    for line in [*written.splitlines(), *more]:
        rule = line.partition("#")[0].strip()
        if not rule:
            continue
        sides = [[folded(w) for w in side.split(",")] for side in rule.split("=>")]
        if len(sides) > 2 or not all(word for side in sides for word in side):
            raise ValueError(f"{SYNONYMS}: {line!r} is no rule")
        lines.append(" => ".join(", ".join(dict.fromkeys(side)) for side in sides))
    return "\n".join(lines) + "\n"


def spellings(regions: Iterable[Mapping[str, str]]) -> list[str]:
    """Return rules for the names of regions that are written in several ways.

    What all ways of a name end in is left out, so that "Benuamelayu" is known with every ending.

    :param regions: rows with ``name`` and ``aliases``, these separated by ``|``.
    """
    rules: dict[str, None] = {}
    for row in regions:
        ways = [folded(w).split() for w in (row["name"], *row["aliases"].split("|")) if w]
        if len(ways) < 2 or row.get("level") not in {"kecamatan", "kelurahan"}:
            continue
        while min(len(way) for way in ways) > 1 and len({way[-1] for way in ways}) == 1:
            ways = [way[:-1] for way in ways]
        for way in list(ways):
            for position, word in enumerate(way):
                ways += [
                    [*way[:position], short, *way[position + 1 :]] for short in SHORT.get(word, ())
                ]
        rules[", ".join(dict.fromkeys(" ".join(way) for way in ways))] = None
    return list(rules)
