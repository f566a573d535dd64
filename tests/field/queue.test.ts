/** Sending: each record arrives once, none blocks another, and only a true receipt ends it. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { Receipt } from '../../static/field/api/contract.ts';
import { Problem, retryAfter } from '../../static/field/api/problem.ts';
import { backOff, Queue } from '../../static/field/records/queue.ts';
import { Vault } from '../../static/field/store/vault.ts';
import { Clock, finished, lockManager, newDevice, Server } from './device.ts';

let clock: Clock;
let vault: Vault;
let server: Server;
let paused = 0;
let queue: Queue;
const locks = lockManager();

const makeQueue = () =>
  new Queue({
    vault,
    submit: server.submit,
    pause: { until: async () => paused, set: async (moment) => void (paused = moment) },
    locks,
    now: clock.now,
    random: () => 1,
  });
const states = async () =>
  Object.fromEntries((await vault.list()).map((row) => [row.instanceId, row.state]));

beforeEach(async () => {
  await newDevice();
  clock = new Clock();
  paused = 0;
  vault = new Vault('ani', () => undefined, clock.now);
  server = new Server();
  queue = makeQueue();
});

describe('a record', () => {
  test('goes file by file with the same XML, and is sent once the receipt has all of it', async () => {
    await finished(vault, 'uuid:1', ['house', 'door']);
    expect(await queue.pass()).toMatchObject({ sent: 1, failed: 0 });
    expect(server.posts).toEqual(['uuid:1 0.jpg', 'uuid:1 1.jpg']);
    expect(await vault.row('uuid:1')).toMatchObject({ state: 'sent', receipt: { id: 'receipt of uuid:1' } });
    await queue.pass(true);
    expect(server.posts).toHaveLength(2);
  });

  test('resumes where the link dropped', async () => {
    await finished(vault, 'uuid:1', ['house', 'door', 'roof']);
    let calls = 0;
    server.meet = (_id, receipt) => {
      calls += 1;
      if (calls === 2) throw new Problem('unreachable');
      return receipt;
    };
    await queue.pass();
    expect(await vault.row('uuid:1')).toMatchObject({ state: 'finalised', attempts: 1, mayBeThere: true });
    await queue.pass(true);
    expect(server.posts).toEqual(['uuid:1 0.jpg', 'uuid:1 1.jpg', 'uuid:1', 'uuid:1 1.jpg', 'uuid:1 2.jpg']);
    expect(await states()).toEqual({ 'uuid:1': 'sent' });
  });

  test('whose answer got lost on the way is sent again and confirmed by the same receipt', async () => {
    await finished(vault, 'uuid:1', ['house']);
    const keep = server.meet;
    server.meet = (instanceId, receipt) => {
      // The server has it; the answer does not arrive.
      server.records.set(instanceId, new Map(receipt.files.map((file) => [file.name, { name: file.name, blob: new Blob(['house']) }])));
      throw new Problem('unreachable');
    };
    await queue.pass();
    server.meet = keep;
    await queue.pass(true);
    expect(server.posts).toEqual(['uuid:1 0.jpg', 'uuid:1']);
    expect(await states()).toEqual({ 'uuid:1': 'sent' });
  });

  test.each<[string, (receipt: Receipt) => Receipt]>([
    ['another hash', (receipt) => ({ ...receipt, sha256: '0'.repeat(64) })],
    ['another record', (receipt) => ({ ...receipt, instance_id: 'uuid:2' })],
    ['a file less', (receipt) => ({ ...receipt, files: [] })],
    ['a file that it still lacks', (receipt) => ({ ...receipt, missing: ['0.jpg'] })],
    ['other bytes of a file', (receipt) => ({ ...receipt, files: receipt.files.map((file) => ({ ...file, sha256: '0'.repeat(64) })) })],
  ])('is kept when the receipt has %s', async (_what, change) => {
    await finished(vault, 'uuid:1', ['house']);
    server.meet = (_id, receipt) => change(receipt);
    expect(await queue.pass()).toMatchObject({ sent: 0, failed: 1 });
    expect(await vault.row('uuid:1')).toMatchObject({ state: 'finalised', problem: { kind: 'not-a-receipt', status: 201 } });
    expect((await vault.read('uuid:1'))?.files).toHaveLength(1);
  });

  test('is kept when something else answers with 200', async () => {
    await finished(vault, 'uuid:1');
    server.meet = () => {
      throw new Problem('not-a-receipt', {}, 200);
    };
    await queue.pass();
    expect(await states()).toEqual({ 'uuid:1': 'finalised' });
  });
});

describe('one bad record', () => {
  const refusing = (bad: string, problem: Problem) => {
    server.meet = (instanceId, receipt) => {
      if (instanceId === bad) throw problem;
      return receipt;
    };
  };

  test('among twenty lets nineteen by, and can be corrected', async () => {
    for (let number = 1; number <= 20; number += 1) await finished(vault, `uuid:${number}`);
    refusing('uuid:7', new Problem('refused', { title: 'Closed', code: 'form_closed' }, 409));
    expect(await queue.pass()).toMatchObject({ sent: 19, failed: 1, problem: null });
    expect(await vault.row('uuid:7')).toMatchObject({ state: 'rejected', problem: { body: { title: 'Closed' } } });
    expect(await vault.reopen('uuid:7')).toMatchObject({ state: 'draft', problem: null, attempts: 0 });
  });

  test('that makes the server fail waits for its next turn and lets the others by', async () => {
    for (let number = 1; number <= 5; number += 1) await finished(vault, `uuid:${number}`);
    refusing('uuid:1', new Problem('refused', { code: 'internal' }, 500));
    expect(await queue.pass()).toMatchObject({ sent: 4, failed: 1 });
    expect((await queue.pass()).failed).toBe(0);
    clock.pass(5_000);
    expect((await queue.pass()).failed).toBe(1);
  });
});

describe('a server that cannot be had', () => {
  test('is not asked for every record, and each waits longer than before', async () => {
    for (let number = 1; number <= 9; number += 1) await finished(vault, `uuid:${number}`);
    server.meet = () => {
      throw new Problem('unreachable');
    };
    expect(await queue.pass()).toMatchObject({ sent: 0, failed: 3, problem: { kind: 'unreachable' } });
    expect([1, 2, 3, 20].map((attempts) => backOff(attempts, () => 1))).toEqual([5_000, 10_000, 20_000, 900_000]);
    expect(backOff(1, () => 0)).toBe(2_500);
  });

  test('is left alone for as long as it asks, whoever asks', async () => {
    await finished(vault, 'uuid:1');
    await finished(vault, 'uuid:2');
    server.meet = () => {
      throw new Problem('refused', { code: 'unavailable' }, 503, 60_000);
    };
    expect(await queue.pass()).toMatchObject({ failed: 1 });
    expect(await makeQueue().pass(true)).toMatchObject({ sent: 0, failed: 0 });
    expect(await queue.nextAt()).toBe(clock.now() + 60_000);
    clock.pass(60_000);
    server.meet = (_id, receipt) => receipt;
    expect(await queue.pass()).toMatchObject({ sent: 2 });
  });

  test('says how long in seconds or as a date by its own clock', () => {
    expect(retryAfter(new Headers({ 'Retry-After': '120' }))).toBe(120_000);
    const headers = { Date: 'Mon, 23 Nov 2020 08:00:00 GMT', 'Retry-After': 'Mon, 23 Nov 2020 08:01:30 GMT' };
    expect(retryAfter(new Headers(headers))).toBe(90_000);
    expect(retryAfter(new Headers())).toBeNull();
  });
});

test('a session that ended stops the queue and keeps every record as it was', async () => {
  await finished(vault, 'uuid:1');
  await finished(vault, 'uuid:2');
  server.meet = () => {
    throw new Problem('signed-out', {}, 401);
  };
  expect(await queue.pass()).toMatchObject({ problem: { kind: 'signed-out' } });
  expect(await vault.row('uuid:1')).toMatchObject({ state: 'finalised', attempts: 0, mayBeThere: false });
  clock.pass(14 * 24 * 3600_000);
  server.meet = (_id, receipt) => receipt;
  expect(await queue.pass()).toMatchObject({ sent: 2 });
});

test('a correction waits for the receipt of what it corrects', async () => {
  await finished(vault, 'uuid:1');
  await finished(vault, 'uuid:2', [], 'uuid:1');
  server.meet = (instanceId, receipt) => {
    if (instanceId === 'uuid:1') throw new Problem('unreachable');
    return receipt;
  };
  await queue.pass();
  expect(server.posts).toEqual(['uuid:1']);
  server.meet = (_id, receipt) => receipt;
  await queue.pass(true);
  expect(server.posts).toEqual(['uuid:1', 'uuid:1', 'uuid:2']);
});

test('after an attempt without an answer the bytes stay fixed', async () => {
  await finished(vault, 'uuid:1');
  server.meet = () => {
    throw new Problem('unreachable');
  };
  await queue.pass();
  await expect(vault.reopen('uuid:1')).rejects.toThrow('changed elsewhere');
});

test('two tabs send one queue once', async () => {
  for (let number = 1; number <= 4; number += 1) await finished(vault, `uuid:${number}`);
  const passes = await Promise.all([queue.pass(), makeQueue().pass(), makeQueue().pass(true)]);
  expect(passes.map((pass) => pass.elsewhere)).toEqual([false, true, false]);
  expect(passes.map((pass) => pass.sent)).toEqual([4, 0, 0]);
  expect(server.posts).toHaveLength(4);
});

test('a removed record is not sent', async () => {
  await finished(vault, 'uuid:1');
  await vault.remove('uuid:1');
  expect(await queue.pass()).toMatchObject({ sent: 0 });
  expect(await queue.nextAt()).toBeNull();
});
