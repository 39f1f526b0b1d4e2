"""The mail server of the demo and its page: a real SMTP conversation, and what a browser gets."""

from __future__ import annotations

import http.client
import json
import re
import shutil
import smtplib
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import NamedTuple

import pytest

SCRIPT = Path(__file__).parents[3] / "bin/lib/mailbox.py"
SITE = "http://127.0.0.1:5000"


class Server(NamedTuple):
    mail: int
    page: int
    folder: Path

    def get(self, path: str, host: str | None = None, method: str = "GET"):
        web = http.client.HTTPConnection("127.0.0.1", self.page, timeout=10)
        web.request(method, path, headers={"Host": host} if host else {})
        answer = web.getresponse()
        return answer.status, answer.headers, answer.read().decode()

    def send(self, subject: str, text: str, to: str = "warga@contoh.example") -> None:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = "satudata@pontianak.example", to, subject
        mail.set_content(text)
        with smtplib.SMTP("127.0.0.1", self.mail, "penguji", timeout=10) as relay:
            relay.send_message(mail)

    def newest(self) -> str:
        return self.get(re.findall(r'href="(/surat/[^"]+)"', self.get("/")[2])[0])[2]


def free() -> int:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        return nobody.getsockname()[1]


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("mailbox")
    people = folder / "people.json"
    people.write_text(json.dumps({"warga": "Warga <contoh>"}), "utf-8")
    made = Server(free(), free(), folder / "mail")
    ports = str(made.mail), str(made.page)
    command = [sys.executable, str(SCRIPT), str(made.folder), *ports, SITE, str(people)]
    with subprocess.Popen(command) as process:
        _await(process, lambda: made.get("/"))
        yield made
        process.terminate()
        assert process.wait(20) == 0


def _await(process: subprocess.Popen, call: Callable[[], object]) -> None:
    while process.poll() is None:
        try:
            call()
        except ConnectionError:
            continue
        return
    raise AssertionError("the mail server ended")


def test_a_mail_is_shown_with_its_links_to_the_site_and_no_other(server) -> None:
    server.send(
        "Berita <b>", f"Buka {SITE}/satudata/ikuti/a?b=1&c=2.\nhttp://lain.example/x <script>"
    )
    page = server.newest()
    link = f"{SITE}/satudata/ikuti/a?b=1&amp;c=2"
    assert f'<a href="{link}">{link}</a>.' in page
    assert "http://lain.example/x &lt;script&gt;" in page
    assert 'href="http://lain' not in page
    assert "Berita &lt;b&gt;" in page
    assert "warga@contoh.example" in page


@pytest.mark.parametrize("other", [f"{SITE}1/x", f"{SITE}@lain.example/", f"{SITE}.lain.example/"])
def test_an_address_that_only_begins_as_the_sites_is_no_link(server, other) -> None:
    server.send("Lain", other)
    assert f'href="{other[:22]}' not in server.newest().partition("<pre>")[2]


def test_mails_stand_newest_first_and_of_one_recipient_alone(server) -> None:
    server.send("Pertama", "x", "satu@contoh.example")
    server.send("Kedua", "x", "dua@contoh.example")
    _, _, everything = server.get("/")
    assert everything.index("Kedua") < everything.index("Pertama")
    _, _, one = server.get("/?untuk=satu%40contoh.example")
    assert ("Pertama" in one, "Kedua" in one) == (True, False)


def test_each_of_several_recipients_leads_to_their_mails(server) -> None:
    server.send("Berdua", "x", "tiga@contoh.example, empat@contoh.example")
    ways = re.findall(r'href="(/\?untuk=(?:tiga|empat)[^"]*)"', server.get("/")[2])
    assert len(ways) == 2
    assert all("Berdua" in server.get(way)[2] for way in ways)


def test_a_folder_that_was_taken_away_is_made_again(server) -> None:
    shutil.rmtree(server.folder)
    server.send("Sesudahnya", "x")
    assert "Sesudahnya" in server.get("/")[2]
    assert stat.S_IMODE(server.folder.stat().st_mode) == 0o700


def test_an_address_that_nobody_can_read_is_told_so(server) -> None:
    with socket.create_connection(("127.0.0.1", server.page), timeout=10) as line:
        line.sendall(f"GET http://[ HTTP/1.1\r\nHost: 127.0.0.1:{server.page}\r\n\r\n".encode())
        assert line.recv(100).startswith(b"HTTP/1.0 400")


def test_what_is_no_mail_text_is_shown_as_nothing(server) -> None:
    with smtplib.SMTP("127.0.0.1", server.mail, "penguji", timeout=10) as relay:
        wrong = b"Content-Type: text/plain; charset=tiada\r\nSubject: =?x?b?!?=\r\n\r\n\xff\xfe"
        relay.sendmail("a@contoh.example", ["b@contoh.example"], wrong)
    assert server.get("/")[0] == 200
    assert "<pre>" in server.newest()


def test_a_mail_that_is_too_large_is_refused(server) -> None:
    with pytest.raises(smtplib.SMTPResponseException) as refused:
        server.send("Besar", "x" * 70 + "\n" + ("y" * 70 + "\n") * 10_000)
    assert refused.value.smtp_code == 552


def test_only_the_newest_are_kept_and_only_the_owner_reads_them(server) -> None:
    for number in range(305):
        (server.folder / f"{number:020}-00000000.eml").write_bytes(b"Subject: lama\r\n\r\n")
    server.send("Terbaru", "x")
    kept = sorted(server.folder.glob("*.eml"))
    assert len(kept) == 300
    assert stat.S_IMODE(server.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(kept[-1].stat().st_mode) == 0o600
    assert server.get("/")[2].count('href="/surat/') == 100


def test_it_answers_under_its_own_name_alone_and_lets_nothing_be_embedded(server) -> None:
    server.send("Rahasia", "x")
    status, _, body = server.get("/", host="lain.example")
    assert (status, "Rahasia" in body) == (421, False)
    _, headers, _ = server.get("/")
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in headers
    assert "Set-Cookie" not in headers


@pytest.mark.parametrize("path", ["/surat/../people", "/surat/", "/surat/%2e%2e", "/lain"])
def test_what_is_no_page_is_not_found(server, path) -> None:
    assert server.get(path)[0] == 404


def test_it_takes_nothing_but_reading(server) -> None:
    assert server.get("/", method="POST")[0] == 501
    assert server.get("/", method="HEAD")[2] == ""


def test_it_listens_on_loopback_alone(server) -> None:
    listening = Path("/proc/net/tcp").read_text("ascii") + Path("/proc/net/tcp6").read_text("ascii")
    for port in (server.mail, server.page):
        lines = re.findall(rf"([0-9A-F]+):{port:04X} 0+:0000 0A", listening)
        assert lines == ["0100007F"]


def test_it_says_who_may_log_in(server) -> None:
    _, _, page = server.get("/akun")
    assert "<code>warga</code>" in page
    assert "Warga &lt;contoh&gt;" in page
