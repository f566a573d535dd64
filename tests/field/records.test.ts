/** Delivering a record: what counts as received, and what is tried again. */
import { describe, expect, test } from 'vitest';
import type { Receipt } from '../../static/field/api/contract.ts';
import { Problem } from '../../static/field/api/problem.ts';
import { exportDocument } from '../../static/field/records/export.ts';
import { ImmediateStore } from '../../static/field/records/immediate.ts';
import type { FrozenRecord } from '../../static/field/records/types.ts';
import { sha256 } from '../../static/field/lib/hash.ts';

async function record(): Promise<FrozenRecord> {
  const xml = new Blob(['<data/>'], { type: 'text/xml' });
  const blob = new Blob(['photo'], { type: 'image/jpeg' });
  return {
    instanceId: 'uuid:1',
    formId: 'f',
    title: 'F',
    version: '1',
    submitUrl: '/submit',
    xml,
    sha256: await sha256(xml),
    files: [{ name: 'a.jpg', blob, sha256: await sha256(blob) }],
  };
}

const receiptFor = (sent: FrozenRecord, change: Partial<Receipt> = {}): Receipt => ({
  id: 'r1',
  instance_id: sent.instanceId,
  sha256: sent.sha256,
  received_at: '2020-11-23T10:00:00Z',
  test: false,
  url: null,
  files: sent.files.map((file) => ({ name: file.name, sha256: file.sha256, size: file.blob.size })),
  missing: [],
  ...change,
});

/** A server that gives the prepared answers in turn and remembers what it was sent. */
function server(answers: readonly (Receipt | Problem)[]) {
  const posts: string[][] = [];
  let turn = 0;
  return {
    posts,
    submit: (_url: string, _xml: Blob, parts: readonly { readonly name: string }[]) => {
      posts.push(parts.map((part) => part.name));
      const answer = answers[Math.min(turn, answers.length - 1)];
      turn += 1;
      return answer instanceof Problem || !answer ? Promise.reject(answer) : Promise.resolve(answer);
    },
  };
}

async function deliver(answers: (sent: FrozenRecord) => readonly (Receipt | Problem)[]) {
  const sent = await record();
  const api = server(answers(sent));
  const store = new ImmediateStore(api);
  await store.save(sent);
  const outcome = await store.send(sent.instanceId).catch((error: unknown) => error);
  return { outcome, posts: api.posts, held: await store.list() };
}

describe('a receipt', () => {
  test('that matches ends the matter', async () => {
    const { outcome, held } = await deliver((sent) => [receiptFor(sent)]);
    expect(outcome).toMatchObject({ id: 'r1' });
    expect(held).toHaveLength(0);
  });

  test.each([
    ['another hash', { sha256: '0'.repeat(64) }],
    ['another record', { instance_id: 'uuid:2' }],
    ['a file less', { files: [] }],
    ['other bytes of a file', { files: [{ name: 'a.jpg', sha256: '0'.repeat(64), size: 5 }] }],
  ])('with %s is none, and the record is kept', async (_what, change) => {
    const { outcome, held } = await deliver((sent) => [receiptFor(sent, change)]);
    expect(outcome).toBeInstanceOf(Problem);
    expect(held).toHaveLength(1);
  });

  test('that lacks a file is followed by the same XML with that file', async () => {
    const { outcome, posts } = await deliver((sent) => [
      receiptFor(sent, { files: [], missing: ['a.jpg'] }),
      receiptFor(sent),
    ]);
    expect(outcome).toMatchObject({ id: 'r1' });
    expect(posts).toEqual([['a.jpg'], ['a.jpg']]);
  });

  test('that goes on lacking a file gives up and keeps the record', async () => {
    const { outcome, posts, held } = await deliver((sent) => [receiptFor(sent, { missing: ['a.jpg'] })]);
    expect(outcome).toBeInstanceOf(Problem);
    expect(posts).toHaveLength(3);
    expect(held).toHaveLength(1);
  });
});

test('a failure keeps the record', async () => {
  const { outcome, held } = await deliver(() => [new Problem('unreachable')]);
  expect(outcome).toMatchObject({ kind: 'unreachable' });
  expect(held).toHaveLength(1);
});

test('the exported file holds every byte', async () => {
  const sent = await record();
  const saved = JSON.parse(await (await exportDocument(sent)).text()) as {
    submission: { base64: string; sha256: string };
    files: { name: string; base64: string }[];
  };
  expect(atob(saved.submission.base64)).toBe('<data/>');
  expect(saved.submission.sha256).toBe(sent.sha256);
  expect(saved.files.map((file) => [file.name, atob(file.base64)])).toEqual([['a.jpg', 'photo']]);
});
