# The CKAN site of a stack: configuration, tables, gunicorn, background worker.
# shellcheck shell=bash

# Which site: the demo (serve) or the one the browser tests visit (test).
site_words() {
    SITE_INI="$STACK_DIR/ckan.ini"
    if [ "$STACK" = test ]; then SITE_DATABASE=satudata_site; else SITE_DATABASE=satudata; fi
    SITE_URL="http://127.0.0.1:$STACK_PORT"
}

write_site_ini() {
    site_words
    mkdir -p "$STACK_DIR/storage"
    chmod -R o= "$STACK_DIR/storage"
    need "The configuration could not be written." "$VENV/bin/python" bin/lib/make_ini.py \
        bin/lib/ckan.ini.template "$SITE_INI" \
        "SECRET_KEY=$(secret session)" "CSRF_KEY=$(secret csrf)" "TOKEN_KEY=$(secret tokens)" \
        "SITE_ID=$SITE_DATABASE" "PORT=$STACK_PORT" "POSTGRES_PORT=$POSTGRES_PORT" \
        "REDIS_PORT=$REDIS_PORT" "SOLR_PORT=$SOLR_PORT" "REDIS_DB=0" "CORE=$SITE_DATABASE" \
        "DATABASE=$SITE_DATABASE" "DB_PASSWORD=$(role_password database)" \
        "DATASTORE_PASSWORD=$(role_password datastore)" "READER_PASSWORD=$(role_password reader)" \
        "STORAGE=$STACK_DIR/storage" "SECOND_FACTOR=${SATUDATA_SECOND_FACTOR:-false}" \
        "MAIL_PORT=$MAIL_PORT" "MAILBOX=http://127.0.0.1:$MAILBOX_PORT/"
}

start_mailbox() { # the demo's own mail server, and the page that shows what came
    site_words
    if [ "$(cat "$STACK_DIR/mailbox-code" 2>/dev/null)" != "$(digest bin/lib/mailbox.py)" ]; then end_process mailbox; fi
    if ! pid_of mailbox >/dev/null; then
        free_port "$MAIL_PORT" "the mail server"
        free_port "$MAILBOX_PORT" "the page of mails"
        digest bin/lib/mailbox.py >"$STACK_DIR/mailbox-code"
        launch mailbox "$VENV/bin/python" bin/lib/mailbox.py "$STACK_DIR/mail" "$MAIL_PORT" "$MAILBOX_PORT" \
            "$SITE_URL" "$STACK_DIR/demo-people.json"
    fi
    wait_for 30 mailbox "The mail server" "$VENV/bin/python" bin/lib/http_ok.py "http://127.0.0.1:$MAILBOX_PORT/"
}

in_site() { # command...: with the site's environment, which names no secret of the administrator
    (umask 077 && env CKAN_INI="$SITE_INI" SATUDATA_RUN_DIR="$STACK_DIR" "$@")
}

admin_url_for() { # database
    sed "s|/[^/]*\$|/$1|" "$STACK_DIR/admin-url"
}

site_code() { # changes whenever what makes the tables may have changed
    digest constraints.txt ckanext/satudata_pontianak/migration/satudata_pontianak/versions/*.py \
        ckanext/satudata_pontianak/ledger/*.py ckanext/satudata_pontianak/cli.py "$SITE_DATABASE"
}

prepare_site() {
    site_words
    need "CKAN's tables could not be made (ckan db init)." \
        in_site "$VENV/bin/ckan" db init
    need "The ledger and our tables could not be made (ckan satudata init)." \
        in_site env SATUDATA_ADMIN_URL="$(admin_url_for "$SITE_DATABASE")" "$VENV/bin/ckan" satudata init
}

site_answers() { "$VENV/bin/python" bin/lib/http_ok.py "$SITE_URL/" 20; }

start_site() {
    begin_site
    await_site
}

begin_site() {
    site_words
    end_process worker
    end_process site
    free_port "$STACK_PORT" "the site"
    launch site env CKAN_INI="$SITE_INI" SATUDATA_RUN_DIR="$STACK_DIR" "$VENV/bin/gunicorn" --chdir "$ROOT/bin/lib" \
        --bind "127.0.0.1:$STACK_PORT" --workers "${SATUDATA_WORKERS:-2}" --threads 12 \
        --timeout 180 --graceful-timeout 5 --no-control-socket --umask 077 \
        --limit-request-line 8190 \
        --access-logfile "$LOGS/access.log" wsgi:application
}

await_site() { wait_for 120 site "The site" site_answers; }

start_worker() { # our own queues first, then CKAN's
    site_words
    launch worker env CKAN_INI="$SITE_INI" SATUDATA_RUN_DIR="$STACK_DIR" bash bin/lib/keep_running.sh \
        "$VENV/bin/ckan" jobs worker priority default bulk pulse
}

seed_site() {
    site_words
    need "The demo data could not be made (ckan satudata demo)." \
        in_site "$VENV/bin/ckan" satudata demo
    # Tables, charts and maps of the demo come from the worker: who opens a page first shall see them.
    wait_for 300 worker "The background worker" jobs_done
}

jobs_done() { # nothing waits for the worker and nothing is under way
    local kind
    for kind in queue wip; do
        [ -z "$(redis-cli -h 127.0.0.1 -p "$REDIS_PORT" -n 0 --scan --pattern "rq:$kind:ckan:$SITE_DATABASE:*")" ] || return 1
    done
}
