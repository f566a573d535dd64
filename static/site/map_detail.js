/* Finer borders as one zooms in: the first view has low detail, closer ones fetch mid and full for
   what is in view, on a grid of boxes so that a small move fetches nothing. */

const FINER = [
  { by: 4, detail: 'full' },
  { by: 1, detail: 'mid' },
];
const RANK = { low: 0, mid: 1, full: 2 };

function boxes(bounds) {
  const span = Math.max(bounds.getEast() - bounds.getWest(), bounds.getNorth() - bounds.getSouth());
  const step = 2 ** Math.ceil(Math.log2(span));
  const down = (value) => Math.floor(value / step) * step;
  const box = [down(bounds.getWest()), down(bounds.getSouth()), down(bounds.getEast()) + step, down(bounds.getNorth()) + step];
  return [Math.max(box[0], -180), Math.max(box[1], -90), Math.min(box[2], 180), Math.min(box[3], 90)];
}

export class Details {
  constructor(areaMap, url) {
    this.areaMap = areaMap;
    this.url = url;
    this.fetched = new Set();
    this.ranks = new Map();
    areaMap.details?.stop();
    this.look = () => this.refine();
    areaMap.leaflet.on('moveend', this.look);
  }

  stop() {
    this.areaMap.leaflet.off('moveend', this.look);
  }

  async refine() {
    const { leaflet, startZoom } = this.areaMap;
    // A map that is folded away shows nothing.
    const { x, y } = leaflet.getSize();
    if (!x || !y) return;
    const needed = FINER.find(({ by }) => leaflet.getZoom() >= startZoom + by);
    if (!needed) return;
    const address = new URL(this.url, window.location.href);
    address.searchParams.set('detail', needed.detail);
    address.searchParams.set('bbox', boxes(leaflet.getBounds()).join(','));
    if (this.fetched.has(address.href)) return;
    this.fetched.add(address.href);
    const answer = await fetch(address, { headers: { Accept: 'application/geo+json' } });
    if (!answer.ok) {
      this.fetched.delete(address.href);
      return;
    }
    const { features } = await answer.json();
    for (const feature of features) this.replace(feature, RANK[needed.detail]);
  }

  replace({ geometry, properties: { pcode } }, rank) {
    const layer = this.areaMap.layers.get(pcode);
    if (!layer || !geometry || (this.ranks.get(pcode) ?? 0) >= rank) return;
    this.ranks.set(pcode, rank);
    const depth = geometry.type === 'MultiPolygon' ? 2 : 1;
    layer.setLatLngs(this.areaMap.L.GeoJSON.coordsToLatLngs(geometry.coordinates, depth));
  }
}
