/** A receipt of cargo: what is typed is kept as it is, and what is sent says exactly that. */
import { beforeEach, expect, test } from 'vitest';
import type { Waybill } from '../../static/field/api/contract.ts';
import { Api } from '../../static/field/api/client.ts';
import { sha256 } from '../../static/field/lib/hash.ts';
import { Queue } from '../../static/field/records/queue.ts';
import { bytesOf, draftFrom, extraLine, left, newDraft, quantity, wrongWith } from '../../static/field/receipts/body.ts';
import { asForm, bring, cargo, look } from '../../static/field/receipts/expected.ts';
import { signIn } from '../../static/field/store/people.ts';
import { Vault } from '../../static/field/store/vault.ts';
import { newDevice } from './device.ts';

const line = (load: string, qty: string) => ({ load, item: `Item ${load}`, unit: 'kit', qty, outstanding: qty, kg: '10' });
const waybill: Waybill = {
  id: 'w1',
  number: 'WB-0001',
  version: 1,
  state: 'in_transit',
  operation: { slug: 'demo', name: 'Demonstration' },
  convoy: 'CV-0001',
  vehicle: 'Truck 1',
  from: 'Hub',
  to: 'Store',
  consignee: 'WFP',
  expected_at: null,
  seals: ['A1', 'A2'],
  lines: [line('a', '10'), line('b', '2.5')],
};
const begun = () => newDraft(waybill, 'Uma', new Date('2020-11-23T10:00:00Z'));

beforeEach(newDevice);

test('numbers are read as people write them, and nothing else is', () => {
  expect(['', ' 7 ', '1,5', '2.125', '0'].map(quantity)).toEqual([0, 7, 1.5, 2.125, 0]);
  expect(['-1', '1.2345', 'ten', '1e3', '1.', '٣'].map(quantity)).toEqual([null, null, null, null, null, null]);
});

test('what is sent leaves out untouched lines and names the seals that were seen', async () => {
  const draft = begun();
  Object.assign(draft.lines[1] ?? {}, { good: '1,5', damaged: '1', reason: ' Wet ' });
  draft.lines.push({ ...extraLine(), item: 'TENT', good: '3' });
  draft.seal_states = { A1: 'intact', A2: 'absent' };
  draft.other_seals = 'B7, ';
  const body = JSON.parse(await bytesOf(draft).text());
  expect(body.lines).toEqual([
    { load: 'b', good: '1.5', damaged: '1', missing: '', reason: 'Wet' },
    { item: 'TENT', good: '3', damaged: '', missing: '', reason: '' },
  ]);
  expect([body.seals, body.occurred_at, body.receiver]).toEqual(['A1, B7', '2020-11-23T10:00:00.000Z', 'Uma']);
});

test('a receipt that was begun comes back as it was, what cannot be read included', async () => {
  const draft = begun();
  Object.assign(draft.lines[0] ?? {}, { good: 'ten', reason: 'Rain' });
  draft.lines.push({ ...extraLine(), item: 'TENT', good: '3' });
  draft.files = [{ name: 'photo-1.jpg', kind: 'photo', sha256: 'f' }];
  expect(await draftFrom(bytesOf(draft), waybill)).toEqual(draft);
});

test('what has to be put right is named by its field', () => {
  const draft = begun();
  expect(wrongWith(draft)).toEqual([{ field: 'line-0-good', message: 'wrong.nothing' }]);
  Object.assign(draft.lines[0] ?? {}, { good: 'ten' });
  Object.assign(draft.lines[1] ?? {}, { missing: '1' });
  draft.lines.push({ ...extraLine(), good: '1' });
  draft.receiver = ' ';
  expect(wrongWith(draft).map((one) => [one.field, one.message])).toEqual([
    ['receiver', 'wrong.receiver'],
    ['line-0-good', 'wrong.number'],
    ['line-1-reason', 'wrong.reason'],
    ['line-2-item', 'wrong.item'],
  ]);
});

test('a line says what it leaves, and what is above', () => {
  const one = { ...extraLine(), good: '0.1', damaged: '0,2' };
  expect(left(one, line('a', '0.3'))).toBe(0);
  expect(left({ ...one, missing: '1' }, line('a', '0.3'))).toBe(-1);
  expect(left({ ...one, good: 'x' }, line('a', '0.3'))).toBeNull();
});

test('the waybills of one person are kept for that person', async () => {
  const session = { user: { username: 'uma', name: 'Uma', language: 'en' }, csrf_token: '', operations: [], version: '1' };
  await signIn(session);
  const api = { getJson: async () => ({ waybills: [waybill], items: {} }) } as unknown as Api;
  await bring(api, 'uma');
  expect(cargo()?.waybills).toHaveLength(1);
  expect(await look('uma')).toEqual({ waybills: [waybill], items: {} });
});

test('a receipt goes through the queue of all records, its bytes and pictures compared', async () => {
  const vault = new Vault('uma');
  const draft = begun();
  Object.assign(draft.lines[0] ?? {}, { good: '10' });
  const xml = bytesOf(draft);
  const blob = new Blob(['picture'], { type: 'image/jpeg' });
  const files = [{ name: 'photo-1.jpg', blob, sha256: await sha256(blob) }];
  const origin = { instanceId: draft.id, kind: 'receipt' as const, form: asForm(waybill, 'Receipt'), test: false, replaces: null };
  await vault.finalise(origin, 'WB-0001', { instanceId: draft.id, xml, sha256: await sha256(xml), files });
  const posts: string[] = [];
  const queue = new Queue({
    vault,
    submit: async (url, body, parts) => {
      posts.push([url, body.type, ...parts.map((part) => part.name)].join(' '));
      return {
        id: 'GRN-0001', instance_id: draft.id, sha256: await sha256(body), received_at: '', test: false, url: null,
        files: parts.map((part) => ({ name: part.name, sha256: files[0]?.sha256 ?? '', size: 7 })), missing: [],
      };
    },
    pause: { until: async () => 0, set: async () => undefined },
    locks: { request: async (_name: string, _options: unknown, work: (lock: unknown) => unknown) => work({}) } as never,
  });
  expect(await queue.pass()).toMatchObject({ sent: 1, failed: 0 });
  expect(posts).toEqual(['/field/api/waybills/w1/receipts application/json photo-1.jpg']);
  expect(await vault.row(draft.id)).toMatchObject({ kind: 'receipt', state: 'sent', receipt: { id: 'GRN-0001' } });
});
