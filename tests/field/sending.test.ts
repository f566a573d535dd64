/** From the filled form to the receipt: bytes are fixed once, and edits wait for certainty. */
import { expect, test } from 'vitest';
import type { Receipt } from '../../static/field/api/contract.ts';
import { Problem } from '../../static/field/api/problem.ts';
import { createSending } from '../../static/field/pages/sending.ts';
import type { FrozenRecord, RecordStore } from '../../static/field/records/types.ts';
import { fixture, input, open } from './open.ts';

class Store implements RecordStore {
  readonly saved: FrozenRecord[] = [];
  readonly sent: string[] = [];
  released = 0;
  constructor(private readonly answers: (Problem | null)[]) {}
  save(record: FrozenRecord) {
    this.saved.push(record);
    return Promise.resolve();
  }
  list() {
    return Promise.resolve(this.saved);
  }
  release() {
    this.released += 1;
    return Promise.resolve();
  }
  send(instanceId: string) {
    this.sent.push(instanceId);
    const answer = this.answers.shift();
    return answer ? Promise.reject(answer) : Promise.resolve({ instance_id: instanceId } as Receipt);
  }
}

async function filled(answers: (Problem | null)[]) {
  const session = await open(fixture('traps.xml'));
  session.enter(input(session, '/data/name'), 'Ani');
  const store = new Store(answers);
  const received: Receipt[] = [];
  return { store, received, session, ...createSending(session, store, (receipt) => received.push(receipt)) };
}

test('a retry sends the same bytes', async () => {
  const { store, received, send } = await filled([new Problem('unreachable'), null]);
  await send();
  await send();
  expect(store.saved).toHaveLength(1);
  expect(store.sent).toHaveLength(2);
  expect(received).toHaveLength(1);
});

test('after an unknown outcome the answers are locked', async () => {
  const { sending, send, edit, store } = await filled([new Problem('unreachable')]);
  await send();
  expect(sending()).toMatchObject({ state: 'failed', locked: true });
  await edit();
  expect(sending()).toMatchObject({ state: 'failed' });
  expect(store.released).toBe(0);
});

test('after a clear refusal they can be changed, and new bytes are made', async () => {
  const refusal = new Problem('refused', { title: 'Closed' }, 409);
  const { sending, send, edit, store } = await filled([refusal, null]);
  await send();
  expect(sending()).toMatchObject({ state: 'failed', locked: false });
  await edit();
  expect(sending()).toEqual({ state: 'idle' });
  await send();
  expect(store.saved).toHaveLength(2);
});

test('signing out does not make an unknown outcome certain', async () => {
  const { sending, send } = await filled([new Problem('unreachable'), new Problem('signed-out', {}, 401)]);
  await send();
  await send();
  expect(sending()).toMatchObject({ locked: true });
});

test('nothing is unsent after the receipt', async () => {
  const { session, send } = await filled([null]);
  expect(session.state.dirty).toBe(true);
  await send();
  expect(session.state.dirty).toBe(false);
});
