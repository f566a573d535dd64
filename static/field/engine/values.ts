/**
 * Turns what people type and what browsers' inputs give into what the engine
 * accepts. The engine makes anything else blank without a word, so whatever
 * cannot be read is refused here with a reason instead.
 */
import type { MessageKey } from '../i18n/index.ts';

export type Reading =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly error: MessageKey };

const accept = (value: string): Reading => ({ ok: true, value });
const refuse = (error: MessageKey): Reading => ({ ok: false, error });

const MIN_INT = -2_147_483_648;
const MAX_INT = 2_147_483_647;

/** Digits of other scripts and a proper minus sign become the ASCII ones. */
function plainDigits(text: string): string {
  return text
    .trim()
    .replace(/[\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) - 0x0660))
    .replace(/[\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) - 0x06f0))
    .replace(/\u066b/g, ',')
    .replace(/[\u2212\u2013]/g, '-');
}

/** Spaces between thousands, as many languages write them, are not part of a number. */
const withoutGroups = (text: string): string =>
  /^[-+]?\d{1,3}([ \u00a0\u202f]\d{3})+([.,]\d+)?$/.test(text) ? text.replace(/[ \u00a0\u202f]/g, '') : text;

export function readInteger(text: string): Reading {
  const plain = withoutGroups(plainDigits(text));
  if (plain === '') return accept('');
  if (/^[-+]?\d+[.,]\d+$/.test(plain)) return refuse('value.wholeOnly');
  if (!/^[-+]?\d+$/.test(plain)) return refuse('value.integer');
  const value = Number(plain);
  if (value < MIN_INT || value > MAX_INT) return refuse('value.tooLarge');
  return accept(String(value));
}

export function readDecimal(text: string): Reading {
  const plain = withoutGroups(plainDigits(text)).replace(',', '.');
  if (plain === '') return accept('');
  if (!/^[-+]?(\d+\.?\d*|\.\d+)$/.test(plain)) return refuse('value.decimal');
  const value = Number(plain);
  // Beyond this a decimal cannot be kept exactly, and what is stored would differ from what was typed.
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER) return refuse('value.tooLarge');
  return accept(plain.replace(/^\+/, ''));
}

export function readDate(text: string): Reading {
  if (text === '') return accept('');
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match) return refuse('value.date');
  const date = new Date(`${text}T00:00:00Z`);
  const exists = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
  return exists ? accept(text) : refuse('value.date');
}

/** `+04:00` for a moment in this device's time zone. */
export function offsetOf(date: Date): string {
  const minutes = -date.getTimezoneOffset();
  const sign = minutes < 0 ? '-' : '+';
  const size = Math.abs(minutes);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${sign}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

const CLOCK = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(\.\d{1,3})?)?$/;

function fullClock(match: RegExpExecArray): string {
  const fraction = (match[4] ?? '.0').slice(1).padEnd(3, '0');
  return `${match[1]}:${match[2]}:${match[3] ?? '00'}.${fraction}`;
}

/** A browser's `10:15` becomes `10:15:00.000+04:00`. */
export function readTime(text: string, now: Date = new Date()): Reading {
  if (text === '') return accept('');
  const match = CLOCK.exec(text);
  return match ? accept(`${fullClock(match)}${offsetOf(now)}`) : refuse('value.time');
}

/** A browser's `2020-11-23T10:15` becomes `2020-11-23T10:15:00.000+04:00`. */
export function readDateTime(text: string): Reading {
  if (text === '') return accept('');
  const [day = '', clock = ''] = text.split('T');
  const match = CLOCK.exec(clock);
  if (!match || !readDate(day).ok) return refuse('value.dateTime');
  const moment = `${day}T${fullClock(match)}`;
  return accept(`${moment}${offsetOf(new Date(moment))}`);
}

/** Latitude and longitude as typed; blank and zero-zero are not a place. */
export function readDegrees(text: string, limit: 90 | 180): Reading {
  const reading = readDecimal(text);
  if (!reading.ok) return refuse('value.degrees');
  if (reading.value === '') return reading;
  return Math.abs(Number(reading.value)) <= limit ? reading : refuse(limit === 90 ? 'value.latitude' : 'value.longitude');
}

const READERS: Partial<Record<string, (text: string) => Reading>> = {
  int: readInteger,
  decimal: readDecimal,
  date: readDate,
  time: readTime,
  dateTime: readDateTime,
};

export const readValue = (valueType: string, text: string): Reading =>
  READERS[valueType]?.(text) ?? accept(text);

/** What a browser's input shows for a stored value: the inverse of the readers. */
export function editableValue(valueType: string, stored: string): string {
  if (valueType === 'time') return stored.slice(0, 5);
  if (valueType === 'dateTime') return stored.slice(0, 16);
  return stored;
}
