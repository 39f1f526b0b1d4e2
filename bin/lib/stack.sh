# PostgreSQL, Redis and Solr of a stack, all on loopback, with folders of their own.
# shellcheck shell=bash

# ------------------------------------------------------------------------------- Solr

prepare_solr() { # fetch the jars once
    local wanted
    wanted=$(digest solr/pom.xml)
    if ! stamp_is solr "$wanted" || [ ! -d "$RUN/solr/lib" ]; then
        say "fetching Solr with Maven (84 MB, once)"
        rm -rf "$RUN/solr/lib"
        need "Maven could not fetch Solr." mvn -B -ntp -f solr/pom.xml \
            dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$RUN/solr/lib"
        stamp solr "$wanted"
    fi
}

solr_answers() {
    local core
    for core in "${CORES[@]}"; do
        "$VENV/bin/python" bin/lib/http_ok.py "http://127.0.0.1:$SOLR_PORT/solr/$core/select?q=*:*&rows=0" || return 1
    done
}

start_solr() {
    local home="$STACK_DIR/solr/home" changed
    changed=$("$VENV/bin/python" solr/make_configset.py "$home" "${CORES[@]}" 2>>"$STEP_LOG") ||
        die "Solr's configuration could not be written."
    if pid_of solr >/dev/null; then
        [ "$changed" = changed ] || { wait_for 60 solr Solr solr_answers; return 0; }
        say "its configuration changed: starting it again"
        end_process solr
    fi
    free_port "$SOLR_PORT" Solr
    # What tests index is in memory and gone with Solr: a commit that waits for the disk, as each
    # write of a dataset does, takes eight times the processor's time and thirty times the clock's.
    local quick=()
    [ "$STACK" != test ] || quick=(
        -Dsolr.directoryFactory=solr.ByteBuffersDirectoryFactory -Dsolr.lock.type=single
        -Dsolr.ulog=false -XX:TieredStopAtLevel=1
    )
    launch solr java -Xms256m -Xmx"${SATUDATA_SOLR_MEMORY:-512m}" -XX:+UseSerialGC "${quick[@]}" \
        -Dsolr.log.dir="$LOGS" -Djava.awt.headless=true \
        -cp "$RUN/solr/lib/*" solr/SolrLauncher.java "$home" "$SOLR_PORT"
    wait_for 90 solr Solr solr_answers
}

# ------------------------------------------------------------------------- PostgreSQL

as_postgres() { # root may not run PostgreSQL: the user postgres does; anyone else is himself
    if [ "$(id -u)" = 0 ]; then
        setpriv --reuid=postgres --regid=postgres --init-groups env -C / HOME=/ "$@"
    else
        "$@"
    fi
}

# The folder of the databases: inside the clone, unless the user postgres cannot enter it.
postgres_folder() {
    local inside="$STACK_DIR/postgres"
    if [ "$(id -u)" != 0 ]; then
        mkdir -p "$inside"
        DATA_DIR="$inside"
    elif [ -d "$STACK_DIR" ] && as_postgres test -x "$STACK_DIR" 2>/dev/null; then
        install -d -o postgres -g postgres -m 700 "$inside"
        DATA_DIR="$inside"
    else
        DATA_DIR="/var/lib/satudata-$(printf '%s' "$STACK_DIR" | sha256sum | cut -c1-10)"
        install -d -o postgres -g postgres -m 700 "$DATA_DIR"
    fi
}

secret() { # name: made once, kept readable for the owner only
    local file="$STACK_DIR/secrets/$1"
    if [ ! -s "$file" ]; then
        mkdir -p "$STACK_DIR/secrets"
        chmod 700 "$STACK_DIR/secrets"
        (umask 077 && "$VENV/bin/python" -c 'import secrets; print(secrets.token_urlsafe(32))' >"$file")
    fi
    cat "$file"
}

role_password() { # database, datastore or reader; the committed test.ini names the tests' one
    if [ "$STACK" = test ]; then printf satudata; else secret "$1"; fi
}

make_databases() { # [--anew] database...: with a database for the DataStore beside each
    env SATUDATA_ADMIN_URL="$(cat "$STACK_DIR/admin-url")" \
        SATUDATA_DB_PASSWORD="$(role_password database)" \
        SATUDATA_DATASTORE_PASSWORD="$(role_password datastore)" \
        SATUDATA_READER_PASSWORD="$(role_password reader)" \
        "$VENV/bin/python" bin/lib/make_databases.py "$@"
}

start_postgres() {
    local bin admin
    bin=$(postgres_bin) || die "PostgreSQL is not installed."
    postgres_folder
    admin=$(secret administrator)
    (umask 077 && printf 'postgresql://satudata_admin:%s@127.0.0.1:%s/%s\n' \
        "$admin" "$POSTGRES_PORT" "${DATABASES[0]}" >"$STACK_DIR/admin-url")
    if ! pid_of postgres >/dev/null; then
        free_port "$POSTGRES_PORT" PostgreSQL
        if [ ! -f "$DATA_DIR/PG_VERSION" ]; then
            say "making a database cluster in $DATA_DIR"
            (umask 077 && printf '%s\n' "$admin" >"$DATA_DIR.pw")
            [ "$(id -u)" != 0 ] || chown postgres "$DATA_DIR.pw"
            # The password goes in on a descriptor: the folder around may be closed to postgres.
            logged as_postgres "$bin/initdb" -D "$DATA_DIR" -U satudata_admin --pwfile=/dev/stdin \
                --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 <"$DATA_DIR.pw" ||
                { rm -f "$DATA_DIR.pw"; die "initdb failed."; }
            rm -f "$DATA_DIR.pw"
        fi
        local quick=()
        # The tests' databases are thrown away: no waiting for the disk. Their tables are small,
        # and nobody has counted them: compiling a query would take longer than its answer.
        [ "$STACK" != test ] || quick=(-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c jit=off)
        if [ "$(id -u)" = 0 ]; then
            launch postgres setpriv --reuid=postgres --regid=postgres --init-groups \
                "$bin/postgres" -D "$DATA_DIR" -p "$POSTGRES_PORT" -c listen_addresses=127.0.0.1 \
                -c unix_socket_directories= -c max_connections=150 "${quick[@]}"
        else
            launch postgres "$bin/postgres" -D "$DATA_DIR" -p "$POSTGRES_PORT" \
                -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=150 "${quick[@]}"
        fi
    fi
    wait_for 60 postgres PostgreSQL "$bin/pg_isready" -h 127.0.0.1 -p "$POSTGRES_PORT" -U satudata_admin -d postgres
    need "The roles and databases could not be made." make_databases "${DATABASES[@]}"
}

# ------------------------------------------------------------------------------ Redis

redis_answers() { [ "$(redis-cli -h 127.0.0.1 -p "$REDIS_PORT" ping 2>/dev/null)" = PONG ]; }

start_redis() {
    mkdir -p "$STACK_DIR/redis"
    if ! pid_of redis >/dev/null; then
        free_port "$REDIS_PORT" Redis
        local keep=(--appendonly yes)
        [ "$STACK" != test ] || keep=(--save '' --appendonly no)
        launch redis redis-server --bind 127.0.0.1 --port "$REDIS_PORT" --dir "$STACK_DIR/redis" \
            --daemonize no "${keep[@]}"
    fi
    wait_for 30 redis Redis redis_answers
}

# ------------------------------------------------------------------------------- all

stop_stack() {
    end_process worker
    end_process site
    end_process mailbox
    end_process solr
    end_process redis
    end_process postgres INT
}
