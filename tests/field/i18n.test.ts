/** Every language says everything, with the same blanks to fill. */
import { expect, test } from 'vitest';
import ar from '../../static/field/i18n/ar.json';
import az from '../../static/field/i18n/az.json';
import en from '../../static/field/i18n/en.json';
import hy from '../../static/field/i18n/hy.json';
import ru from '../../static/field/i18n/ru.json';
import { setLanguage, startingLanguage, t, tn } from '../../static/field/i18n/index.ts';

const catalogues: Readonly<Record<string, Readonly<Record<string, string>>>> = { ar, az, hy, ru };
const source: Readonly<Record<string, string>> = en;
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
  expect(same.map(([key]) => key).filter((key) => !['app.dashboard', 'repeat.entry', 'date.inCalendar', 'range.stars'].includes(key))).toEqual([]);
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
