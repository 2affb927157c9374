// SPDX-License-Identifier: GPL-3.0-or-later
// The console's page: shows what the program sends, sends what somebody presses. It keeps nothing of its own: a client
// who is not there any more goes with the page's whole memory, since the page is then loaded anew.
'use strict';

const $ = id => document.getElementById(id), body = document.body;
const chart = new Chart($('chart'));
let socket = null, wait = 250, sitting = 0, view = null, now = {s: 0, at: 0, stage: ''}, keys = {};
let marks = [], moments = [], holding = {}, page = null;

const LANGUAGE = document.documentElement.lang;
const STAGES = {
  'idle': '{{Not begun}}', 'unpaced before': '{{Quiet minutes before}}', 'guided': '{{Guided breathing}}',
  'natural': '{{Just breathing}}', 'paused': '{{Paused}}', 'unpaced after': '{{Quiet minutes after}}',
  'ended': '{{The session is over}}', 'unpaced': '{{Nothing leads}}',
};
const BREATHS = {in: '{{Guided breathing: in}}', out: '{{Guided breathing: out}}', rest: '{{Guided breathing: rest}}'};
const SENSORS = {
  none: '{{No sensor}}', waiting: '{{Waiting for the first beats}}', live: '', held: '{{Signal held}}',
  lost: '{{No signal}}', unfit: '',
};

// As a presenter's and a pedal's keys are called on the things themselves.
const KEYS = {PageDown: 'Page ↓', PageUp: 'Page ↑'};

// A sentence with what it speaks of in the place of each %s.
function fill(sentence, ...values) {
  return sentence.replace(/%s/g, () => values.shift());
}

function decimal(value, digits) {
  return value.toLocaleString(LANGUAGE, {minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: false});
}

// A mark in words, as its button has it.
function named(label) {
  return document.querySelector(`.marker[data-label="${label}"] span`)?.textContent ?? label;
}

// ---- to the program

function send(request) {
  if (!socket || socket.readyState !== WebSocket.OPEN) return false;
  socket.send(JSON.stringify(request));
  return true;
}

function mark(label, words) {
  const request = words === undefined ? {do: 'mark', label} : {do: 'mark', label, words};
  if (!send(request)) return say('{{Not marked: there is no connection to the program.}}');
  const button = document.querySelector(`.marker[data-label="${label}"]`);
  if (!button) return;
  button.classList.add('lit');
  setTimeout(() => button.classList.remove('lit'), 1200);
}

// A slider under somebody's hand is not moved by what the program still says; it is sent four times a second at most.
function slider(id, request) {
  const input = $(id);
  let timer = null, wanted = 0;
  input.addEventListener('input', () => {
    holding[id] = performance.now();
    wanted = Number(input.value);
    said(id);
    timer ??= setTimeout(() => {
      timer = null;
      send(request(wanted));
    }, 250);
  });
}

function said(id) {
  const value = Number($(id).value);
  $(id + '-said').textContent = id === 'volume' ? `${Math.round(100 * value)} %` : `${decimal(value, 1)} /min`;
}

function held(id) {
  return document.activeElement === $(id) && performance.now() - (holding[id] ?? -1e9) < 1500;
}

// ---- from the program

function say(sentence) {
  $('said').textContent = sentence;
}

function show(id, text) {
  if ($(id).textContent !== text) $(id).textContent = text;
}

function press(id, on) {
  $(id).setAttribute('aria-pressed', String(on));
}

function choose(id, choices, chosen) {
  const select = $(id), drawn = JSON.stringify(choices);
  if (select.dataset.drawn !== drawn) {
    select.dataset.drawn = drawn;
    select.replaceChildren(...choices.map(([name, title]) => new Option(title, name)));
  }
  if (!choices.some(([name]) => name === chosen)) select.selectedIndex = -1;
  else if (document.activeElement !== select) select.value = chosen;
}

function takeView(message) {
  if (sitting && message.sitting !== sitting) {
    page?.close(); // of the client before
    return location.reload();
  }
  sitting = message.sitting;
  if (view && message.marked > view.marked) {
    const [s, name, words] = message.marks[message.marks.length - 1];
    say(fill('{{Marked at %s: %s}}', clock(s), words || named(name)));
  }
  view = message;
  keys = Object.fromEntries(message.keys.map(([key, label]) => [key.toLowerCase(), label]));
  marks = message.marks.map(([s, name, words]) => ({s, name: words || named(name)}));
  hint(message.keys);
  show('client', message.client || '{{No name}}');
  press('consent', message.consent);
  for (const input of document.querySelectorAll('input[name="silent"]')) input.checked = input.value === message.silent;
  choose('scene', message.scenes, message.scene);
  choose('sound', message.sounds, message.sound);
  $('scenes').hidden = message.scenes.length === 0;
  $('sounds').hidden = message.sounds.length === 0;
  $('loudness').hidden = !message.sounding;
  if (!held('volume')) $('volume').value = message.volume;
  said('volume');
  $('notice').hidden = !message.notice;
  show('notice', message.notice);
  show('kept', message.kept ? '{{This session is being kept, sealed, on this machine.}}' : '{{This session is not being kept.}}');
  showReport();
  drawLog();
}

function takeNow(message) {
  if (message.s + 1 < now.s) {
    chart.clear();
    marks = moments = [];
  }
  now = {...message, at: performance.now()};
  const over = message.stage === 'ended';
  const stage = view?.part && message.parts ? view.part : STAGES[message.stage] ?? '';
  show('stage', (message.stage === 'guided' && stage === STAGES.guided && BREATHS[message.breathing]) || stage);
  show('heart', over || message.heart === null ? '–' : message.heart.toFixed(0));
  show('breath', over || message.breath === null ? '–' : decimal(message.breath, 1));
  show('swing', over || message.swing === null ? '–' : decimal(message.swing, 1));
  const live = !over && ['live', 'held', 'unfit'].includes(message.sensor);
  show('quality', live ? `${Math.round(100 * message.quality)} %` : '–');
  show('sensor', over ? '' : message.reason || SENSORS[message.sensor] || (message.simulated ? '' : view?.says) || '');
  $('simulated').hidden = !message.simulated;
  press('pause', message.stage === 'paused');
  press('natural', message.stage === 'natural');
  $('part').hidden = !message.parts || message.part >= message.parts - 1;
  $('pacing').hidden = message.pace === null;
  if (message.pace !== null && !held('pace')) {
    $('pace').value = message.target;
    const there = Math.abs(message.pace - message.target) < 0.1;
    show('pace-said', there ? `${decimal(message.pace, 1)} /min` : `${decimal(message.pace, 1)} → ${decimal(message.target, 1)}`);
  }
  if (over !== (body.dataset.over === 'yes')) {
    body.dataset.over = over ? 'yes' : 'no';
    showReport();
  }
  show('left', over ? '' : message.end > message.s ? fill('{{%s left}}', clock(message.end - message.s)) : '');
  chart.addTrace(message.traced, message.trace);
}

function drawLog() {
  const rows = [...marks, ...moments.map(([s, sentence]) => ({s, name: sentence, moment: true}))].sort((a, b) => b.s - a.s);
  chart.marks = [...marks, ...moments.map(([s]) => ({s, name: '{{exhale moment}}', moment: true}))];
  const log = $('log'), drawn = JSON.stringify(rows);
  if (log.dataset.drawn === drawn) return;
  log.dataset.drawn = drawn;
  if (rows.length === 0) return;
  log.replaceChildren(...rows.map(row => {
    const item = document.createElement('li'), time = document.createElement('time'), what = document.createElement('span');
    time.textContent = clock(row.s);
    what.textContent = row.moment ? `{{Exhale moment.}} ${row.name}` : row.name;
    if (row.moment) what.className = 'moment';
    item.append(time, what);
    return item;
  }));
}

function take(message) {
  if (message.is === 'beats') chart.add(message.beats, message.newest);
  else if (message.is === 'now') takeNow(message);
  else if (message.is === 'view') takeView(message);
  else if (message.is === 'moments') {
    moments = message.moments;
    drawLog();
  }
}

function away(sentence) {
  body.classList.add('away');
  show('banner', sentence);
}

function connect() {
  socket = new WebSocket(`ws://${location.host}${location.pathname}live`, 'outbreath');
  let opened = false;
  socket.onopen = () => {
    opened = true;
    wait = 250;
    chart.clear();
    body.classList.remove('away');
  };
  socket.onmessage = event => take(JSON.parse(event.data));
  socket.onclose = event => {
    if (event.code === 1008) return away('{{This page is closed: the program has given a new address.}}');
    away(opened ? '{{The connection to the program is gone; looking for it again…}}' : '{{The program does not answer; looking for it again…}}');
    setTimeout(connect, wait);
    wait = Math.min(2 * wait, 5000);
  };
}

// ---- time goes on between messages

setInterval(() => {
  const going = now.at && now.stage !== 'ended' && !body.classList.contains('away');
  const s = now.s + (going ? Math.min(2, (performance.now() - now.at) / 1000) : 0);
  show('clock', clock(s));
  chart.now = s;
  chart.draw();
}, 100);

setInterval(() => {
  if (chart.range) $('chart').setAttribute('aria-label', fill('{{Heart rate over time, lately between %s and %s bpm}}', ...chart.range));
}, 5000);

// ---- hands

for (const button of document.querySelectorAll('.marker[data-label]')) button.addEventListener('click', () => mark(button.dataset.label));
$('own').addEventListener('submit', event => {
  event.preventDefault();
  const words = $('words').value.trim();
  if (!words) return;
  mark('text', words);
  $('words').value = '';
  $('words').blur();
});
$('pause').addEventListener('click', () => send({do: 'pause', on: now.stage !== 'paused'}));
$('natural').addEventListener('click', () => send({do: 'breathe', on: now.stage !== 'natural'}));
$('part').addEventListener('click', () => send({do: 'part'}));
$('consent').addEventListener('click', () => send({do: 'consent', on: !view?.consent}));
$('scene').addEventListener('change', event => send({do: 'scene', name: event.target.value}));
$('sound').addEventListener('change', event => send({do: 'sound', name: event.target.value}));
slider('pace', brpm => ({do: 'pace', brpm}));
slider('volume', level => ({do: 'volume', level}));
for (const input of document.querySelectorAll('input[name="silent"]'))
  input.addEventListener('change', () => send({do: 'silent', how: input.value}));
for (const input of document.querySelectorAll('input[name="span"]'))
  input.addEventListener('change', () => { chart.span = Number(input.value); });

// A session ends, and that of somebody else begins, only with a second press: an elbow may touch the first button.
function ask(button, form, open) {
  for (const [other, what] of [['end', 'ending'], ['next', 'coming']]) {
    const shown = open && what === form;
    $(what).hidden = !shown;
    $(other).setAttribute('aria-expanded', String(shown));
  }
  $('name').value = '';
  showReport();
  if (open) $(form).querySelector('input, button').focus();
}
for (const [button, form, request] of [['end', 'ending', () => ({do: 'end', sitting})], ['next', 'coming', next]]) {
  $(button).addEventListener('click', () => ask(button, form, $(form).hidden));
  $(form).querySelector('.stay').addEventListener('click', () => ask(button, form, false));
  $(form).addEventListener('keydown', event => event.key === 'Escape' && ask(button, form, false));
  $(form).addEventListener('submit', event => {
    event.preventDefault();
    send(request());
    ask(button, form, false);
  });
}
function next() {
  const name = $('name').value.trim();
  return name ? {do: 'next', sitting, name} : {do: 'next', sitting};
}

// ---- the page to take home: it is made from what is kept, once the session is over and the client has agreed

function showReport() {
  const over = body.dataset.over === 'yes', ready = view?.report === 'ready', asking = !$('ending').hidden || !$('coming').hidden;
  $('end').hidden = over;
  document.querySelector('.during').hidden = over || asking; // what is asked has the room to be large
  $('report').hidden = !over || asking || !view || view.report === 'none';
  for (const button of document.querySelectorAll('.marks button, .marks input')) button.disabled = over;
  if (!view || !over) return;
  const can = view.kept && view.consent;
  show('report-says', view.report_says ||
    (!view.kept ? '{{This session is not kept, so there is no page of it.}}' :
     !view.consent ? '{{Ask first: the page says in clear what was seen. Then note the consent above.}}' :
     view.report === 'making' ? '{{One moment…}}' :
     ready ? '{{Here it is. Whoever has it can read it; it is gone from here with the next client.}}' :
     '{{It is made from what is kept, and nothing of it is stored.}}'));
  for (const id of ['report-words', 'appointment', 'make']) $(id).hidden = !can;
  for (const id of ['open', 'pdf']) $(id).hidden = !can || !ready;
}
$('report').addEventListener('submit', event => {
  event.preventDefault();
  const request = {do: 'report', sitting}, words = $('report-words').value.trim(), appointment = $('appointment').value.trim();
  if (words) request.words = words;
  if (appointment) request.appointment = appointment;
  send(request);
});
$('open').addEventListener('click', event => {
  event.preventDefault();
  page = window.open('report.html', 'outbreath-report');
});

// Keys 1 to 9 and 0, and those of a presenter or pedal that the settings name: each stands on its button.
function hint(pairs) {
  document.querySelectorAll('.marker').forEach((button, i) => {
    const own = pairs.filter(([, label]) => label === button.dataset.label).map(([key]) => KEYS[key] ?? key);
    const text = [(i + 1) % 10, ...own].join('  ');
    if (button.querySelector('kbd').textContent !== text) button.querySelector('kbd').textContent = text;
  });
}
$('write').addEventListener('click', () => $('words').focus());
document.addEventListener('keydown', event => {
  const writing = event.target.matches('input:not([type="radio"]):not([type="range"]), select, textarea');
  if (event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
  const label = keys[event.key.toLowerCase()];
  if (label && (!writing || event.key.length > 1)) {
    event.preventDefault();
    mark(label);
  } else if (!writing && /^[0-9]$/.test(event.key)) {
    event.preventDefault();
    document.querySelectorAll('.marker')[(Number(event.key) + 9) % 10].click();
  }
});

connect();
