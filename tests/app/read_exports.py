# SPDX-License-Identifier: GPL-3.0-or-later
"""read_exports.py SESSION.json SESSION.edf SESSION.rr.txt SESSION.csv [PRV] [simulated]

Reads the exports of one session with nothing but Python's standard library, by the specifications of EDF+ (and not by
anything of Outbreath's), and wants the same beats in all of them: exactly to the resolution of each form. Where
BioSig's save2gdf (Debian's biosig-tools), pyEDFlib or MNE are installed, they have to find the same beats too."""
import csv
import datetime
import json
import math
import shutil
import struct
import subprocess
import sys
from decimal import Decimal


def fail(sentence):
    print(sentence)
    sys.exit(1)


def read_edf(path):
    """Header and annotations of an EDF+C file: {name: ...}, [(onset as Decimal, text)]."""
    with open(path, "rb") as file:
        data = file.read()
    text = data[:256].decode("ascii")
    header = {"version": text[0:8], "patient": text[8:88], "recording": text[88:168], "bytes": int(text[184:192]),
              "kind": text[192:197], "records": int(text[236:244]), "record_s": Decimal(text[244:252].strip()),
              "signals": int(text[252:256])}
    n = header["signals"]
    if header["bytes"] != 256 * (n + 1) or header["kind"] != "EDF+C":
        fail("the header is not that of an EDF+C file")
    fields = data[256:header["bytes"]].decode("ascii")

    def column(before, width):
        at = before * n
        return [fields[at + width * i:at + width * (i + 1)].strip() for i in range(n)]

    labels, samples = column(0, 16), [int(x) for x in column(216, 8)]
    low, high = [float(x) for x in column(104, 8)], [float(x) for x in column(112, 8)]
    step_low, step_high = [int(x) for x in column(120, 8)], [int(x) for x in column(128, 8)]
    record_bytes = 2 * sum(samples)
    if len(data) != header["bytes"] + header["records"] * record_bytes:
        fail("the file's length is not what its header says")
    notes, rr = [], []
    for r in range(header["records"]):
        at = header["bytes"] + r * record_bytes
        first = True
        for i in range(n):
            block = data[at:at + 2 * samples[i]]
            at += 2 * samples[i]
            if labels[i] == "EDF Annotations":
                for tal in block.split(b"\0"):
                    if not tal:
                        continue
                    parts = tal.split(b"\x14")
                    onset = Decimal(parts[0].split(b"\x15")[0].decode("ascii"))
                    if parts[-1] != b"":
                        fail(f"an annotation of record {r} has no end")
                    if first:
                        if parts[1] != b"" or onset != r * header["record_s"]:
                            fail(f"record {r} does not say when it begins")
                        first = False
                        parts = parts[1:]
                    notes += [(onset, word.decode("utf-8")) for word in parts[1:-1] if word]
            elif labels[i] == "RR":
                for step in struct.unpack(f"<{samples[i]}h", block):
                    value = low[i] + (step - step_low[i]) * (high[i] - low[i]) / (step_high[i] - step_low[i])
                    rr.append(None if step == step_low[i] else value)
    header["labels"] = labels
    return header, notes, rr


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        session = json.load(file)
    label = "PRV" if "PRV" in sys.argv[5:] else "HRV"
    simulated = "simulated" in sys.argv[5:]
    beats = session["beats"]
    if session["label"] != label or session["simulated"] != simulated or not beats:
        fail(f"the session is called {session['label']}, simulated {session['simulated']}, with {len(beats)} beats")

    header, notes, rr = read_edf(sys.argv[2])
    if label not in header["recording"] or ("simulated person" in header["recording"]) != simulated:
        fail(f"EDF+: the recording is called {header['recording']!r}")
    word = "pulse" if label == "PRV" else "beat"
    shift = next((onset for onset, text in notes if text == "session begins"), Decimal(0))
    found = [(onset - shift, text) for onset, text in notes if text.split(" ")[0] == word]
    if len(found) != len(beats):
        fail(f"EDF+: {len(found)} of {len(beats)} beats")
    for (onset, text), beat in zip(found, beats):
        exact = Decimal(beat["time_ns"]).scaleb(-9)
        flag = text.split(" ")[1] if " " in text else "normal"
        if abs(onset - exact) > Decimal("0.00005") or flag != beat["flag"]:
            fail(f"EDF+: a beat at {onset} ({flag}) is one at {exact} ({beat['flag']})")
    for i, value in enumerate(rr):
        at_ns = i * 250_000_000 - int(shift * 10**9)
        beat = next((b for b in beats if b["time_ns"] >= at_ns), None)
        inside = beat is not None and at_ns >= beat["time_ns"] - beat["rr_ms"] * 1e6 + 1000
        if inside and (value is None or abs(value - beat["rr_ms"]) > 4096 / 65535):
            fail(f"EDF+: RR is {value} within an interval of {beat['rr_ms']} ms")
        if value is not None and beat is None:
            fail("EDF+: there is an RR interval behind the last beat")

    with open(sys.argv[3], encoding="ascii") as file:
        lines = [line.strip() for line in file]
    comments = [line for line in lines if line.startswith("#")]
    if any("simulated" in c for c in comments) != simulated or any("PRV" in c for c in comments) != (label == "PRV"):
        fail(f"RR text: {comments}")
    intervals = [float(line) for line in lines if not line.startswith("#")]
    if not any(b["flag"] == "gap" for b in beats):
        if len(intervals) != len(beats):
            fail(f"RR text: {len(intervals)} intervals of {len(beats)}")
        for interval, beat in zip(intervals, beats):
            if abs(interval - beat["rr_ms"]) > 0.0005001:
                fail(f"RR text: {interval} instead of {beat['rr_ms']} ms")
    whole = (beats[-1]["time_ns"] - beats[0]["time_ns"]) * 1e-6 + beats[0]["rr_ms"]
    if abs(sum(intervals) - whole) > 50.0 * (1 + sum(b["flag"] == "gap" for b in beats)) + 0.001 * len(beats):
        fail(f"RR text: {sum(intervals)} ms in all instead of {whole}")

    with open(sys.argv[4], encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    if len(rows) != len(beats):
        fail(f"CSV: {len(rows)} of {len(beats)} beats")
    for row, beat in zip(rows, beats):
        if (Decimal(row["time_s"]).scaleb(9) != beat["time_ns"] or float(row["rr_ms"]) != beat["rr_ms"] or
                (float(row["nn_ms"]) if row["nn_ms"] else None) != beat["nn_ms"] or row["flag"] != beat["flag"] or
                row["label"] != label or row["simulated"] != str(int(simulated))):
            fail(f"CSV: {row} is not {beat}")

    others = []
    try:
        import pyedflib
        with pyedflib.EdfReader(sys.argv[2]) as reader:
            onsets, _, texts = reader.readAnnotations()
        others.append(("pyEDFlib", sorted(float(o) for o, t in zip(onsets, texts) if t.split(" ")[0] == word), 1e-6))
    except ImportError:
        pass
    try:
        import mne
        raw = mne.io.read_raw_edf(sys.argv[2], verbose="error")
        others.append(("MNE", sorted(float(a["onset"]) for a in raw.annotations
                                     if a["description"].split(" ")[0] == word), 1e-6))
    except ImportError:
        pass
    if shutil.which("save2gdf"):
        said = subprocess.run(["save2gdf", "-JSON", sys.argv[2]], capture_output=True, check=True, text=True).stdout
        tree = json.loads(said[said.index("{"):])
        start = datetime.datetime.fromisoformat(tree["StartOfRecording"])
        # its clock has steps of a 2^32nd of a day
        others.append(("BioSig", sorted(
            (datetime.datetime.fromisoformat(e["TimeStamp"]) - start).total_seconds()
            for e in tree["EVENT"] if e.get("Description", "").split(" ")[0] == word), 1e-4))
    for name, onsets, tolerance in others:
        ours = sorted(float(onset + shift) for onset, _ in found)
        if len(onsets) != len(ours) or any(not math.isclose(a, b, abs_tol=tolerance) for a, b in zip(onsets, ours)):
            fail(f"{name}: {len(onsets)} beats, and not those of the standard library")
    print(f"{len(beats)} beats, the same in JSON, EDF+, RR text and CSV; read too by: "
          f"{', '.join(name for name, _, _ in others) or 'nobody else (neither BioSig, pyEDFlib nor MNE is installed)'}")


main()
