/* The map that all pages share; templates/parts/map.html lists what a page can set.

   A page's own script gets at a map by
     import { whenMap } from './map.js';
     const map = await whenMap('id');   // has: leaflet, select(pcode), highlight(pcode),
                                        // setValues(values, legend), load(geojsonUrl)
   and hears on the figure: map:ready, map:hover and map:select (event.detail.pcode). The figure's
   data-state is ready or failed in the end. */

import { Details } from './map_detail.js';
import { Keys } from './map_keys.js';
import { Labels } from './map_labels.js';
import { Rows } from './map_rows.js';
import { Styles } from './map_style.js';

const MANY = 600;
let leaflet = null;

/* Leaflet, as django-leaflet ships it, once per page. */
function loadLeaflet(url) {
  leaflet ??= new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = url;
    script.addEventListener('load', () => resolve(window.L));
    script.addEventListener('error', () => reject(new Error(`${url} did not load`)));
    document.head.append(script);
  });
  return leaflet;
}

export async function fetchAreas(url) {
  const answer = await fetch(url, { headers: { Accept: 'application/geo+json' } });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.json();
}

function json(id, otherwise) {
  const source = id && document.getElementById(id);
  return source ? JSON.parse(source.textContent) : otherwise;
}

function tip(entry, ...more) {
  const box = document.createElement('div');
  box.className = 'map-tip';
  const name = document.createElement('strong');
  name.textContent = entry.name;
  box.append(name);
  for (const text of [entry.label, ...more]) {
    if (text) box.append(typeof text === 'string' ? Object.assign(document.createElement('div'), { textContent: text }) : text);
  }
  return box;
}

export class AreaMap {
  constructor(figure, L) {
    this.figure = figure;
    this.text = figure.dataset;
    this.L = L;
    this.layers = new Map();
    this.values = json(this.text.values, {});
    this.legend = json(this.text.legend, null);
    this.chosen = null;
    this.draw();
  }

  draw() {
    const holder = this.figure.querySelector('.map');
    this.note = holder.querySelector('.map-note');
    this.leaflet = this.L.map(holder, {
      zoomControl: false, attributionControl: false, scrollWheelZoom: false, zoomSnap: 0.25, worldCopyJump: false, minZoom: 1, maxZoom: 18,
      // Moving a map by animation makes some people ill.
      zoomAnimation: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    });
    holder.setAttribute('role', 'region');
    // The wheel scrolls the page until somebody turns to the map.
    this.leaflet.on('focus click', () => this.leaflet.scrollWheelZoom.enable());
    this.leaflet.on('blur', () => this.leaflet.scrollWheelZoom.disable());
    this.leaflet.on('movestart zoomstart', () => { if (!this.isFraming) this.framed = null; });
    this.leaflet.on('resize', ({ newSize }) => { if (newSize.x && newSize.y) this.framed?.(); });
    this.addControls();
    this.labels = new Labels(this.L, this.leaflet);
    this.keys = new Keys(this);
    this.rows = new Rows(this);
    new MutationObserver(() => this.restyle())
      .observe(document.documentElement, { attributes: true, attributeFilter: ['data-bs-theme'] });
  }

  addControls() {
    const { L, leaflet: map, text } = this;
    const config = JSON.parse(text.config);
    L.control.zoom({ zoomInTitle: text.textZoomIn, zoomOutTitle: text.textZoomOut }).addTo(map);
    if (config.SCALE) L.control.scale({ metric: config.SCALE !== 'imperial', imperial: config.SCALE !== 'metric' }).addTo(map);
    for (const [, url, options] of config.TILES ?? []) {
      L.control.attribution({ prefix: false }).addTo(map);
      L.tileLayer(url, options).addTo(map);
    }
    const whole = L.control({ position: 'topleft' });
    whole.onAdd = () => {
      const bar = L.DomUtil.create('div', 'leaflet-bar');
      const button = L.DomUtil.create('button', '', bar);
      button.type = 'button';
      button.title = text.textWhole;
      button.setAttribute('aria-label', text.textWhole);
      button.textContent = '⤢';
      L.DomEvent.disableClickPropagation(bar);
      button.addEventListener('click', () => this.fit());
      return bar;
    };
    whole.addTo(map);
  }

  /* Shows the areas of a GeoJSON address, and keeps them as fine as the zoom needs. */
  async load(url, collection = fetchAreas(url)) {
    const { features } = await collection;
    this.show(features.filter((one) => one.geometry));
    this.details = new Details(this, url);
  }

  show(features) {
    this.areas?.remove();
    this.layers.clear();
    const onCanvas = features.length > MANY;
    const { L, leaflet: map } = this;
    this.styles = new Styles(this.figure, onCanvas, features);
    this.areas = L.geoJSON({ type: 'FeatureCollection', features }, {
      renderer: onCanvas ? L.canvas({ padding: 0.3 }) : L.svg({ padding: 0.3 }),
      smoothFactor: 0.5,
      onEachFeature: (feature, layer) => this.layers.set(feature.properties.pcode, layer),
    });
    this.areas.on('mouseover', ({ layer }) => this.hover(layer.feature.properties.pcode));
    this.areas.on('mouseout', () => this.hover(null));
    this.areas.on('click', (event) => this.click(event));
    this.areas.bindTooltip((layer) => this.tipOf(layer.feature.properties), { sticky: true });
    this.setValues(this.values, this.legend);
    this.fit();
    this.areas.addTo(map);
    this.labels.setFeatures([...this.layers.values()]);
    this.keys.setFeatures(this.layers.values());
    this.note.hidden = this.layers.size > 0 || this.hasPoints;
    this.note.textContent = this.text.textEmpty;
  }

  fit() {
    const [west, south, east, north] = (this.text.bounds || '').split(',').map(Number);
    const given = Number.isFinite(north) ? this.L.latLngBounds([south, west], [north, east]) : null;
    const bounds = given ?? this.areas?.getBounds();
    if (bounds?.isValid()) this.frame(bounds, { padding: [8, 8] });
    else this.leaflet.setView([0, 0], 1);
    this.startZoom = this.leaflet.getZoom();
  }

  /* Shows all of some bounds, again where the map gets another size, until somebody moves it. */
  frame(bounds, options = {}) {
    this.framed = () => {
      this.isFraming = true;
      this.leaflet.fitBounds(bounds, { maxZoom: 12, animate: false, ...options });
      this.isFraming = false;
    };
    this.framed();
  }

  /* Colours the areas: values {pcode: {value, label, class, url}}, legend [{class, label}]. */
  setValues(values, legend = null) {
    this.values = values;
    this.styles.setValues(values);
    const anyMissing = [...this.layers.keys()].some((pcode) => !values[pcode]);
    this.styles.legend(legend, anyMissing);
    this.restyle();
  }

  restyle() {
    if (!this.styles) return;
    this.styles.read();
    for (const [pcode, layer] of this.layers) layer.setStyle(this.styles.of(pcode, pcode === this.chosen));
  }

  setPoints(points) {
    this.points?.remove();
    this.hasPoints = points.length > 0;
    const css = getComputedStyle(this.figure);
    const styled = (name) => css.getPropertyValue(`--map-${name || 'point'}`).trim() || css.getPropertyValue('--map-point').trim();
    this.points = this.L.featureGroup(points.map((point) => this.L
      .circleMarker([point.lat, point.lon], { radius: 7, weight: 2, color: css.getPropertyValue('--map-halo').trim(), fillColor: styled(point.class), fillOpacity: 1, pane: 'markerPane' })
      .bindPopup(() => tip({ name: point.label }, this.link(point.url)))));
    this.points.addTo(this.leaflet);
    if (!this.areas && this.hasPoints) this.frame(this.points.getBounds());
  }

  describe(properties) {
    const label = this.values[properties.pcode]?.label ?? (this.values[properties.pcode] ? '' : this.text.missingLabel);
    return [properties.name, properties.pcode, label].filter(Boolean).join(', ');
  }

  tipOf(properties, ...more) {
    const code = Object.assign(document.createElement('span'), { className: 'code', textContent: properties.pcode });
    const label = this.values[properties.pcode]?.label ?? (this.values[properties.pcode] ? '' : this.text.missingLabel);
    return tip({ name: properties.name, label }, code, ...more);
  }

  link(url) {
    if (!url) return null;
    const line = document.createElement('p');
    line.append(Object.assign(document.createElement('a'), { href: url, textContent: this.text.textOpen }));
    return line;
  }

  urlOf(pcode) {
    const base = this.text.urlBase;
    return this.values[pcode]?.url || (base ? `${base}${encodeURIComponent(pcode)}/` : '');
  }

  click({ layer, latlng, originalEvent }) {
    if (this.text.opens === 'nothing') return;
    const { pcode } = layer.feature.properties;
    this.select(pcode, { pan: false });
    const byMouse = (originalEvent.pointerType || 'mouse') === 'mouse';
    if (byMouse && this.text.opens === 'page' && this.urlOf(pcode)) this.open(pcode);
    else this.popup(layer, latlng);
  }

  popup(layer, latlng) {
    const { properties } = layer.feature;
    this.areas.closeTooltip();
    const content = this.tipOf(properties, this.link(this.urlOf(properties.pcode)));
    // Beside the controls at the top, not under them.
    this.leaflet.openPopup(content, latlng, { autoPanPaddingTopLeft: [64, 12], autoPanPaddingBottomRight: [12, 12] });
  }

  /* Opens the page of an area, or where there is none, what is known of it. */
  open(pcode) {
    const url = this.urlOf(pcode);
    if (url && this.text.opens === 'page') window.location.assign(url);
    else if (this.layers.has(pcode)) this.popup(this.layers.get(pcode), this.layers.get(pcode).getBounds().getCenter());
  }

  hover(pcode) {
    this.highlight(pcode);
    this.tell('hover', pcode);
  }

  highlight(pcode, { pan = false } = {}) {
    const before = this.layers.get(this.chosen);
    if (before) before.setStyle(this.styles.of(this.chosen, false));
    this.chosen = this.layers.has(pcode) ? pcode : null;
    const layer = this.layers.get(pcode);
    if (!layer) return;
    layer.setStyle(this.styles.of(pcode, true)).bringToFront();
    const centre = layer.getBounds().getCenter();
    if (pan && !this.leaflet.getBounds().pad(-0.1).contains(centre)) this.leaflet.panTo(centre);
  }

  select(pcode, { pan = true } = {}) {
    this.highlight(pcode, { pan });
    this.tell('select', pcode);
  }

  tell(what, pcode) {
    this.figure.dispatchEvent(new CustomEvent(`map:${what}`, { bubbles: true, detail: { pcode } }));
  }
}

/* Resolves with a page's map once it is drawn. */
export function whenMap(id) {
  const figure = document.getElementById(id);
  if (figure.areaMap) return Promise.resolve(figure.areaMap);
  return new Promise((resolve) => {
    figure.addEventListener('map:ready', () => resolve(figure.areaMap), { once: true });
  });
}

async function begin(figure) {
  if (figure.dataset.started) return;
  figure.dataset.started = 'yes';
  try {
    const url = figure.dataset.geojsonUrl;
    // Library and boundaries come at the same time.
    const [L, areas] = await Promise.all([loadLeaflet(figure.dataset.leaflet), url && fetchAreas(url)]);
    const map = new AreaMap(figure, L);
    const points = json(figure.dataset.points, []);
    map.hasPoints = points.length > 0;
    if (url) await map.load(url, areas);
    map.setPoints(points);
    figure.areaMap = map;
    figure.dataset.state = 'ready';
    performance.mark(`map:${figure.id}`);
    map.tell('ready', null);
  } catch (error) {
    const note = figure.querySelector('.map-note');
    note.hidden = false;
    note.textContent = figure.dataset.textFailed;
    figure.dataset.state = 'failed';
    throw error;
  }
}

export function start(root = document) {
  for (const figure of root.querySelectorAll('[data-map]')) begin(figure);
}

document.addEventListener('htmx:load', (event) => start(event.target));
start();
