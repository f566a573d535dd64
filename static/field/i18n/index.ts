/**
 * The interface's words. English is the source and always there; another
 * language is fetched before the first page shows. The language of the
 * interface and the language of a form are two different things.
 */
import { createSignal } from 'solid-js';
import english from './en.json';

export type MessageKey = keyof typeof english;
/** A message with forms for one, few, many: named without the last part. */
export type PluralKey = MessageKey extends infer K ? (K extends `${infer Base}.other` ? Base : never) : never;
type Parameters = Readonly<Record<string, string | number>>;
type Catalogue = Readonly<Record<string, string>>;

export const LANGUAGES = ['en', 'hy', 'ru', 'az', 'ar'] as const;
export type Language = (typeof LANGUAGES)[number];

export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = {
  en: 'English',
  hy: 'Հայերեն',
  ru: 'Русский',
  az: 'Azərbaycanca',
  ar: 'العربية',
};

const LOADERS: Readonly<Record<Exclude<Language, 'en'>, () => Promise<{ default: Catalogue }>>> = {
  hy: () => import('./hy.json'),
  ru: () => import('./ru.json'),
  az: () => import('./az.json'),
  ar: () => import('./ar.json'),
};

const CHOICE_KEY = 'tessera.field.language';
const [language, setLanguageSignal] = createSignal<Language>('en');
let catalogue: Catalogue = english;
export { language };

const isLanguage = (value: string): value is Language => (LANGUAGES as readonly string[]).includes(value);

function remembered(): string {
  try {
    return localStorage.getItem(CHOICE_KEY) ?? '';
  } catch {
    return '';
  }
}

/** The reader's own choice on this device, else the language of their account. */
export function startingLanguage(fromServer: string): Language {
  const wanted = [remembered(), fromServer.split(/[-_]/)[0] ?? ''].find(isLanguage);
  return wanted ?? 'en';
}

export async function setLanguage(wanted: Language, options: { remember?: boolean } = {}): Promise<void> {
  catalogue = wanted === 'en' ? english : (await LOADERS[wanted]()).default;
  document.documentElement.lang = wanted;
  document.documentElement.dir = wanted === 'ar' ? 'rtl' : 'ltr';
  if (options.remember) {
    try {
      localStorage.setItem(CHOICE_KEY, wanted);
    } catch {
      // Without storage the choice lasts for this visit.
    }
  }
  setLanguageSignal(wanted);
}

export const fill = (text: string, parameters: Parameters): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = parameters[name];
    return typeof value === 'number' ? formatNumber(value) : (value ?? whole);
  });

/** A message in the reader's language; reading it in a component keeps it current. */
export function t(key: MessageKey, parameters: Parameters = {}): string {
  language();
  return fill(catalogue[key] ?? english[key], parameters);
}

/** A message that depends on a count, given as `{count}`. */
export function tn(key: PluralKey, count: number, parameters: Parameters = {}): string {
  const rule = new Intl.PluralRules(language()).select(count);
  const other: MessageKey = `${key}.other`;
  const text = catalogue[`${key}.${rule}`] ?? catalogue[other] ?? english[other];
  return fill(text, { count, ...parameters });
}

/** The reader's language for numbers and dates: 23 November, not November 23. */
export const formatLocale = (): string => (language() === 'en' ? 'en-GB' : language());

export const formatNumber = (value: number, options?: Intl.NumberFormatOptions): string =>
  new Intl.NumberFormat(formatLocale(), options).format(value);

export const formatMoment = (iso: string): string =>
  new Intl.DateTimeFormat(formatLocale(), { dateStyle: 'medium', timeStyle: 'long' }).format(new Date(iso));

export const formatDay = (iso: string): string =>
  new Intl.DateTimeFormat(formatLocale(), { dateStyle: 'medium' }).format(new Date(`${iso.slice(0, 10)}T12:00:00`));

export function formatBytes(bytes: number): string {
  const units = ['byte', 'kilobyte', 'megabyte'] as const;
  const power = bytes < 1000 ? 0 : bytes < 1_000_000 ? 1 : 2;
  return formatNumber(bytes / 1000 ** power, {
    style: 'unit',
    unit: units[power] ?? 'byte',
    maximumFractionDigits: power === 2 ? 1 : 0,
  });
}
