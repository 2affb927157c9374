/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the heart's answer to breathing depends on the rate of breathing: the template that the pace's posterior looks
 * for.
 *
 * H(s) = (1 - rho) / (1 + s / w_v) + rho (w0 / Q) s / (s^2 + (w0 / Q) s + w0^2), w_v = 2 pi 0.12, w0 = 2 pi rate / 60:
 * a low-pass beside a resonance at the person's rate (after Hirsch & Bishop 1981,
 * doi:10.1152/ajpheart.1981.241.4.H620, for the corner; Vaschillo et al. 2002, doi:10.1023/A:1014587304314, for the
 * resonance). rho says how much of the answer resonates, Q how sharply. Pure; any thread. */
#ifndef OB_BREATH_RESONANCE_H
#define OB_BREATH_RESONANCE_H

struct ob_resonance {
    double rate_brpm; /* of the resonance */
    double rho;       /* 0-1 */
    double q;
};

/* |H| squared at a breathing rate. */
double ob_resonance_gain2(const struct ob_resonance *resonance, double brpm);

/* How much less the heart answers one breath a minute beside its resonance, as a difference of ln |H|: 0 is flat, 0.06
 * is 6%, 0.2 is sharp. */
double ob_resonance_sharpness(const struct ob_resonance *resonance);

#endif
