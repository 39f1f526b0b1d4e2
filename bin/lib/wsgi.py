"""The WSGI application for gunicorn, made from the file that CKAN_INI names.

Scripts, styles and fonts are built and packed once when it starts (gzip and Brotli), and sent by
WhiteNoise past CKAN: their names hold a digest of what is in them, so a browser keeps them for
good. Pages are packed by the application itself, where they hold no secret.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import sys
from collections.abc import Callable
from logging.config import fileConfig
from pathlib import Path
from typing import Any
from wsgiref.headers import Headers

import brotli
from whitenoise import WhiteNoise
from whitenoise.compress import Compressor

import ckan
from ckan.cli import CKANConfigLoader
from ckan.common import config
from ckan.config.middleware import make_app
from ckan.lib import webassets_tools

from ckanext.satudata_pontianak import portal
from ckanext.satudata_pontianak.surface import headers

DAY_SECONDS = 24 * 60 * 60
OWN = Path(str(portal.__file__)).parent / "public"
LIBRARIES = "pustaka"
"""The folder of what draws living charts and maps: a megabyte, a quarter of it packed."""
# Names that webassets makes: a digest, and what the bundle is called.
LASTING = re.compile(r"/webassets/(?:.*/)?[0-9a-f]{8}_[^/]+$")


class Packer(Compressor):
    """Packs a little less tightly than WhiteNoise does, in a fifth of the time."""

    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        """Return bytes packed with Brotli."""
        return brotli.compress(data, quality=9)


def is_lasting(_path: str, url: str) -> bool:
    """Tell whether what is behind an address never changes."""
    return LASTING.search(url) is not None


def add_headers(given: Headers, _path: str, _url: str) -> None:
    """Add to a file what every answer of the site carries."""
    https = str(config["ckan.site_url"]).startswith("https:")
    for name, value in headers.of_answer(https=https):
        given[name] = value


def build_assets(folder: Path) -> None:
    """Build every bundle of scripts and styles, and put its packed forms beside it.

    The libraries on demand come beside them, since their own folder may be nobody's to write in.
    One process does it at a time: others would find files that are half written.
    """
    (folder / LIBRARIES).mkdir(parents=True, exist_ok=True)
    with (folder / ".building").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for source in (OWN / "satudata" / LIBRARIES).iterdir():
            copy = folder / LIBRARIES / source.name
            if not copy.exists() or copy.read_bytes() != source.read_bytes():
                shutil.copyfile(source, copy)
        for bundle in list(webassets_tools.env):
            bundle.urls()
        packer = Packer(quiet=True)
        for path in sorted(folder.rglob("*")):
            wanted = path.is_file() and packer.should_compress(path.name) and path.name[0] != "."
            made = path.with_name(path.name + ".gz")
            if wanted and not (made.exists() and made.stat().st_mtime >= path.stat().st_mtime):
                packer.compress(str(path))


def serve_files(application: Callable[..., Any]) -> WhiteNoise:
    """Send scripts, styles, fonts and pictures past the application."""
    folder = Path(webassets_tools.get_webassets_path())
    build_assets(folder)
    files = WhiteNoise(
        application,
        max_age=DAY_SECONDS,
        immutable_file_test=is_lasting,
        allow_all_origins=False,
        add_headers_function=add_headers,
    )
    files.add_files(str(folder), prefix=str(config["ckan.webassets.url"]).strip("/") + "/")
    core = Path(str(ckan.__file__)).parent / str(config["ckan.base_public_folder"])
    files.add_files(str(core / "base"), prefix="base/")
    files.add_files(str(OWN / "satudata"), prefix="satudata/")
    files.add_files(str(folder / LIBRARIES), prefix=f"satudata/{LIBRARIES}/")
    # What webassets keeps for itself is nobody's.
    files.files = {url: found for url, found in files.files.items() if "/." not in url}
    return files


# Threads that work take turns five times as often as Python lets them by itself: what costs little
# then hardly waits for what costs much, at less than a hundredth of the whole.
sys.setswitchinterval(0.001)
path = os.environ["CKAN_INI"]
fileConfig(path, disable_existing_loggers=False)
application = serve_files(make_app(CKANConfigLoader(path).get_config()))
