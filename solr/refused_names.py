"""Solr's own query parsers, functions and transformers that the portal never uses, refused by name.

Solr registers its own under their names whatever ``solrconfig.xml`` says; only another one of the
same name takes their place. Nobody has to compile anything for that: three classes of Solr refuse
whatever they are asked here. One finds vectors and our schema has no field of vectors; one reads
the children of block joins, and the parsers that make these are refused themselves; one writes
shapes on maps, of which our schema has none. Pure.
``tests/search/test_solr_refuses.py`` asks Solr for each name, and fails on one that a newer Solr
brings.
"""

from __future__ import annotations

USED = ("lucene", "edismax", "dismax")
"""The parsers that CKAN and the portal ask."""

PARSERS = tuple(
    """
    bbox bool boost child collapse complexphrase field filters frange func fuzzy geofilt graph
    graphTerms hash hash_range igain join knn knn_text_to_vector ltr maxscore min_hash mlt
    mlt_content parent payload_check payload_score prefix query rank raw rerank significantTerms
    simple surround switch term terms tlogit vectorSimilarity xmlparser xport
    """.split()
)

FUNCTIONS = tuple(
    """
    abs acos add agg agg_avg agg_count agg_countvals agg_hll agg_max agg_min agg_missing
    agg_percentile agg_relatedness agg_stddev agg_sum agg_sumsq agg_unique agg_uniqueBlock
    agg_variance and asin atan atan2 boost cbrt ceil childfield concat cos cosh cscore currency def
    deg dist div docfreq e eq exists exp false field floor geodist geohash ghhsin gt gte hsin hypot
    idf if isnan joindf linear literal ln log lt lte map max maxdoc min mod ms mul norm not numdocs
    or ord payload pi pow product query rad recip rint rord scale sin sinh sleep sqedist sqrt
    strdist sttf sub sum sumtotaltermfreq tan tanh termfreq testfunc tf threadid top totaltermfreq
    true ttf vector vectorSimilarity xor
    """.split()
)

TRANSFORMERS = tuple(
    """
    child core docid excluded elevated explain features fv geo json shard subquery value xml
    """.split()
)
"""What may stand in brackets in a list of fields, ``[explain]``: documents go out as they are."""

PARSER = "org.apache.solr.search.neural.KnnQParserPlugin"
FUNCTION = "org.apache.solr.search.join.ChildFieldValueSourceParser"
TRANSFORMER = "org.apache.solr.response.transform.GeoTransformerFactory"


def elements() -> str:
    """Return the lines of ``solrconfig.xml`` that refuse them."""
    lines = [f'<queryParser name="{name}" class="{PARSER}"/>' for name in PARSERS]
    lines += [f'<valueSourceParser name="{name}" class="{FUNCTION}"/>' for name in FUNCTIONS]
    lines += [f'<transformer name="{name}" class="{TRANSFORMER}"/>' for name in TRANSFORMERS]
    return "\n".join(f"  {line}" for line in lines)
