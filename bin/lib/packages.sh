# Debian packages: what is missing, and only that.
# shellcheck shell=bash

postgres_bin() { # the folder of the newest PostgreSQL on this machine
    local found
    found=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
    [ -n "$found" ] && [ -x "$found/postgres" ] && [ -x "$found/initdb" ] || return 1
    printf '%s' "$found"
}

python_command() { # a Python from 3.11 on that can make virtual environments
    local each
    for each in python3.11 python3 python3.12 python3.13; do
        if "$each" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            printf '%s' "$each"
            return 0
        fi
    done
    return 1
}

python_can_build() { # psycopg2 is compiled: the header of that Python must be there
    local include
    include=$("$(python_command)" -c 'import sysconfig; print(sysconfig.get_path("include"))' 2>/dev/null) &&
        [ -f "$include/Python.h" ]
}

java_works() { # 17 or newer
    local version
    version=$(java -version 2>&1 | sed -n '0,/version "/s/.*version "\([0-9]*\).*/\1/p')
    [ -n "$version" ] && [ "$version" -ge 17 ]
}

pango_is_there() { # what WeasyPrint loads to set the text of an SOP
    local name known
    # Read whole: a list that grep leaves early ends with SIGPIPE, which counts as not found.
    known=$(/sbin/ldconfig -p)
    for name in libpango-1.0 libpangoft2-1.0 libharfbuzz-subset; do
        [[ $known == *"$name.so.0"* ]] || return 1
    done
}

missing_packages() { # purposes: python services browser
    local purpose
    for purpose in "$@"; do
        case $purpose in
            python)
                python_command >/dev/null || echo python3 python3-venv
                [ -x "$VENV/bin/python" ] || python_can_build || echo python3-dev
                command -v gcc >/dev/null || echo gcc libc6-dev
                [ -f /usr/include/postgresql/libpq-fe.h ] || command -v pg_config >/dev/null || echo libpq-dev
                [ -n "$(/sbin/ldconfig -p | grep 'libmagic\.so\.1')" ] || echo libmagic1
                pango_is_there || echo libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
                [ -d /usr/share/fonts/truetype/dejavu ] || echo fonts-dejavu-core
                ;;
            services)
                postgres_bin >/dev/null || echo postgresql-15
                command -v redis-server >/dev/null || echo redis-server
                java_works || echo default-jre-headless
                command -v mvn >/dev/null || echo maven
                command -v setpriv >/dev/null || echo util-linux
                ;;
            browser)
                # Chromium without a screen: a fifth of the processor's time of the one with windows
                command -v chromium-headless-shell >/dev/null || echo chromium-headless-shell
                # the examples of the API guide in R are run as they stand
                [ -d /usr/lib/R/site-library/jsonlite ] || echo r-base-core r-cran-jsonlite
                [ -d /usr/share/fonts/truetype/dejavu ] || echo fonts-dejavu-core
                ;;
        esac
    done | tr ' ' '\n' | sort -u | tr '\n' ' '
}

# Debian starts PostgreSQL and Redis on their usual ports as soon as they are installed. Ours
# run on ports and folders of their own, so during the installation nothing may start.
without_services() {
    local policy=/usr/sbin/policy-rc.d made=""
    if [ ! -e $policy ]; then
        printf '#!/bin/sh\nexit 101\n' >$policy
        chmod 755 $policy
        made=1
    fi
    if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
        mkdir -p /etc/postgresql-common
        printf '# No cluster on the default port when PostgreSQL is installed.\ncreate_main_cluster = false\n' \
            >/etc/postgresql-common/createcluster.conf
    fi
    local status=0
    "$@" || status=$?
    [ -z "$made" ] || rm -f $policy
    return $status
}

install_packages() { # purposes
    local missing
    missing=$(missing_packages "$@")
    [ -n "${missing// /}" ] || return 0
    if [ "$(id -u)" != 0 ]; then
        die "These Debian packages are missing: $missing
    Have them installed with:

        sudo apt-get update && sudo apt-get install -y --no-install-recommends $missing

    and run this command again."
    fi
    command -v apt-get >/dev/null || die "This machine has no apt-get. Install by hand: $missing"
    say "installing: $missing"
    export DEBIAN_FRONTEND=noninteractive
    need "apt-get update failed." apt-get update
    # shellcheck disable=SC2086
    need "apt-get could not install: $missing" without_services \
        apt-get install -y --no-install-recommends -o Dpkg::Options::=--force-confold $missing
    missing=$(missing_packages "$@")
    [ -z "${missing// /}" ] || die "Still missing after the installation: $missing"
}
