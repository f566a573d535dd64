/** The file that records are saved to: every byte, and a digest that shows a change. */
import { createHash, createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { canonical, exportDocument } from '../../static/field/records/export.ts';
import type { Waybill } from '../../static/field/api/contract.ts';
import { asForm } from '../../static/field/receipts/expected.ts';
import { formVersion } from './open.ts';

const session = {
  user: { username: 'ani', name: 'Ani', language: 'hy' },
  csrf_token: '',
  operations: [],
  version: '1',
  export_key: '00ff10',
};
const record = {
  row: { form: formVersion(), instanceId: 'uuid:1', state: 'finalised' as const },
  xml: new Blob(['<data>Գորիս</data>'], { type: 'text/xml' }),
  files: [new File(['photo'], 'a.jpg', { type: 'image/jpeg' })],
};

async function exported(of = session) {
  return JSON.parse(await (await exportDocument([record], of)).text()) as {
    format: string;
    user: string;
    digest: string;
    signature?: string;
    records: { submission: { base64: string; sha256: string }; files: { name: string; base64: string }[] }[];
  };
}

test('holds the exact bytes of records and files', async () => {
  const { format, user, records } = await exported();
  expect([format, user]).toEqual(['tessera-records/2', 'ani']);
  const bytes = Buffer.from(records[0]?.submission.base64 ?? '', 'base64');
  expect(bytes.toString('utf8')).toBe('<data>Գորիս</data>');
  expect(records[0]?.submission.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
  expect(records[0]?.files.map((file) => [file.name, atob(file.base64)])).toEqual([['a.jpg', 'photo']]);
});

test('is signed over the canonical form of its records, where the server gave a key', async () => {
  const { digest, signature, records } = await exported();
  expect(digest).toBe(createHash('sha256').update(canonical(records)).digest('hex'));
  expect(signature).toBe(createHmac('sha256', '00ff10').update(digest).digest('hex'));
  const { export_key: _key, ...without } = session;
  expect((await exported(without as typeof session)).signature).toBeUndefined();
});

test('a receipt of cargo names its waybill', async () => {
  const waybill = { id: 'w-1', number: 'WB-1', version: 2, operation: { slug: 'demo', name: 'Demo' } } as Waybill;
  const row = { ...record.row, form: asForm(waybill, 'Receipt of cargo') };
  const { records } = JSON.parse(await (await exportDocument([{ ...record, row }], session)).text()) as {
    records: Record<string, unknown>[];
  };
  expect(records[0]).toMatchObject({ kind: 'receipt', subject: 'w-1', version: 'WB-1 v2' });
  expect((await exported()).records[0]).not.toHaveProperty('kind');
});

test('the canonical form does not depend on the order of names', () => {
  expect(canonical({ b: [1, { d: null, c: 'é' }], a: true })).toBe('{"a":true,"b":[1,{"c":"é","d":null}]}');
});
