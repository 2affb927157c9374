#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# words.sh SOURCE: the catalogue of words is what the sources give, and every language is complete.
for tool in xgettext msgcat msgfmt; do
    command -v $tool >/dev/null || { echo "skipped: there is no $tool"; exit 77; }
done
exec "$1/po/update.sh" check
