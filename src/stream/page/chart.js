// SPDX-License-Identifier: GPL-3.0-or-later
// The tachogram: heart rate beat by beat, the pacer's breath behind it, marks as lines. A canvas and no library.
'use strict';

const ROWS = 2; // of names of marks

class Chart {
  constructor(canvas) {
    this.canvas = canvas;
    this.pen = canvas.getContext('2d');
    this.span = 120; // seconds; 0: all
    const style = getComputedStyle(document.documentElement);
    this.colour = name => style.getPropertyValue('--' + name).trim();
    this.clear();
    new ResizeObserver(() => this.draw()).observe(canvas);
  }

  clear() {
    this.now = 0;
    this.newest = null;
    this.beats = [];  // {s, bpm, good}
    this.trace = [];  // {s, volume}; volume -1: nothing led
    this.marks = [];  // {s, name, moment}
  }

  // newest: the last one as it came, not judged yet; it is drawn until it is
  add(beats, [s, rr]) {
    this.newest = rr > 0 ? {s, bpm: 60000 / rr} : null;
    for (const [at, ms, nn, flag] of beats)
      this.beats.push({s: at, bpm: 60000 / (nn ?? ms), good: nn !== null, normal: flag === 'normal'});
    if (this.beats.length > 40000) this.beats.splice(0, 10000);
  }

  addTrace(newest, points) {
    points.forEach((volume, i) => this.trace.push({s: newest - (points.length - 1 - i) * 0.25, volume}));
    if (this.trace.length > 60000) this.trace.splice(0, 15000);
  }

  draw() {
    const ratio = window.devicePixelRatio || 1;
    const width = this.canvas.clientWidth, height = this.canvas.clientHeight;
    if (!width || !height) return;
    if (this.canvas.width !== Math.round(width * ratio) || this.canvas.height !== Math.round(height * ratio)) {
      this.canvas.width = Math.round(width * ratio);
      this.canvas.height = Math.round(height * ratio);
    }
    const pen = this.pen;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    const text = parseFloat(getComputedStyle(document.documentElement).fontSize);
    pen.font = `${0.8 * text}px ${getComputedStyle(document.body).fontFamily}`;

    const span = Math.min(this.span || Infinity, Math.max(this.now, 30)), from = this.now - span;
    const seen = this.beats.filter(beat => beat.s >= from - 3);
    const good = seen.filter(beat => beat.good);
    let low = 50, high = 80;
    if (good.length > 1) {
      const sorted = good.map(beat => beat.bpm).sort((a, b) => a - b);
      low = sorted[Math.floor(0.01 * (sorted.length - 1))];
      high = sorted[Math.ceil(0.99 * (sorted.length - 1))];
    }
    const middle = (low + high) / 2, half = Math.max(8, 0.6 * (high - low));
    low = middle - half;
    high = middle + half;
    const left = 2.4 * text, bottom = height - 1.3 * text;
    const top = 0.4 * text + (this.marks.some(mark => mark.s >= from) ? ROWS * text : 0); // names of marks stand above the line
    const x = s => left + (s - from) / span * (width - left);
    const y = bpm => bottom - (Math.min(high, Math.max(low, bpm)) - low) / (high - low) * (bottom - top);
    this.range = good.length > 1 ? [Math.round(Math.min(...good.slice(-600).map(b => b.bpm))),
                                    Math.round(Math.max(...good.slice(-600).map(b => b.bpm)))] : null;

    this.drawBreath(x, from, top, bottom);
    this.drawScale(low, high, left, width, x, y, from, span, height, text);
    this.drawMarks(x, from, bottom, text);
    this.drawHeart(seen, x, y, text);
  }

  drawBreath(x, from, top, bottom) {
    const pen = this.pen, depth = (bottom - top) * 0.5;
    pen.fillStyle = this.colour('quiet');
    pen.globalAlpha = 0.35;
    let open = false, last = 0;
    for (const point of this.trace) {
      if (point.s < from - 1) continue;
      const leads = point.volume >= 0 && point.s - last < 1.5;
      if (open && !leads) {
        pen.lineTo(x(last), bottom);
        pen.fill();
        open = false;
      }
      if (point.volume >= 0) {
        if (!open) {
          pen.beginPath();
          pen.moveTo(x(point.s), bottom);
          open = true;
        }
        pen.lineTo(x(point.s), bottom - point.volume * depth);
      }
      last = point.s;
    }
    if (open) {
      pen.lineTo(x(last), bottom);
      pen.fill();
    }
    pen.globalAlpha = 1;
  }

  drawScale(low, high, left, width, x, y, from, span, height, text) {
    const pen = this.pen, step = high - low > 60 ? 20 : high - low > 25 ? 10 : 5;
    pen.strokeStyle = this.colour('lifted');
    pen.fillStyle = this.colour('faint');
    pen.lineWidth = 1;
    pen.textBaseline = 'middle';
    pen.textAlign = 'right';
    for (let bpm = Math.ceil(low / step) * step; bpm <= high; bpm += step) {
      pen.beginPath();
      pen.moveTo(left, y(bpm));
      pen.lineTo(width, y(bpm));
      pen.stroke();
      pen.fillText(String(bpm), left - 0.4 * text, y(bpm));
    }
    const minutes = span > 3600 ? 20 : span > 1200 ? 5 : span > 300 ? 2 : 0.5;
    pen.textBaseline = 'bottom';
    pen.textAlign = 'center';
    for (let s = Math.max(0, Math.ceil(from / (60 * minutes)) * 60 * minutes); s <= from + span; s += 60 * minutes)
      if (x(s) > left + text && x(s) < width - 1.5 * text) pen.fillText(clock(s), x(s), height);
  }

  drawMarks(x, from, bottom, text) {
    const pen = this.pen;
    pen.textBaseline = 'top';
    const right = this.canvas.clientWidth, taken = Array(ROWS).fill(-1e9); // how far each row of words is full
    const shown = this.marks.filter(mark => mark.s >= from).sort((a, b) => a.s - b.s);
    for (const mark of shown) {
      pen.strokeStyle = this.colour(mark.moment ? 'accent' : 'faint');
      pen.setLineDash(mark.moment ? [] : [3, 4]);
      pen.beginPath();
      pen.moveTo(x(mark.s), 0);
      pen.lineTo(x(mark.s), bottom);
      pen.stroke();
    }
    pen.setLineDash([]);
    for (const mark of shown) {
      const name = mark.name.length > 24 ? mark.name.slice(0, 23) + '…' : mark.name, width = pen.measureText(name).width;
      const outside = x(mark.s) + 4 + width > right, begin = outside ? x(mark.s) - 4 - width : x(mark.s) + 4;
      const row = taken.findIndex(end => begin > end + 4);
      if (row < 0) continue; // where many stand together the list below has their names
      taken[row] = begin + width;
      pen.textAlign = 'left';
      pen.fillStyle = this.colour('raised'); // no other mark's line goes through a name
      pen.fillRect(begin - 2, row * text, width + 4, text);
      pen.fillStyle = this.colour(mark.moment ? 'accent' : 'faint');
      pen.fillText(name, begin, row * text);
    }
  }

  drawHeart(seen, x, y, text) {
    const pen = this.pen;
    pen.strokeStyle = this.colour('line');
    pen.lineWidth = Math.max(1.5, text / 8);
    pen.lineJoin = 'round';
    pen.beginPath();
    let last = null;
    for (const beat of seen) {
      if (!beat.good) continue;
      if (last !== null && beat.s - last < 3) pen.lineTo(x(beat.s), y(beat.bpm));
      else pen.moveTo(x(beat.s), y(beat.bpm));
      last = beat.s;
    }
    pen.stroke();
    if (this.newest && this.newest.s > (last ?? -1)) {
      pen.beginPath();
      pen.arc(x(this.newest.s), y(this.newest.bpm), text / 5, 0, 2 * Math.PI);
      pen.stroke();
    }
    pen.fillStyle = this.colour('faint');
    for (const beat of seen) {
      if (beat.normal) continue;
      pen.beginPath();
      pen.arc(x(beat.s), y(beat.bpm), text / 6, 0, 2 * Math.PI);
      pen.fill();
    }
  }
}

function clock(s) {
  const whole = Math.max(0, Math.floor(s)), pad = n => String(n).padStart(2, '0');
  const hours = Math.floor(whole / 3600), minutes = Math.floor(whole / 60) % 60;
  return hours ? `${hours}:${pad(minutes)}:${pad(whole % 60)}` : `${minutes}:${pad(whole % 60)}`;
}
