# The stages of bin/test. Each is a function stage_NAME that succeeds or not.
# shellcheck shell=bash

prepare_tools() { # what every stage needs
    [ -z "${TOOLS_READY:-}" ] || return 0
    TOOLS_READY=1
    mkdir -p "$RUN/log"
    lock_setup
    step "Debian packages for Python" "$RUN/log/packages.log"
    install_packages python
    step "Python packages" "$RUN/log/python.log"
    prepare_python
    unlock_setup
}

test_services() { # PostgreSQL, Redis, Solr of the tests
    prepare_tools
    lock_setup
    step "Debian packages for the services" "$RUN/log/packages.log"
    install_packages services
    step "Solr's jars" "$RUN/log/maven.log"
    prepare_solr
    unlock_setup
    step "PostgreSQL on port $POSTGRES_PORT" "$LOGS/setup.log"
    start_postgres
    step "Redis on port $REDIS_PORT" "$LOGS/setup.log"
    start_redis
    step "Solr on port $SOLR_PORT" "$LOGS/setup.log"
    start_solr
}

write_test_ini() { # test.ini with the ports of this stack, and one for each parallel worker
    TEST_INI="$STACK_DIR/test.ini"
    write_one_ini test 1
    write_one_ini test-gw0 2
    write_one_ini test-gw1 3
}

write_one_ini() { # name of the file, Redis database
    local name=$1 database
    database=satudata_$(printf '%s' "$name" | tr - _)
    mkdir -p "$STACK_DIR/storage-$name"
    {
        printf '# Written by bin/test: test.ini with the ports of this stack.\n[app:main]\n'
        printf 'use = config:%s/test.ini\n' "$ROOT"
        printf 'ckan.site_id = %s\n' "$database"
        printf 'sqlalchemy.url = postgresql://satudata:satudata@127.0.0.1:%s/%s\n' "$POSTGRES_PORT" "$database"
        # PostgreSQL does not restart under the tests: no asking before each use of a connection.
        printf 'sqlalchemy.pool_pre_ping = false\n'
        printf 'ckan.datastore.write_url = postgresql://satudata_datastore:satudata@127.0.0.1:%s/%s_datastore\n' "$POSTGRES_PORT" "$database"
        printf 'ckan.datastore.read_url = postgresql://satudata_reader:satudata@127.0.0.1:%s/%s_datastore\n' "$POSTGRES_PORT" "$database"
        printf 'ckan.redis.url = redis://127.0.0.1:%s/%s\n' "$REDIS_PORT" "$2"
        printf 'solr_url = http://127.0.0.1:%s/solr/%s\n' "$SOLR_PORT" "$database"
        printf 'ckan.storage_path = %s/storage-%s\n' "$STACK_DIR" "$name"
        printf 'ckan.harvest.mq.type = redis\nckan.harvest.mq.hostname = 127.0.0.1\n'
        printf 'ckan.harvest.mq.port = %s\nckan.harvest.mq.redis_db = %s\n' "$REDIS_PORT" "$2"
    } >"$STACK_DIR/$name.ini"
}

chosen_paths() { # prefix: the folders of the chosen rooms below it, or the prefix itself
    local room
    PATHS=()
    if [ ${#ROOMS[@]} -eq 0 ]; then
        PATHS=("$1")
        return 0
    fi
    for room in "${ROOMS[@]}"; do
        [ ! -d "$1/$room" ] || PATHS+=("$1/$room")
    done
}

names_paths() { # did the caller name files himself?
    local each
    for each in "${ARGUMENTS[@]}"; do
        [[ $each == tests* ]] && return 0
    done
    return 1
}

marks() { # the long tests only where asked for
    [ -z "$LONG" ] || export SATUDATA_LONG=1 # the whole matrix of the access contract
    if [ -n "$LONG" ]; then MARKS=(); else MARKS=(-m "not long"); fi
    [ -z "$FAST" ] || MARKS=(-m "not long and not slow")
    local each
    for each in "${ARGUMENTS[@]}"; do [ "$each" != -m ] || MARKS=(); done
}

# One order gives tests that lean on one another away only by chance. Off, the plugin is not loaded.
order() { # what is kept together while the rest is mixed
    if [ -z "$SHUFFLE" ]; then
        ORDER=(-p no:random_order)
    else
        say "in random order; the same again with --shuffle=$SHUFFLE"
        ORDER=(--random-order-bucket="$1" --random-order-seed="$SHUFFLE")
    fi
}

# pytest's 5 means "no tests there", which is fine while a room has none.
run_pytest() { "$VENV/bin/python" -m pytest "$@" || [ $? = 5 ]; }

stage_lint() {
    "$VENV/bin/ruff" check . && "$VENV/bin/ruff" format --check .
}

stage_types() { "$VENV/bin/pyright"; }

stage_rooms() { "$VENV/bin/lint-imports" --no-logo; }

stage_words() {
    if [ ! -f ckanext/satudata_pontianak/portal/language/translations.py ]; then
        say "no catalogue to check yet"
        return 0
    fi
    "$VENV/bin/python" -m ckanext.satudata_pontianak.portal.language.translations --check
}

stage_unit() { # CKAN's pytest plugins and their like stay out: they would load the whole portal
    [ -d tests/unit ] || return 0
    chosen_paths tests/unit
    [ ${#PATHS[@]} -gt 0 ] || return 0
    ! names_paths || PATHS=()
    marks
    # Both cores for the whole, one for a chosen few: their output is easier to follow. Whole files,
    # since what a file reads or makes once is kept in its worker, and in the order of the folders:
    # the longest have few tests, and would be left to the end. In random order nothing is whole.
    if [ ${#ARGUMENTS[@]} -eq 0 ]; then
        MARKS+=(-n "$(nproc)" --durations=15 --durations-min=3)
        [ -n "$SHUFFLE" ] || MARKS+=(--dist loadfile --no-loadscope-reorder)
    fi
    order global
    run_pytest -p no:ckan -p no:ckan_fixtures -p no:pytest-factoryboy -p no:pytest-faker \
        --confcutdir=tests/unit "${ORDER[@]}" "${MARKS[@]}" "${PATHS[@]}" "${ARGUMENTS[@]}"
}

services_up() { # once for a run
    [ -z "${SERVICES_UP:-}" ] || return 0
    test_services
    SERVICES_UP=1
}

stage_services() {
    services_up
    write_test_ini
    local paths=() folder
    chosen_paths tests
    if names_paths; then
        PATHS=()
    elif [ ${#ROOMS[@]} -eq 0 ]; then
        for folder in tests/*/; do
            case $folder in tests/unit/ | tests/browser/ | tests/__pycache__/) ;; *) paths+=("$folder") ;; esac
        done
        for folder in tests/test_*.py; do [ ! -f "$folder" ] || paths+=("$folder"); done
        [ ${#paths[@]} -gt 0 ] || return 0
        PATHS=("${paths[@]}")
    fi
    marks
    # Two workers for the whole, whole files each, in the order of the folders: the longest of them,
    # which have few tests, are not left to the end. One process for a chosen few.
    [ ${#ARGUMENTS[@]} -gt 0 ] ||
        MARKS+=(-n 2 --dist loadfile --no-loadscope-reorder --durations=60 --durations-min=5)
    order module
    SATUDATA_ADMIN_URL=$(admin_url_for satudata_test) PYTHONPATH="$ROOT/bin/lib" \
        run_pytest -p worker_stack --ckan-ini="$TEST_INI" "${ORDER[@]}" "${MARKS[@]}" "${PATHS[@]}" "${ARGUMENTS[@]}"
}

clear_site() { # the site that the browser tests visit begins empty each time
    site_words
    end_process worker
    end_process site
    need "The old database could not be dropped." make_databases --anew "$SITE_DATABASE"
    need "The old index could not be emptied." "$VENV/bin/python" bin/lib/clear_index.py \
        "http://127.0.0.1:$SOLR_PORT/solr/$SITE_DATABASE"
    need "The old queues could not be emptied." redis-cli -h 127.0.0.1 -p "$REDIS_PORT" -n 0 flushdb
    rm -rf "$STACK_DIR/storage"
}

stage_browser() {
    [ -d tests/browser ] || { say "no browser tests yet"; return 0; }
    services_up
    step "Chromium" "$RUN/log/packages.log"
    install_packages browser
    step "A site to visit, on port $STACK_PORT" "$LOGS/setup.log"
    clear_site
    rm -rf "$STACK_DIR/mail"
    start_mailbox
    write_site_ini
    prepare_site
    # Whatever needs a while to begin does so beside the demo, which needs none of it.
    begin_site
    start_worker
    seed_site
    await_site
    local paths=(tests/browser)
    ! names_paths || paths=()
    marks
    # Several browsers at the one site, where asked for; one process for a chosen few.
    [ ${#ARGUMENTS[@]} -gt 0 ] || [ "${SATUDATA_BROWSERS:-1}" = 1 ] ||
        MARKS+=(-n "$SATUDATA_BROWSERS" --dist loadscope --no-loadscope-reorder)
    SATUDATA_SITE_URL="$SITE_URL" SATUDATA_RUN_DIR="$STACK_DIR" CKAN_INI="$SITE_INI" \
        SATUDATA_ADMIN_URL="$(admin_url_for satudata_site)" \
        SATUDATA_CHROMIUM="$(command -v chromium-headless-shell)" \
        run_pytest -p no:ckan -p no:ckan_fixtures -p no:random_order --confcutdir=tests/browser "${MARKS[@]}" "${paths[@]}" "${ARGUMENTS[@]}"
}

stage_wheel() {
    services_up
    write_test_ini
    bash bin/lib/check_wheel.sh "$TEST_INI"
}

# At the end, however it comes: stop the services, say how it went.
conclude() {
    local status=$?
    trap - EXIT INT TERM
    [ -z "$CURRENT" ] || note "$CURRENT" FAILED $((SECONDS - BEGUN))
    if [ -n "${SERVICES_UP:-}" ] && [ -z "$KEEP" ]; then
        stop_stack >/dev/null 2>&1 || true
    fi
    if [ $status = 0 ]; then note total passed "$SECONDS"; else note total FAILED "$SECONDS"; fi
    printf '\n  stage      result  min:s\n%s' "$TABLE"
    exit $status
}

note() { # stage, result, seconds
    TABLE+=$(printf '  %-10s %s  %3d:%02d' "$1" "$2" $(($3 / 60)) $(($3 % 60)))$'\n'
}

run_stages() {
    local name failed=0
    TABLE=""
    CURRENT=""
    trap conclude EXIT
    trap 'exit 130' INT TERM
    # Services that were already running are somebody's: they stay.
    ! pid_of postgres >/dev/null || KEEP=1
    prepare_tools
    for name in "${STAGES[@]}"; do
        printf '\n==== %s\n' "$name"
        CURRENT=$name
        BEGUN=$SECONDS
        if stage_"$name"; then
            note "$name" passed $((SECONDS - BEGUN))
        else
            note "$name" FAILED $((SECONDS - BEGUN))
            failed=1
        fi
        CURRENT=""
    done
    exit $failed
}
