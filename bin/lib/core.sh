# The stage `core`: CKAN's own tests, out of the installed wheel, without our plugin and with it
# while nothing is governed. What passes without and not with stands in tests/core/differences.yaml.
# shellcheck shell=bash

CORE_PACKAGES=(ckan.tests.{model,lib,logic,controllers})

core_ini() { # half, Solr core, Redis database: where its services are
    mkdir -p "$STACK_DIR/storage-core-$1"
    {
        printf '# Written by bin/test core.\n[app:main]\nuse = config:%s/tests/core/%s.ini\n' "$ROOT" "$1"
        printf 'sqlalchemy.url = postgresql://satudata:satudata@127.0.0.1:%s/satudata_core_%s\n' "$POSTGRES_PORT" "$1"
        printf 'ckan.datastore.write_url = postgresql://satudata_datastore:satudata@127.0.0.1:%s/satudata_core_%s_datastore\n' "$POSTGRES_PORT" "$1"
        printf 'ckan.datastore.read_url = postgresql://satudata_reader:satudata@127.0.0.1:%s/satudata_core_%s_datastore\n' "$POSTGRES_PORT" "$1"
        printf 'ckan.redis.url = redis://127.0.0.1:%s/%s\n' "$REDIS_PORT" "$3"
        printf 'solr_url = http://127.0.0.1:%s/solr/%s\n' "$SOLR_PORT" "$2"
        printf 'ckan.files.storage.test.path = %s/storage-core-%s\n' "$STACK_DIR" "$1"
        printf 'ckanext.satudata_pontianak.ledger_key_file = %s/core-%s.key\n' "$STACK_DIR" "$1"
    } >"$STACK_DIR/core-$1.ini"
}

core_anew() { # half, Solr core, Redis database: all that it needs, empty
    local half=$1 solr=$2 redis=$3
    core_ini "$half" "$solr" "$redis"
    need "The databases could not be made anew." make_databases --anew "satudata_core_$half"
    need "The index could not be emptied." "$VENV/bin/python" bin/lib/clear_index.py \
        "http://127.0.0.1:$SOLR_PORT/solr/$solr"
    need "The queues could not be emptied." redis-cli -h 127.0.0.1 -p "$REDIS_PORT" -n "$redis" flushdb
    rm -rf "$STACK_DIR/storage-core-$half"/*
}

core_half() { # half, folder of what is kept, packages of tests...
    local half=$1 kept=$2 ours="" status=0
    shift 2
    [ "$half" = plain ] || ours=1
    # CKAN's tests are no tests of ours: neither our marks nor our fixtures hold for them. That some
    # fail is no failure of the half.
    env SATUDATA_ADMIN_URL="$(admin_url_for "satudata_core_$half")" SATUDATA_CORE_KEPT="$kept" \
        PYTHONPATH="$ROOT:$ROOT/bin/lib" ${ours:+PYTEST_PLUGINS=tests.core.ours} \
        "$VENV/bin/python" -m pytest --pyargs "$@" --noconftest -o addopts= --import-mode=importlib \
        -p worker_stack -p tests.core.keeping \
        -p no:random_order -p no:cacheprovider --ckan-ini="$STACK_DIR/core-$half.ini" -q --tb=short \
        >"$LOGS/core-$half.log" 2>&1 || status=$?
    [[ $status =~ ^[015]$ ]] # 1: tests failed; 5: all of them are kept
}

# Both halves beside one another, a process each. What they keep serves as long as nothing changed
# of what they run: a stage that was ended in the middle goes on where it was.
stage_core() { # the packages of tests that were named, or all
    services_up
    local packages=("${ARGUMENTS[@]}") plain ours halves=() half failed=0
    [ ${#packages[@]} -gt 0 ] || packages=("${CORE_PACKAGES[@]}")
    plain=$STACK_DIR/core/plain-$(digest constraints.txt bin/lib/core.sh tests/core/keeping.py tests/core/plain.ini)
    ours=$STACK_DIR/core/ours-$(find ckanext schemas tests/tables.py tests/core -type f ! -name '*.pyc' \
        ! -name compare.py ! -name differences.yaml -print0 | sort -z | xargs -0 cat | sha256sum | cut -c1-24)-${plain##*-}
    for half in "$STACK_DIR"/core/*; do
        [ "$half" = "$plain" ] || [ "$half" = "$ours" ] || rm -rf "$half"
    done
    say "half an hour on two cores; each half says how far it is in $LOGS/core-*.log"
    core_anew plain satudata_test_gw0 4
    core_anew ours satudata_test_gw1 5
    core_half plain "$plain" "${packages[@]}" &
    halves+=($!)
    core_half ours "$ours" "${packages[@]}" &
    halves+=($!)
    for half in "${halves[@]}"; do wait "$half" || failed=1; done
    [ $failed = 0 ] || die "A half could not be run to its end. See $LOGS/core-*.log"
    "$VENV/bin/python" tests/core/compare.py "$plain" "$ours" "${packages[@]}"
}
