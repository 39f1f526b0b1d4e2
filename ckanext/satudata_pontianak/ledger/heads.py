"""Signed heads: what the ledger was at a moment, so that it can be held to it later.

A head says how many entries there were, the number and hash of the last one and the root of the
tree over all. It is signed with Ed25519 (RFC 8032) over its canonical text (RFC 8785); the key
stands in a file outside the database. Whoever keeps a head catches every later change of what it
covers, also by somebody who rules over the database.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from . import answers
from .canonical import canonical

_PEM = serialization.Encoding.PEM


class HeadError(ValueError):
    """A head or a key is not what it has to be."""


@dataclass(frozen=True)
class Head:
    """The ledger at a moment.

    ``size`` entries, the last of them with number ``entry`` and hash ``hash``; ``root`` of the
    tree over all; ``at`` as ISO text with zone; ``ledger`` names whose ledger it is.
    """

    ledger: str
    size: int
    entry: int
    hash: str
    root: str
    at: str

    def text(self) -> str:
        """Return the canonical text, which is what is signed."""
        return canonical(asdict(self))


@dataclass(frozen=True)
class SignedHead:
    """A head with its signature and the public key, both in base64."""

    head: Head
    signature: str
    key: str

    def as_dict(self) -> answers.SignedHead:
        """Return what is published: the head, its signature, the key and its fingerprint."""
        head: Any = asdict(self.head)
        return {
            "head": head,
            "signature": self.signature,
            "key": self.key,
            "fingerprint": self.fingerprint(),
        }

    def line(self) -> str:
        """Return the last line of an export."""
        return f"head\t{canonical(self.as_dict())}\n"

    def fingerprint(self) -> str:
        """Return the key's fingerprint: the first 16 hexadecimal digits of its SHA-256, grouped."""
        return fingerprint(self.key)

    def check(self) -> None:
        """Check the signature with the key that stands with it.

        Whether that key is the right one is for whoever knows it: compare the fingerprint.

        :raises HeadError: the signature is not of this key and this text.
        """
        try:
            public = Ed25519PublicKey.from_public_bytes(base64.b64decode(self.key, validate=True))
            signature = base64.b64decode(self.signature, validate=True)
            public.verify(signature, self.head.text().encode("utf-8"))
        except (InvalidSignature, ValueError, binascii.Error) as error:
            raise HeadError("the signature is not of this key over this head") from error


def fingerprint(key: str) -> str:
    """Return the fingerprint of a public key in base64, in groups of four for people."""
    digits = hashlib.sha256(base64.b64decode(key)).hexdigest()[:16]
    return " ".join(digits[n : n + 4] for n in range(0, 16, 4))


def read(value: Any) -> SignedHead:
    """Return a signed head from what was published.

    :raises HeadError: it has not the form of one.
    """
    try:
        body: Mapping[str, Any] = value["head"]
        head = Head(**{k: body[k] for k in ("ledger", "size", "entry", "hash", "root", "at")})
        signed = SignedHead(head, value["signature"], value["key"])
    except (KeyError, TypeError) as error:
        raise HeadError("this is no signed head") from error
    numbers = all(type(n) is int and n > 0 for n in (head.size, head.entry))
    texts = (head.ledger, head.hash, head.root, head.at, signed.signature, signed.key)
    if not numbers or not all(isinstance(t, str) for t in texts):
        raise HeadError("this is no signed head")
    try:
        dt.datetime.fromisoformat(head.at)
    except ValueError as error:
        raise HeadError("the moment of this head is none") from error
    return signed


def read_text(text: str | bytes) -> SignedHead:
    """Return a signed head from JSON text, or from a line of an export.

    :raises HeadError: it is none.
    """
    try:
        said = text.decode("utf-8") if isinstance(text, bytes) else text
        return read(json.loads(said.removeprefix("head\t")))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise HeadError("this is no signed head") from error


class Signer:
    """Signs heads with the private key of a file."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        """Sign with this key."""
        self._private = private

    @classmethod
    def make(cls, path: Path) -> Signer:
        """Make a key, readable by the caller alone, and keep it in a file that is not there yet.

        :raises FileExistsError: there is a file already.
        """
        private = Ed25519PrivateKey.generate()
        pem = private.private_bytes(
            _PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as target:
            target.write(pem)
        return cls(private)

    @classmethod
    def load(cls, path: Path) -> Signer:
        """Read the key from its file.

        :raises HeadError: there is none, others may read it, or it is no Ed25519 key.
        """
        try:
            if path.stat().st_mode & 0o077:
                raise HeadError(f"{path} may be read by others; set its mode to 0600")
            private = serialization.load_pem_private_key(path.read_bytes(), None)
        except (OSError, TypeError, ValueError) as error:
            if isinstance(error, HeadError):
                raise
            raise HeadError(f"{path} cannot be read as a private key") from error
        if not isinstance(private, Ed25519PrivateKey):
            raise HeadError(f"{path} is no Ed25519 key")
        return cls(private)

    @property
    def key(self) -> str:
        """Return the public key in base64."""
        return base64.b64encode(self._private.public_key().public_bytes_raw()).decode("ascii")

    def sign(self, head: Head) -> SignedHead:
        """Sign a head."""
        signature = self._private.sign(head.text().encode("utf-8"))
        return SignedHead(head, base64.b64encode(signature).decode("ascii"), self.key)


def moment(now: dt.datetime) -> str:
    """Return a moment as heads write it: ISO 8601 in seconds, with its zone."""
    return now.replace(microsecond=0).isoformat()


def pem(key: str) -> bytes:
    """Return a public key in base64 as other tools read it.

    :raises HeadError: it is none.
    """
    try:
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key, validate=True))
    except ValueError as error:
        raise HeadError("this is no public key") from error
    return public.public_bytes(_PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
