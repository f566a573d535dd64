/** Every appearance that docs/field-client.md promises: what stands on the page for it. */
import { expect, test, vi } from 'vitest';
import { progress } from '../../static/field/engine/tree.ts';
import { input, open, select } from './open.ts';
import { show } from './show.tsx';

const ITEMS = ['a', 'b'].map((one) => `<item><label>${one}</label><value>${one}</value></item>`).join('');
const one = (look: string) => `<select1 ref="/data/q" appearance="${look}"><label>Q</label>${ITEMS}</select1>`;
const several = (look: string) => `<select ref="/data/q" appearance="${look}"><label>Q</label>${ITEMS}</select>`;
const typed = (look: string) => `<input ref="/data/q" appearance="${look}"><label>Q</label></input>`;
const upload = (look: string, media = 'image') =>
  `<upload ref="/data/q" mediatype="${media}/*" appearance="${look}"><label>Q</label></upload>`;
const range = (look: string) =>
  `<range ref="/data/q" appearance="${look}" start="1" end="5" step="1"><label>Q</label></range>`;

const form = (type: string, control: string, extra = '') => `<?xml version="1.0"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa" xmlns:odk="http://www.opendatakit.org/xforms">
<h:head><h:title>A</h:title><model odk:xforms-version="1.0.0">
<instance><data id="a" version="1"><q/><from/><other/><meta><instanceID/></meta></data></instance>
${extra}<bind nodeset="/data/q" type="${type}"/>
<bind nodeset="/data/meta/instanceID" type="string" readonly="true()" jr:preload="uid"/>
</model></h:head><h:body>${control}</h:body></h:html>`;

// appearance, type, control, what is on the page
const SHOWN: readonly (readonly [string, string, (look: string) => string, string])[] = [
  ['', 'string', one, '.choices input[type=radio]'],
  ['', 'string', several, '.choices input[type=checkbox]'],
  ['minimal', 'string', one, 'select option[value=b]'],
  ['minimal', 'string', several, '.folded__button[aria-expanded=false]'],
  ['autocomplete', 'string', one, '.finder input[type=search]'],
  ['search', 'string', several, '.finder input[type=search]'],
  ['likert', 'string', one, '.choices--likert'],
  ['horizontal', 'string', one, '.choices--row'],
  ['horizontal-compact', 'string', one, '.choices--row'],
  ['columns-pack', 'string', several, '.choices--row'],
  ['list-nolabel', 'string', one, '.choices--row'],
  ['columns', 'string', one, '.choices--grid'],
  ['columns-2', 'string', one, '.choices--columns-2'],
  ['compact-4', 'string', several, '.choices--columns-4'],
  ['multiline', 'string', typed, 'textarea'],
  ['masked', 'string', typed, 'input[type=password]'],
  ['numbers', 'string', typed, 'input[inputmode=decimal]'],
  ['url', 'string', typed, 'input[inputmode=url]'],
  ['counter', 'int', typed, '.counter button'],
  ['year', 'date', typed, 'input[inputmode=numeric][maxlength="4"]'],
  ['month-year', 'date', typed, '.pair select'],
  ['no-calendar', 'date', typed, 'input[type=date]'],
  ['', 'time', typed, 'input[type=time]'],
  ['', 'dateTime', typed, 'input[type=datetime-local]'],
  ['placement-map', 'geopoint', typed, '.geo [aria-expanded=true]'],
  ['maps', 'geopoint', typed, '.geo [aria-expanded=true]'],
  ['', 'geotrace', typed, '.coordinates__add'],
  ['', 'geoshape', typed, '.coordinates__add'],
  ['hidden-answer', 'barcode', typed, '.barcode input[type=password]'],
  ['', 'binary', upload, 'input[type=file][accept="image/*"]'],
  ['new', 'binary', upload, 'input[type=file][capture=environment]'],
  ['selfie', 'binary', upload, 'input[type=file][capture=user]'],
  ['signature', 'binary', upload, '.upload > button'],
  ['draw', 'binary', upload, '.upload > button'],
  ['annotate', 'binary', upload, 'input[type=file]'],
  ['', 'int', range, 'input[type=range][list]'],
  ['no-ticks', 'int', range, 'input[type=range]:not([list])'],
  ['vertical', 'int', range, '.range--vertical'],
  ['picker', 'int', range, 'select'],
  ['rating', 'int', range, '.rating input[type=radio]'],
];

test.each(SHOWN)('%s (%s)', async (look, type, control, selector) => {
  const place = show(await open(form(type, control(look))));
  await vi.waitFor(() => expect(place.querySelector(`[data-reference="/data/q"] ${selector}`)).not.toBeNull());
});

test('a signature is drawn on a board', async () => {
  const place = show(await open(form('binary', upload('signature'))));
  await vi.waitFor(() => expect(place.querySelector('.upload > button')).not.toBeNull());
  place.querySelector<HTMLButtonElement>('.upload > button')?.click();
  await vi.waitFor(() => expect(place.querySelector('.board__canvas')).not.toBeNull());
});

test('the words above a table’s columns take no answer', async () => {
  const session = await open(form('string', one('label')));
  const place = show(session);
  expect(progress(session.root).total).toBe(0);
  expect(place.querySelector('[data-reference="/data/q"] input')).toBeNull();
});

const CSV = 'name,label,code\na,Alpha,7\nb,Beta,8\n';
const GEOJSON = JSON.stringify({
  type: 'FeatureCollection',
  features: ['a', 'b'].map((id) => ({
    type: 'Feature',
    geometry: { type: 'Point', coordinates: [44.5, 40.2] },
    properties: { id, title: id.toUpperCase() },
  })),
});

test.each([
  ['places.csv', 'csv', 'file-csv', CSV, ['name', 'label'], ['Alpha', 'Beta']],
  ['places.geojson', 'geojson', 'file', GEOJSON, ['id', 'title'], ['A', 'B']],
] as const)('choices of %s', async (file, _kind, scheme, content, [value, label], words) => {
  const itemset = `<itemset nodeset="instance('places')/*/item"><value ref="${value}"/><label ref="${label}"/></itemset>`;
  const control = `<select1 ref="/data/q"><label>Q</label>${itemset}</select1>`;
  const instance = `<instance id="places" src="jr://${scheme}/${file}"/>`;
  const session = await open(form('string', control, instance), { attachments: { [file]: content } });
  expect(select(session, '/data/q').currentState.valueOptions.map((option) => option.label.asString)).toEqual(words);
});

test('pulldata() reads the row of a file', async () => {
  const calculated = `<instance id="places" src="jr://file-csv/places.csv"/>
    <bind nodeset="/data/from" type="string" calculate="pulldata('places', 'code', 'name', /data/q)"/>`;
  const control = `${typed('')}<input ref="/data/from"><label>F</label></input>`;
  const session = await open(form('string', control, calculated), { attachments: { 'places.csv': CSV } });
  session.enter(input(session, '/data/q'), 'b');
  expect(input(session, '/data/from').currentState.value).toBe('8');
});

test('a change of one answer sets another, and the place where it happened', async () => {
  const coords = { latitude: 40.18, longitude: 44.51, altitude: null, accuracy: 9 };
  const geolocation = { getCurrentPosition: (done: (found: unknown) => void) => done({ coords }) };
  Object.defineProperty(navigator, 'geolocation', { value: geolocation, configurable: true });
  const actions = `<setvalue event="xforms-value-changed" ref="/data/other" value="concat(/data/q, '!')"/>
    <odk:setgeopoint event="xforms-value-changed" ref="/data/from"/>`;
  const control = typed('').replace('</input>', `${actions}</input>`);
  const shown = '<input ref="/data/other"><label>O</label></input><input ref="/data/from"><label>F</label></input>';
  const session = await open(form('string', control + shown, '<bind nodeset="/data/from" type="geopoint"/>'));
  session.enter(input(session, '/data/q'), 'b');
  expect(input(session, '/data/other').currentState.value).toBe('b!');
  await vi.waitFor(() => expect(input(session, '/data/from').currentState.instanceValue).toBe('40.18 44.51 0.0 9.0'));
});

test('the answers of a repeat can be chosen from', async () => {
  const repeat = `<group ref="/data/member"><repeat nodeset="/data/member">
    <input ref="/data/member/name"><label>N</label></input></repeat></group>`;
  const itemset = '<itemset nodeset="/data/member[./name != \'\']"><value ref="name"/><label ref="name"/></itemset>';
  const control = `${repeat}<select1 ref="/data/q"><label>Q</label>${itemset}</select1>`;
  const xml = form('string', control).replace('<q/>', '<q/><member><name/></member>');
  const session = await open(xml);
  session.enter(input(session, '/data/member[1]/name'), 'Ani');
  const words = select(session, '/data/q').currentState.valueOptions.map((option) => option.label.asString);
  expect(words).toEqual(['Ani']);
});
