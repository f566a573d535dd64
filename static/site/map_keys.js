/* Reaching every feature without a mouse: a list box over the map. Arrow keys go to the neighbour in
   that direction, Home and End to the first and last name, letters to the next name that begins so,
   Enter opens. Two options take turns, so that screen readers read each new one. */

const TOWARDS = {
  ArrowUp: (dx, dy) => dy > Math.abs(dx) * 0.5,
  ArrowDown: (dx, dy) => -dy > Math.abs(dx) * 0.5,
  ArrowRight: (dx, dy) => dx > Math.abs(dy) * 0.5,
  ArrowLeft: (dx, dy) => -dx > Math.abs(dy) * 0.5,
};

export class Keys {
  constructor(areaMap) {
    this.areaMap = areaMap;
    this.box = areaMap.figure.querySelector('.map-features');
    this.options = [...this.box.querySelectorAll('[role="option"]')];
    this.names = [];
    this.box.addEventListener('keydown', (event) => this.press(event));
    this.box.addEventListener('focus', () => this.go(this.current ?? this.names[0]));
    this.box.addEventListener('blur', () => areaMap.highlight(null));
  }

  setFeatures(layers) {
    const order = new Intl.Collator(document.documentElement.lang);
    this.names = [...layers].sort((one, other) =>
      order.compare(one.feature.properties.name, other.feature.properties.name));
    this.current = null;
    this.box.hidden = this.names.length === 0;
  }

  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = this.target(event.key);
    if (event.key === 'Enter' && this.current) this.areaMap.open(this.current.feature.properties.pcode);
    else if (target) this.go(target);
    else return;
    event.preventDefault();
  }

  target(key) {
    if (TOWARDS[key]) return this.neighbour(TOWARDS[key]);
    if (key === 'Home') return this.names[0];
    if (key === 'End') return this.names.at(-1);
    if (key.length === 1 && key.trim()) return this.beginning(key.toLocaleLowerCase());
    return null;
  }

  neighbour(isThere) {
    if (!this.current) return this.names[0];
    const here = this.current.getBounds().getCenter();
    let best = null;
    let least = Infinity;
    for (const layer of this.names) {
      const there = layer.getBounds().getCenter();
      const dx = (there.lng - here.lng) * Math.cos((here.lat * Math.PI) / 180);
      const dy = there.lat - here.lat;
      const away = dx * dx + dy * dy;
      if (layer !== this.current && away < least && isThere(dx, dy)) [best, least] = [layer, away];
    }
    return best;
  }

  beginning(letter) {
    const start = this.names.indexOf(this.current) + 1;
    const turned = [...this.names.slice(start), ...this.names.slice(0, start)];
    return turned.find((one) => one.feature.properties.name.toLocaleLowerCase().startsWith(letter));
  }

  go(layer) {
    if (!layer) return;
    this.current = layer;
    const [next, last] = this.options[0].getAttribute('aria-selected') === 'true'
      ? [this.options[1], this.options[0]] : this.options;
    last.setAttribute('aria-selected', 'false');
    next.setAttribute('aria-selected', 'true');
    next.setAttribute('aria-setsize', this.names.length);
    next.setAttribute('aria-posinset', this.names.indexOf(layer) + 1);
    next.textContent = this.areaMap.describe(layer.feature.properties);
    this.box.setAttribute('aria-activedescendant', next.id);
    this.areaMap.highlight(layer.feature.properties.pcode, { pan: true });
  }
}
