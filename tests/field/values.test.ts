/** What people type and what browsers give, as the engine needs it. */
import { describe, expect, test } from 'vitest';
import {
  editableValue,
  offsetOf,
  readDate,
  readDateTime,
  readDecimal,
  readDegrees,
  readInteger,
  readTime,
} from '../../static/field/engine/values.ts';

const read = (reading: { ok: true; value: string } | { ok: false; error: string }): string =>
  reading.ok ? reading.value : `! ${reading.error}`;

describe('whole numbers', () => {
  test.each([
    ['', ''],
    [' 12 ', '12'],
    ['-3', '-3'],
    ['007', '7'],
    ['1 250', '1250'],
    ['1\u00a0250\u202f000', '1250000'],
    ['١٢', '12'],
    ['۱۲', '12'],
    ['−4', '-4'],
  ])('takes %j', (typed, expected) => expect(read(readInteger(typed))).toBe(expected));

  test.each([
    ['abc', '! value.integer'],
    ['12a', '! value.integer'],
    ['1 2', '! value.integer'],
    ['1,500', '! value.wholeOnly'],
    ['2.5', '! value.wholeOnly'],
    ['2147483648', '! value.tooLarge'],
    ['1e3', '! value.integer'],
  ])('refuses %j with a reason', (typed, expected) => expect(read(readInteger(typed))).toBe(expected));
});

describe('decimals', () => {
  test.each([
    ['1,5', '1.5'],
    ['1.5', '1.5'],
    ['1 250,75', '1250.75'],
    ['+2', '2'],
    ['.5', '.5'],
    ['٣٫٥', '3.5'],
  ])('takes %j', (typed, expected) => expect(read(readDecimal(typed))).toBe(expected));

  test.each([['1,500.5'], ['1.2.3'], ['Infinity'], ['1e5'], ['about 3'], ['.']])('refuses %j', (typed) =>
    expect(read(readDecimal(typed))).toBe('! value.decimal'),
  );
});

describe('dates and times', () => {
  test('a browser’s time gets seconds and an offset', () => {
    const now = new Date('2020-11-23T10:00:00');
    expect(read(readTime('10:15', now))).toBe(`10:15:00.000${offsetOf(now)}`);
    expect(read(readTime('10:15:30', now))).toBe(`10:15:30.000${offsetOf(now)}`);
  });

  test('a browser’s moment gets the offset that holds on that day', () => {
    const day = new Date('2020-11-23T10:15:00');
    expect(read(readDateTime('2020-11-23T10:15'))).toBe(`2020-11-23T10:15:00.000${offsetOf(day)}`);
  });

  test.each([['2020-02-30'], ['23.11.2020'], ['12020-01-01'], ['2020-11']])('refuses the date %j', (typed) =>
    expect(read(readDate(typed))).toBe('! value.date'),
  );

  test.each([['25:00'], ['10:60'], ['10']])('refuses the time %j', (typed) =>
    expect(read(readTime(typed))).toBe('! value.time'),
  );

  test('a moment without its time is refused', () =>
    expect(read(readDateTime('2020-11-23'))).toBe('! value.dateTime'));

  test('what is stored shows again in the browser’s field', () => {
    expect(editableValue('time', '10:15:00.000+04:00')).toBe('10:15');
    expect(editableValue('dateTime', '2020-11-23T10:15:00.000+04:00')).toBe('2020-11-23T10:15');
    expect(editableValue('int', '12')).toBe('12');
  });
});

describe('degrees', () => {
  test('a comma is a decimal point', () => expect(read(readDegrees('40,1776', 90))).toBe('40.1776'));
  test('beyond the poles is no latitude', () => expect(read(readDegrees('91', 90))).toBe('! value.latitude'));
  test('beyond the date line is no longitude', () => expect(read(readDegrees('-181', 180))).toBe('! value.longitude'));
  test('words are no degrees', () => expect(read(readDegrees('north', 90))).toBe('! value.degrees'));
});
