/* Puts the charts that the server draws into their places, as wide as these are; the page's tables
   hold the same numbers, so nothing is lost where a chart cannot be had. */

const STEP = 40;

async function draw(figure) {
  const width = Math.max(280, Math.floor(figure.clientWidth / STEP) * STEP);
  if (figure.dataset.drawn === String(width)) return;
  figure.dataset.drawn = width;
  const address = new URL(figure.dataset.chart, location.href);
  address.searchParams.set('width', width);
  address.searchParams.set('picture', figure.dataset.picture);
  const answer = await fetch(address, { headers: { Accept: 'image/svg+xml' } });
  if (!answer.ok) return;
  const drawn = new DOMParser().parseFromString(await answer.text(), 'image/svg+xml').documentElement;
  drawn.setAttribute('aria-hidden', 'true');
  figure.replaceChildren(document.importNode(drawn, true));
}

const waiting = new Map();

/* A new observation comes at once and draws the first time; later ones wait for the size to settle. */
const resized = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    clearTimeout(waiting.get(target));
    waiting.set(target, setTimeout(draw, target.dataset.drawn ? 250 : 0, target));
  }
});

for (const figure of document.querySelectorAll('[data-chart]')) resized.observe(figure);

/* Roads, sites and convoys lie on top of the areas; a page without areas begins where they are. */
async function drawAccess(drawing) {
  const { whenMap } = await import('./map.js');
  const { drawRoads } = await import('./access_map.js');
  const map = await whenMap('overview-map');
  const bounds = drawRoads(map, JSON.parse(drawing.textContent)).getBounds();
  if (map.areas) return;
  map.frame(bounds.pad(0.15));
  map.note.hidden = true;
}

const drawing = document.getElementById('overview-drawing');
if (drawing) drawAccess(drawing);
