/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people read about the settings, made from their table. Pure. */
#ifndef OB_CONFIG_PAGES_H
#define OB_CONFIG_PAGES_H

#include "config/text.h"

/* The commented default: config/outbreath.yaml, which reads back as the defaults. */
void ob_config_page_default(struct ob_text *out);

/* The tables of docs/configuration.md. */
void ob_config_page_manual(struct ob_text *out);

#endif
