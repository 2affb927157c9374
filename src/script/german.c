/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "script/script.h"

#include <string.h>

static const struct {
    const char *english, *german;
} pairs[] = {
    {"Welcome. Sit or lie as is easy for you.", "Willkommen. Setz oder leg dich hin, wie es für dich bequem ist."},
    {"Breathe easily, not deep, through the nose.", "Atme leicht, nicht tief, durch die Nase."},
    {"Sit easily and breathe as you always do. The guidance comes in a while.",
     "Setz dich bequem hin und atme wie immer. Die Führung kommt nach einer Weile."},
    {"Now let the breath follow the sound, easily.", "Lass den Atem nun leicht dem Klang folgen."},
    {"Breathe in as the sound rises.", "Einatmen, wenn der Klang steigt."},
    {"And out as it falls.", "Und aus, wenn er fällt."},
    {"Breathing in.", "Einatmen."},
    {"Breathing out.", "Ausatmen."},
    {"Hold, softly.", "Sanft halten."},
    {"And rest.", "Und ruhen."},
    {"Go on like this, in your own way. There is nothing to reach.",
     "Mach so weiter, auf deine Weise. Es gibt nichts zu erreichen."},
    {"A few more breaths like this.", "Noch ein paar Atemzüge so."},
    {"Let the guidance go, and breathe as you always do.", "Lass die Führung los und atme wie immer."},
    {"Just breathe, as it comes.", "Atme einfach, wie es kommt."},
    {"Breathe as you like, softly, sitting or lying. It passes.",
     "Atme, wie du magst, sanft, im Sitzen oder Liegen. Es geht vorbei."},
    {"Thank you. Take your time.", "Danke. Lass dir Zeit."},

    {"Breathe in as the tide comes, out as it goes. Easy, not deep, through the nose.",
     "Atme ein, wenn die Flut kommt, und aus, wenn sie geht. Leicht, nicht tief, durch die Nase."},
    {"Breathe as you always do. Two quiet minutes to look at the difference.",
     "Atme wie immer. Zwei stille Minuten, um den Unterschied anzusehen."},
    {"In, hold, out, hold, four seconds each. Easy, not deep, through the nose.",
     "Ein, halten, aus, halten, je vier Sekunden. Leicht, nicht tief, durch die Nase."},
    {"In for four, hold for seven, out for eight. Softly, through the nose.",
     "Vier Sekunden ein, sieben halten, acht aus. Sanft, durch die Nase."},
    {"Whenever holding is unpleasant, leave it, and breathe as you like.",
     "Wenn das Halten unangenehm ist, lass es sein und atme, wie du magst."},
    {"Sit easily and breathe as you always do. Guidance begins in two minutes.",
     "Setz dich bequem hin und atme wie immer. Die Führung beginnt in zwei Minuten."},
    {"Sit easily and breathe as you always do. The first pace comes in five minutes.",
     "Setz dich bequem hin und atme wie immer. Das erste Tempo kommt in fünf Minuten."},
    {"Sit easily and breathe as you always do. The pace comes in two minutes.",
     "Setz dich bequem hin und atme wie immer. Das Tempo kommt in zwei Minuten."},

    {"Lie or sit easily. There is nothing to reach.", "Lieg oder sitz ganz bequem. Es gibt nichts zu erreichen."},
    {"Notice where the floor or the chair carries you.", "Spür, wo der Boden oder der Stuhl dich trägt."},
    {"Your feet. Warm or cool, touched or free.", "Deine Füße. Warm oder kühl, berührt oder frei."},
    {"Let the toes be.", "Lass die Zehen sein."},
    {"Your lower legs and knees. Just their weight.", "Deine Unterschenkel und Knie. Nur ihr Gewicht."},
    {"Your thighs, and where they rest.", "Deine Oberschenkel, und wo sie aufliegen."},
    {"Your back, from below upwards.", "Dein Rücken, von unten nach oben."},
    {"Where it touches, and where it does not.", "Wo er aufliegt, und wo nicht."},
    {"Your belly. It moves by itself.", "Dein Bauch. Er bewegt sich von selbst."},
    {"Your hands. Palms, fingers, the air between them.", "Deine Hände. Handflächen, Finger, die Luft dazwischen."},
    {"Your arms and shoulders. They may hang.", "Deine Arme und Schultern. Sie dürfen hängen."},
    {"Your neck.", "Dein Nacken."},
    {"Your jaw. The teeth need not touch.", "Dein Kiefer. Die Zähne müssen sich nicht berühren."},
    {"Your tongue, your cheeks, your eyes.", "Deine Zunge, deine Wangen, deine Augen."},
    {"Your forehead.", "Deine Stirn."},
    {"Your breath, where you notice it first.", "Dein Atem, wo du ihn zuerst bemerkst."},
    {"In as it comes, out as it goes.", "Ein, wie er kommt, aus, wie er geht."},
    {"All of you at once, breathing.", "Alles von dir zugleich, atmend."},
    {"Let the eyes open when they like. Move a little first.",
     "Lass die Augen aufgehen, wann sie mögen. Beweg dich vorher ein wenig."},
};

const char *ob_script_german(const char *english)
{
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (strcmp(pairs[i].english, english) == 0)
            return pairs[i].german;
    return english;
}
