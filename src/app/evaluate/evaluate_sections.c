/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of `outbreath evaluate`, in the order in which they are printed. */
#include "app/evaluate/evaluate.h"

const struct ob_evaluate_section ob_evaluate_sections[] = {
    {"pace", "Pace: found in ordinary practice", ob_evaluate_pace},
    {"misspecified", "Pace: persons whom the estimator does not know", ob_evaluate_misspecified},
    {"search", "Pace: found in one guided search", ob_evaluate_search},
    {"convergence", "The loop: glide and wait, by intervals alone", ob_evaluate_convergence},
    {"convergence-ecg", "The loop: glide and wait, with an ECG", ob_evaluate_convergence_ecg},
    {"settling", "The loop: no limit cycle", ob_evaluate_settling},
    {"reward", "The reward", ob_evaluate_reward},
    {"moment", "The exhale moment: the heart alone", ob_evaluate_moment},
    {"moment-belt", "The exhale moment: with a belt", ob_evaluate_moment_belt},
    {"moment-paced", "The exhale moment: paced", ob_evaluate_moment_paced},
};
const int ob_evaluate_section_count = sizeof ob_evaluate_sections / sizeof *ob_evaluate_sections;
