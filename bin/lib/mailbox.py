"""The demo's own mail server, and the page that shows what came: everything on loopback alone.

Usage: mailbox.py FOLDER MAIL_PORT PAGE_PORT SITE_URL [PEOPLE]

bin/serve starts it, and the browser tests do; the portal knows nothing of it but its address
(ckanext.satudata_pontianak.demo_mailbox), which the ribbon of the demo leads to. No mail leaves
the machine. Whoever uses the machine may read every mail: they are made-up people's.
"""

from __future__ import annotations

import base64
import email
import hashlib
import json
import re
import secrets
import signal
import sys
import threading
import time
from datetime import datetime
from email import policy
from email.message import EmailMessage
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit
from zoneinfo import ZoneInfo

from aiosmtpd.controller import Controller

HOST = "127.0.0.1"
LARGEST = 512 * 1024
KEPT = 300
SHOWN = 100
LONGEST_TEXT = 100_000
RECIPIENT = "X-Peragaan-Untuk"
"""Who the mail server was told to bring it to, whatever the mail says of itself."""
NAME = re.compile(r"[0-9]{20}-[0-9a-f]{8}")
ZONE = ZoneInfo("Asia/Pontianak")
MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip

STYLE = """
:root { color-scheme: light dark }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem }
.ribbon { background: #7a3b00; color: #fff; padding: .4rem 1rem; border-radius: .3rem }
.ribbon a { color: #fff }
table { border-collapse: collapse; width: 100% }
th, td { text-align: start; vertical-align: top; padding: .35rem .6rem }
th, td { border-bottom: 1px solid #8888 }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit }
pre { border: 1px solid #8888; padding: 1rem }
td { overflow-wrap: anywhere }
"""
DIGEST = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; style-src 'sha256-{DIGEST}'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


PAGE = """<!doctype html>
<html lang="id">
<head>
<meta charset="utf-8">
<title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>{style}</style>
</head>
<body>
<header class="ribbon">Peragaan: surat tidak keluar dari mesin ini, dan semuanya tampil di sini.
<a href="/">Kotak surat</a> · <a href="/akun">Siapa yang dapat masuk</a> ·
<a href="{site}/">Portal</a>
</header>
<main><h1>{title}</h1>{body}</main>
</body>
</html>
"""


class Box:
    """The mails of the demo, in a folder that only its owner reads; the oldest give way."""

    def __init__(self, folder: Path) -> None:
        """Take what an earlier run left."""
        self.folder = folder
        self.lock = threading.Lock()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)

    def names(self) -> list[str]:
        """Return the names of all mails, the newest first."""
        found = (path.stem for path in self.folder.glob("*.eml"))
        return sorted((name for name in found if NAME.fullmatch(name)), reverse=True)

    def put(self, recipients: list[str], content: bytes) -> None:
        """Keep a mail, with whom it was for."""
        name = f"{time.time_ns():020}-{secrets.token_hex(4)}"
        head = f"{RECIPIENT}: {', '.join(recipients)[:900]}\r\n".encode("ascii", "replace")
        draft = self.folder / f"{name}.new"
        with self.lock:
            # Whoever empties the demo takes the folder away.
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft.touch(mode=0o600)
            draft.write_bytes(head + content)
            draft.replace(self.folder / f"{name}.eml")
            for old in self.names()[KEPT:]:
                (self.folder / f"{old}.eml").unlink(missing_ok=True)

    def read(self, name: str) -> EmailMessage | None:
        """Return a mail, ``None`` where there is none of this name."""
        if not NAME.fullmatch(name):
            return None
        try:
            content = (self.folder / f"{name}.eml").read_bytes()
        except FileNotFoundError:
            return None
        return email.message_from_bytes(content, policy=policy.default)


class Postman:
    """Takes every mail that it is given and keeps it."""

    def __init__(self, box: Box) -> None:
        """Keep them in ``box``."""
        self.box = box

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Keep one mail."""
        self.box.put([str(each) for each in envelope.rcpt_tos], bytes(envelope.content))
        return "250 OK"


def header(mail: EmailMessage, name: str) -> str:
    """Return a header as text; one that cannot be read is empty."""
    try:
        return str(mail[name] or "")
    except (ValueError, IndexError, KeyError):
        return ""


def text_of(mail: EmailMessage) -> str:
    """Return the text of a mail, as much of it as a page shows."""
    try:
        part = mail.get_body(("plain",))
        content = part.get_content() if part is not None else ""
    except (LookupError, ValueError, KeyError):
        content = ""
    return str(content)[:LONGEST_TEXT]


def linked(text: str, site: str) -> str:
    """Return a text as HTML, in which addresses of the demo's own site, and no other, are links."""
    parts, end = [], 0
    for found in re.finditer(re.escape(site) + r"(?:[/?#][^\s<>\"'\\]*)?(?![\w.:@-])", text):
        address = found.group().rstrip(".,;:)!")
        parts += [escape(text[end : found.start()])]
        parts += [f'<a href="{escape(address)}">{escape(address)}</a>']
        end = found.start() + len(address)
    return "".join([*parts, escape(text[end:])])


def moment(name: str) -> str:
    """Return when a mail came, in the city's time."""
    came = datetime.fromtimestamp(int(name[:20]) / 1e9, ZONE)
    return f"{came.day} {MONTHS[came.month - 1]} {came.year}, {came:%H.%M} WIB"


class Pages:
    """What the page says, as HTML."""

    def __init__(self, box: Box, site: str, people: Path | None) -> None:
        """Show the mails of ``box``, with links to ``site``."""
        self.box, self.site, self.people = box, site, people

    def answer(self, address: str) -> tuple[int, str]:
        """Return status and page for an address."""
        try:
            parts = urlsplit(address)
        except ValueError:
            return 400, self.page("Alamat tidak terbaca", "")
        if parts.path == "/":
            to = parse_qs(parts.query[:1000]).get("untuk", [""])[0]
            return 200, self.listing(to)
        if parts.path == "/akun":
            return 200, self.accounts()
        if parts.path.startswith("/surat/"):
            mail = self.box.read(parts.path.removeprefix("/surat/"))
            if mail is not None:
                return 200, self.one(parts.path.removeprefix("/surat/"), mail)
        return 404, self.page("Tidak ada", "<p>Halaman atau surat ini tidak ada.</p>")

    def page(self, title: str, body: str) -> str:
        """Return a whole page."""
        return PAGE.format(
            title=escape(title), style=STYLE, site=escape(self.site, quote=True), body=body
        )

    def listing(self, to: str) -> str:
        """Return the list of mails, the newest first, of one recipient where one is named."""
        rows = []
        for name in self.box.names():
            mail = self.box.read(name)
            if mail is None:
                continue
            recipients = header(mail, RECIPIENT).split(", ")
            if to and to not in recipients:
                continue
            each = (f'<a href="/?untuk={quote(r)}">{escape(r)}</a>' for r in recipients)
            rows.append(
                f"<tr><td>{moment(name)}</td><td>{', '.join(each)}</td>"
                f'<td><a href="/surat/{name}">'
                f"{escape(header(mail, 'Subject')) or '(tanpa perihal)'}</a></td></tr>"
            )
            if len(rows) == SHOWN:
                break
        if not rows:
            return self.page("Kotak surat", "<p>Belum ada surat.</p>")
        only = f'<p>Untuk {escape(to)}. <a href="/">Semua surat</a></p>' if to else ""
        heads = "<tr><th>Waktu</th><th>Untuk</th><th>Perihal</th></tr>"
        note = f"<p>Paling banyak {SHOWN} surat terbaru ditampilkan, {KEPT} disimpan.</p>"
        table = f"<table><thead>{heads}</thead><tbody>{''.join(rows)}</tbody></table>"
        return self.page("Kotak surat", only + table + note)

    def one(self, name: str, mail: EmailMessage) -> str:
        """Return a mail: its heads, its text, the names of what is attached."""
        heads = [("Waktu", moment(name)), ("Untuk", header(mail, RECIPIENT))]
        heads += [("Dari", header(mail, "From"))]
        files = [part.get_filename() or "tanpa nama" for part in mail.iter_attachments()]
        heads += [("Lampiran", ", ".join(files))] if files else []
        told = "".join(f"<tr><th>{k}</th><td>{escape(v)}</td></tr>" for k, v in heads)
        body = f"<table>{told}</table><pre>{linked(text_of(mail), self.site)}</pre>"
        return self.page(header(mail, "Subject") or "(tanpa perihal)", body)

    def accounts(self) -> str:
        """Return who may log in to the demo."""
        try:
            people = json.loads(self.people.read_text("utf-8")) if self.people else {}
        except (OSError, ValueError):
            people = {}
        rows = "".join(
            f"<tr><td><code>{escape(str(name))}</code></td><td>{escape(str(who))}</td></tr>"
            for name, who in people.items()
        )
        where = "<p>Kata sandi setiap akun ada di <code>.run/demo-passwords.json</code>.</p>"
        heads = "<tr><th>Akun</th><th>Siapa</th></tr>"
        table = f"<table><thead>{heads}</thead><tbody>{rows}</tbody></table>"
        way = f'<p><a href="{escape(self.site)}/user/login">Masuk ke portal</a></p>'
        return self.page("Siapa yang dapat masuk", where + (table if rows else "") + way)


def serve(pages: Pages, port: int) -> ThreadingHTTPServer:
    """Return the server of the page, which answers under its own name on loopback alone."""

    class Handler(BaseHTTPRequestHandler):
        server_version, sys_version = "surat", ""
        timeout = 10

        def do_GET(self) -> None:
            # A name of somebody else's that leads here would let their pages read the mails.
            if self.headers.get("Host") not in (f"{HOST}:{port}", f"localhost:{port}"):
                status, content = 421, pages.page("Alamat lain", "")
            else:
                status, content = pages.answer(self.path)
            data = content.encode("utf-8", "replace")
            self.send_response(status)
            for name, value in HEADERS.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(data)

        do_HEAD = do_GET  # noqa: N815

        def log_message(self, format: str, *args: Any) -> None:
            """Write down nothing of who reads what."""

    return ThreadingHTTPServer((HOST, port), Handler)


def main(folder: str, mail_port: str, page_port: str, site: str, people: str = "") -> None:
    """Take mails and show them until somebody ends it."""
    box = Box(Path(folder))
    post = Controller(
        Postman(box),
        hostname=HOST,
        port=int(mail_port),
        data_size_limit=LARGEST,
        ident="surat",
        server_hostname=HOST,
    )
    post.start()
    web = serve(Pages(box, site.rstrip("/"), Path(people) if people else None), int(page_port))
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=web.shutdown).start())
    web.serve_forever()
    post.stop()


if __name__ == "__main__":
    if len(sys.argv) not in (5, 6):
        sys.exit(__doc__)
    main(*sys.argv[1:])
