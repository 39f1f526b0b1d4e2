"""Typed readers of our options. No option name stands anywhere else."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import ckan.plugins as p
import ckan.plugins.toolkit as tk

PREFIX = "ckanext.satudata_pontianak."
GOVERNED_TYPES = PREFIX + "governed_types"
SCAN_INLINE_MB = PREFIX + "scan_inline_mb"
SCAN_INLINE_SECONDS = PREFIX + "scan_inline_seconds"
SCAN_TIMEOUT_SECONDS = PREFIX + "scan_timeout_seconds"
SCAN_MEMORY_MB = PREFIX + "scan_memory_mb"
STORAGE = PREFIX + "storage"
FETCH_TIMEOUT_SECONDS = PREFIX + "fetch_timeout_seconds"
FETCH_LOOPBACK = PREFIX + "fetch_loopback"
EXTERNAL_HOSTS = PREFIX + "external_hosts"
MASK_SECRET_FILE = PREFIX + "mask_secret_file"
LEDGER_KEY_FILE = PREFIX + "ledger_key_file"
LEDGER_FORMER_KEYS = PREFIX + "ledger_former_keys"
SOP_ENACTMENTS = PREFIX + "sop_enactments"
EMBLEM = PREFIX + "emblem"
HOLIDAYS = PREFIX + "holidays"
REGION_SHAPES = PREFIX + "region_shapes"
PAGE_CACHE_MB = PREFIX + "page_cache_mb"
PROXIES = PREFIX + "proxies"
SESSION_IDLE_MINUTES = PREFIX + "session_idle_minutes"
SESSION_HOURS = PREFIX + "session_hours"
SECOND_FACTOR = PREFIX + "second_factor"
SECOND_FACTOR_KEY_FILE = PREFIX + "second_factor_key_file"
BACKUP_FOLDER = PREFIX + "backup_folder"
PULSE_TIMEOUT_SECONDS = PREFIX + "pulse_timeout_seconds"
PULSE_TEST_RANGE = PREFIX + "pulse_test_range"
PULSE_RESOLVER = PREFIX + "pulse_resolver"
PULSE_AUTHORITIES = PREFIX + "pulse_authorities"
SECURITY_CONTACT = PREFIX + "security_contact"
DEMO_MAILBOX = PREFIX + "demo_mailbox"
SMKI_QUESTIONS = "ckanext.satudata_pontianak.smki_questions"


OURS = frozenset({"dataset", "layanan"})
"""The types that ``schemas/surface/types.yaml`` declares as governed."""


def governed_types() -> frozenset[str]:
    """Return the dataset types that need a decision: ours, and those that the option names.

    Set empty it means none: an old portal is being taken over.
    """
    value = tk.config.get(GOVERNED_TYPES)
    if value is None:
        return OURS
    # Asked of every hit of a search, more than once.
    return _words(tuple(value) if isinstance(value, list) else str(value))


@cache
def _words(value: str | tuple[str, ...]) -> frozenset[str]:
    named = frozenset(value.split() if isinstance(value, str) else value)
    # A site that named its types before there was one more of ours does not open that one.
    return named | OURS if named else named


def governed_types_unset() -> bool:
    """Tell whether the operator left the choice open."""
    return tk.config.get(GOVERNED_TYPES) is None


def scan_inline_bytes() -> int:
    """Return the size in bytes up to which a file is scanned within the call."""
    return int(tk.config[SCAN_INLINE_MB]) * 1024**2


def scan_inline_seconds() -> float:
    """Return how many seconds a call may scan, before a worker goes on."""
    return float(tk.config[SCAN_INLINE_SECONDS])


def scan_timeout() -> int:
    """Return how many seconds a scan may take before it counts as failed."""
    return int(tk.config[SCAN_TIMEOUT_SECONDS])


def mask_secret_file() -> str | None:
    """Return the path of the file with the secret of pseudonyms, if one is named."""
    return tk.config[MASK_SECRET_FILE] or None


def scan_memory_mb() -> int:
    """Return how many MiB of memory a scan may take before it counts as failed."""
    return int(tk.config[SCAN_MEMORY_MB])


def storage_name() -> str:
    """Return the name of the CKAN file storage that keeps versions."""
    return str(tk.config[STORAGE])


def fetch_timeout() -> int:
    """Return how many seconds fetching the target of a link may take."""
    return int(tk.config[FETCH_TIMEOUT_SECONDS])


def fetch_loopback() -> bool:
    """Tell whether links to this very machine are fetched; for tests only."""
    return bool(tk.asbool(tk.config[FETCH_LOOPBACK]))


def pulse_timeout() -> float:
    """Return how many seconds an app has to answer one request of the pulse."""
    return float(tk.config[PULSE_TIMEOUT_SECONDS])


def pulse_test_range() -> str | None:
    """Return the network inside that the pulse may ask, ``None``: none; for tests only."""
    return tk.config.get(PULSE_TEST_RANGE) or None


def pulse_resolver() -> str | None:
    """Return ``address:port`` of the name server that the pulse asks; ``None``: the system's."""
    return tk.config.get(PULSE_RESOLVER) or None


def pulse_authorities() -> str | None:
    """Return the file of further certificates that the pulse trusts."""
    return tk.config.get(PULSE_AUTHORITIES) or None


def external_hosts() -> frozenset[str]:
    """Return the hosts whose links may stay links where their target cannot be kept."""
    value = tk.config.get(EXTERNAL_HOSTS) or []
    hosts = value if isinstance(value, list) else str(value).split()
    return frozenset(host.casefold() for host in hosts)


def sop_enactments() -> Path | None:
    """Return the file that says who enacted which SOP, or ``None``: then all are drafts."""
    value = tk.config.get(SOP_ENACTMENTS)
    return Path(str(value)) if value else None


def emblem() -> Path | None:
    """Return the picture at the head of papers, or ``None``: its place stays neutral."""
    value = tk.config.get(EMBLEM)
    return Path(str(value)) if value else None


def backup_folder() -> Path | None:
    """Return the folder that backups are written into, ``None`` where nobody named it."""
    value = tk.config.get(BACKUP_FOLDER)
    return Path(str(value)) if value else None


def security_contact() -> str:
    """Return the mailbox or address to tell of a weakness; empty where the operator named none."""
    return str(tk.config.get(SECURITY_CONTACT) or "").strip()


def demo_mailbox() -> str:
    """Return where the mails of a demo are shown, empty for a site that is none."""
    return str(tk.config.get(DEMO_MAILBOX) or "").strip()


def smki_questions() -> Path | None:
    """Return the file with the titles of standards' codes and an index's questions, or ``None``."""
    value = tk.config.get(SMKI_QUESTIONS)
    return Path(str(value)) if value else None


def holidays() -> Path | None:
    """Return the file that says which days are no working days beside the known holidays."""
    value = tk.config.get(HOLIDAYS)
    return Path(str(value)) if value else None


def region_shapes() -> Path | None:
    """Return the GeoJSON file with the shapes of the city's regions, ``None`` without one."""
    value = tk.config.get(REGION_SHAPES)
    return Path(str(value)) if value else None


def page_cache_mb() -> int:
    """Return how many MiB of public pages each process keeps; 0: none are kept."""
    return max(0, int(tk.config[PAGE_CACHE_MB]))


def proxies() -> tuple[str, ...]:
    """Return the addresses and networks of the proxies whose word for a caller is taken."""
    value = tk.config.get(PROXIES) or []
    return tuple(value) if isinstance(value, list) else tuple(str(value).split())


def session_idle_seconds() -> int:
    """Return after how many seconds without a request a session ends."""
    return max(1, int(tk.config[SESSION_IDLE_MINUTES])) * 60


def session_seconds() -> int:
    """Return after how many seconds a session ends, however much it is used."""
    return max(1, int(tk.config[SESSION_HOURS])) * 3600


def second_factor() -> bool:
    """Tell whether whoever decides, or runs the site, needs a second factor."""
    return bool(tk.asbool(tk.config[SECOND_FACTOR]))


def second_factor_key_file() -> Path | None:
    """Return the file with the key of second factors; ``None``: no place for it."""
    value = tk.config.get(SECOND_FACTOR_KEY_FILE)
    if value:
        return Path(str(value))
    folder = tk.config.get("ckan.storage_path")
    return Path(str(folder)) / "satudata_accounts" / "factors.key" if folder else None


def ledger_key_file() -> Path | None:
    """Return the file with the key that signs the ledger's heads; ``None``: no place for it."""
    value = tk.config.get(LEDGER_KEY_FILE)
    if value:
        return Path(str(value))
    folder = tk.config.get("ckan.storage_path")
    return Path(str(folder)) / "satudata_ledger" / "key.pem" if folder else None


def ledger_former_keys() -> frozenset[str]:
    """Return the public keys, in base64, that signed heads before the present key did."""
    value = tk.config.get(LEDGER_FORMER_KEYS) or []
    return frozenset(value if isinstance(value, list) else str(value).split())


def site_url() -> str:
    """Return the address of the site; heads of the ledger name it."""
    return str(tk.config["ckan.site_url"])


def datastore_enabled() -> bool:
    """Tell whether versions have tables in CKAN's DataStore."""
    return p.plugin_loaded("satudata_datastore")


def max_upload_bytes() -> int:
    """Return the size in bytes of the largest file that may be uploaded."""
    return int(tk.config["ckan.max_resource_size"]) * 1024**2
