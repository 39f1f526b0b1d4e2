"""The site's address."""

from __future__ import annotations

import datetime as dt
import http.server
import socket
import socketserver
import ssl
import threading
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ckanext.satudata_pontianak.portal.operator.exposure_checks import COOKIES, SAME_SITE

from ..site import Pair, Site, as_before

URL = "ckan.site_url"


def _served(site: Site, host: str, days: int | None = None) -> int:
    """Answer on a port, with a certificate that lasts for so many days; return the port."""
    # No server of http.server: it asks for its own name, which may take seconds.
    server = socketserver.ThreadingTCPServer((host, 0), http.server.SimpleHTTPRequestHandler)
    if days is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(_certificate(site.folder / "kunci.pem", days))
        server.socket = context.wrap_socket(server.socket, server_side=True)
    hand = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    hand.start()
    for end in (server.server_close, hand.join, server.shutdown):  # the last one is called first
        site.kept.callback(end)
    return server.server_address[1]


def _certificate(pem: Path, days: int) -> Path:
    key, begun = ec.generate_private_key(ec.SECP256R1()), dt.datetime.now(dt.UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "data.contoh.example")])
    ends = begun + dt.timedelta(days)
    made = x509.CertificateBuilder(
        name, name, key.public_key(), x509.random_serial_number(), begun, ends
    ).sign(key, hashes.SHA256())
    pem.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return pem


def renewed(site: Site) -> None:
    as_before(site)
    site.option(URL, f"https://127.0.0.1:{_served(site, '127.0.0.1', 90)}")


def about_to_end(site: Site) -> None:
    as_before(site)
    site.option(URL, f"https://127.0.0.1:{_served(site, '127.0.0.1', 3)}")


def cookies_kept(site: Site) -> None:
    site.option(URL, "https://data.contoh.example")
    for name in COOKIES:
        site.option(name, True)
    for name in SAME_SITE:
        site.option(name, "Lax")


def read_by_scripts(site: Site) -> None:
    site.option("SESSION_COOKIE_HTTPONLY", False)


def for_nobody(site: Site) -> None:
    as_before(site)
    site.option("solr_url", "http://127.0.0.1:9/solr/tiada")


def for_everybody(site: Site) -> None:
    """What answers by a name of this machine, and not on loopback alone."""
    port = _served(site, "0.0.0.0")  # noqa: S104 - what is wrong
    site.option("solr_url", f"http://{socket.gethostname()}:{port}/solr/satudata")


PAIRS = {
    "certificate_valid": Pair(renewed, about_to_end),
    "cookies_safe": Pair(cookies_kept, read_by_scripts),
    "services_unreachable": Pair(for_nobody, for_everybody),
}
