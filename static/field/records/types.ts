/**
 * What a finished form is once its bytes are fixed, and how such records are
 * kept and delivered. Pages speak to this interface only, so that delivery at
 * once and a queue that survives being offline are the same to them.
 */
import type { Receipt } from '../api/contract.ts';

export interface RecordFile {
  readonly name: string;
  readonly blob: Blob;
  readonly sha256: string;
}

/** The exact bytes that will be sent, however often they have to be sent. */
export interface FrozenRecord {
  readonly instanceId: string;
  readonly formId: string;
  readonly title: string;
  readonly version: string;
  readonly submitUrl: string;
  readonly xml: Blob;
  readonly sha256: string;
  readonly files: readonly RecordFile[];
}

export interface RecordStore {
  /** Takes charge of a record; from here on its bytes do not change. */
  save(record: FrozenRecord): Promise<void>;
  /** Records that the server has not yet confirmed. */
  list(): Promise<readonly FrozenRecord[]>;
  /** Delivers a record, or throws a Problem and keeps it. */
  send(instanceId: string): Promise<Receipt>;
  /** Gives up a record that the server certainly does not have. */
  release(instanceId: string): Promise<void>;
}
