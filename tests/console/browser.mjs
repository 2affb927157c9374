// SPDX-License-Identifier: GPL-3.0-or-later
// The console in a real browser, driven by Playwright: browser.mjs PROGRAM [PICTURES]
//
// Starts PROGRAM as a session without a window, opens its console in Chromium, presses everything, lets strangers try to
// come in, and leaves pictures in the folder PICTURES. With OB_WINDOW=1 it is a session with a window, on a display of
// its own (Xvfb), of somebody who is kept, with a pulse sensor on a serial line (board.py): it ends with the page to take
// home and the next client. Needs Node, the package playwright-core (npm install playwright-core here, or -g) and
// Chromium (on the PATH or in $CHROMIUM), and for a window Xvfb and Python; without one of them it says so and ends
// with 77. OB_LANGUAGE: that of the program; the checks are in English.
import {spawn, execFileSync} from 'node:child_process';
import {createRequire} from 'node:module';
import http from 'node:http';
import net from 'node:net';
import {fileURLToPath} from 'node:url';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const [program, pictures] = process.argv.slice(2);
const withWindow = process.env.OB_WINDOW === '1';

function skip(sentence) {
  console.log(`browser: skipped: ${sentence}`);
  process.exit(77);
}

function find(name) {
  try {
    return execFileSync('sh', ['-c', `command -v ${name}`]).toString().trim();
  } catch {
    return null;
  }
}

const here = path.dirname(fileURLToPath(import.meta.url));
let chromium;
for (const place of [process.cwd(), here, path.dirname(process.execPath) + '/../lib', '/usr/local/lib', '/usr/lib', '/usr/share'])
  try {
    chromium ??= createRequire(path.join(place, 'node_modules', 'x.js'))('playwright-core').chromium;
  } catch {
    // the next place may have it
  }
if (!chromium) skip('there is no playwright-core here (npm install playwright-core)');
const browserPath = process.env.CHROMIUM ?? find('chromium') ?? find('chromium-browser') ?? find('google-chrome');
if (!browserPath) skip('there is no Chromium here (apt-get install chromium)');
if (withWindow && !find('Xvfb')) skip('there is no Xvfb here (apt-get install xvfb)');
if (withWindow && !find('python3')) skip('there is no Python here (apt-get install python3)');

let checks = 0;
function check(what, holds) {
  checks++;
  if (!holds) throw new Error(`does not hold: ${what}`);
  console.log(`  ${what}`);
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'outbreath-console-')), data = `${folder}/kept`, started = [];
const environment = {...process.env, XDG_CONFIG_HOME: `${folder}/config`, XDG_DATA_HOME: `${folder}/data`, XDG_STATE_HOME: `${folder}/state`};
environment.LANGUAGE = process.env.OB_LANGUAGE ?? 'en';

function start(command, words, options) {
  const child = spawn(command, words, {env: environment, ...options});
  child.said = '';
  child.stdout?.on('data', bytes => { child.said += bytes; });
  started.push(child);
  return child;
}

const later = ms => new Promise(done => setTimeout(done, ms));
async function until(what, holds, ms = 20000) {
  for (const end = Date.now() + ms; Date.now() < end; await later(50)) if (await holds()) return check(what, true);
  check(what, false);
}

function reaches(host, port) {
  return new Promise(done => {
    const socket = net.connect({host, port, timeout: 2000}, () => { socket.destroy(); done(true); });
    socket.on('error', () => done(false));
    socket.on('timeout', () => { socket.destroy(); done(false); });
  });
}

const shot = async (page, name) => pictures && page.screenshot({path: path.join(pictures, `${name}.png`)});

async function startProgram() {
  const quiet = {stdio: ['ignore', 'pipe', 'inherit']};
  if (!withWindow)
    return start(program, ['headless', '--person', 'seed=3', '--realtime', '--minutes', '5', '--console', '--no-sound',
                           '--no-frames', '--out', `${folder}/out`], quiet);
  const display = start('Xvfb', ['-displayfd', '1', '-screen', '0', '640x360x24', '-nolisten', 'tcp'], {stdio: ['ignore', 'pipe', 'ignore']});
  const board = start('python3', [path.join(here, 'board.py')], quiet);
  await until('a display and a sensor are there', () => display.said.includes('\n') && board.said.includes('\n'));
  environment.DISPLAY = `:${display.said.trim()}`;
  execFileSync(program, ['people', 'add', 'Anna', '--data', data], {env: environment, stdio: 'ignore'});
  return start(program, ['--serial', board.said.trim(), '--as', 'Anna', '--data', data, '--minutes', '20', '--mute',
                         '--width', '320', '--height', '180', '--console'], quiet);
}

// What others see of it from outside, by a plain tool.
function ports(pid) {
  try {
    return execFileSync('ss', ['-Hltunp']).toString().split('\n').filter(line => line.includes(`pid=${pid},`)).map(line => line.split(/\s+/)[4]);
  } catch {
    return null;
  }
}

async function quietProgram() {
  const child = start(program, ['headless', '--realtime', '--minutes', '5', '--no-sound', '--no-frames', '--out', `${folder}/quiet`], {stdio: 'ignore'});
  await until('a session without a console runs', () => fs.existsSync(`${folder}/quiet/features.csv`));
  const open = ports(child.pid);
  if (open === null) console.log('  there is no ss here: ports were not looked at');
  else check('and has no port open (ss)', open.length === 0);
  child.kill();
}

let child;

function ask(port, target) {
  return new Promise(done => {
    let answer = '';
    const socket = net.connect({host: '127.0.0.1', port}, () => socket.write(`GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`));
    socket.on('data', bytes => { answer += bytes; });
    socket.on('close', () => done(answer));
    socket.on('error', () => done(answer));
  });
}

async function run() {
  child = await startProgram();
  await until('the program prints an address', () => /http:\/\/127\.0\.0\.1:\d+\/#\S+/.test(child.said));
  const address = /http:\/\/127\.0\.0\.1:\d+\/#\S+/.exec(child.said)[0], here = new URL(address).origin, port = new URL(address).port;
  const open = ports(child.pid);
  if (open !== null) check('its one port is of this machine alone (ss)', open.length === 1 && open[0] === `127.0.0.1:${port}`);
  for (const one of Object.values(os.networkInterfaces()).flat().filter(one => !one.internal && one.family === 'IPv4'))
    check('nobody answers at the address that others see', !(await reaches(one.address, port)));
  const browser = await chromium.launch({executablePath: browserPath, args: ['--no-sandbox', '--host-resolver-rules=MAP rebound.example 127.0.0.1']});
  const context = await browser.newContext({viewport: {width: 1280, height: 800}});
  const page = await context.newPage(), troubles = [];
  page.on('pageerror', error => troubles.push(String(error)));
  page.on('console', message => message.type() === 'error' && troubles.push(message.text()));

  await page.goto(address);
  await page.waitForURL('**/r/*/');
  check('the key is not in the address line any more', !page.url().includes(new URL(address).hash.slice(1)));
  const text = id => page.locator(`#${id}`).innerText();
  if (withWindow) check('a heart of a sensor is not called simulated', !(await page.locator('#simulated').isVisible()));
  else check('a simulated heart is called one', await page.locator('#simulated').isVisible());
  const cookie = (await context.cookies(page.url()))[0];
  check('the cookie is HttpOnly, SameSite=Strict and bound to the path', cookie.httpOnly && cookie.sameSite === 'Strict' && cookie.path.startsWith('/r/'));
  check('scripts can not read it', (await page.evaluate(() => document.cookie)) === '');

  console.log('marks');
  const log = async () => (await page.locator('#log').innerText()).toLowerCase();
  for (const label of ['Breath changed', 'Sigh', 'Jaw', 'Shoulders', 'Asleep', 'Stomach', 'Nose', 'Pressure', 'Turned over'])
    await page.getByRole('button', {name: label}).click();
  await until('each of nine buttons marks', async () => (await page.locator('#log li').count()) === 9 && (await log()).includes('turned over'));
  await page.keyboard.press('2');
  await until('a number key marks', async () => (await page.locator('#log li').count()) === 10);
  await page.keyboard.press('PageDown');
  await until('the key of a presenter marks', async () => (await page.locator('#log li').count()) === 11 && (await log()).startsWith((await text('clock')).slice(0, 1)));
  await page.keyboard.press('0');
  check('0 goes to the own words', await page.evaluate(() => document.activeElement.id === 'words'));
  await page.getByLabel('In your own words').fill('left hip <b>"soft"</b>');
  await page.keyboard.press('Enter');
  await until('own words are marked as they are', async () => (await log()).includes('left hip <b>"soft"</b>'));
  await page.getByLabel('In your own words').fill('7 of 9');
  check('keys mark nothing while somebody writes', (await page.locator('#log li').count()) === 12);
  await page.getByLabel('In your own words').fill('');
  await page.getByLabel('In your own words').blur();

  console.log('the session');
  await until('a heart rate is shown', async () => /^\d+$/.test(await text('heart')));
  await page.getByRole('button', {name: 'Pause'}).click();
  await until('it pauses', async () => (await text('stage')) === 'Paused');
  await page.getByRole('button', {name: 'Pause'}).click();
  await until('and goes on', async () => (await text('stage')) !== 'Paused');
  await page.getByRole('button', {name: 'Just breathe'}).click();
  await until('guidance ends', async () => (await text('stage')) === 'Just breathing');
  await page.getByRole('button', {name: 'Just breathe'}).click();
  await until('and begins', async () => (await text('stage')).startsWith('Guided breathing'));
  await page.locator('#pace').evaluate(input => { input.focus(); input.value = 5; input.dispatchEvent(new Event('input')); });
  await until('a pace is chosen', async () => { await page.locator('#pace').blur(); return /(^|→ )5\.0/.test(await text('pace-said')); });
  await later(1500);
  await until('and the engine goes there', async () => /(^|→ )5\.0/.test(await text('pace-said')));
  await page.getByText('Light only').click();
  await until('the client has only light', () => page.locator('input[value=light]').isChecked());
  await page.getByText('Light and sound').click();
  await page.getByRole('button', {name: 'Consent noted'}).click();
  await until('consent is noted, and in the list', async () => (await page.locator('#consent').getAttribute('aria-pressed')) === 'true' && (await log()).includes('consent noted'));
  if (withWindow) {
    await page.locator('#scene').selectOption('embers');
    await page.locator('#scene').blur();
    await later(600);
    check('another scene is shown', (await page.locator('#scene').inputValue()) === 'embers');
  }

  console.log('the page');
  await page.reload();
  await until('it comes back after loading it anew', async () => (await page.locator('#log li').count()) >= 13);
  await until('with its beats', async () => page.evaluate(() => chart.beats.length > 5));
  await until('the chart is drawn', async () => page.evaluate(() => {
    const {width, height} = chart.canvas, data = chart.pen.getImageData(0, 0, width, height).data;
    let lit = 0;
    for (let i = 3; i < data.length; i += 4) lit += data[i] > 0;
    return lit > 1000;
  }));
  const wait = Number(process.env.OB_WAIT ?? 0);
  if (wait) await later(1000 * wait); // for pictures with more of a session on them
  for (const [width, height] of [[360, 740], [768, 1024], [1024, 600], [1280, 800], [1366, 768], [1920, 1080], [3840, 2160]]) {
    await page.setViewportSize({width, height});
    await later(250);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    check(`nothing stands out at ${width} pixels`, wide <= width);
    const small = await page.evaluate(() => Math.min(...[...document.querySelectorAll('.marker')].map(b => Math.min(b.offsetHeight, b.offsetWidth))));
    check(`a marker is at least 70 pixels each way (${small})`, small >= 70);
    await page.evaluate(() => scrollTo(0, 0));
    await shot(page, `console-${width}`);
  }
  await page.setViewportSize({width: 1280, height: 800});
  const reached = new Set();
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab');
    reached.add(await page.evaluate(() => document.activeElement.id || document.activeElement.dataset.label || document.activeElement.name));
  }
  for (const wanted of ['sigh', 'words', 'pause', 'natural', 'consent', 'end', 'next', 'silent']) check(`Tab reaches ${wanted}`, reached.has(wanted));
  check('the browser has nothing to complain about', troubles.length === 0 || (console.log(troubles), false));

  console.log('strangers');
  const stranger = await (await browser.newContext()).newPage();
  await stranger.goto(address);
  await until('the address does not open a second time', () => stranger.getByText('This address was used already').isVisible());
  await shot(stranger, 'console-used');
  await stranger.goto(page.url());
  check('nor does the page without its cookie', (await stranger.innerText('body')).includes('opened elsewhere'));
  const local = http.createServer((request, response) => response.end('<!doctype html><title>a local page</title>')).listen(0, '127.0.0.1');
  await new Promise(done => local.on('listening', done));
  const foreign = await context.newPage(); // the same browser, with the cookie
  await foreign.goto(`http://127.0.0.1:${local.address().port}/`);
  const asked = await foreign.evaluate(async ({here, inside}) => {
    const results = {};
    results.read = await fetch(inside, {credentials: 'include'}).then(() => 'read', () => 'refused');
    results.enter = await fetch(`${here}/enter`, {method: 'POST', headers: {Authorization: 'Bearer x'}}).then(() => 'read', () => 'refused');
    results.socket = await new Promise(done => {
      const socket = new WebSocket(`${inside.replace('http', 'ws')}live`, 'outbreath');
      socket.onopen = () => done('open');
      socket.onerror = () => done('refused');
    });
    results.frame = await new Promise(done => {
      const frame = document.createElement('iframe');
      frame.src = inside;
      frame.onload = () => { try { done(frame.contentDocument ? 'blank' : 'refused'); } catch { done('refused'); } };
      document.body.append(frame);
    });
    return results;
  }, {here, inside: page.url()});
  check('a page of another port can not read it', asked.read === 'refused');
  check('nor try keys', asked.enter === 'refused');
  check('nor open its websocket', asked.socket === 'refused');
  check('nor frame it', asked.frame === 'refused');
  local.close();
  const rebound = await context.newPage(); // a name of somebody else's that now leads here
  await rebound.goto(`http://rebound.example:${port}/`);
  check('another name for this machine is refused', (await rebound.innerText('body')).includes('answers to 127.0.0.1 alone'));
  await rebound.goto(page.url().replace('127.0.0.1', 'rebound.example'));
  check('below the path of the page as well', (await rebound.innerText('body')).includes('answers to 127.0.0.1 alone'));
  for (const climb of ['/../../etc/passwd', '/%2e%2e/%2e%2e/etc/passwd', '//etc/passwd', '/r/../r/x/', `${new URL(page.url()).pathname}../../etc/passwd`])
    check(`no file is reached by ${climb.length > 30 ? 'a path behind the page' : climb}`, (await ask(port, climb)).startsWith('HTTP/1.1 40'));

  console.log('a crowd');
  const crowd = [];
  for (let i = 0; i < 1000; i++) {
    const socket = net.connect({host: '127.0.0.1', port});
    socket.on('error', () => {});
    socket.on('connect', () => i % 2 && socket.write('GET / HTTP/1.1\r\nHost: ')); // never ends
    crowd.push(socket);
  }
  const beats = await page.evaluate(() => chart.beats.length);
  await until('a thousand connections that wait and dawdle hold up no beat', () => page.evaluate(n => chart.beats.length > n + 2, beats));
  check('nor a mark', await page.evaluate(() => send({do: 'mark', label: 'jaw'})));
  await until('which is there', async () => (await log()).split('jaw').length > 2);
  for (const socket of crowd) socket.destroy();
  const large = await page.evaluate(() => new Promise(done => {
    const socket = new WebSocket(`ws://${location.host}${location.pathname}live`, 'outbreath');
    socket.onopen = () => socket.send('x'.repeat(100000));
    socket.onclose = event => done(event.code);
  }));
  check(`a message that is too long ends its connection (${large})`, large === 1009 || large === 1006);

  console.log('the end');
  await page.bringToFront();
  await page.getByRole('button', {name: 'Next client'}).click();
  check('one press ends nothing', await page.locator('#coming').isVisible());
  await shot(page, 'console-next');
  await page.locator('#coming').getByRole('button', {name: 'Go on'}).click();
  await page.getByRole('button', {name: 'End', exact: true}).click();
  check('nor does the other one', await page.locator('#ending').isVisible() && (await text('stage')) !== 'The session is over');
  if (withWindow) {
    await takeHome(page, context, browser, log, text);
  } else {
    await page.getByRole('button', {name: 'End this session'}).click();
    await until('the program ends with the session', async () => child.exitCode !== null);
    await until('and the page says that it is alone', async () => (await text('banner')).includes('looking for it again'));
    const summary = JSON.parse(fs.readFileSync(`${folder}/out/summary.json`, 'utf8'));
    check('the marks are in the summary', JSON.stringify(summary).includes('turned over'));
  }
  await browser.close();
  await quietProgram();
}

// The session ends, becomes a page, and the next client comes.
async function takeHome(page, context, browser, log, text) {
  const inside = page.url();
  check('while it runs there is nothing to take home', (await context.request.get(`${inside}report.html`)).status() === 404);
  await page.getByRole('button', {name: 'End this session'}).click();
  await until('the session is over', async () => (await text('stage')) === 'The session is over');
  check('and nothing can be marked any more', await page.getByRole('button', {name: 'Sigh'}).isDisabled());
  await page.getByRole('button', {name: 'Consent noted'}).click();
  await until('without consent there is no page to take home', async () => (await text('report-says')).startsWith('Ask first') && !(await page.locator('#make').isVisible()));
  await page.getByRole('button', {name: 'Consent noted'}).click();
  await page.getByLabel('Your words for the page').fill('Begin at the feet <next> time.');
  await page.getByLabel('The next appointment').fill('Thursday, 17:30');
  await shot(page, 'console-over');
  await page.getByRole('button', {name: 'Make the page'}).click();
  await until('a page to take home is made', () => page.locator('#pdf').isVisible());
  await shot(page, 'console-report');
  const [report] = await Promise.all([context.waitForEvent('page'), page.getByRole('link', {name: 'Open'}).click()]);
  await report.waitForLoadState();
  const words = await report.innerText('body');
  for (const wanted of ['Anna', 'Begin at the feet <next> time.', 'Thursday, 17:30', 'turned over', 'left hip <b>"soft"</b>', 'not a medical record'])
    check(`it says: ${wanted}`, words.includes(wanted));
  check('and has its picture', (await report.locator('svg').count()) > 0);
  await shot(report, 'report-html');
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', {name: 'PDF'}).click()]);
  check('it can be had as a PDF', fs.readFileSync(await download.path()).subarray(0, 5).toString() === '%PDF-');
  const other = await (await browser.newContext()).newPage();
  await other.goto(`${inside}report.html`);
  check('another browser does not get it', (await other.innerText('body')).includes('opened elsewhere') && !(await other.content()).includes('Anna'));
  const before = await text('clock');
  await page.getByRole('button', {name: 'Next client'}).click();
  await page.getByRole('button', {name: 'Begin the next session'}).click();
  await until('the next client begins with an empty page', async () => (await page.locator('#log li.empty').count()) === 1 && (await text('clock')) <= before && (await text('client')) === 'No name');
  check('and nothing of the last one is left in it', !/left hip|Anna/.test(await page.content()));
  await until('the page to take home is closed', () => report.isClosed());
  check('and gone', (await context.request.get(`${inside}report.html`)).status() === 404 && (await context.request.get(`${inside}report.pdf`)).status() === 404);
}

let code = 0;
try {
  await run();
  console.log(`browser: ${checks} checks hold`);
} catch (error) {
  console.log(`browser: ${error.message}`);
  code = 1;
}
for (const one of started.reverse())
  if (one.exitCode === null && one.signalCode === null) {
    one.kill('SIGTERM');
    await Promise.race([new Promise(done => one.on('exit', done)), later(8000)]);
  }
fs.rmSync(folder, {recursive: true, force: true});
process.exit(code);
