"""Change CKAN's schema.xml so that a search knows Indonesian. Pure.

CKAN's type ``text`` stems words as English ones. Here it stems them as Indonesian, leaves small
words out and knows synonyms; fields are added for what our portal indexes besides CKAN
(``access/search/index.py``). Everything else stays as CKAN wrote it, so that a newer CKAN
brings its own.

Synonyms are looked up when somebody searches, not when a document is indexed: the dictionary may
change without indexing anew. Phrases that say something of their own are one word in documents as
well, so that no synonym of a word in them finds them. All fields that are searched together have
the same chain but for the stemmer, since edismax counts words over fields only where they fall into
the same ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from xml.etree import ElementTree as ET

from ckanext.satudata_pontianak.access.search.dictionary import folded

SYNONYMS = "synonyms_id.txt"
PHRASES = "phrases_id.txt"
STOPWORDS = "stopwords_id.txt"

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


def _look_up(name: str) -> dict[str, str]:
    look_up = {"class": "solr.SynonymGraphFilterFactory", "synonyms": name}
    return {**look_up, "ignoreCase": "true", "expand": "true"}


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
    steps.append(_look_up(PHRASES))
    if index:
        steps.append({"class": "solr.FlattenGraphFilterFactory"})
    else:
        steps.append(_look_up(SYNONYMS))
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
    {"name": "satudata_cells", "type": "text", "multiValued": "true"},
    {"name": "satudata_cell_names", "type": "text", "multiValued": "true"},
    {"name": "satudata_data", "type": "string"},
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
    ("satudata_cell_names", "satudata_words"),
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


def spellings(
    regions: Iterable[Mapping[str, str]], words: Mapping[str, Sequence[str]]
) -> list[str]:
    """Return rules for the names of regions that are written in several ways.

    What all ways of a name end in is left out, so that "Benuamelayu" is known with every ending.

    :param regions: rows with ``name`` and ``aliases``, these separated by ``|``.
    :param words: words in names, and how they are also written.
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
                    [*way[:position], short, *way[position + 1 :]] for short in words.get(word, ())
                ]
        alike = dict.fromkeys(" ".join(way) for way in ways)
        rules[", ".join(alike)] = None
    return list(rules)
