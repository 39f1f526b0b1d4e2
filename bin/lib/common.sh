# Shared by bin/serve, bin/stop, bin/test and bin/bench: steps, logs, processes, ports.
# shellcheck shell=bash

set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
RUN="$ROOT/.run"
VENV="$RUN/venv"
export PIP_DISABLE_PIP_VERSION_CHECK=1
# Compiled once: every process of the tests, and every scan, would compile all modules again.
unset PYTHONDONTWRITEBYTECODE
cd "$ROOT"

# Which of the two stacks the functions speak about: the demo site, or the tests'.
#   STACK_DIR  its folder   STACK_PORT  the first of its six ports
#   DATA_DIR   the folder of its databases (see postgres_folder)
use_stack() {
    case $1 in
        serve)
            STACK=serve
            STACK_PORT=${SATUDATA_PORT:-5000}
            STACK_DIR="$RUN"
            CORES=(satudata)
            DATABASES=(satudata)
            ;;
        test)
            STACK=test
            STACK_PORT=${SATUDATA_TEST_PORT:-5100}
            STACK_DIR="$RUN/test"
            [ "$STACK_PORT" = 5100 ] || STACK_DIR="$RUN/test-$STACK_PORT"
            # One for a run by hand, one for each worker of a parallel run, one for the browser.
            CORES=(satudata_test satudata_test_gw0 satudata_test_gw1 satudata_site)
            DATABASES=("${CORES[@]}")
            ;;
    esac
    case $STACK_PORT in '' | *[!0-9]*) die "The port must be a number, not '$STACK_PORT'." ;; esac
    POSTGRES_PORT=$((STACK_PORT + 1))
    REDIS_PORT=$((STACK_PORT + 2))
    SOLR_PORT=$((STACK_PORT + 3))
    MAIL_PORT=$((STACK_PORT + 4))
    MAILBOX_PORT=$((STACK_PORT + 5))
    LOGS="$STACK_DIR/log"
    PIDS="$STACK_DIR/pids"
    mkdir -p "$LOGS" "$PIDS"
}

# ---------------------------------------------------------------- words on the screen

STEP=0
STEPS=0
STEP_NAME=""
STEP_LOG=""
STEP_SEEN=0

log_size() { if [ -n "$STEP_LOG" ] && [ -f "$STEP_LOG" ]; then wc -c <"$STEP_LOG"; else echo 0; fi; }

step() { # name of the step, file with its details
    STEP=$((STEP + 1))
    STEP_NAME=$1
    STEP_LOG=${2:-}
    STEP_SEEN=$(log_size)
    if [ "$STEPS" -gt 0 ]; then
        printf '[%d/%d] %s\n' "$STEP" "$STEPS" "$1"
    else
        printf '==> %s\n' "$1"
    fi
}

say() { printf '      %s\n' "$*"; }

die() { # why
    printf '\nFailed' >&2
    [ -z "$STEP_NAME" ] || printf ' at the step "%s"' "$STEP_NAME" >&2
    printf ': %s\n' "$*" >&2
    # What the step itself wrote, and nothing of earlier ones.
    if [ "$(log_size)" -gt "$STEP_SEEN" ]; then
        printf '\nThe last lines of %s:\n' "$STEP_LOG" >&2
        tail -c "+$((STEP_SEEN + 1))" "$STEP_LOG" | tail -n 25 | sed 's/^/    /' >&2
    fi
    exit 1
}

logged() { # run a command with its output in the step's log
    "$@" >>"$STEP_LOG" 2>&1
}

need() { # run a command with its output in the step's log, or stop with the reason
    local why=$1
    shift
    logged "$@" || die "$why"
}

# ------------------------------------------------------------------- what is unchanged

digest() { # of the contents of files and of the words given
    { for each in "$@"; do if [ -f "$each" ]; then cat "$each"; else printf '%s' "$each"; fi; done; } |
        sha256sum | cut -c1-24
}

stamp_is() { [ "$(cat "$RUN/stamps/$1" 2>/dev/null)" = "$2" ]; }

stamp() {
    mkdir -p "$RUN/stamps"
    printf '%s\n' "$2" >"$RUN/stamps/$1"
}

# One set-up at a time in a folder: bin/serve and bin/test may run side by side.
lock_setup() {
    exec 9>"$RUN/setup.lock"
    if ! flock -n 9; then
        say "another bin/ command is setting up here; waiting for it"
        flock 9
    fi
}
unlock_setup() { exec 9>&-; }

# ------------------------------------------------------------------------- processes

started_at() { # the kernel's start time of a process: with the pid it names it for good
    local stat
    stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
    stat=${stat##*) }
    set -- $stat
    [ "$1" != Z ] || return 1
    printf '%s' "${20}"
}

remember() { printf '%s %s\n' "$2" "$(started_at "$2")" >"$PIDS/$1.pid"; }

pid_of() { # prints the pid when the process is the one that we started, and lives
    local pid start
    [ -f "$PIDS/$1.pid" ] || return 1
    read -r pid start <"$PIDS/$1.pid" || return 1
    [ -n "$start" ] && [ "$(started_at "$pid")" = "$start" ] || return 1
    printf '%s' "$pid"
}

launch() { # name, command...: in a session of its own, output in log/NAME.log
    local name=$1
    shift
    [ ! -f "$LOGS/$name.log" ] || mv -f "$LOGS/$name.log" "$LOGS/$name.log.1"
    setsid "$@" >"$LOGS/$name.log" 2>&1 </dev/null 9>&- &
    local pid=$!
    disown "$pid"
    remember "$name" "$pid" || true
}

end_process() { # name, signal: ask, wait, insist
    local name=$1 signal=${2:-TERM} pid
    if pid=$(pid_of "$name"); then
        kill -"$signal" "$pid" 2>/dev/null || true
        for _ in $(seq 150); do
            pid_of "$name" >/dev/null || break
            sleep 0.1
        done
        if pid_of "$name" >/dev/null; then
            say "$name does not end; killing it"
            kill -KILL "$pid" 2>/dev/null || true
            sleep 0.3
        fi
        say "$name stopped"
    fi
    rm -f "$PIDS/$name.pid"
}

# ------------------------------------------------------------------------------ ports

listening() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

free_port() { # port, what wants it
    ! listening "$1" || die "Port $1, wanted for $2, is taken by another program.
    End that program, or choose other ports: SATUDATA_PORT (demo site, six ports from it on)
    or SATUDATA_TEST_PORT (tests)."
}

wait_for() { # seconds, process name, words, command...: until the command succeeds
    local seconds=$1 name=$2 words=$3
    shift 3
    local end=$((SECONDS + seconds))
    until "$@" >/dev/null 2>&1; do
        pid_of "$name" >/dev/null || { STEP_LOG="$LOGS/$name.log" STEP_SEEN=0; die "$words ended right after its start."; }
        if [ $SECONDS -ge $end ]; then
            STEP_LOG="$LOGS/$name.log" STEP_SEEN=0
            die "$words does not answer after $seconds seconds."
        fi
        sleep 0.2
    done
}
