#!/bin/sh
# A relay in shell, over websocat: device.sh <address of the hub's device socket> <token>
set -eu
pipe=$(mktemp -u)
mkfifo "$pipe"
trap 'rm -f "$pipe"' EXIT
websocat -H="Authorization: Bearer $2" "$1" <"$pipe" | {
  exec 3>"$pipe"
  echo '{"type":"telemetry","data":{"power":4.5}}' >&3
  while read -r frame; do
    echo "$frame"
    case $frame in
    *'"type":"command"'*)
      id=$(expr "$frame" : '.*"id":"\([^"]*\)"')
      on=$(expr "$frame" : '.*"on":\([a-z]*\)')
      echo "{\"type\":\"received\",\"id\":\"$id\"}" >&3
      echo "{\"type\":\"state\",\"reported\":{\"on\":$on}}" >&3
      echo "{\"type\":\"result\",\"id\":\"$id\",\"ok\":true}" >&3
      ;;
    esac
  done
}
