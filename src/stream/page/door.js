// SPDX-License-Identifier: GPL-3.0-or-later
// Brings the key of the address, once, and goes on to the page that it opens. The key stands behind the #, so the
// browser itself sends it nowhere, and it is taken out of the address line before anything else happens.
'use strict';

const key = location.hash.slice(1);
history.replaceState(null, '', '/');

function show(id) {
  for (const paragraph of document.querySelectorAll('main p[id]')) paragraph.hidden = paragraph.id !== id;
}

async function enter() {
  show('opening');
  let answer;
  try {
    answer = await fetch('/enter', {method: 'POST', headers: {Authorization: 'Bearer ' + key}, credentials: 'same-origin'});
  } catch {
    return show('away');
  }
  if (answer.ok) return location.replace((await answer.text()).trim());
  show(answer.status === 410 ? 'used' : 'wrong');
}

if (key) enter();
