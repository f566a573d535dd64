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

/** Right to left, a name or a code would else be torn apart by the words around it. */
const isolated = (value: string): string => (document.documentElement.dir === 'rtl' ? `\u2068${value}\u2069` : value);

export const fill = (text: string, parameters: Parameters): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = parameters[name];
    if (value === undefined) return whole;
    return isolated(typeof value === 'number' ? formatNumber(value) : value);
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

/** The language that the browser formats numbers in: it knows none of Armenian, which writes them as Russian does. */
export const formatLocale = (): string => ({ en: 'en-GB', hy: 'ru' } as Partial<Record<Language, string>>)[language()] ?? language();

export const formatNumber = (value: number, options?: Intl.NumberFormatOptions): string =>
  new Intl.NumberFormat(formatLocale(), options).format(value);

export const formatMetres = (metres: number): string => t('geo.metres', { n: Math.round(metres) });

const SIZES = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

export function formatBytes(bytes: number): string {
  const power = bytes < 1000 ? 0 : bytes < 1_000_000 ? 1 : bytes < 1_000_000_000 ? 2 : 3;
  const n = formatNumber(bytes / 1000 ** power, { maximumFractionDigits: power > 1 ? 1 : 0 });
  return t(`size.${SIZES[power] ?? 'byte'}`, { n });
}
