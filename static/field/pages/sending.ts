/**
 * The way of one record from the filled form to the receipt. Its bytes are
 * fixed at the first attempt; from then on the answers may change only when it
 * is certain that the server has nothing of it.
 */
import { createSignal } from 'solid-js';
import { Problem } from '../api/problem.ts';
import type { Receipt } from '../api/contract.ts';
import { finalise } from '../engine/finalise.ts';
import type { FormSession } from '../engine/session.ts';
import type { FrozenRecord, RecordStore } from '../records/types.ts';

export type Sending =
  | { readonly state: 'idle' }
  | { readonly state: 'sending'; readonly record: FrozenRecord | null }
  | { readonly state: 'failed'; readonly record: FrozenRecord | null; readonly error: unknown; readonly locked: boolean };

/** Whether the server may hold the record after this failure. */
function mayBeThere(error: unknown, before: boolean): boolean {
  if (!(error instanceof Problem)) return before;
  if (error.kind === 'signed-out') return before;
  return !error.nothingStored;
}

export function createSending(
  session: FormSession,
  records: RecordStore,
  onReceived: (receipt: Receipt, record: FrozenRecord) => void,
) {
  const [sending, setSending] = createSignal<Sending>({ state: 'idle' });
  let record: FrozenRecord | null = null;
  let locked = false;

  const send = async () => {
    setSending({ state: 'sending', record });
    try {
      if (!record) {
        record = await finalise(session);
        await records.save(record);
        setSending({ state: 'sending', record });
      }
      const receipt = await records.send(record.instanceId);
      session.state.dirty = false;
      onReceived(receipt, record);
    } catch (error) {
      locked = mayBeThere(error, locked);
      setSending({ state: 'failed', record, error, locked });
    }
  };
  /** Back to the answers: the next attempt makes new bytes. */
  const edit = async () => {
    if (locked) return;
    if (record) await records.release(record.instanceId);
    record = null;
    setSending({ state: 'idle' });
  };
  return { sending, send, edit };
}
