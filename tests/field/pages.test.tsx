/** What a reader meets on screen: the pages of a form, its words, its problems. */
import { describe, expect, test } from 'vitest';
import { stepsOf } from '../../static/field/engine/steps.ts';
import { fixture, input, open, select } from './open.ts';
import { show } from './show.tsx';

const button = (place: HTMLElement, words: string): HTMLButtonElement => {
  const found = [...place.querySelectorAll('button')].find((one) => one.textContent?.trim() === words);
  if (!found) throw new Error(`No button ${words}`);
  return found;
};

describe('a form in pages', () => {
  test('shows each question alone and a field-list together, as relevance has it', async () => {
    const session = await open(fixture('sections.xml'));
    const titles = () => stepsOf(session.root, session.layout).map((step) => step.title);
    expect(titles().slice(1)).toEqual(['Site', 'Second group']);
    select(session, '/data/consent').selectValue('yes');
    expect(titles().slice(1)).toEqual(['Site', 'A', 'B', 'Second group']);
  });

  test('a short form without pages is one screen', async () => {
    const session = await open(fixture('sections.xml').replace(' class="pages"', ''));
    expect(stepsOf(session.root, session.layout)).toHaveLength(1);
  });
});

describe('a form’s own words', () => {
  test('keep their harmless markup and bring no script, link or element in', async () => {
    const place = show(await open(fixture('sections.xml')));
    const label = place.querySelector('.question__label');
    expect(label?.querySelector('strong')?.textContent).toBe('agree');
    expect([...(label?.querySelectorAll('a') ?? [])].map((link) => link.href)).toEqual(['https://example.org/']);
    expect(place.querySelector('script, img, [onerror]')).toBeNull();
    expect(label?.textContent).toContain('more');
  });
});

describe('problems', () => {
  test('a required answer that is missing holds the reader once, then lets them go on', async () => {
    const place = show(await open(fixture('sections.xml')));
    expect(place.querySelector('.question__problem')?.textContent).toBe('');
    button(place, 'Next').click();
    expect(place.querySelector('.summary')?.textContent).toContain('1 answer needs your attention');
    expect(place.querySelector('.question__problem')?.textContent).toContain('This question needs an answer.');
    button(place, 'Go on anyway').click();
    expect(place.querySelector('.question__label')?.textContent).toContain('Site');
  });

  test('what cannot be read stays on screen with its reason', async () => {
    const session = await open(fixture('traps.xml'));
    const place = show(session);
    const field = place.querySelector<HTMLInputElement>('[data-reference="/data/count"] input');
    if (!field) throw new Error('No field');
    field.value = '2,5';
    field.dispatchEvent(new Event('input', { bubbles: true }));
    field.dispatchEvent(new Event('change', { bubbles: true }));
    expect(field.value).toBe('2,5');
    expect(field.getAttribute('aria-invalid')).toBe('true');
    const described = document.getElementById(field.getAttribute('aria-describedby') ?? '');
    expect(described?.textContent).toContain('Write a whole number, without decimals.');
    expect(input(session, '/data/count').currentState.instanceValue).toBe('');
  });

  test('sending lists every problem with a way to it', async () => {
    const place = show(await open(fixture('traps.xml')));
    button(place, 'Send').click();
    const jumps = [...place.querySelectorAll('.summary__jump')].map((one) => one.textContent);
    expect(jumps).toEqual(['NameThis question needs an answer.']);
  });
});
