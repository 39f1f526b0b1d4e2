"""Packaging of Satu Data Pontianak.

The metadata stands here and not in pyproject.toml, because the top-level folders schemas/ and
i18n/ become subpackages, which needs `package_dir`; setuptools reads one of the two places only.
"""

from __future__ import annotations

from pathlib import Path

from setuptools import find_packages, setup
from setuptools.command.build_py import build_py

NAME = "ckanext.satudata_pontianak"
HERE = Path(__file__).parent
README = HERE / "README.md"
# "ckanext" itself is left out: it is CKAN's, and uninstalling ours would delete it.
OURS = [f"ckanext.{package}" for package in find_packages(str(HERE / "ckanext"))]


class BuildPy(build_py):
    """Compile the catalogues before they are copied: *.mo are not kept in git."""

    def run(self) -> None:
        """Write a .mo beside each .po, then build as usual."""
        # Babel is there while building only.
        from babel.messages.mofile import write_mo
        from babel.messages.pofile import read_po

        for po in HERE.glob("i18n/*/LC_MESSAGES/*.po"):
            with po.open("rb") as source:
                catalogue = read_po(source, locale=po.parents[1].name)
            with po.with_suffix(".mo").open("wb") as target:
                write_mo(target, catalogue)
        super().run()


BASE = [
    "ckanapi>=4.8",  # `satudata publish`: CKAN's API as a program calls it
    "click>=8.1",  # the command `satudata`; CKAN uses the same
    "cryptography>=42",  # Ed25519 under the heads of the ledger
    "PyYAML>=6",  # classification.yaml, workflow.yaml and the schemas
    "msgspec>=0.19",  # shapes of what schemas/ declares
    "requests>=2.32",  # HTTP under ckanapi: the headers that say when to come again
    "ijson>=3.3",  # JSON as a stream, with every key even where one comes twice
    "olefile>=0.47",  # the container around old workbooks: macros, properties, deleted sectors
    "packaging>=24",  # which versions of a library a known weakness is in
    "pillow>=11",  # metadata of pictures; no pixel is decoded
    "polars>=2",  # scans columns without a Python loop over cells
    "pypdf>=6",  # text and every object of a PDF
    "pymerkle>=7",  # the ledger's tree (RFC 9162); GPL-3.0-or-later, which AGPL-3.0 may use
    "openpyxl>=3.1",  # rows of workbooks, to mask them and for the DataStore; the demo's workbooks
    "rfc8785>=0.1.4",  # the canonical form that the ledger hashes
    "xlrd>=2",  # cells and notes of old workbooks
]

PORTAL = [
    "ckan[requirements]==2.12.0",  # the portal; pinned, since we guard its exits one by one
    "flask>=3",  # blueprints (comes with CKAN; imported by us)
    "sqlalchemy>=2",  # models (comes with CKAN; imported by us)
    "ckanext-scheming>=3.1",  # forms and validation from schemas/*.yaml
    "ckanext-dcat>=2.4",  # catalogue as DCAT
    "ckanext-harvest>=1.6.3",  # datasets from other portals
    "itsdangerous>=2",  # signed links in mails (comes with Flask; imported by us)
    "icalendar>=6",  # the release calendar as a calendar that programs subscribe to
    "holidays>=0.60",  # working days: Indonesia's public holidays
    "tzdata",  # Asia/Pontianak where the system has no time zones
    "gunicorn>=23",  # the production WSGI server
    "whitenoise>=6.9",  # scripts, styles and fonts: packed, with lasting names, past Flask
    "brotli>=1.1",  # packs pages better than gzip
    "Jinja2>=3.1",  # the SOP documents as HTML (comes with CKAN; imported by us)
    "markupsafe>=2",  # the same
    "weasyprint>=70",  # the SOP documents as tagged PDF; needs Pango
    "python-docx>=1.2",  # the same as DOCX, for the legal office to edit
    "pypdfium2>=5",  # flowcharts as pictures in the DOCX
    "pyshp>=3",  # geometries of shapefiles, with the holes of areas (MIT)
    "defusedxml>=0.7.1",  # KML as a tree, with no entity and no document type
    "vl-convert-python==1.9.0.post1",  # draws Vega-Lite as SVG and PNG, without network (BSD-3)
    "dnspython>=2.7",  # names of apps from a server of our choice, each once (comes with CKAN)
    "h11>=0.16",  # HTTP/1.1 without a connection of its own: the pulse connects to pinned addresses
    "requests-hardened>=1.3",  # fetches links, never from an address inside the city's walls
    "luqum>=1.0",  # reads a search as a tree, so that what Solr gets is written anew
    "limits>=5",  # counts tries by account and address in Redis
    "pyotp>=2.9",  # the second factor: codes of six digits (RFC 6238)
    "segno>=1.6",  # draws the picture that a phone reads the second factor's key from
    "zxcvbn>=4.5",  # lists of common passwords
    "markdown-it-py>=4",  # Markdown in time that grows with its length, unlike core's
    "nh3>=0.3",  # cleans what was drawn (comes with CKAN; imported by us)
]

# The bytes of versions in an S3-compatible store instead of a folder.
S3 = ["boto3>=1.34"]  # the client of CKAN's file storage "file_keeper:s3"

DEV = [
    "uv>=0.13",  # installs all of these in a quarter of pip's time (bin/lib/python.sh)
    "pytest>=8.3",  # the test runner
    "pytest-ckan==0.0.12",  # the name extensions ask for; hands over to CKAN's own fixtures
    "pytest-factoryboy>=2.8",  # registers CKAN's factories as fixtures
    "factory-boy>=3.3",  # what those factories are made with
    "faker>=30",  # made-up Indonesian people for the recognizers' tests
    "indofaker==0.1.1",  # other made-up names, so that no generator judges alone
    "pytest-faker>=2",  # the fixture CKAN's factories expect
    "freezegun>=1.5",  # deadlines and expiry need another today
    "aiosmtpd>=1.4.6",  # a real mail server, for the tests of mails and for the demo
    "responses>=0.25",  # answers instead of the network
    "hypothesis>=6.100",  # properties of policy, ledger and masking
    "moto[s3]>=5",  # a real S3 server for the tests of that storage
    "trustme>=1.2",  # certificates of the made-up apps that the pulse looks at
    "flask-cors>=5",  # what that server needs
    "pycanon>=1.0.1",  # k-anonymity and l-diversity computed by somebody else
    "pytest-xdist>=3.6",  # pure tests on both cores
    "beautifulsoup4>=4.13",  # CKAN's own tests read pages with it (bin/test long core)
    "pytest-random-order>=1.1",  # tests that lean on one another: bin/test --shuffle
    "playwright>=1.45",  # pages in a real browser (the system's Chromium)
    "axe-playwright-python>=0.1.8",  # carries axe-core: what stands in the way on a page
    "compliance-trestle>=5",  # NIST's models of OSCAL: what is exported is read with them
    "ruff>=0.12",  # lint and format
    "pyright[nodejs]>=1.1.400",  # types; brings its own Node
    "import-linter>=2",  # rooms depend on one another one way only
    "towncrier>=24.8",  # CHANGELOG.md from changes/
    "build>=1.2",  # the wheel that the tests install
    "xlwt>=1.3",  # old workbooks for the readers' tests: nothing newer writes them
    "fonttools[woff]>=4.50",  # the part of an icon font that pages use (bin/lib/make_icons.py)
    "babel>=2.16",  # extraction and compilation of catalogues
]

setup(
    name="ckanext-satudata_pontianak",
    version="0.1.0",
    description="Satu Data Pontianak: a CKAN portal that shows nothing unclassified",
    long_description=README.read_text("utf-8") if README.exists() else "",
    long_description_content_type="text/markdown",
    license="AGPL-3.0-or-later",
    license_files=["LICENSE"],
    classifiers=[
        "Environment :: Web Environment",
        "Framework :: Flask",
        "Intended Audience :: Developers",
        "Natural Language :: Indonesian",
        "Operating System :: POSIX :: Linux",
        "Programming Language :: Python :: 3 :: Only",
    ],
    python_requires=">=3.11",
    packages=[*OURS, f"{NAME}.schemas", f"{NAME}.i18n"],
    package_dir={f"{NAME}.schemas": "schemas", f"{NAME}.i18n": "i18n"},
    package_data={
        NAME: [
            "**/*.yaml",
            "**/*.json",
            "**/*.csv",
            "**/*.txt",
            "**/templates/**/*",
            "**/assets/**/*",
            "**/public/**/*",
            "migration/**/*",
        ],
        f"{NAME}.schemas": ["**/*.yaml", "**/*.geojson", "**/*.json", "**/*.csv", "**/*.md"],
        f"{NAME}.i18n": ["*.pot", "*.yaml", "*.json", "*/LC_MESSAGES/*"],
    },
    install_requires=BASE,
    extras_require={"portal": PORTAL, "s3": S3, "dev": [*DEV, *S3]},
    entry_points={
        "ckan.plugins": [
            "satudata_pontianak = ckanext.satudata_pontianak.plugin:SatudataPontianakPlugin",
            "satudata_datastore = ckanext.satudata_pontianak.plugin:SatudataDatastorePlugin",
        ],
        "ckan.rdf.profiles": [
            f"satudata_fields = {NAME}.metadata.dcat_profile:FieldsProfile",
            f"satudata_quality = {NAME}.access.quality.dcat_profile:QualityProfile",
        ],
        "console_scripts": ["satudata = ckanext.satudata_pontianak.commands:main"],
        "babel.extractors": [
            "satudata_yaml = ckanext.satudata_pontianak.portal.language.extract:extract_yaml",
        ],
    },
    cmdclass={"build_py": BuildPy},
    zip_safe=False,
)
