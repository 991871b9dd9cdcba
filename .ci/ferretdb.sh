#!/bin/sh
# Builds FerretDB, a server that speaks MongoDB's wire protocol over SQLite, once into .cache/ferretdb, for the
# suites that need a MongoDB over a real socket. Needs Go; does nothing when the binary is there. Sets no GOFLAGS
# and no GOPROXY: the machine's own are right.
set -eu

version=v1.24.2
build="$version, one writer at a time"
root=$(cd "$(dirname "$0")/.." && pwd)
target="$root/.cache/ferretdb"

if [ -x "$target/ferretdb" ] && [ "$(cat "$target/version" 2>/dev/null)" = "$build" ]; then
  echo "ferretdb $build: $target/ferretdb"
  exit 0
fi
if ! command -v go >/dev/null 2>&1; then
  echo "ferretdb: Go is not on this machine, so the MongoDB suites cannot have their server." >&2
  echo "ferretdb: install Go (https://go.dev/dl), or set MONGODB_TEST_URI to a MongoDB of yours." >&2
  exit 1
fi

started=$(date +%s)
module="github.com/FerretDB/FerretDB@$version"
source=$(mktemp -d)
trap 'rm -rf "$source"' EXIT INT TERM
cd "$source"
echo "ferretdb $version: fetching and building, about two minutes the first time"
go mod download -json "$module" >download.json || { cat download.json >&2; exit 1; }
from=$(sed -n 's/.*"Dir": "\(.*\)".*/\1/p' download.json)

# Its module lacks the generated version file without which the program refuses to start, so the build needs a
# copy that can be written to. Built as its own main module, it takes its dependencies from its own go.sum.
cp -R "$from" src
chmod -R u+w src
cd src
printf '%s\n' "$version" >build/version/version.txt

# This version looks for what an update's filter matches and then writes by _id alone: of two updates with the same
# filter both succeed. MongoDB promises that one does, and the store stands on that promise, so the test server is
# given it: updates, deletes and findAndModify wait for each other.
cat >internal/handler/one_writer.go <<'GO'
package handler

import "sync"

var oneWriter sync.Mutex
GO
for command in Update Delete FindAndModify; do
  file=internal/handler/msg_$(echo "$command" | tr 'A-Z' 'a-z').go
  sed -i.orig "/^func (h \*Handler) Msg$command(/a\\
	oneWriter.Lock()\\
	defer oneWriter.Unlock()
" "$file"
  grep -q 'oneWriter.Lock' "$file" || { echo "ferretdb: could not change $file" >&2; exit 1; }
  rm "$file.orig"
done
go build -o "$source/ferretdb" ./cmd/ferretdb 2>"$source/build.log" || { cat "$source/build.log" >&2; exit 1; }

mkdir -p "$target"
mv "$source/ferretdb" "$target/ferretdb"
printf '%s\n' "$build" >"$target/version"
echo "ferretdb $build: built in $(($(date +%s) - started)) s: $target/ferretdb"
