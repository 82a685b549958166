#!/bin/sh
# Begins a run and returns; collects it later. No process has to stay while the jobs work.
#
#   0 2 * * *      cd /srv/reviews && ./nightly.sh begin
#   */15 * * * *   cd /srv/reviews && ./nightly.sh collect
set -eu
flags=${HALFPRICE_FLAGS:-}

# Exit code 5 says that jobs are still under way.
unless_running() {
  code=0
  "$@" || code=$?
  [ "$code" -eq 0 ] || [ "$code" -eq 5 ]
}

case "${1:-}" in
begin)
  name=nightly-$(date +%F)
  # shellcheck disable=SC2086
  unless_running halfprice run reviews.csv --prompt "Sentiment of this review, in one word: {{text}}" --model nova-lite \
    --name "$name" --max-cost 5 --detach --yes -o "$name.csv" $flags
  echo "$name" > running
  ;;
collect)
  [ -f running ] || exit 0
  name=$(cat running)
  # shellcheck disable=SC2086
  unless_running halfprice collect "$name" $flags
  [ ! -f "$name.csv" ] || rm running
  ;;
*)
  echo "usage: nightly.sh begin|collect" >&2
  exit 2
  ;;
esac
