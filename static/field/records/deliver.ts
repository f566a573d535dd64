/**
 * The way of one record to the server: file by file with the identical XML, so
 * that a link which drops costs one file and not the whole record. It ends only
 * with a receipt that speaks of exactly the bytes that are on this device.
 */
import type { Receipt } from '../api/contract.ts';
import { Problem } from '../api/problem.ts';
import type { FrozenRecord } from './types.ts';

export type Submit = (
  url: string,
  xml: Blob,
  parts: readonly { readonly name: string; readonly blob: Blob }[],
) => Promise<Receipt>;

const isOf = (receipt: Receipt, record: FrozenRecord): boolean =>
  receipt.instance_id === record.instanceId && receipt.sha256.toLowerCase() === record.sha256;

/** Names of the files that the server has, byte for byte. */
function confirmed(receipt: Receipt, record: FrozenRecord): ReadonlySet<string> {
  const received = new Map(receipt.files.map((file) => [file.name, file.sha256.toLowerCase()]));
  return new Set(record.files.filter((file) => received.get(file.name) === file.sha256).map((file) => file.name));
}

/**
 * `again`: an earlier attempt may have delivered some of it, so it is asked first what is there.
 * Throws a Problem where the server refuses, is silent, or confirms something else.
 */
export async function deliver(record: FrozenRecord, url: string, submit: Submit, again = false): Promise<Receipt> {
  const notConfirmed = () => new Problem('not-a-receipt', {}, 201);
  let waiting = record.files;
  for (let turn = 0; turn <= record.files.length; turn += 1) {
    const next = again && turn === 0 ? [] : waiting.slice(0, 1);
    const receipt = await submit(url, record.xml, next);
    if (!isOf(receipt, record)) throw notConfirmed();
    const there = confirmed(receipt, record);
    if (next.some((file) => !there.has(file.name))) throw notConfirmed();
    waiting = record.files.filter((file) => !there.has(file.name));
    if (waiting.length > 0) continue;
    if (receipt.missing.length > 0) throw notConfirmed();
    return receipt;
  }
  throw notConfirmed();
}
