"""What check_wheel.sh asks of the wheel. Run by the Python of the environment in question.

Usage: check_wheel.py contents WHEEL REPOSITORY | alone | portal
"""

from __future__ import annotations

import importlib
import importlib.resources
import importlib.util
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

PACKAGE = "ckanext/satudata_pontianak"
# A NIK that belongs to nobody: a district code of Pontianak, a birth date, a serial number.
SAMPLE = "nama,nik\n" + "".join(
    f"Contoh {n},6171{1 + n % 6:02d}{1 + n % 28:02d}{1 + n % 12:02d}85{n:04d}\n"
    for n in range(1, 61)
)


def ok(text: str) -> None:
    """Say what is proved."""
    sys.stdout.write(f"ok: {text}\n")


def contents(wheel: Path, repository: Path) -> None:
    """Every file beside the modules that the repository has is in the wheel, and no stranger."""
    names = set(zipfile.ZipFile(wheel).namelist())
    code = repository / PACKAGE
    wanted = {
        f"{PACKAGE}/{path.relative_to(code).as_posix()}"
        for path in code.rglob("*")
        if path.is_file() and path.suffix not in {".pyc", ".mo"} and path.name[0] != "."
    }
    for folder in ("schemas", "i18n"):
        wanted |= {
            f"{PACKAGE}/{path.relative_to(repository).as_posix()}"
            for path in (repository / folder).rglob("*")
            if path.suffix in {".yaml", ".json", ".csv", ".po", ".py"}
        }
    wanted |= {name.removesuffix(".po") + ".mo" for name in wanted if name.endswith(".po")}
    missing = sorted(name for name in wanted if name not in names)
    if missing:
        sys.exit("not in the wheel:\n  " + "\n  ".join(missing))
    strangers = sorted(
        name for name in names if not name.startswith((f"{PACKAGE}/", "ckanext_satudata_pontianak"))
    )
    if strangers:
        sys.exit("in the wheel, but not ours to install:\n  " + "\n  ".join(strangers))
    ok(f"the wheel holds all {len(wanted)} files, and nothing that is another's")


def alone() -> None:
    """Scan a file where CKAN is not installed."""
    if importlib.util.find_spec("ckan"):
        sys.exit("CKAN came with the bare wheel")
    command = Path(sys.executable).with_name("satudata")
    subprocess.run([command, "--help"], check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    Path("sample.csv").write_text(SAMPLE, "utf-8")
    scan = subprocess.run(  # noqa: S603
        [command, "scan", "sample.csv", "--json"], check=False, capture_output=True, text=True
    )
    try:
        file = json.loads(scan.stdout)["files"][0]
    except (ValueError, KeyError, IndexError):
        sys.exit(f"`satudata scan` gave no report (code {scan.returncode}): {scan.stderr}")
    kinds = {
        finding["kind"]
        for table in file["tables"]
        for column in table["columns"]
        for finding in column["findings"]
    }
    if file["verdict"] != "findings" or "nik" not in kinds:
        sys.exit(f"the NIKs of the sample were not found: {scan.stdout}")
    ok("`satudata scan` finds NIKs without CKAN")
    from ckanext.satudata_pontianak.disclosure.readers import MODULES

    for module in sorted(set(MODULES.values())):
        importlib.import_module(f"ckanext.satudata_pontianak.disclosure.readers.{module}")
    ok(f"all {len(MODULES)} formats have what reads them")


def portal() -> None:
    """Load the plugin from the wheel and translate with its catalogue."""
    from babel.messages.pofile import read_po

    from ckan.cli import CKANConfigLoader
    from ckan.config.middleware import make_app
    from ckan.plugins import toolkit as tk

    import ckanext.satudata_pontianak.plugin as ours

    where = Path(ours.__file__)
    if not where.is_relative_to(sys.prefix) or "site-packages" not in where.parts:
        sys.exit(f"the plugin was taken from {where}, not from the wheel")
    app = make_app(CKANConfigLoader(os.environ["CKAN_INI"]).get_config())
    ok("the plugin starts from site-packages")
    folder = Path(str(importlib.resources.files("ckanext.satudata_pontianak.i18n")))
    files = sorted(folder.glob("id/LC_MESSAGES/*.po"))
    if not files:
        sys.exit("there is no Indonesian catalogue in the wheel")
    with files[0].open("rb") as source:
        catalogue = read_po(source, locale="id")
    for message in catalogue:
        text, translated = message.id, message.string
        if isinstance(text, str) and text and translated and translated != text:
            break
    else:
        sys.exit("the Indonesian catalogue translates nothing")
    with app._wsgi_app.test_request_context("/"):  # pyright: ignore[reportAttributeAccessIssue]
        heard = tk._(text)
    if heard != translated:
        sys.exit(f"_({text!r}) gives {heard!r} instead of {translated!r}")
    ok(f"_({text!r}) gives {translated!r}")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["contents", wheel, repository]:
            contents(Path(wheel), Path(repository))
        case ["alone"]:
            alone()
        case ["portal"]:
            portal()
        case _:
            sys.exit(__doc__)
