#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# claims.sh TREE: no string of the program and no page for people claims what the program cannot do.
# C files: their string literals. Translations: every msgid and msgstr. Pages (manual, README, HTML and
# scripts of the console, protocols, packaging): their sentences; what stands between two tags, in one pair of
# quotes or on one line of settings is one. A sentence that denies a claim is welcome
# ("it does not diagnose"), so one with a "not", "never", "no" or "unproven" in it is left alone; in German
# "nicht", "kein", "nie" and their like.
set -eu
cd "${1:?usage: claims.sh TREE}"

pages=$(find . \( -path ./build -o -path ./.git -o -name 'outbreath-*' -o -path ./tests \) -prune -o -type f \
    \( -name '*.md' -o -name '*.1' -o -name '*.desktop' -o -name '*.metainfo.xml' -o -name '*.po' -o -name '*.html' \
    -o -name '*.js' -o -name '*.yaml' -o -name '*.svg' \) -print | sort)
sources=$(find src \( -name '*.c' -o -name '*.h' \) -print | sort)

# shellcheck disable=SC2086 # lists of names without blanks
awk '
function judge(sentence, where,   s, i) {
    s = tolower(sentence); gsub(/[ \t\n*_`>"]+/, " ", s); s = " " s " "
    if (s ~ / (not|never|no|nothing|nobody|neither|nor|without|unproven|unknown|cannot|[a-z]+n[^a-z ]+t) /) return
    if (s ~ / (nicht|kein|keine|keinen|keiner|keinem|nie|niemals|niemand|nichts|weder|ohne|unbewiesen|unbekannt) /) return
    for (i = 1; i <= claims; i++)
        if (match(s, claim[i])) {
            print "claims: " where ": \"" substr(s, RSTART, RLENGTH) "\" in:" substr(s, 1, 160); failed = 1 }
    for (i = 1; where !~ /\.md$/ && i <= words; i++)
        if (match(s, word[i])) {
            print "claims: " where ": the word \"" substr(s, RSTART, RLENGTH) "\" in:" substr(s, 1, 160); failed = 1 }
}
function flush_page(   n, i, part) {
    # What stands in another element, in other quotes or on another line of settings is another sentence.
    if (name ~ /\.(html|js|svg|xml)$/) {
        gsub(/\\\047/, "\047", page)
        gsub(/<[^>]*>|[{][{]|[}][}]/, ". ", page)
        gsub(/[^a-zA-Z]["\047`]|["\047`][^a-zA-Z]/, ". ", page)
    } else if (name ~ /\.(yaml|desktop)$/)
        gsub(/\n/, ". ", page)
    n = split(page, part, /[.!?;:]([ \n]|$)|\n[ \t]*\n|\n[ \t]*[-*|#]/)
    for (i = 1; i <= n; i++) if (part[i] != "") judge(part[i], name)
    page = ""
}
function flush_literal(   n, i, part) {
    gsub(/\\n/, "\n", literal)
    n = split(literal, part, /[.!?;:]([ \n]|$)/)
    for (i = 1; i <= n; i++) if (part[i] != "") judge(part[i], name ":" FNR)
    literal = ""
}
BEGIN {
    w = "[^a-z]"
    claim[++claims] = w "(diagnos(e|es|ed|ing|is|tic|tics))" w
    claim[++claims] = w "(heal|heals|healed|healing|cure|cures|cured|curing)" w
    claim[++claims] = w "treats" w
    claim[++claims] = w "treat(ing)? (your |a |an |the |of )?(anxiety|depression|stress|insomnia|disease|illness|pain|hypertension|asthma|trauma|ptsd|condition|symptom|patient)"
    claim[++claims] = "vagal (tone|activity|strength)|vagus nerve"
    claim[++claims] = "parasympathetic"
    claim[++claims] = "(sympatho-?vagal|autonomic) balance"
    claim[++claims] = "(clinically|scientifically|medically) (proven|tested|validated|approved|verified)"
    claim[++claims] = "medical(-| )grade|fda[- ](cleared|approved)"
    claim[++claims] = "(lower|lowers|lowering|reduce|reduces|reducing|normalise|normalises|normalize|normalizes) (your |the )?(blood pressure|hypertension|anxiety|cortisol|depression)"
    claim[++claims] = "(boost|boosts|strengthen|strengthens|improve|improves) (your |the )?(immune|heart health|health|nervous system)"
    claim[++claims] = "(prevent|prevents|preventing) (heart|disease|illness|stroke|burnout)"
    claim[++claims] = "proven to "
    claim[++claims] = w "(heilt|heilen|heilend|heilende|heilung|geheilt|kuriert|kurieren)" w
    claim[++claims] = w "diagnos(en|tiziert|tizieren|tisch|tische)" w
    claim[++claims] = "(behandelt|behandeln|therapiert|lindert|lindern) ([a-z]+ )?(angst|depression|stress|schlaflosigkeit|krankheit|schmerz|bluthochdruck|asthma|trauma|beschwerden|symptom)"
    claim[++claims] = "vagustonus|vagusnerv|vagale[rns]? (tonus|aktivit)|parasympathi"
    claim[++claims] = "(klinisch|wissenschaftlich|medizinisch) (bewiesen|erwiesen|getestet|gepr|validiert|best|zugelassen)"
    claim[++claims] = "(senkt|senken|reduziert|reduzieren|normalisiert) ([a-z]+ )?(blutdruck|bluthochdruck|cortisol|kortisol|angst)"
    claim[++claims] = "(st..?rkt|verbessert|steigert) ([a-z]+ )?(immun|herzgesundheit|gesundheit|nervensystem)"
    claim[++claims] = "nachweislich"
    # Words that are not for people: what was seen is no test of anybody.
    word[++words] = w "(assessment|test result|evidence)s?" w
    word[++words] = w "(testergebnis|befund|nachweis)(se|e)?" w
}
FNR == 1 { if (page != "") flush_page(); if (literal != "") flush_literal(); name = FILENAME; is_c = name ~ /\.[ch]$/; is_po = name ~ /\.po$/; in_comment = 0; literal = "" }
is_po {
    if ($0 ~ /^#/) next
    line = $0
    if (sub(/^msg(id|id_plural|str|ctxt)(\[[0-9]+\])?[ \t]*/, "", line)) flush_page()
    gsub(/"/, "", line); gsub(/\\n/, "\n", line)
    page = page line
    next
}
!is_c { page = page $0 "\n"; next }
is_c {
    if ($0 ~ /^[ \t]*#[ \t]*include/) next
    rest = $0
    while (rest != "") {
        if (in_comment) {
            if (!match(rest, /\*\//)) break
            rest = substr(rest, RSTART + 2); in_comment = 0; continue
        }
        if (!match(rest, /\/\*|\/\/|"|\047/)) {
            if (rest ~ /[^ \t]/ && literal != "") { flush_literal() }
            break
        }
        before = substr(rest, 1, RSTART - 1); token = substr(rest, RSTART, RLENGTH); rest = substr(rest, RSTART + RLENGTH)
        # Neighbouring literals are one string for the compiler and for us.
        if (before ~ /[^ \t]/ && literal != "") { flush_literal() }
        if (token == "//") break
        if (token == "/*") { in_comment = 1; continue }
        if (token == "\047") { if (match(rest, /^(\\.[^\047]*|[^\047\\])\047/)) rest = substr(rest, RLENGTH + 1); continue }
        if (!match(rest, /^([^"\\]|\\.)*"/)) break
        literal = literal substr(rest, 1, RLENGTH - 1); rest = substr(rest, RLENGTH + 1)
    }
}
END {
    if (page != "") flush_page()
    if (failed) exit 1
    print "claims: nothing is promised that is not ours to promise"
}' $pages $sources
