/**
 * The step from the filled form to a record whose bytes are fixed and kept on
 * the device. Sending it is the queue's matter.
 */
import { createSignal } from 'solid-js';
import { recordName } from '../engine/draft.ts';
import { finalise } from '../engine/finalise.ts';
import type { FormSession } from '../engine/session.ts';
import type { Vault } from '../store/vault.ts';
import type { Saver } from './saver.ts';

export type Finishing =
  | { readonly state: 'open' }
  | { readonly state: 'finishing' }
  | { readonly state: 'failed'; readonly error: unknown };

export function createFinishing(
  session: FormSession,
  saver: Saver,
  vault: Pick<Vault, 'finalise'>,
  onFinished: (instanceId: string) => void,
) {
  const [finishing, setFinishing] = createSignal<Finishing>({ state: 'open' });
  const finish = async () => {
    if (finishing().state === 'finishing') return;
    setFinishing({ state: 'finishing' });
    try {
      await saver.flush();
      const record = await finalise(session);
      await vault.finalise(saver.origin, recordName(session), record);
      saver.end();
      onFinished(record.instanceId);
    } catch (error) {
      setFinishing({ state: 'failed', error });
    }
  };
  return { finishing, finish };
}
