#!/bin/sh
# Makes each NAME.bin from NAME.txtpb with Debian's protobuf-compiler, an encoder independent of ours. Run by hand when a .txtpb changes.
set -eu
cd "$(dirname "$0")"
for text in *.txtpb; do
  protoc --proto_path=.. --encode=upon.Message upon.proto <"$text" >"${text%.txtpb}.bin"
done
