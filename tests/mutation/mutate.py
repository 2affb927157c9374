#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Breaks the signal engine on purpose, one place at a time, and tells which tests notice.

    tests/mutation/mutate.py [--only WORD] [--list]

Each mutation swaps one threshold, index or window in a copy of a source file, links the tests of its room with it (and,
where none of them fails, the accuracy table of recordings, if these are there) and runs them. A line a mutation: who
noticed, or that it survives; the end is 1 when one does. Not part of the test run: it takes half an hour on two cores."""

import argparse
import concurrent.futures
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
FLAGS = ["-std=c11", "-O2", "-ffp-contract=off", "-D_GNU_SOURCE", f"-I{ROOT}/src", f"-I{ROOT}/tests/accuracy",
         f"-I{ROOT}/tests/signal", f'-DOB_SOURCE_DIR="{ROOT}"', f'-DOB_TEST_DATA_DEFAULT="{ROOT}/../shared/data"']
LIBS = ["-lcmocka", "-lfftw3", "-lm"]
ROOMS = ["base", "signal", "hrv", "format"]
SECONDS = 120

ECG, PPG = ["signal/test_ecg"], ["signal/test_ppg"]
LIVE = ["signal/test_rr"]
OFFLINE = ["signal/test_rr_offline", "signal/test_rr_published"]
REPORT = ["hrv/test_report", "hrv/test_edges"]
LIVE_HRV = ["hrv/test_live"]

# file, what stands there, what is put there instead, tests, table of recordings ("" for none)
MUTATIONS = [
    ("signal/ecg.c", "#define EARLY_YES 3.0f", "#define EARLY_YES -3.0f", ECG, "ecg"),
    ("signal/ecg.c", "#define EARLY_NO  -4.0f", "#define EARLY_NO  2.0f", ECG, "ecg"),
    ("signal/ecg.c", "#define LATE_YES  0.0f", "#define LATE_YES  6.0f", ECG, "ecg"),
    ("signal/ecg.c", "#define BACK_RR   1.5", "#define BACK_RR   15.0", ECG, "ecg"),
    ("signal/ecg.c", "#define SHORTEST ECG_MS(200)", "#define SHORTEST ECG_MS(500)", ECG, "ecg"),
    ("signal/ecg.c", "#define BOX_A 5", "#define BOX_A 9", ECG, "ecg"),
    ("signal/ecg.c", "sum < 0.75 * peak", "sum < 0.25 * peak", ECG, "ecg"),
    ("signal/ecg.c", "run > 40", "run > 4000", ECG, ""),
    ("signal/ecg_state.h", "#define ECG_WINDOW 20", "#define ECG_WINDOW 10", ECG, "ecg"),
    ("signal/ecg_state.h", "#define ECG_DELAY 15", "#define ECG_DELAY 5", ECG, "ecg"),
    ("signal/ecg_state.h", "#define ECG_LATE ECG_MS(168)", "#define ECG_LATE ECG_MS(68)", ECG, "ecg"),
    ("signal/ecg_shape.c", "#define RIM   12", "#define RIM   4", ECG, "ecg"),
    ("signal/ecg_shape.c", "double y0 = fabs(y[r - 1])", "double y0 = fabs(y[r])", ECG, "ecg"),
    ("signal/ecg_shape.c", "0.5 * (y0 - y2) / bend", "0.5 * (y2 - y0) / bend", ECG, "ecg"),
    ("signal/ecg_learn.c", "#define TWICE   ECG_MS(240)", "#define TWICE   ECG_MS(840)", ECG, "ecg"),
    ("signal/ecg_learn.c", "-2.07f + 0.41f", "-0.07f + 0.41f", ECG, ""),
    ("signal/ecg_learn.c", "(here - e->trust) / (float)(e->trusted + 1)", "(here - e->trust) / 1000.0f", ECG, ""),
    ("signal/ecg_traits.c", "double since = (double)(c->at - e->last_beat);",
     "double since = (double)(c->at - e->last_but_one);", ECG, "ecg"),
    ("signal/ecg_rate.c", "2.4", "1.0", ECG, "ecg"),
    ("signal/grid.c", "(double)g->missing_run > 0.04 * g->fs_hz", "(double)g->missing_run > 40.0 * g->fs_hz", ECG, ""),
    ("signal/grid.c", "0.5 * (y[2] - y[0])", "0.5 * (y[2] - y[1])", ECG, "ecg"),
    ("signal/ppg.c", "#define SHORTEST     MS(320)", "#define SHORTEST     MS(120)", PPG, "ppg"),
    ("signal/ppg.c", "#define WEAK_QUALITY 0.4f", "#define WEAK_QUALITY 0.9f", PPG, "ppg"),
    ("signal/ppg.c", "#define SLOPE_DELAY 6", "#define SLOPE_DELAY 12", PPG, ""),
    ("signal/ppg.c", "return 0.75 - 0.4 * phase;", "return 0.1;", PPG, "ppg"),
    ("signal/ppg.c", "#define LEVEL_RANK   0.7", "#define LEVEL_RANK   0.0", PPG, "ppg"),
    ("signal/ppg.c", "- 1.5 * fall -", "- 0.0 * fall -", PPG, "ppg"),
    ("signal/ppg.c", "- 2.2 * ob_clamp(-time, 0.0, 1.0)", "- 0.0 * ob_clamp(-time, 0.0, 1.0)", PPG, "ppg"),
    ("signal/ppg.c", "lean * p->sign < -0.1", "lean * p->sign < -1.1", PPG, "ppg"),
    ("signal/ppg.c", "foot -= ob_clamp((v - lowest) / (y1 / LAG), 0.0, 25.0);", "foot -= 0.0;", PPG, "ppg"),
    ("signal/rr.c", "#define BREATH      14", "#define BREATH      4", LIVE, "rr"),
    ("signal/rr.c", "#define LONG_SHARE  1.45", "#define LONG_SHARE  1.05", LIVE, "rr"),
    ("signal/rr.c", "#define PAIR_SHARE  0.15", "#define PAIR_SHARE  0.45", LIVE, "rr"),
    ("signal/rr.c", "ob_clamp(2.6 * usual, floor_ms,", "ob_clamp(0.6 * usual, floor_ms,", LIVE, "rr"),
    ("signal/rr.c", "0.18 * outlook.level_ms", "0.58 * outlook.level_ms", LIVE, "rr"),
    ("signal/rr.c", "a > 1.6 * outlook->last_ms", "a > 2.6 * outlook->last_ms", LIVE, "rr"),
    ("signal/rr.c", "fmax(a, b) < 0.9 * outlook->last_ms", "fmax(a, b) < 0.4 * outlook->last_ms", LIVE, "rr"),
    ("signal/rr.c", "history[count - 2] : outlook.last_ms", "history[count - 1] : outlook.last_ms", LIVE, "rr"),
    ("signal/rr.c", "causal->since_pair < 4", "causal->since_pair < 0", LIVE, "rr"),
    ("signal/rr.c", "causal->doubtful >= 6", "causal->doubtful >= 600", LIVE, "rr"),
    ("signal/rr_offline.c", "#define AROUND      45", "#define AROUND      5", OFFLINE, "rr"),
    ("signal/rr_offline.c", "#define AROUND_MED  5", "#define AROUND_MED  0", OFFLINE, "rr"),
    ("signal/rr_offline.c", "#define C1          0.13", "#define C1          0.93", OFFLINE, "rr"),
    ("signal/rr_offline.c", "#define C2          0.17", "#define C2          1.17", OFFLINE, "rr"),
    ("signal/rr_offline.c", "return 5.2 * 0.5", "return 5.2 * 5.0", OFFLINE, "rr"),
    ("signal/rr_offline.c", "window_rank(window, 0.75)", "window_rank(window, 0.55)", OFFLINE, "rr"),
    ("signal/rr_offline.c", "rr[i] - rr[i - 1];", "rr[i] - rr[i];", OFFLINE, "rr"),
    ("signal/rr_offline.c", "off < 0.0 ? 2.0 * off : off", "off", OFFLINE, "rr"),
    ("signal/rr_offline.c", "0.5 * run->rr[i] - run->median[i]", "run->rr[i] - run->median[i]", OFFLINE, "rr"),
    ("signal/rr_offline.c", "swollen = run->th1[i] >=", "swollen = run->th1[i] < 0.0 *", OFFLINE, "rr"),
    ("signal/rr_offline.c", "double most = 0.7 *", "double most = 7.0 *", OFFLINE, "rr"),
    ("hrv/psd.c", "double share = before / (before + after);", "double share = after / (before + after);", REPORT, ""),
    ("hrv/psd.c", "6.0 * bend", "3.0 * bend", REPORT, ""),
    ("hrv/psd.c", "from_s += 0.5 * OB_PSD_SEGMENT_S", "from_s += OB_PSD_SEGMENT_S", REPORT, ""),
    ("hrv/psd.c", "    detrend(NULL, psd->in, count);\n", "", REPORT, ""),
    ("hrv/psd.c", "0.5 - 0.5 * cos(", "0.54 - 0.46 * cos(", REPORT, ""),
    ("hrv/psd.c", "double scale = 2.0 / (OB_PSD_FS_HZ", "double scale = 1.0 / (OB_PSD_FS_HZ", REPORT, ""),
    ("hrv/psd.c", "detrend(t, v, count);", "detrend(NULL, v, count);", REPORT, ""),
    ("hrv/psd.c", "double shift = 0.5 * atan2", "double shift = 1.0 * atan2", REPORT, ""),
    ("hrv/psd.c", "2.0 * seconds / (double)count", "2.0 * seconds / (double)(count + 3)", REPORT, ""),
    ("hrv/psd.c", "middle = 0.5 * (from + to) / step_hz", "middle = from / step_hz", REPORT, ""),
    ("hrv/psd.c", "0.5 * (left - right) / bend", "0.5 * (right - left) / bend", REPORT, ""),
    ("hrv/psd.c", "#define VLF_LEAST_S     270.0", "#define VLF_LEAST_S     170.0", REPORT, ""),
    ("hrv/psd.c", "#define RESP_HALF_HZ    0.03", "#define RESP_HALF_HZ    0.04", REPORT, ""),
    ("hrv/nonlinear.c", "fabs(nn[j + 1].nn_ms - second) > r", "fabs(nn[j + 1].nn_ms - second) > 2.0 * r", REPORT, ""),
    ("hrv/nonlinear.c", "#define LENGTH        2", "#define LENGTH        3", REPORT, ""),
    ("hrv/nonlinear.c", "0.2 * sqrt(squares / (double)(count - 1))", "0.25 * sqrt(squares / (double)(count - 1))", REPORT,
     ""),
    ("hrv/nonlinear.c", "tilt += y * ((double)k - middle)", "tilt += y * (double)k", REPORT, ""),
    ("hrv/nonlinear.c", "alpha(list, profile, 4, 16)", "alpha(list, profile, 4, 11)", REPORT, ""),
    ("hrv/nonlinear.c", "alpha(list, profile, 16, 64)", "alpha(list, profile, 16, 63)", REPORT, ""),
    ("hrv/time_domain.c", "fabs(step) > 50.0", "fabs(step) > 49.0", REPORT, ""),
    ("hrv/time_domain.c", "sqrt(squares / (double)(count - 1))", "sqrt(squares / (double)count)", REPORT, ""),
    ("hrv/time_domain.c", "2.0 * squares / (double)(count - 1) - 0.5", "2.0 * squares / (double)(count - 1) - 1.0", REPORT,
     ""),
    ("hrv/spectrum.c", "peak_hz(spectrum, 0.04, 0.26)", "peak_hz(spectrum, 0.08, 0.26)", LIVE_HRV, ""),
    ("hrv/spectrum.c", "r.peak_hz + 0.015", "r.peak_hz + 0.15", LIVE_HRV, ""),
    ("hrv/spectrum.c", "3.0 * (b - c) + d - a", "3.0 * (c - b) + d - a", LIVE_HRV, ""),
    ("hrv/spectrum.c", "ob_clamp(0.5 * (a - c) / bend", "ob_clamp(0.5 * (c - a) / bend", LIVE_HRV, ""),
    ("hrv/spectrum.c", "- mean - slope * (i - middle)", "- mean", LIVE_HRV, ""),
    ("hrv/spectrum.c", "power_between(spectrum, 0.01, 0.40)", "power_between(spectrum, 0.10, 0.40)", LIVE_HRV, ""),
    ("hrv/spectrum.c", "span_s < 30.0", "span_s < 3.0", LIVE_HRV, ""),
    ("hrv/series.c", "(series->count - 1 - back)", "(series->count - back)", LIVE_HRV, ""),
    ("hrv/series.c", "sum += d * d;", "sum += fabs(d);", LIVE_HRV, ""),
    ("hrv/series.c", "pairs < 10", "pairs < 1", LIVE_HRV, ""),
    ("hrv/rsa.c", "0.7 * length_ms", "0.1 * length_ms", LIVE_HRV, ""),
    ("hrv/rsa.c", "60000.0 / shortest - 60000.0 / longest", "60000.0 / shortest - 60000.0 / shortest", LIVE_HRV, ""),
]


def run(command, **options):
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False, **options)


def compile_to(source, target):
    done = run(["cc", *FLAGS, "-c", str(source), "-o", str(target)])
    if done.returncode:
        sys.exit(f"{source} cannot be compiled:\n{done.stderr}")


def programs():
    """Every program: what it is linked from besides the rooms."""
    names = {name for m in MUTATIONS for name in m[3]}
    found = {name: [f"{name}.c"] for name in names}
    for table in ("ecg", "ppg", "rr"):
        found[f"accuracy/{table}"] = [f"accuracy/{f}.c" for f in (table, "wave", "score")]
    found["accuracy/ppg"].append("accuracy/motion.c")
    return found


def build_all(folder):
    jobs = []
    for room in ROOMS:
        jobs += [(path, folder / f"{room}.{path.stem}.o") for path in sorted((ROOT / "src" / room).glob("*.c"))]
    for sources in programs().values():
        jobs += [(ROOT / "tests" / s, folder / ("tests." + s.replace("/", ".") + ".o")) for s in sources]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda job: compile_to(*job), dict.fromkeys(jobs)))


def notices(name, folder, changed):
    """Whether the program fails with the changed objects in their places."""
    objects = [changed.get(o.name, o) for r in ROOMS for o in sorted(folder.glob(f"{r}.*.o"))]
    tests = [folder / ("tests." + s.replace("/", ".") + ".o") for s in programs()[name]]
    done = run(["cc", "-o", str(folder / "program"), *map(str, tests), *map(str, objects), *LIBS])
    if done.returncode:
        sys.exit(f"{name} cannot be linked:\n{done.stderr}")
    try:
        return run([str(folder / "program")], timeout=SECONDS).returncode not in (0, 77)
    except subprocess.TimeoutExpired:
        return True


def mutate(file, old, new, folder):
    """The objects that change, by name."""
    text = (ROOT / "src" / file).read_text()
    if old not in text:
        sys.exit(f"{file}: nothing reads '{old}' any more")
    tree = folder / "src"
    shutil.rmtree(tree, ignore_errors=True)
    shutil.copytree(ROOT / "src" / file.split("/", maxsplit=1)[0], tree / file.split("/", maxsplit=1)[0])
    (tree / file).write_text(text.replace(old, new, 1))
    changed = {}
    name = pathlib.Path(file).name
    for path in (tree / file).parent.glob("*.c"):
        if path.name == name or (name.endswith(".h") and f'/{name}"' in path.read_text()):
            target = folder / f"changed.{path.stem}.o"
            done = run(["cc", f"-I{tree}", *FLAGS, "-c", str(path), "-o", str(target)])
            if done.returncode:
                sys.exit(f"{file}: '{new}' cannot be compiled:\n{done.stderr}")
            changed[f"{path.parent.name}.{path.stem}.o"] = target
    return changed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="only those whose line has this word in it")
    parser.add_argument("--list", action="store_true", help="show them, change nothing")
    options = parser.parse_args()
    chosen = [m for m in MUTATIONS if options.only in f"{m[0]} {m[1]} {m[2]}"]
    if options.list:
        print("\n".join(f"{m[0]}: {m[1].strip()} -> {m[2].strip()}" for m in chosen))
        return 0
    survivors = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        os.environ["TMPDIR"] = name
        build_all(folder)
        for test in sorted(programs()):
            if not test.startswith("accuracy/") and notices(test, folder, {}):
                sys.exit(f"{test} fails without any change")
        for file, old, new, tests, table in chosen:
            changed = mutate(file, old, new, folder)
            todo = tests + ([f"accuracy/{table}"] if table else [])
            killer = next((t for t in todo if notices(t, folder, changed)), None)
            print(f"{killer or 'SURVIVES':28} {file}: {old.strip()} -> {new.strip()}", flush=True)
            survivors += not killer
    print(f"{len(chosen)} mutations, {survivors} survive")
    return survivors > 0


if __name__ == "__main__":
    sys.exit(main())
