#!/usr/bin/env bash
# Write constraints.txt from what is in .run/venv, after a dependency was added or raised.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
{
    echo "# Exact versions of everything in .run/venv: the set tested together (Python 3.11, Debian 12)."
    echo "# Written by bin/lib/freeze.sh"
    "$VENV/bin/pip" freeze --exclude-editable | grep '=='
} >constraints.new
mv constraints.new constraints.txt
