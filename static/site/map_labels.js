/* Names on the map, in the reader's language: only where they fit, never one over another. */

const MOST = 90;
const LETTER = 6.8;
const LINE = 15;

function largestRing(layer) {
  const parts = layer.getLatLngs();
  const rings = Array.isArray(parts[0]?.[0]) ? parts.map((part) => part[0]) : [parts[0]];
  return rings.reduce((one, other) => (other.length > one.length ? other : one), rings[0] ?? []);
}

/* The middle of the largest part's box of points, near enough for a name. */
function anchor(L, layer) {
  const ring = largestRing(layer);
  const centre = L.PolyUtil.polygonCenter(ring, L.CRS.EPSG3857);
  return Number.isFinite(centre?.lat) ? centre : L.latLngBounds(ring).getCenter();
}

export class Labels {
  constructor(L, map) {
    this.L = L;
    this.map = map;
    map.createPane('labels').classList.add('map-labels');
    map.getPane('labels').setAttribute('aria-hidden', 'true');
    this.group = L.layerGroup().addTo(map);
    this.anchors = new WeakMap();
    map.on('moveend', () => this.draw());
  }

  setFeatures(layers) {
    this.layers = layers;
    this.draw();
  }

  anchorOf(layer) {
    if (!this.anchors.has(layer)) this.anchors.set(layer, anchor(this.L, layer));
    return this.anchors.get(layer);
  }

  draw() {
    this.group.clearLayers();
    const view = this.map.getBounds();
    const taken = [];
    const fitting = [];
    for (const layer of this.layers ?? []) {
      const bounds = layer.getBounds();
      if (!view.intersects(bounds)) continue;
      const corner = this.map.latLngToLayerPoint(bounds.getNorthWest());
      const size = this.map.latLngToLayerPoint(bounds.getSouthEast()).subtract(corner);
      const width = layer.feature.properties.name.length * LETTER + 6;
      if (size.x >= width * 0.85 && size.y >= LINE) fitting.push({ layer, width, room: size.x * size.y });
    }
    fitting.sort((one, other) => other.room - one.room);
    for (const { layer, width } of fitting.slice(0, MOST)) this.place(layer, width, taken);
  }

  place(layer, width, taken) {
    const at = this.anchorOf(layer);
    const { x, y } = this.map.latLngToLayerPoint(at);
    const box = { x1: x - width / 2, x2: x + width / 2, y1: y - LINE / 2, y2: y + LINE / 2 };
    const hit = taken.some((one) => box.x1 < one.x2 && box.x2 > one.x1 && box.y1 < one.y2 && box.y2 > one.y1);
    if (hit) return;
    taken.push(box);
    const text = document.createElement('span');
    text.textContent = layer.feature.properties.name;
    const icon = this.L.divIcon({ className: 'map-label', html: text, iconSize: [0, 0] });
    this.L.marker(at, { icon, interactive: false, keyboard: false, pane: 'labels' }).addTo(this.group);
  }
}
