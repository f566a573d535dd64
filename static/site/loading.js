/* What a vehicle would carry with what is typed, against what it may: the server reckons again. */

const { vehicle, units } = JSON.parse(document.getElementById('room').textContent);
const box = document.querySelector('[data-room]');
const form = box.closest('form');
const number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });

function loads() {
  const unit = units[(form.elements.line ?? form.elements.entry).value];
  const qty = form.elements.qty.valueAsNumber;
  return unit && qty > 0 ? { kg: unit.kg * qty, m3: unit.m3 * qty } : null;
}

function tell(name, has, most) {
  const line = box.querySelector(`[data-room-of="${name}"]`);
  line.hidden = most === null;
  if (line.hidden) return;
  const isOver = has > most;
  const said = line.dataset.text.replace('{has}', number.format(has)).replace('{most}', number.format(most));
  line.querySelector('span').textContent = isOver ? `${said} – ${box.dataset.textOver}` : said;
  line.classList.toggle('is-over', isOver);
  Object.assign(line.querySelector('progress'), { max: most, value: Math.min(has, most) });
}

function show() {
  const more = loads();
  box.hidden = !more;
  if (!more) return;
  const kg = vehicle.kg + more.kg;
  tell('kg', kg, vehicle.most_kg);
  tell('m3', vehicle.m3 + more.m3, vehicle.most_m3);
  tell('axle_kg', (vehicle.tare_kg + kg) / vehicle.axles, vehicle.most_axle_kg);
}

form.addEventListener('input', show);
show();
