/**
 * A record store that delivers at once and holds what is undelivered in memory
 * only, for as long as the page is open.
 */
import type { Api } from '../api/client.ts';
import type { Receipt } from '../api/contract.ts';
import { Problem } from '../api/problem.ts';
import type { FrozenRecord, RecordFile, RecordStore } from './types.ts';

const MAX_ROUNDS = 3;

/** True when the receipt speaks of exactly the bytes that were sent. */
function confirms(receipt: Receipt, record: FrozenRecord): boolean {
  if (receipt.instance_id !== record.instanceId) return false;
  if (receipt.sha256.toLowerCase() !== record.sha256) return false;
  const received = new Map(receipt.files.map((file) => [file.name, file.sha256.toLowerCase()]));
  return record.files.every((file) => received.get(file.name) === file.sha256);
}

export class ImmediateStore implements RecordStore {
  private readonly held = new Map<string, FrozenRecord>();

  constructor(private readonly api: Pick<Api, 'submit'>) {}

  async save(record: FrozenRecord): Promise<void> {
    this.held.set(record.instanceId, record);
  }

  async list(): Promise<readonly FrozenRecord[]> {
    return [...this.held.values()];
  }

  async release(instanceId: string): Promise<void> {
    this.held.delete(instanceId);
  }

  async send(instanceId: string): Promise<Receipt> {
    const record = this.held.get(instanceId);
    if (!record) throw new Error(`No record ${instanceId} is held`);
    let parts: readonly RecordFile[] = record.files;
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const receipt = await this.api.submit(record.submitUrl, record.xml, parts);
      const missing = new Set(receipt.missing);
      if (missing.size === 0 && confirms(receipt, record)) {
        this.held.delete(instanceId);
        return receipt;
      }
      // The same XML again with the files that did not arrive completes the record.
      parts = record.files.filter((file) => missing.has(file.name));
      if (parts.length === 0) break;
    }
    throw new Problem('not-a-receipt', {}, 201);
  }
}
