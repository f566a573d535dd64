/** The first page and its tab are named by what the person has to do there. */
import { render } from 'solid-js/web';
import { expect, test } from 'vitest';
import type { Session } from '../../static/field/api/contract.ts';
import { Tabs } from '../../static/field/ui/Tabs.tsx';

function firstTab(work?: readonly string[]): string | undefined {
  const session: Session = {
    user: { username: 'uma', name: 'Uma', language: 'en' },
    csrf_token: '',
    operations: [],
    version: '1',
    ...(work ? { work } : {}),
  };
  const place = document.createElement('div');
  const dispose = render(() => <Tabs session={session} unsent={0} />, place);
  const text = place.querySelector('a span')?.textContent ?? undefined;
  dispose();
  return text;
}

test.each([
  [['receipts'], 'Cargo to receive'],
  [['forms', 'receipts'], 'Forms to fill'],
  [['forms'], 'Forms to fill'],
  [undefined, 'Forms to fill'],
])('with %s to do it is “%s”', (work, title) => {
  expect(firstTab(work)).toBe(title);
});
