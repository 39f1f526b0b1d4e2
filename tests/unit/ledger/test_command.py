"""``satudata ledger verify FILE`` needs no CKAN, refuses what has no head, and names the entry."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from ckanext.satudata_pontianak.disclosure.command import main
from ckanext.satudata_pontianak.ledger import heads
from ckanext.satudata_pontianak.ledger.chain import seal
from ckanext.satudata_pontianak.ledger.heads import HeadError, Signer

from .made import head, lines, rows

KNOWN = rows(50)


@pytest.fixture
def exported(tmp_path, signer):
    path = tmp_path / "ledger.txt"
    path.write_bytes(b"".join(lines(KNOWN)) + head(KNOWN, signer).line().encode())
    return path


def run(path, *more: str):
    done = CliRunner().invoke(main, ["ledger", "verify", str(path), *more])
    return done.exit_code, done.output


def test_an_intact_export(exported, signer) -> None:
    code, said = run(exported)
    assert code == 0
    assert head(KNOWN, signer).fingerprint() in said
    assert "--key" in said
    for key in (signer.key, head(KNOWN, signer).fingerprint()):
        code, said = run(exported, "--key", key)
        assert (code, "--key" in said) == (0, False)
    told = json.loads(run(exported, "--json")[1])
    assert (told["ok"], told["entries"], told["covered"]) == (True, 50, 50)
    assert (told["root"], told["key_checked"]) == (head(KNOWN, signer).head.root, False)


def test_a_changed_entry_is_named(exported) -> None:
    exported.write_bytes(exported.read_bytes().replace(b"orang-3", b"orang-x", 1))
    code, said = run(exported)
    assert code == 1
    assert " 3 " in said


def test_another_key_is_refused(exported, tmp_path) -> None:
    other = Signer.make(tmp_path / "other.pem")
    assert run(exported, "--key", other.key)[0] == 2


def test_an_earlier_head_catches_what_was_forged_and_signed_anew(tmp_path, signer) -> None:
    kept = tmp_path / "head.json"
    kept.write_text(json.dumps(head(KNOWN[:30], signer).as_dict()))
    path = tmp_path / "forged.txt"
    prev, made = KNOWN[19].hash, KNOWN[:20]
    for number in range(21, 51):
        made = [*made, seal({"outcome": "ok", "event": "case.approve"}, number, prev)]
        prev = made[-1].hash
    path.write_bytes(b"".join(lines(made)) + head(made, signer).line().encode())
    assert run(path)[0] == 0
    assert run(path, "--head", str(kept))[0] == 1


BAD = {
    "no head": lambda data, _line: data,
    "cut off": lambda data, line: data + line[:-1],
    "not the last": lambda data, line: line + data,
    "no JSON": lambda data, _line: data + b"head\t{\n",
    "deep": lambda data, _line: data + b"head\t" + b"[" * 30_000 + b"\n",
    "no head in it": lambda data, _line: data + b'head\t{"head": 3}\n',
    "not text": lambda data, _line: data + b"head\t\xff\n",
    "other numbers": lambda data, line: data + line.replace(b'"size":50', b'"size":49'),
    "negative": lambda data, line: data + line.replace(b'"size":50', b'"size":-1'),
    "no moment": lambda data, line: data + line.replace(b"2026-11-24T", b"kemarin"),
    "no signature": lambda data, line: data + line.replace(b'"signature":"', b'"signature":"!'),
    "empty": lambda _data, _line: b"",
}


@pytest.mark.parametrize("way", BAD)
def test_a_file_without_its_head_is_refused(way, tmp_path, signer) -> None:
    path = tmp_path / "ledger.txt"
    path.write_bytes(BAD[way](b"".join(lines(KNOWN)), head(KNOWN, signer).line().encode()))
    code, said = run(path)
    assert (code, "Traceback" in said) == (2, False)


def test_a_kept_head_that_is_none_is_refused(exported, tmp_path) -> None:
    other = tmp_path / "x.json"
    other.write_text("{}")
    assert run(exported, "--head", str(other))[0] == 2


def test_the_key_is_for_its_owner_alone(tmp_path) -> None:
    path = tmp_path / "deep" / "key.pem"
    signer = Signer.make(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert Signer.load(path).key == signer.key
    assert heads.pem(signer.key).startswith(b"-----BEGIN PUBLIC KEY")
    with pytest.raises(FileExistsError):
        Signer.make(path)
    path.chmod(0o640)
    with pytest.raises(HeadError, match="0600"):
        Signer.load(path)
    path.chmod(0o600)
    path.write_text("no key")
    with pytest.raises(HeadError, match="private key"):
        Signer.load(path)
    with pytest.raises(HeadError, match="private key"):
        Signer.load(tmp_path / "none.pem")
    with pytest.raises(HeadError, match="public key"):
        heads.pem("AAAA")
