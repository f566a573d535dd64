/**
 * Dates in words. Browsers know none in Armenian and write Azerbaijani ones as
 * "2026 M11 26", so these two languages bring their own names and order (CLDR).
 */
import { formatLocale, language, type Language } from './index.ts';

interface OwnDates {
  /** Names of the months alone, within a date, and short. */
  readonly months: readonly string[];
  readonly genitive: string;
  readonly short: readonly string[];
  readonly weekdays: readonly string[];
  /** Blanks: day, month, year, weekday. */
  readonly full: string;
  readonly medium: string;
}

const words = (text: string): readonly string[] => text.split(',');

const OWN: Partial<Record<Language, OwnDates>> = {
  hy: {
    months: words('հունվար,փետրվար,մարտ,ապրիլ,մայիս,հունիս,հուլիս,օգոստոս,սեպտեմբեր,հոկտեմբեր,նոյեմբեր,դեկտեմբեր'),
    genitive: 'ի',
    short: words('հնվ,փտվ,մրտ,ապր,մյս,հնս,հլս,օգս,սեպ,հոկ,նոյ,դեկ'),
    weekdays: words('կիրակի,երկուշաբթի,երեքշաբթի,չորեքշաբթի,հինգշաբթի,ուրբաթ,շաբաթ'),
    full: '{year} թ. {month} {day}, {weekday}',
    medium: '{day} {month}, {year} թ.',
  },
  az: {
    months: words('yanvar,fevral,mart,aprel,may,iyun,iyul,avqust,sentyabr,oktyabr,noyabr,dekabr'),
    genitive: '',
    short: words('yan,fev,mar,apr,may,iyn,iyl,avq,sen,okt,noy,dek'),
    weekdays: words('bazar,bazar ertəsi,çərşənbə axşamı,çərşənbə,cümə axşamı,cümə,şənbə'),
    full: '{day} {month} {year}, {weekday}',
    medium: '{day} {month} {year}',
  },
};

/** What the browser is asked in, where it has to say a part of a date itself. */
export const dateLocale = (): string => (OWN[language()] ? 'en-GB' : formatLocale());

function inWords(date: Date, own: OwnDates, style: 'full' | 'medium'): string {
  const month = own[style === 'full' ? 'months' : 'short'][date.getMonth()] ?? '';
  const parts: Readonly<Record<string, string>> = {
    day: String(date.getDate()),
    month: style === 'full' ? month + own.genitive : month,
    year: String(date.getFullYear()),
    weekday: own.weekdays[date.getDay()] ?? '',
  };
  return own[style].replace(/\{(\w+)\}/g, (whole, name: string) => parts[name] ?? whole);
}

function dateText(date: Date, style: 'full' | 'medium'): string {
  const own = OWN[language()];
  if (own) return inWords(date, own, style);
  return new Intl.DateTimeFormat(formatLocale(), { dateStyle: style, calendar: 'gregory' }).format(date);
}

const noon = (day: string): Date => new Date(`${day.slice(0, 10)}T12:00:00`);

/** "23 Nov 2020, 14:05 UTC". */
export function formatMoment(iso: string): string {
  const moment = new Date(iso);
  const time = new Intl.DateTimeFormat(dateLocale(), { hour: '2-digit', minute: '2-digit', timeZoneName: 'short' });
  return `${dateText(moment, 'medium')}, ${time.format(moment)}`;
}

export const formatDay = (day: string): string => dateText(noon(day), 'medium');

/** "Monday, 23 November 2020": says which day a browser's short form means. */
export const spokenDate = (day: string): string => dateText(noon(day), 'full');

/** Names of the twelve months in the reader's language. */
export function monthNames(): readonly string[] {
  const own = OWN[language()];
  if (own) return own.months;
  const format = new Intl.DateTimeFormat(formatLocale(), { month: 'long', calendar: 'gregory' });
  return Array.from({ length: 12 }, (_unused, month) => format.format(new Date(2020, month, 1)));
}
