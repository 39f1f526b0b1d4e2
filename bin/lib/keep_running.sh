#!/usr/bin/env bash
# Run a command again whenever it ends; end it when asked to. Usage: keep_running.sh COMMAND...
umask 077
child=""
trap 'trap - TERM INT; [ -z "$child" ] || kill -TERM "$child" 2>/dev/null; wait "$child" 2>/dev/null; exit 0' TERM INT
pause=1
while :; do
    begun=$SECONDS
    "$@" &
    child=$!
    wait "$child"
    echo "$(date '+%F %T') $1 ended with code $?; starting it again in $pause s" >&2
    sleep "$pause" &
    wait $!
    # Longer pauses for what fails at once, short ones for what had been running.
    if [ $((SECONDS - begun)) -gt 60 ]; then pause=1; elif [ "$pause" -lt 30 ]; then pause=$((pause * 2)); fi
done
