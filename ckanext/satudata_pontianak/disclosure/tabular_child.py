"""The other side of the loader: read a stranger's file under limits and give its rows.

The job comes in JSON on standard input. Standard output gets one line of JSON with the columns,
then the rows as CSV with every cell in quotes; the descriptor that the job names gets the summary
when everything was written: types and number of rows, or why there is no table. Run as
``python -m ckanext.satudata_pontianak.disclosure.tabular_child``.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any, BinaryIO

from .child import restrain


def main() -> None:
    """Read one job, write one table."""
    job = json.loads(sys.stdin.readline())
    output = os.fdopen(os.dup(1), "wb")
    # Nothing but the table may reach the parent, whatever a library prints.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    restrain(job["limits"])
    summary = _give(job, output)
    output.close()
    with os.fdopen(int(job["summary"]), "w", encoding="utf-8") as answer:
        json.dump(summary, answer)


def _give(job: dict[str, Any], output: BinaryIO) -> dict[str, Any]:
    # Imported under the limits, so that nothing of Polars runs before them.
    import polars as pl

    from .limits import Limits
    from .readers.base import ReadError
    from .tabular import Types, open_table

    try:
        limits = Limits(**job["limits"])
        table = open_table(
            Path(job["path"]), job["name"], limits, job.get("sheet"), every=bool(job.get("every"))
        )
        columns = [{"name": c.name, "label": c.label} for c in table.columns]
        header = {"columns": columns, "sheet": table.sheet, "sheets": table.sheets}
        output.write(json.dumps(header).encode() + b"\n")
        types, rows = Types(len(columns)), 0
        for frame in table.blocks:
            types.update(frame)
            rows += frame.height
            frame.write_csv(output, include_header=False, quote_style="always", null_value="")
        return {"types": types.conclude(), "rows": rows}
    except ReadError as error:
        return {"reason": error.reason.code}
    except MemoryError:
        return {"reason": "out_of_memory"}
    except (Exception, pl.exceptions.PanicException):  # noqa: BLE001 - the answer is a reason
        # The exception's own text may quote the content, so only the fact is kept.
        return {"reason": "crashed"}


if __name__ == "__main__":
    main()
