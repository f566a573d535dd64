/* The map beside a form about a convoy: a click chooses roads, or the place where it was. The form's
   own fields say the same and are what is sent. */

import { ready } from './access_map.js';

const DIGITS = 6;
const form = document.querySelector('form[data-draws]');
const note = document.querySelector('[data-map-note]');

/* Ticks a road's box by a click on its line or its mark. */
function chooseRoads(map) {
  const boxes = new Map([...form.querySelectorAll('[name="segments"]')].map((box) => [box.value, box]));
  const roads = [];
  map.roads.eachLayer((layer) => {
    const box = boxes.get(layer.options.properties?.choice);
    if (!box) return;
    layer.unbindPopup().on('click', () => box.click())
      .on('keypress', ({ originalEvent }) => originalEvent.key === 'Enter' && box.click());
    roads.push([layer, box]);
  });
  const km = new Map(roads.map(([layer, box]) => [box, layer.options.properties.km]));
  const show = () => {
    for (const [layer, box] of roads) layer.getElement()?.classList.toggle('is-chosen', box.checked);
    const chosen = [...boxes.values()].filter((box) => box.checked);
    if (!chosen.length) return;
    const far = chosen.reduce((sum, box) => sum + (km.get(box) ?? 0), 0);
    note.textContent = note.dataset.textChosen
      .replace('{count}', chosen.length)
      .replace('{km}', far.toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 }));
  };
  form.addEventListener('change', show);
  map.leaflet.on('zoomend', show);
  show();
}

/* Writes the place of a click into the form, and shows what is typed there. */
function choosePlace(map) {
  const { latitude, longitude } = form.elements;
  const mark = map.L.marker([0, 0], { icon: map.L.divIcon({ className: 'pencil-point', iconSize: [16, 16] }), interactive: false });
  const show = () => {
    if (latitude.value && longitude.value) mark.setLatLng([latitude.value, longitude.value]).addTo(map.leaflet);
    else mark.remove();
  };
  const take = ({ latlng }) => {
    latitude.value = latlng.lat.toFixed(DIGITS);
    longitude.value = latlng.lng.toFixed(DIGITS);
    show();
  };
  map.leaflet.on('click', take);
  map.roads.eachLayer((layer) => layer.unbindPopup().on('click', take));
  form.addEventListener('change', show);
  show();
}

const map = await ready;
if (form.dataset.draws === 'segments') chooseRoads(map);
else choosePlace(map);
