/** From the first answer to fixed bytes: kept soon, kept whole, and finished once. */
import { createRoot } from 'solid-js';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { filling as asFilling } from '../../static/field/engine/draft.ts';
import type { FormSession } from '../../static/field/engine/session.ts';
import { createFinishing } from '../../static/field/pages/finishing.ts';
import { createSaver, type Saver } from '../../static/field/pages/saver.ts';
import { Vault } from '../../static/field/store/vault.ts';
import { newDevice } from './device.ts';
import { fixture, formVersion, input, open } from './open.ts';

let dispose: () => void = () => undefined;
beforeEach(newDevice);
afterEach(() => {
  dispose();
  vi.useRealTimers();
});

interface Filling {
  readonly session: FormSession;
  readonly vault: Vault;
  readonly saver: Saver;
  readonly finished: string[];
  readonly first: ReturnType<typeof vi.fn>;
  readonly finishing: ReturnType<typeof createFinishing>;
}

async function filling(): Promise<Filling> {
  const session = await open(fixture('traps.xml'));
  const vault = new Vault('ani');
  return createRoot((end) => {
    dispose = end;
    const first = vi.fn();
    const finished: string[] = [];
    const origin = { instanceId: session.instanceId, form: formVersion(), test: false, replaces: null };
    const saver = createSaver(asFilling(session), origin, vault, first);
    const finishing = createFinishing(session, saver, vault, (id) => finished.push(id));
    return { session, vault, saver, finished, first, finishing };
  });
}

test('an answer is on the device within a second of its change', async () => {
  const { session, vault, saver, first } = await filling();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  session.enter(input(session, '/data/name'), 'Ani');
  expect(saver.isBehind()).toBe(true);
  await vi.advanceTimersByTimeAsync(650); // A text field adds its own pause of 350.
  vi.useRealTimers();
  await vi.waitFor(() => expect(saver.saving().state).toBe('saved'));
  expect(await (await vault.read(session.instanceId))?.xml.text()).toContain('<name>Ani</name>');
  expect(first).toHaveBeenCalledOnce();
  expect(saver.isBehind()).toBe(false);
});

test('a form that was only looked at leaves nothing behind', async () => {
  const { vault, saver } = await filling();
  await saver.flush();
  expect(await vault.list()).toEqual([]);
});

test('what cannot be saved is said, stays unsaved, and is tried again', async () => {
  const { session, vault, saver } = await filling();
  const save = vi.spyOn(vault, 'saveDraft').mockRejectedValueOnce(new DOMException('full', 'QuotaExceededError'));
  session.enter(input(session, '/data/name'), 'Ani');
  expect(await saver.flush()).toBe(false);
  expect(saver.saving()).toMatchObject({ state: 'failed', error: { name: 'QuotaExceededError' } });
  expect(saver.isBehind()).toBe(true);
  expect(await saver.flush()).toBe(true);
  expect(save).toHaveBeenCalledTimes(2);
});

test('finishing fixes the bytes once, whatever happens to the form after', async () => {
  const { session, vault, finished, finishing, saver } = await filling();
  session.enter(input(session, '/data/name'), 'Ani');
  await finishing.finish();
  expect(finished).toEqual([session.instanceId]);
  const before = await vault.read(session.instanceId);
  expect(before?.row).toMatchObject({ state: 'finalised', name: 'Ani' });
  session.enter(input(session, '/data/name'), 'Aram');
  await saver.flush();
  expect(await (await vault.read(session.instanceId))?.xml.text()).toBe(await before?.xml.text());
});

test('a record that cannot be kept is not finished', async () => {
  const { session, vault, finished, finishing } = await filling();
  session.enter(input(session, '/data/name'), 'Ani');
  vi.spyOn(vault, 'finalise').mockRejectedValueOnce(new DOMException('full', 'QuotaExceededError'));
  await finishing.finish();
  expect(finished).toEqual([]);
  expect(finishing.finishing()).toMatchObject({ state: 'failed' });
  expect((await vault.row(session.instanceId))?.state).toBe('draft');
});
