/** Small rules that other parts lean on. */
import { describe, expect, test } from 'vitest';
import { filenameOf } from '../../static/field/engine/attachments.ts';
import { createFileNames } from '../../static/field/engine/filenames.ts';
import { suits } from '../../static/field/engine/languages.ts';
import { fitted } from '../../static/field/lib/image.ts';
import { pathText, placesOf, placeOf, pointText } from '../../static/field/lib/position.ts';
import { fillPath, parseRoute } from '../../static/field/lib/router.ts';
import { readPoint } from '../../static/field/widgets/PointInput.tsx';
import type { UpdatedInstanceAttachmentMeta } from '@getodk/xforms-engine';

const meta = (nodeId: string, basename: string): UpdatedInstanceAttachmentMeta => ({
  nodeId: nodeId as UpdatedInstanceAttachmentMeta['nodeId'],
  basename,
  extension: '.JPG',
  writtenAt: new Date(),
});

describe('file names', () => {
  test('are readable in any script and safe everywhere', () => {
    const name = createFileNames()(meta('node:1', '../Տուն № 5'));
    expect(name).toMatch(/^Տուն_5-[0-9a-f]{12}\.jpg$/);
  });

  test('a name that one question has is not given to another', () => {
    const names = createFileNames();
    const first = names(meta('node:1', 'image')) ?? '';
    const base = first.replace(/\.jpg$/, '');
    expect(names({ ...meta('node:1', base), extension: '.jpg' })).toBe(first);
    expect(names({ ...meta('node:2', base), extension: '.jpg' })).not.toBe(first);
  });

  test('a file without a name gets one', () => {
    expect(createFileNames()({ ...meta('node:1', '***'), extension: null })).toMatch(/^file-[0-9a-f]{12}$/);
  });
});

describe('addresses', () => {
  test.each([
    ['', { page: 'list' }],
    ['#/', { page: 'list' }],
    ['#/form/12', { page: 'fill', version: '12', test: false }],
    ['#/preview/a%2Fb', { page: 'fill', version: 'a/b', test: true }],
    ['#/form/', { page: 'list' }],
  ])('%j', (hash, route) => expect(parseRoute(hash)).toEqual(route));

  test('are read as they are written', () =>
    expect(parseRoute(fillPath('a/b', false))).toEqual({ page: 'fill', version: 'a/b', test: false }));

  test('of a form’s file end in its name', () => expect(filenameOf('jr://images/my%20house.png')).toBe('my house.png'));
});

describe('the form’s language', () => {
  test.each([
    ['English (en)', 'en', true],
    ['english', 'en', true],
    ['Русский (ru)', 'ru', true],
    ['Հայերեն', 'hy', true],
    ['Français (fr)', 'en', false],
    ['Armenian', 'hy', true],
  ])('%s suits %s: %s', (name, reader, expected) => expect(suits(name, reader)).toBe(expected));
});

describe('places', () => {
  test('are written as forms store them', () => {
    const place = { latitude: 40.1776, longitude: 44.5126, altitude: null, accuracy: 4.24 };
    expect(pointText(place)).toBe('40.1776 44.5126 0 4.2');
    expect(placeOf('40.1776 44.5126 990 5')).toEqual({ latitude: 40.1776, longitude: 44.5126, altitude: 990, accuracy: 5 });
  });

  test('an area ends where it begins, and is read back without that point twice', () => {
    const corners = placesOf('1 1;1 2;2 2');
    expect(pathText(corners, true)).toBe('1 1;1 2;2 2;1 1');
    expect(placesOf('1 1;1 2;2 2;1 1')).toHaveLength(3);
  });

  test('half a point is none', () => {
    expect(readPoint({ latitude: '40', longitude: '', altitude: '' })).toEqual({ error: 'value.bothDegrees' });
    expect(readPoint({ latitude: '', longitude: '', altitude: '' })).toEqual({ text: '' });
    expect(readPoint({ latitude: '40,5', longitude: '44', altitude: '' })).toEqual({ text: '40.5 44' });
  });
});

test('photos keep their proportions', () => {
  expect(fitted({ width: 4000, height: 3000 }, 1024)).toEqual({ width: 1024, height: 768 });
  expect(fitted({ width: 800, height: 600 }, 1024)).toEqual({ width: 800, height: 600 });
});
