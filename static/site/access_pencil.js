/* Draws a segment or an area: a click adds a point, dragging moves it, a double-click removes it; the ends snap
   to sites. The points stand in the form as text, where they can be typed as well; the text is what is
   sent. Splitting needs one point only. */

import { ready } from './access_map.js';

const form = document.querySelector('[data-pencil-form]');
const isSplit = form.dataset.pencilForm === 'split';
const isArea = form.dataset.pencilForm === 'area';
const tools = document.querySelector('.pencil-tools');
const note = document.querySelector('[data-pencil-note]');
const sites = JSON.parse(document.getElementById('pencil-sites').textContent);
const SNAP = 14; // pixels
const DIGITS = 6;

class Pencil {
  constructor(map) {
    this.map = map;
    this.text = form.elements.points;
    this.past = [];
    this.markers = [];
    const shape = isArea ? map.L.polygon : map.L.polyline;
    this.line = shape([], { className: isArea ? 'pencil-line pencil-area' : 'pencil-line', interactive: false }).addTo(map.leaflet);
    this.read();
    this.text.addEventListener('change', () => { this.keep(); this.read(); });
    const add = ({ latlng }) => this.change(() => this.points.push(this.snap(latlng)));
    map.leaflet.on('click', add).on('zoomend', () => map.spread(this.points));
    // A click on a site or a road draws, too: what is there opens on its own page.
    map.roads.eachLayer((layer) => {
      layer.unbindPopup();
      if (layer instanceof map.L.Marker) layer.on('click', add);
    });
    map.leaflet.doubleClickZoom.disable();
    tools.querySelector('[data-pencil="undo"]').addEventListener('click', () => this.undo());
    tools.querySelector('[data-pencil="clear"]').addEventListener('click', () => this.change(() => { this.points = []; }));
    if (this.points.length) map.leaflet.fitBounds(this.line.getBounds().pad(0.2), { maxZoom: 14, animate: false });
  }

  /* Reads the points from the text; lines that are none are left to the server to name. */
  read() {
    this.points = this.text.value.split('\n')
      .map((line) => line.replace(';', ',').split(',').map(Number))
      .filter((pair) => pair.length === 2 && pair.every(Number.isFinite));
    this.draw();
  }

  keep() {
    this.past.push(this.text.value);
  }

  change(edit) {
    this.keep();
    edit();
    this.text.value = this.points.map(([lat, lng]) => `${lat.toFixed(DIGITS)}, ${lng.toFixed(DIGITS)}`).join('\n');
    this.draw();
  }

  undo() {
    if (!this.past.length) return;
    this.text.value = this.past.pop();
    this.read();
  }

  /* The place itself, or the site that it is nearly on. */
  snap(latlng) {
    const map = this.map.leaflet;
    const here = map.latLngToContainerPoint(latlng);
    const near = sites.find((one) => map.latLngToContainerPoint([one.lat, one.lon]).distanceTo(here) <= SNAP);
    return near ? [near.lat, near.lon] : [latlng.lat, latlng.lng];
  }

  /* The ends' sites are chosen in the form when the line begins or ends on one. */
  chooseSites() {
    for (const [name, point] of [['start', this.points[0]], ['end', this.points.at(-1)]]) {
      const near = point && sites.find((one) => Math.abs(one.lat - point[0]) < 1e-6 && Math.abs(one.lon - point[1]) < 1e-6);
      if (near && (name === 'start' || this.points.length > 1)) form.elements[name].value = String(near.id);
    }
  }

  draw() {
    const { L, leaflet } = this.map;
    for (const marker of this.markers) marker.remove();
    this.line.setLatLngs(this.points);
    this.markers = this.points.map((point, index) => L.marker(point, {
      draggable: true, icon: L.divIcon({ className: 'pencil-point', iconSize: [16, 16] }), title: `${index + 1}`, alt: `${index + 1}`,
    }).addTo(leaflet)
      .on('dragend', ({ target }) => this.change(() => { this.points[index] = this.snap(target.getLatLng()); }))
      .on('dblclick', () => this.change(() => this.points.splice(index, 1))));
    this.map.spread(this.points);
    if (!isArea) this.chooseSites();
    note.textContent = this.points.length ? `${this.points.length} ${note.dataset.textPoints}` : note.textContent;
    tools.querySelector('[data-pencil="undo"]').disabled = this.past.length === 0;
  }
}

/* Choosing where a segment is cut: one point, into the two fields for coordinates. */
function cutting(map) {
  const points = JSON.parse(document.getElementById('pencil-line').textContent).map(([x, y]) => [y, x]);
  const line = map.L.polyline(points, { className: 'pencil-line', weight: 8 }).addTo(map.leaflet);
  map.leaflet.fitBounds(line.getBounds().pad(0.2), { maxZoom: 14, animate: false });
  let marker = null;
  map.leaflet.on('click', ({ latlng }) => {
    marker?.remove();
    marker = map.L.marker(latlng, { icon: map.L.divIcon({ className: 'pencil-point', iconSize: [16, 16] }) }).addTo(map.leaflet);
    form.elements.latitude.value = latlng.lat.toFixed(DIGITS);
    form.elements.longitude.value = latlng.lng.toFixed(DIGITS);
  });
}

const map = await ready;
tools.hidden = false;
if (isSplit) cutting(map);
else new Pencil(map);
