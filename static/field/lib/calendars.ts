/**
 * Dates in the calendars that people live by. The record keeps the common
 * calendar; the reader sees the same day in theirs beside it.
 */
import { dateLocale } from '../i18n/dates.ts';
import { t, type MessageKey } from '../i18n/index.ts';

const CALENDARS: Readonly<Record<string, { readonly id: string; readonly name: MessageKey }>> = {
  ethiopian: { id: 'ethiopic', name: 'calendar.ethiopic' },
  coptic: { id: 'coptic', name: 'calendar.coptic' },
  islamic: { id: 'islamic', name: 'calendar.islamic' },
  persian: { id: 'persian', name: 'calendar.persian' },
  buddhist: { id: 'buddhist', name: 'calendar.buddhist' },
};

const at = (day: string): Date => new Date(`${day}T12:00:00`);

/** The same day in the calendar that the form asks for, or null where the browser has none. */
export function inCalendar(day: string, looks: ReadonlySet<string>): string | null {
  const calendar = Object.entries(CALENDARS).find(([look]) => looks.has(look))?.[1];
  if (!calendar) return null;
  const date = new Intl.DateTimeFormat(dateLocale(), { dateStyle: 'long', calendar: calendar.id }).format(at(day));
  return t('date.inCalendar', { date, calendar: t(calendar.name) });
}
