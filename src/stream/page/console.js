// SPDX-License-Identifier: GPL-3.0-or-later
// The console's page: shows what the program sends, sends what somebody presses. It keeps nothing of its own: a client
// who is not there any more goes with the page's whole memory, since the page is then loaded anew.
'use strict';

const $ = id => document.getElementById(id);
const chart = new Chart($('chart'));
let socket = null, wait = 250, sitting = 0, view = null, now = {s: 0, at: 0, stage: ''}, keys = {};
let marks = [], moments = [], holding = {};

const STAGES = {
  'idle': 'Not begun', 'unpaced before': 'Quiet minutes before', 'guided': 'Guided breathing', 'natural': 'Just breathing',
  'paused': 'Paused', 'unpaced after': 'Quiet minutes after', 'ended': 'The session is over', 'unpaced': 'Nothing leads',
};
const SENSORS = {none: 'No sensor', waiting: 'Waiting for the first beats', live: '', held: 'Signal held', lost: 'No signal', unfit: ''};

// ---- to the program

function send(request) {
  if (!socket || socket.readyState !== WebSocket.OPEN) return false;
  socket.send(JSON.stringify(request));
  return true;
}

function mark(label, words) {
  const request = words === undefined ? {do: 'mark', label} : {do: 'mark', label, words};
  if (!send(request)) return say('Not marked: there is no connection to the program.');
  const button = document.querySelector(`.marker[data-label="${label}"]`);
  if (!button) return;
  button.classList.add('lit');
  setTimeout(() => button.classList.remove('lit'), 600);
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
  $(id + '-said').textContent = id === 'volume' ? `${Math.round(100 * value)} %` : `${value.toFixed(1)} /min`;
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
  if (sitting && message.sitting !== sitting) return location.reload();
  sitting = message.sitting;
  if (view && message.marked > view.marked) {
    const [s, name, words] = message.marks[message.marks.length - 1];
    say(`Marked at ${clock(s)}: ${words || name}`);
  }
  view = message;
  keys = Object.fromEntries(message.keys.map(([key, label]) => [key.toLowerCase(), label]));
  marks = message.marks.map(([s, name, words]) => ({s, name: words || name}));
  show('client', message.client || 'No name');
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
  show('kept', message.kept ? 'This session is being kept, sealed, on this machine.' : 'This session is not being kept.');
  drawLog();
}

function takeNow(message) {
  if (message.s + 1 < now.s) {
    chart.clear();
    marks = moments = [];
  }
  now = {...message, at: performance.now()};
  const stage = view?.part && message.parts ? view.part : STAGES[message.stage] ?? '';
  show('stage', message.stage === 'guided' && message.breathing !== '' ? `${stage}: ${{in: 'in', out: 'out', rest: 'rest'}[message.breathing]}` : stage);
  show('heart', message.heart === null ? '–' : message.heart.toFixed(0));
  show('breath', message.breath === null ? '–' : message.breath.toFixed(1));
  show('swing', message.swing === null ? '–' : message.swing.toFixed(1));
  const live = message.sensor === 'live' || message.sensor === 'held' || message.sensor === 'unfit';
  show('quality', live ? `${Math.round(100 * message.quality)} %` : '–');
  show('sensor', message.reason || SENSORS[message.sensor] || view?.says || '');
  $('simulated').hidden = !message.simulated;
  press('pause', message.stage === 'paused');
  press('natural', message.stage === 'natural');
  $('part').hidden = !message.parts || message.part >= message.parts - 1;
  $('pacing').hidden = message.pace === null;
  if (message.pace !== null && !held('pace')) {
    $('pace').value = message.target;
    const there = Math.abs(message.pace - message.target) < 0.1;
    show('pace-said', there ? `${message.pace.toFixed(1)} /min` : `${message.pace.toFixed(1)} → ${message.target.toFixed(1)}`);
  }
  const over = message.stage === 'ended';
  show('left', over ? '' : message.end > message.s ? `${clock(message.end - message.s)} left` : '');
  chart.addTrace(message.traced, message.trace);
}

function drawLog() {
  const rows = [...marks, ...moments.map(([s, sentence]) => ({s, name: sentence, moment: true}))].sort((a, b) => b.s - a.s);
  chart.marks = [...marks, ...moments.map(([s]) => ({s, name: 'exhale moment', moment: true}))];
  const log = $('log'), drawn = JSON.stringify(rows);
  if (log.dataset.drawn === drawn) return;
  log.dataset.drawn = drawn;
  if (rows.length === 0) return;
  log.replaceChildren(...rows.map(row => {
    const item = document.createElement('li'), time = document.createElement('time'), what = document.createElement('span');
    time.textContent = clock(row.s);
    what.textContent = row.moment ? `Exhale moment. ${row.name}` : row.name;
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
  document.body.classList.add('away');
  show('banner', sentence);
}

function connect() {
  socket = new WebSocket(`ws://${location.host}${location.pathname}live`, 'outbreath');
  let opened = false;
  socket.onopen = () => {
    opened = true;
    wait = 250;
    chart.clear();
    document.body.classList.remove('away');
  };
  socket.onmessage = event => take(JSON.parse(event.data));
  socket.onclose = event => {
    if (event.code === 1008) return away('This page is closed: the program has given a new address.');
    away(opened ? 'The connection to the program is gone; looking for it again…' : 'The program does not answer; looking for it again…');
    setTimeout(connect, wait);
    wait = Math.min(2 * wait, 5000);
  };
}

// ---- time goes on between messages

setInterval(() => {
  const going = now.at && now.stage !== 'ended' && !document.body.classList.contains('away');
  const s = now.s + (going ? Math.min(2, (performance.now() - now.at) / 1000) : 0);
  show('clock', clock(s));
  chart.now = s;
  chart.draw();
}, 100);

setInterval(() => {
  if (chart.range) $('chart').setAttribute('aria-label', `Heart rate over time, lately between ${chart.range[0]} and ${chart.range[1]} bpm`);
}, 5000);

// ---- hands

for (const button of document.querySelectorAll('.marker')) button.addEventListener('click', () => mark(button.dataset.label));
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

// The session of somebody else begins only with a second press: an elbow may touch the first button.
function askForNext(open) {
  $('coming').hidden = !open;
  $('next').setAttribute('aria-expanded', String(open));
  $('name').value = '';
  if (open) $('name').focus();
}
$('next').addEventListener('click', () => askForNext($('coming').hidden));
$('stay').addEventListener('click', () => askForNext(false));
$('coming').addEventListener('keydown', event => event.key === 'Escape' && askForNext(false));
$('coming').addEventListener('submit', event => {
  event.preventDefault();
  const name = $('name').value.trim();
  send(name ? {do: 'next', sitting, name} : {do: 'next', sitting});
  askForNext(false);
});

// Keys 1 to 9, and those of a presenter or pedal that the settings name.
document.addEventListener('keydown', event => {
  const writing = event.target.matches('input:not([type="radio"]):not([type="range"]), select');
  if (event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
  const label = keys[event.key.toLowerCase()];
  const button = document.querySelectorAll('.marker')[Number(event.key) - 1];
  if (label && (!writing || event.key.length > 1)) {
    event.preventDefault();
    mark(label);
  } else if (!writing && button && /^[1-9]$/.test(event.key)) {
    event.preventDefault();
    button.click();
  }
});

connect();
