#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# format.sh TREE: every C file is as clang-format leaves it. Versions differ in details, so only the one that the
# tree is formatted with decides; with another, or none, the check is skipped.
set -eu
cd "${1:?usage: format.sh TREE}"
wanted=14
for tool in clang-format-$wanted clang-format; do
    version=$("$tool" --version 2>/dev/null | sed 's/.*version \([0-9]*\).*/\1/') || version=''
    [ "$version" = $wanted ] && break
done
[ "$version" = $wanted ] || { echo "format: clang-format $wanted is not installed, skipped" && exit 77; }
failed=0
for f in $(find src tests -name '*.[ch]' | sort); do
    "$tool" --style=file --dry-run --Werror "$f" >/dev/null 2>&1 || { echo "format: $f (clang-format -i $f)" && failed=1; }
done
[ $failed = 0 ] && echo "format: as clang-format $wanted leaves it"
exit $failed
