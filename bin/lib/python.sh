# The virtual environment .run/venv with exactly the versions in constraints.txt.
# shellcheck shell=bash

prepare_python() {
    local python wanted
    python=$(python_command) || die "No Python 3.11 or newer."
    # An environment that was moved here from elsewhere still starts the old one.
    if [ -f "$VENV/bin/pip" ] && ! head -n 1 "$VENV/bin/pip" | grep -qF "$VENV/bin/python"; then
        say ".run/venv belongs to another folder: making it anew"
        rm -rf "$VENV"
    fi
    if [ ! -x "$VENV/bin/python" ]; then
        say "making .run/venv"
        need "The virtual environment could not be made." "$python" -m venv "$VENV"
    fi
    wanted=$(digest setup.py constraints.txt "$ROOT" "$("$VENV/bin/python" -V)")
    if ! stamp_is python "$wanted" || ! "$VENV/bin/python" bin/lib/pins.py >/dev/null 2>&1; then
        say "installing the Python packages (the first time takes some minutes)"
        need "pip could not install uv." "$VENV/bin/pip" install --no-input -c constraints.txt uv
        # uv needs a quarter of pip's time, but does not read pip's settings: where those name
        # another registry, pip does it.
        logged "$VENV/bin/uv" pip install --python "$VENV/bin/python" --compile-bytecode \
            -c constraints.txt -e '.[portal,dev]' ||
            need "The Python packages could not be installed." \
                "$VENV/bin/pip" install --no-input -c constraints.txt -e '.[portal,dev]'
        need "The installed packages are not those of constraints.txt." "$VENV/bin/python" bin/lib/pins.py
        stamp python "$wanted"
    fi
    prepare_catalogue
}

prepare_catalogue() { # compile i18n/*.po where the .mo is missing or older
    local po mo
    for po in i18n/*/LC_MESSAGES/*.po; do
        [ -f "$po" ] || continue
        mo=${po%.po}.mo
        if [ ! -f "$mo" ] || [ "$po" -nt "$mo" ]; then
            need "The catalogue $po could not be compiled." \
                "$VENV/bin/pybabel" compile -i "$po" -o "$mo"
        fi
    done
}
