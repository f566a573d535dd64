/** Every language says everything, with the same blanks to fill. */
import { expect, test } from 'vitest';
import ar from '../../static/field/i18n/ar.json';
import az from '../../static/field/i18n/az.json';
import en from '../../static/field/i18n/en.json';
import hy from '../../static/field/i18n/hy.json';
import receiptAr from '../../static/field/i18n/receipt.ar.json';
import receiptAz from '../../static/field/i18n/receipt.az.json';
import receiptEn from '../../static/field/i18n/receipt.en.json';
import receiptHy from '../../static/field/i18n/receipt.hy.json';
import receiptRu from '../../static/field/i18n/receipt.ru.json';
import ru from '../../static/field/i18n/ru.json';
import { formatDay, formatMoment, monthNames, spokenDate } from '../../static/field/i18n/dates.ts';
import { formatBytes, setLanguage, startingLanguage, t, tn } from '../../static/field/i18n/index.ts';

/** The catalogue of receiving cargo is loaded apart; its keys stand beside the others here. */
const both = (main: object, receipts: object) =>
  ({ ...main, ...Object.fromEntries(Object.entries(receipts).map(([key, text]) => [`cargo.${key}`, text])) }) as Record<string, string>;
const catalogues: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ar: both(ar, receiptAr),
  az: both(az, receiptAz),
  hy: both(hy, receiptHy),
  ru: both(ru, receiptRu),
};
const source: Readonly<Record<string, string>> = both(en, receiptEn);
const blanks = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();
const sourceOf = (key: string) => source[key] ?? source[key.replace(/\.(zero|one|two|few|many)$/, '.other')];

test.each(Object.keys(catalogues))('%s is complete', (language) => {
  const catalogue = catalogues[language] ?? {};
  expect(Object.keys(source).filter((key) => !catalogue[key]?.trim())).toEqual([]);
  for (const [key, text] of Object.entries(catalogue)) {
    expect([key, blanks(text)]).toEqual([key, blanks(sourceOf(key) ?? '')]);
  }
});

test.each(['ru', 'hy', 'az'])('%s is not left in English', (language) => {
  const same = Object.entries(catalogues[language] ?? {}).filter(([key, text]) => /[a-z]{4}/i.test(text) && source[key] === text);
  // The product's own name, and messages that are nothing but blanks, are the same everywhere.
  expect(same.map(([key]) => key).filter((key) => !['app.dashboard', 'cargo.list.way', 'cargo.line.expected', 'repeat.entry', 'date.inCalendar', 'range.stars'].includes(key))).toEqual([]);
});

test('Russian counts as Russian does', async () => {
  await setLanguage('ru');
  expect([1, 3, 5].map((count) => tn('list.count', count))).toEqual(['1 форма', '3 формы', '5 форм']);
  await setLanguage('en');
});

test('a right-to-left language turns the page', async () => {
  await setLanguage('ar');
  expect(document.documentElement.dir).toBe('rtl');
  await setLanguage('en');
  expect(document.documentElement.dir).toBe('ltr');
});

test('blanks are filled', () => expect(t('list.version', { version: '7' })).toBe('Version 7'));

test('an unknown language of the account falls back to English', () => expect(startingLanguage('fr')).toBe('en'));

test.each([
  ['en', 'Monday, 23 November 2020', '23 Nov 2020'],
  ['ru', 'понедельник, 23 ноября 2020 г.', '23 нояб. 2020 г.'],
  ['hy', '2020 թ. նոյեմբերի 23, երկուշաբթի', '23 նոյ, 2020 թ.'],
  ['az', '23 noyabr 2020, bazar ertəsi', '23 noy 2020'],
] as const)('%s has dates in its own words', async (language, spoken, day) => {
  await setLanguage(language);
  expect([spokenDate('2020-11-23'), formatDay('2020-11-23')]).toEqual([spoken, day]);
  expect(formatMoment('2020-11-23T12:00:00Z')).toContain(day);
  expect(new Set(monthNames()).size).toBe(12);
  await setLanguage('en');
});

test.each([
  [7, '7 B'],
  [999_499, '999 kB'],
  [1_100_000, '1.1 MB'],
  [10_737_418_240, '10.7 GB'],
])('%d bytes are %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

test('a code keeps its order right to left', async () => {
  await setLanguage('ar');
  expect(t('list.version', { version: '2024-3' })).toContain('\u20682024-3\u2069');
  await setLanguage('en');
});
