// SPDX-License-Identifier: GPL-3.0-or-later
// The console in a real browser, driven by Playwright: browser.mjs PROGRAM [PICTURES]
//
// Starts PROGRAM as a session without a window, opens its console in Chromium, presses everything, lets strangers try to
// come in, and leaves pictures in the folder PICTURES. With OB_WINDOW=1 it is a session with a window (give it a
// display: xvfb-run), in which the next client comes. Needs Node, the package playwright-core and Chromium (on the PATH
// or in $CHROMIUM); without one of them it says so and ends with 77.
import {spawn, execFileSync} from 'node:child_process';
import {createRequire} from 'node:module';
import http from 'node:http';
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

let chromium;
try {
  ({chromium} = createRequire(path.join(process.cwd(), 'x.js'))('playwright-core'));
} catch {
  skip('there is no playwright-core here (npm install playwright-core, in the folder that this is started from)');
}
const browserPath = process.env.CHROMIUM ?? find('chromium') ?? find('chromium-browser') ?? find('google-chrome');
if (!browserPath) skip('there is no Chromium here (apt-get install chromium)');

let checks = 0;
function check(what, holds) {
  checks++;
  if (!holds) throw new Error(`does not hold: ${what}`);
  console.log(`  ${what}`);
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'outbreath-console-'));
const environment = {...process.env, XDG_CONFIG_HOME: `${folder}/config`, XDG_DATA_HOME: `${folder}/data`, XDG_STATE_HOME: `${folder}/state`};
const person = 'seed=3';
const words = withWindow
  ? ['--demo', '--person', person, '--feed', 'rr', '--minutes', '20', '--mute', '--no-keep', '--width', '640', '--height', '360', '--console']
  : ['headless', '--person', person, '--realtime', '--minutes', '5', '--console', '--no-sound', '--no-frames', '--out', `${folder}/out`];
const child = spawn(program, words.filter(word => !(withWindow && word === '--demo')), {env: environment, stdio: ['ignore', 'pipe', 'inherit']});
let printed = '';
child.stdout.on('data', bytes => { printed += bytes; });

const later = ms => new Promise(done => setTimeout(done, ms));
async function until(what, holds, ms = 20000) {
  for (const end = Date.now() + ms; Date.now() < end; await later(50)) if (await holds()) return check(what, true);
  check(what, false);
}

const shot = async (page, name) => pictures && page.screenshot({path: path.join(pictures, `${name}.png`)});

async function run() {
  await until('the program prints an address', () => /http:\/\/127\.0\.0\.1:\d+\/#\S+/.test(printed));
  const address = /http:\/\/127\.0\.0\.1:\d+\/#\S+/.exec(printed)[0], here = new URL(address).origin;
  const browser = await chromium.launch({executablePath: browserPath, args: ['--no-sandbox']});
  const context = await browser.newContext({viewport: {width: 1280, height: 800}});
  const page = await context.newPage(), troubles = [];
  page.on('pageerror', error => troubles.push(String(error)));
  page.on('console', message => message.type() === 'error' && troubles.push(message.text()));

  await page.goto(address);
  await page.waitForURL('**/r/*/');
  check('the key is not in the address line any more', !page.url().includes(new URL(address).hash.slice(1)));
  const text = id => page.locator(`#${id}`).innerText();
  await until('a heart rate is shown', async () => /^\d+$/.test(await text('heart')));
  check('a simulated heart is called one', await page.locator('#simulated').isVisible());
  const cookie = (await context.cookies(page.url()))[0];
  check('the cookie is HttpOnly, SameSite=Strict and bound to the path', cookie.httpOnly && cookie.sameSite === 'Strict' && cookie.path.startsWith('/r/'));
  check('scripts can not read it', (await page.evaluate(() => document.cookie)) === '');

  console.log('marks');
  const log = () => page.locator('#log').innerText();
  for (const label of ['Breath changed', 'Sigh', 'Jaw', 'Shoulders', 'Asleep', 'Stomach', 'Nose', 'Pressure', 'Turned over'])
    await page.getByRole('button', {name: label}).click();
  await until('each of nine buttons marks', async () => (await page.locator('#log li').count()) === 9 && (await log()).includes('turned over'));
  await page.keyboard.press('2');
  await until('a number key marks', async () => (await page.locator('#log li').count()) === 10);
  await page.keyboard.press('PageDown');
  await until('the key of a presenter marks', async () => (await page.locator('#log li').count()) === 11 && (await log()).startsWith((await text('clock')).slice(0, 1)));
  await page.getByLabel('In your own words').fill('left hip <b>"soft"</b>');
  await page.keyboard.press('Enter');
  await until('own words are marked as they are', async () => (await log()).includes('left hip <b>"soft"</b>'));
  await page.getByLabel('In your own words').fill('7 of 9');
  check('keys mark nothing while somebody writes', (await page.locator('#log li').count()) === 12);
  await page.getByLabel('In your own words').fill('');
  await page.getByLabel('In your own words').blur();

  console.log('the session');
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
  const ink = await page.evaluate(() => {
    const {width, height} = chart.canvas, data = chart.pen.getImageData(0, 0, width, height).data;
    let lit = 0;
    for (let i = 3; i < data.length; i += 4) lit += data[i] > 0;
    return lit;
  });
  check('the chart is drawn', ink > 1000);
  const wait = Number(process.env.OB_WAIT ?? 0);
  if (wait) await later(1000 * wait); // for pictures with more of a session on them
  for (const [width, height] of [[360, 740], [768, 1024], [1280, 800], [1920, 1080], [3840, 2160]]) {
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
  for (const wanted of ['sigh', 'words', 'pause', 'natural', 'consent', 'next', 'silent']) check(`Tab reaches ${wanted}`, reached.has(wanted));
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

  console.log('the end');
  await page.bringToFront();
  await page.getByRole('button', {name: 'Next client'}).click();
  check('one press ends nothing', await page.locator('#coming').isVisible());
  await shot(page, 'console-next');
  const before = await text('clock');
  await page.getByRole('button', {name: 'End this session'}).click();
  if (withWindow) {
    await until('the next client begins with an empty page', async () => (await page.locator('#log li.empty').count()) === 1 && (await text('clock')) < before);
    check('and nothing of the last one is left in it', !(await page.content()).includes('left hip'));
  } else {
    await until('the program ends with the session', async () => child.exitCode !== null);
    await until('and the page says that it is alone', async () => (await text('banner')).includes('looking for it again'));
    const summary = JSON.parse(fs.readFileSync(`${folder}/out/summary.json`, 'utf8'));
    check('the marks are in the summary', JSON.stringify(summary).includes('turned over'));
  }
  await browser.close();
}

let code = 0;
try {
  await run();
  console.log(`browser: ${checks} checks hold`);
} catch (error) {
  console.log(`browser: ${error.message}`);
  code = 1;
}
if (child.exitCode === null) {
  child.kill('SIGTERM');
  await Promise.race([new Promise(done => child.on('exit', done)), later(8000)]);
}
fs.rmSync(folder, {recursive: true, force: true});
process.exit(code);
