#!/usr/bin/env bash
# Build the source distribution and the wheel, and try them as a stranger would:
#   1. the wheel alone, in an empty environment: `satudata scan`, no CKAN anywhere;
#   2. everything that is no Python is inside: schemas, catalogues, templates, migrations;
#   3. the wheel beside CKAN: the plugin loads from it and speaks Indonesian.
# Usage: check_wheel.sh CONFIGURATION (of the tests' services)

source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
INI=$1
WORK="$RUN/wheel"
STEP_NAME="wheel"
STEP_LOG="$WORK/build.log"
STEP_SEEN=0
rm -rf "$WORK"
mkdir -p "$WORK/src"

say "building from a clean copy of the sources"
if git rev-parse --git-dir >/dev/null 2>&1; then
    git ls-files -co --exclude-standard -z | while IFS= read -r -d '' file; do
        [ ! -f "$file" ] || printf '%s\0' "$file"
    done | tar --null -T - -cf - | tar -xf - -C "$WORK/src"
else
    tar --exclude=./.run --exclude=./build --exclude='*.egg-info' -cf - . | tar -xf - -C "$WORK/src"
fi
need "The wheel could not be built." "$VENV/bin/python" -m build --outdir "$WORK/dist" "$WORK/src"
WHEEL=$(ls "$WORK"/dist/*.whl)
need "Something is missing in the wheel." "$VENV/bin/python" bin/lib/check_wheel.py contents "$WHEEL" "$ROOT"

say "the wheel alone, without CKAN"
need "An empty environment could not be made." "$VENV/bin/python" -m venv "$WORK/base"
need "The wheel could not be installed alone." \
    "$WORK/base/bin/pip" install --no-input -c constraints.txt "$WHEEL"
cd "$WORK"
need "The wheel alone does not work." "$WORK/base/bin/python" "$ROOT/bin/lib/check_wheel.py" alone
cd "$ROOT"

say "the wheel beside CKAN"
# A copy of the environment by hard links, in which the wheel takes the place of the sources.
cp -al "$VENV" "$WORK/portal"
need "The wheel could not be installed beside CKAN." env PYTHONDONTWRITEBYTECODE=1 \
    "$WORK/portal/bin/python" -m pip install --no-input --no-deps --force-reinstall "$WHEEL"
cd "$WORK"
need "The wheel beside CKAN does not work." env PYTHONDONTWRITEBYTECODE=1 \
    CKAN_INI="$INI" "$WORK/portal/bin/python" "$ROOT/bin/lib/check_wheel.py" portal
cd "$ROOT"
grep '^ok: ' "$STEP_LOG" | sed 's/^/      /'
rm -rf "$WORK/portal" "$WORK/base" "$WORK/src"
