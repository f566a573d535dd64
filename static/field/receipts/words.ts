/**
 * The words of receiving cargo, in catalogues of their own: nobody who only
 * fills forms waits for them. They are here before the first page that uses
 * them is drawn, and follow a change of language.
 */
import { createEffect, createRoot, createSignal, on } from 'solid-js';
import { fill, language, type Language } from '../i18n/index.ts';
import english from '../i18n/receipt.en.json';

export type WordKey = keyof typeof english;
type PluralKey = WordKey extends infer K ? (K extends `${infer Base}.other` ? Base : never) : never;
type Parameters = Readonly<Record<string, string | number>>;
type Catalogue = Readonly<Record<string, string>>;

const LOADERS: Readonly<Record<Exclude<Language, 'en'>, () => Promise<{ default: Catalogue }>>> = {
  hy: () => import('../i18n/receipt.hy.json'),
  ru: () => import('../i18n/receipt.ru.json'),
  az: () => import('../i18n/receipt.az.json'),
  ar: () => import('../i18n/receipt.ar.json'),
};

const [catalogue, setCatalogue] = createSignal<Catalogue>(english);

async function load(wanted: Language): Promise<void> {
  const found = wanted === 'en' ? english : (await LOADERS[wanted]()).default;
  if (wanted === language()) setCatalogue(() => found);
}

// English stands in where the reader's language cannot be had.
await load(language()).catch(() => undefined);
createRoot(() => createEffect(on(language, (wanted) => void load(wanted).catch(() => undefined), { defer: true })));

export const w = (key: WordKey, parameters: Parameters = {}): string =>
  fill(catalogue()[key] ?? english[key], parameters);

/** A message that depends on a count, given as `{count}`. */
export function wn(key: PluralKey, count: number, parameters: Parameters = {}): string {
  const other: WordKey = `${key}.other`;
  const rule = new Intl.PluralRules(language()).select(count);
  const text = catalogue()[`${key}.${rule}`] ?? catalogue()[other] ?? english[other];
  return fill(text, { count, ...parameters });
}
