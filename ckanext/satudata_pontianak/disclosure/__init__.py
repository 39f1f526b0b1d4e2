"""What the bytes reveal: find personal data in files and in metadata text.

This room is a library of its own. It imports nothing of CKAN, opens no network connection
and keeps no value that it found: a finding holds a count, a place, a score, a reason code
and one masked sample.

The whole interface::

    from ckanext.satudata_pontianak.disclosure.engine import scan_file, scan_text
    from ckanext.satudata_pontianak.disclosure.sandbox import scan_in_child
    from ckanext.satudata_pontianak.disclosure.report import FileReport, Verdict, findings_key
    from ckanext.satudata_pontianak.disclosure.sentences import explain
    from ckanext.satudata_pontianak.disclosure.ruleset import DEFAULT, RULESET

- ``scan_file(path, name="penduduk.csv")`` reads every cell of every row in this process and
  returns a ``FileReport``; it never raises for what is in a file, it returns ``failed``.
- ``scan_in_child(path, name, limits)`` does the same in a process of its own with limits on
  memory, processor and time. Use this one for bytes from strangers: a crash, an exhausted
  limit or garbled output is ``failed`` as well.
- ``scan_text(text, field="notes")`` looks at one piece of metadata and returns findings.
- ``findings_key(report)`` is the set of (table, column, kind): equal sets mean that a new
  version reveals nothing of a new kind or in a new place.

``Verdict.FAILED`` is never ``Verdict.CLEAR``: what could not be read to its end, in all its
parts, is not clear. A failed report may still carry the findings made before it failed.

``persons.py`` decides for each table whether a row is a person; kinds that are public in a
statistic (religion, illness, addresses of offices) count only where it is.

``recognizers/`` holds one class and one file for each kind, ``readers/`` one for each format.
Both are registries: a new kind or format is a new file and one line in ``__init__``.
"""
