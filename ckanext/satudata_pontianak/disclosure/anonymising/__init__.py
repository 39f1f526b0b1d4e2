"""From blocked to open: take out of a table what makes its rows persons, and measure what remains.

The whole interface::

    from ckanext.satudata_pontianak.disclosure.anonymising.plan import Plan, PlanError
    from ckanext.satudata_pontianak.disclosure.anonymising.suggesting import suggest
    from ckanext.satudata_pontianak.disclosure.anonymising.running import mask_file, profile_file
    from ckanext.satudata_pontianak.disclosure.anonymising.risk import Risk, measure

- A ``Plan`` says for each column what is done with it, which columns of the result could be
  joined with what others know (quasi-identifiers), and whether rows are counted instead.
- ``suggest(table, profile)`` makes a plan from a scan's report and the columns' variety.
- ``mask_file(path, name, plan, out)`` writes the result as CSV and returns an ``Outcome``:
  counts only, never a value. It reads in a child process within limits, block by block.
- ``measure(...)`` gives k-anonymity, l-diversity and the risk of being recognised again.

What cannot be done to a cell (a date that is none) leaves it empty and is counted; no cell is
passed through because it could not be changed.
"""
