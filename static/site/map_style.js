/* How areas look: the colour of a class from map.css, the hatching of "not assessed", classes for
   numbers, and the legend. Colours are resolved here because a canvas knows no CSS. */

const STEPS = 5;
const HATCHED = new Set(['not-assessed']);
const NAMESPACE = 'http://www.w3.org/2000/svg';

function element(name, attributes, ...children) {
  const made = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/* Quantiles of the numbers, as upper limits without repeats; few different numbers get one each. */
export function limits(numbers) {
  const sorted = numbers.filter(Number.isFinite).sort((one, other) => one - other);
  const distinct = [...new Set(sorted)];
  if (distinct.length <= STEPS) return distinct;
  const found = [];
  for (let step = 1; step <= STEPS; step += 1) {
    found.push(sorted[Math.ceil((step * sorted.length) / STEPS) - 1]);
  }
  return [...new Set(found)];
}

export class Styles {
  constructor(figure, onCanvas, features) {
    this.figure = figure;
    this.given = new Map(features.filter((one) => one.properties.class).map((one) => [one.properties.pcode, one.properties.class]));
    this.onCanvas = onCanvas;
    this.missing = figure.dataset.missing;
    this.pattern = `${figure.id}-hatch`;
    this.values = {};
    this.limits = [];
    this.read();
    this.addPattern();
  }

  /* Reads the colours of the present theme. */
  read() {
    this.css = getComputedStyle(this.figure);
    this.hatch = null;
  }

  colour(name) {
    return this.css.getPropertyValue(`--map-${name}`).trim()
      || this.css.getPropertyValue(`--${name}`).trim();
  }

  addPattern() {
    const hatch = element(
      'pattern',
      { id: this.pattern, width: 8, height: 8, patternUnits: 'userSpaceOnUse', class: 'map-hatch' },
      element('rect', { width: 8, height: 8 }),
      element('path', { d: 'M-2 2 2-2M0 8 8 0M6 10 10 6' }),
    );
    this.figure.append(element('svg', { class: 'map-patterns', 'aria-hidden': 'true' }, hatch));
  }

  hatching() {
    if (!this.onCanvas) return `url(#${this.pattern})`;
    if (!this.hatch) {
      const tile = document.createElement('canvas');
      tile.width = 8;
      tile.height = 8;
      const pen = tile.getContext('2d');
      pen.fillStyle = this.colour('hatch-back');
      pen.fillRect(0, 0, 8, 8);
      pen.strokeStyle = this.colour('hatch-line');
      pen.lineWidth = 2;
      pen.stroke(new Path2D('M-2 2 2-2M0 8 8 0M6 10 10 6'));
      this.hatch = pen.createPattern(tile, 'repeat');
    }
    return this.hatch;
  }

  setValues(values) {
    this.values = values;
    this.limits = limits(Object.values(values).filter((one) => !one.class).map((one) => one.value));
  }

  /* The class of an area: its own, the step of its number, the file's, or "missing". */
  classOf(pcode) {
    const entry = this.values[pcode];
    if (!entry) return this.given.get(pcode) ?? this.missing;
    if (entry.class) return entry.class;
    const step = this.limits.findIndex((limit) => entry.value <= limit);
    if (step < 0) return this.missing;
    return `seq-${this.limits.length === 1 ? 3 : step + 1}`;
  }

  of(pcode, chosen) {
    const name = this.classOf(pcode);
    return {
      fillColor: HATCHED.has(name) ? this.hatching() : this.colour(name),
      fillOpacity: 1,
      color: this.colour(chosen ? 'chosen' : 'line'),
      weight: chosen ? 3 : 1,
    };
  }

  /* Legend entries for numbers without a class of their own. */
  steps() {
    const number = new Intl.NumberFormat(document.documentElement.lang);
    const single = this.limits.length === 1;
    const every = new Set(Object.values(this.values).map((one) => one.value));
    return this.limits.map((limit, index) => {
      const below = index ? this.limits[index - 1] : Math.min(...every);
      const exact = every.size <= STEPS || (index === 0 && below === limit);
      const first = index === 0 ? below : [...every].filter((one) => one > below).reduce((a, b) => Math.min(a, b));
      const label = exact || first === limit ? number.format(limit) : `${number.format(first)} – ${number.format(limit)}`;
      return { class: `seq-${single ? 3 : index + 1}`, label };
    });
  }

  /* Fills the legend; entries are {class, label}, and "missing" is added when an area has no value. */
  legend(entries, anyMissing) {
    const list = this.figure.querySelector('.map-legend');
    const shown = [...(entries ?? this.steps())];
    const word = this.figure.dataset.missingLabel;
    if (anyMissing && word && !shown.some((one) => one.class === this.missing)) {
      shown.push({ class: this.missing, label: word });
    }
    list.replaceChildren(...shown.map((one) => this.legendItem(one)));
    list.hidden = shown.length === 0;
  }

  legendItem({ class: name, label }) {
    const fill = HATCHED.has(name) ? `url(#${this.pattern})` : `var(--map-${name}, var(--${name}))`;
    const box = element('rect', { width: 40, height: 30 });
    box.style.fill = fill;
    const item = document.createElement('li');
    item.append(element('svg', { 'aria-hidden': 'true', viewBox: '0 0 40 28' }, box), label);
    return item;
  }
}
