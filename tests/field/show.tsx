/** Puts a form on the page as the client does, without its server. */
import { render } from 'solid-js/web';
import { afterEach, vi } from 'vitest';
import type { FormSession } from '../../static/field/engine/session.ts';
import type { Field } from '../../static/field/field.ts';
import { FormPage } from '../../static/field/pages/FormPage.tsx';
import type { Saver } from '../../static/field/pages/saver.ts';

const noScroll = vi.spyOn(window, 'scrollTo').mockImplementation(() => undefined);
let unmount: (() => void) | null = null;
afterEach(() => {
  unmount?.();
  unmount = null;
  document.body.replaceChildren();
  noScroll.mockClear();
});

export function show(session: FormSession): HTMLElement {
  const place = document.body.appendChild(document.createElement('div'));
  const saver = { saving: () => ({ state: 'untouched' }), isBehind: () => false } as unknown as Saver;
  // A map of no areas: those of the operation come from the server.
  const sync = { areas: () => Promise.resolve({ type: 'FeatureCollection', features: [] }) };
  const field = { sync } as unknown as Field;
  unmount = render(
    () => <FormPage session={session} field={field} saver={saver} test={false} onFinished={() => undefined} />,
    place,
  );
  return place;
}
