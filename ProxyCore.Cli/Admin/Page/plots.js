// A plot of the last minutes. It moves once a snapshot: to glide between two would keep a browser busy 60 times a second.

import { fill, fromTemplate, setText } from './dom.js';
import { nothing } from './format.js';

const svg = 'http://www.w3.org/2000/svg';
const width = 180;
const height = 100;
const minute = 60_000;

export class Plot {
  #figure;
  #title;
  #format;
  #least;
  #lines;
  #series;

  /** Series: [{ name, of }], of takes the figure from a point. Least: the smallest top of the axis. */
  constructor(figure, { title, format, least, series }) {
    figure.append(fromTemplate('plot-template'));
    this.#figure = figure;
    this.#title = title;
    this.#format = format;
    this.#least = least;
    this.#lines = figure.querySelector('g');
    this.#series = series.map((one, index) => this.#prepare(one, index));
    fill(figure, { title });
  }

  /** Draws so many minutes, of which the last point is the end. */
  draw(points, minutes) {
    const values = points.flatMap(point => this.#series.map(({ of }) => of(point))).filter(Number.isFinite);
    const most = roundUp(Math.max(this.#least, ...values));
    const mark = value => this.#format(value).replace(/\.0+(?!\d)/, '');
    fill(this.#figure, {
      most: mark(most), half: mark(most / 2), first: `${minutes} min ago`, second: minutes * 2 / 3, third: minutes / 3,
    });
    for (const one of this.#series) {
      this.#drawOne(one, points, minutes * minute, most);
    }

    this.#describe(minutes);
  }

  #prepare({ name, of }, index) {
    const now = fromTemplate('plot-now-template').firstElementChild;
    const label = now.querySelector('.plot-name');
    const value = now.querySelector('.plot-value');
    label.dataset.series = index;
    label.hidden = !name;
    setText(label, name ?? '');
    setText(value, nothing);
    this.#figure.querySelector('.plot-now').append(now);
    return { name, of, value, area: this.#path('area', index), line: this.#path('line', index) };
  }

  #path(kind, index) {
    const path = document.createElementNS(svg, 'path');
    path.setAttribute('class', kind);
    path.dataset.series = index;
    this.#lines.append(path);
    return path;
  }

  #drawOne({ of, value, area, line }, points, time, most) {
    const end = points.at(-1).time;
    const runs = runsOf(points.filter(point => point.time >= end - time), of).map(run => run.map(point => [
      (width - (end - point.time) * width / time).toFixed(2),
      (height - 0.5 - of(point) * (height - 4) / most).toFixed(2),
    ]));
    line.setAttribute('d', runs.map(lineThrough).join(''));
    area.setAttribute('d', runs.map(run => `${lineThrough(run)}V${height}H${run[0][0]}Z`).join(''));
    setText(value, this.#format(of(points.at(-1))));
  }

  #describe(minutes) {
    const now = this.#series.map(({ name, value }) => `${name ? `${name} ` : ''}${value.textContent}`).join(', ');
    this.#lines.ownerSVGElement.setAttribute('aria-label', `${this.#title}, last ${minutes} minutes. Now ${now}.`);
  }
}

/** The points that a line may join. */
function runsOf(points, of) {
  const runs = [];
  for (const point of points) {
    if (!Number.isFinite(of(point))) {
      continue;
    }

    if (runs.length === 0 || point.afterGap) {
      runs.push([]);
    }

    runs.at(-1).push(point);
  }

  return runs;
}

function lineThrough(run) {
  // A single point is drawn as a line without length, of which round caps make a dot.
  return run.length === 1 ? `M${run[0]}h0` : `M${run.join('L')}`;
}

/** A round number, and so is its half. */
function roundUp(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 4, 6, 8, 10].map(factor => factor * power).find(top => top >= value * 0.999999);
}
