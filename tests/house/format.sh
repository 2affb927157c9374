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
if found=$(find src tests -name '*.[ch]' -exec "$tool" --style=file --dry-run --Werror {} + 2>&1); then
    echo "format: as clang-format $wanted leaves it"
else
    printf '%s\n' "$found" | sed -n 's/^\([^:]*\):.*clang-format-violations.*/format: clang-format -i \1/p' | sort -u
    exit 1
fi
