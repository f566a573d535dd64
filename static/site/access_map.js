/* Roads, checkpoints and sites on the shared map: each by pattern, icon and word, never by colour
   alone. The table beside the map says the same. */

import { whenMap } from './map.js';

const ROOM = 28;
const ICONS = new URL('icons.svg', import.meta.url);

function mark(name, kind) {
  const box = document.createElement('span');
  box.className = `road-mark ${kind}`;
  box.innerHTML = '<svg class="icon" aria-hidden="true" focusable="false"><use></use></svg>';
  box.querySelector('use').setAttribute('href', `${ICONS}#${name}`);
  return box;
}

function popup({ name, kind, word, basis, url }, text) {
  const box = document.createElement('div');
  box.className = 'map-tip';
  box.append(Object.assign(document.createElement('strong'), { textContent: name }));
  const told = [kind, word && `${word} (${basis})`].filter(Boolean).join(' · ');
  box.append(Object.assign(document.createElement('div'), { textContent: told }));
  if (!url) return box;
  const line = document.createElement('p');
  line.append(Object.assign(document.createElement('a'), { href: url, textContent: text }));
  box.append(line);
  return box;
}

/* The place in the middle of a line's longest stretch, for its icon: no site lies there. */
function middle(points) {
  const stretches = points.slice(1).map((end, index) => [points[index], end]);
  const lengthOf = ([[x1, y1], [x2, y2]]) => Math.hypot((x2 - x1) * Math.cos((y1 * Math.PI) / 180), y2 - y1);
  const [first, second] = stretches.reduce((best, one) => (lengthOf(one) > lengthOf(best) ? one : best));
  return [(first[1] + second[1]) / 2, (first[0] + second[0]) / 2];
}

function addMark(map, place, properties, name, kind) {
  const html = mark(name, kind);
  const told = [properties.name, properties.kind, properties.word].filter(Boolean).join(', ');
  return map.L.marker(place, {
    icon: map.L.divIcon({ html, className: '', iconSize: [24, 24] }), title: told, alt: told, keyboard: true, properties,
  }).bindPopup(() => popup(properties, map.text.textOpen));
}

/* A mark that would lie on an earlier one waits until somebody zooms in, so that each can be hit:
   its line stays, and the table has it. ``points`` have their places before any mark. */
function spread(map, marks, points) {
  const taken = points.map((point) => map.latLngToLayerPoint(point));
  for (const one of marks) {
    const place = map.latLngToLayerPoint(one.getLatLng());
    const isFree = taken.every((other) => place.distanceTo(other) >= ROOM);
    if (isFree) taken.push(place);
    one.getElement().hidden = !isFree;
  }
}

export function drawRoads(map, { features }) {
  const { L } = map;
  const group = L.featureGroup();
  const renderer = L.svg({ padding: 0.3 });
  const sites = [];
  const middles = [];
  for (const { geometry, properties } of features) {
    const state = properties.status;
    if (geometry.type === 'LineString') {
      const latlngs = geometry.coordinates.map(([x, y]) => [y, x]);
      const road = L.polyline(latlngs, { renderer, className: `road road-${state}`, stroke: true, color: 'currentColor', interactive: true, properties });
      road.bindPopup(() => popup(properties, map.text.textOpen));
      group.addLayer(road);
      middles.push(addMark(map, middle(geometry.coordinates), properties, `access-${state}`, `access-${state}`));
    } else if (geometry.type.endsWith('Polygon')) {
      const area = L.geoJSON(geometry, { style: { renderer, className: 'window-area', color: 'currentColor', fillColor: 'currentColor' } });
      group.addLayer(area.bindPopup(() => popup(properties, map.text.textOpen)));
    } else {
      const name = properties.icon ?? (state ? `access-${state}` : 'pin');
      const [x, y] = geometry.coordinates;
      sites.push(addMark(map, [y, x], properties, name, state ? `access-${state} site-mark` : 'site-mark'));
    }
  }
  for (const one of [...sites, ...middles]) group.addLayer(one);
  group.addTo(map.leaflet);
  map.spread = (points) => spread(map.leaflet, [...sites, ...middles], points);
  const alone = () => map.spread([]);
  map.leaflet.whenReady(alone).on('zoomend', alone);
  map.roads = group;
  return group;
}

async function start() {
  const map = await whenMap('access-map');
  const group = drawRoads(map, JSON.parse(document.getElementById('access-drawing').textContent));
  const bounds = group.getBounds();
  if (!map.text.bounds && bounds.isValid()) map.frame(bounds.pad(0.15));
  else if (!map.areas) map.fit();
  map.note.hidden = true;
  return map;
}

export const ready = document.getElementById('access-map') ? start() : Promise.reject(new Error('no map'));
ready.catch(() => {});
