/**
 * Dates in the calendars that people live by. The record keeps the common
 * calendar; the reader sees the same day in theirs beside it.
 */
import { formatLocale, t, type MessageKey } from '../i18n/index.ts';

const CALENDARS: Readonly<Record<string, { readonly id: string; readonly name: MessageKey }>> = {
  ethiopian: { id: 'ethiopic', name: 'calendar.ethiopic' },
  coptic: { id: 'coptic', name: 'calendar.coptic' },
  islamic: { id: 'islamic', name: 'calendar.islamic' },
  persian: { id: 'persian', name: 'calendar.persian' },
  buddhist: { id: 'buddhist', name: 'calendar.buddhist' },
};

const at = (day: string): Date => new Date(`${day}T12:00:00`);

/** "Monday, 23 November 2020": says which day a browser's short form means. */
export function spokenDate(day: string): string {
  return new Intl.DateTimeFormat(formatLocale(), { dateStyle: 'full', calendar: 'gregory' }).format(at(day));
}

/** The same day in the calendar that the form asks for, or null where the browser has none. */
export function inCalendar(day: string, looks: ReadonlySet<string>): string | null {
  const calendar = Object.entries(CALENDARS).find(([look]) => looks.has(look))?.[1];
  if (!calendar) return null;
  const date = new Intl.DateTimeFormat(formatLocale(), { dateStyle: 'long', calendar: calendar.id }).format(at(day));
  return t('date.inCalendar', { date, calendar: t(calendar.name) });
}

/** Names of the twelve months in the reader's language. */
export function monthNames(): readonly string[] {
  const format = new Intl.DateTimeFormat(formatLocale(), { month: 'long', calendar: 'gregory' });
  return Array.from({ length: 12 }, (_unused, month) => format.format(new Date(2020, month, 1)));
}
