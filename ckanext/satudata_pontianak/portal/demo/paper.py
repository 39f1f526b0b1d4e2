"""A made-up paper as a PDF of a few lines: where a site has the scan of a decree, or a report."""

from __future__ import annotations

LINES = 48
"""Lines of a page."""


def paper(*lines: str) -> bytes:
    """Return a PDF of one page with lines in ASCII (ISO 32000-1, 7.5)."""
    shown = [one.translate({40: "[", 41: "]", 92: "/"}) for one in lines[:LINES]]
    told = " T* ".join(f"({one}) Tj" for one in shown)
    size = 14 if len(shown) == 1 else 9
    text = f"BT /F1 {size} Tf 15 TL 56 780 Td {told} ET".encode("ascii", "replace")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 6 0 R >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(text), text),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Font << /F1 5 0 R >> >>",
    )
    made, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    end = b"xref\n0 %d\n0000000000 65535 f \n%b" % (size, table)
    end += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(made))
    return made + end
