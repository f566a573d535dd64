/**
 * One person's records on this device. A vault is made for an owner and reads
 * and writes that owner's rows only, so that nobody else's answers can be shown
 * or sent by accident. Every change is one transaction that is on disk when its
 * promise resolves.
 */
import type { FormVersion } from '../api/contract.ts';
import type { HiddenAnswers } from '../engine/hidden.ts';
import { RECEIPT_TYPE, type FrozenRecord, type RecordKind, type RecordRow } from '../records/types.ts';
import { use, type Database, type FileRow } from './database.ts';

/** Removed records can be brought back for a day. */
export const DELETED_FOR = 24 * 3600 * 1000;
/** Answers of a sent record can be corrected from this device for a week; its receipt stays for a month. */
export const CONTENT_FOR = 7 * 24 * 3600 * 1000;
export const RECEIPT_FOR = 30 * 24 * 3600 * 1000;

/** A draft as it is on screen at one moment. */
export interface DraftContent {
  readonly xml: Blob;
  readonly hidden: HiddenAnswers;
  readonly files: readonly File[];
  /** The log of the filling so far, where the form asks for one. */
  readonly audit: string;
}

/** What does not change while a record is filled. */
export interface DraftOrigin {
  readonly instanceId: string;
  readonly kind?: RecordKind;
  readonly form: FormVersion;
  readonly test: boolean;
  readonly replaces: string | null;
}

export interface StoredContent {
  readonly row: RecordRow;
  readonly xml: Blob;
  readonly hidden: HiddenAnswers;
  readonly files: readonly File[];
  readonly audit: string;
}

/** The record is not here, or no longer in the state that the change needs (another tab was faster). */
export class RecordMoved extends Error {
  constructor(instanceId: string) {
    super(`Record ${instanceId} was changed elsewhere`);
    this.name = 'RecordMoved';
  }
}

const STORES = ['records', 'contents', 'files'] as const;
const WRITE = { durability: 'strict' } as const;
const writing = (database: Database) => database.transaction(STORES, 'readwrite', WRITE);
type Writing = ReturnType<typeof writing>;

async function fileRow(instanceId: string, name: string, blob: Blob): Promise<FileRow> {
  return { instanceId, name, type: blob.type, data: await blob.arrayBuffer() };
}

const filesOf = (instanceId: string) => IDBKeyRange.bound([instanceId], [instanceId, []]);

export class Vault {
  constructor(
    readonly owner: string,
    private readonly announce: () => void = () => undefined,
    private readonly now: () => number = Date.now,
  ) {}

  /** The owner's records, those changed last first; removed ones included. */
  async list(): Promise<RecordRow[]> {
    const rows = await use((database) => database.getAllFromIndex('records', 'owner', this.owner));
    return rows.sort((a, b) => b.changedAt - a.changedAt);
  }

  async row(instanceId: string): Promise<RecordRow | null> {
    const row = await use((database) => database.get('records', instanceId));
    return row?.owner === this.owner ? row : null;
  }

  /** A record with its answers and files; null where it is not here or not the owner's. */
  async read(instanceId: string): Promise<StoredContent | null> {
    return use(async (database) => {
      const transaction = database.transaction(STORES);
      const row = await transaction.objectStore('records').get(instanceId);
      const content = await transaction.objectStore('contents').get(instanceId);
      if (row?.owner !== this.owner || !content) return null;
      const files = await transaction.objectStore('files').getAll(filesOf(instanceId));
      return {
        row,
        xml: new Blob([content.xml], { type: row.kind === 'receipt' ? RECEIPT_TYPE : 'text/xml' }),
        hidden: content.hidden,
        audit: content.audit,
        files: files.map((file) => new File([file.data], file.name, { type: file.type })),
      };
    });
  }

  /** Keeps a draft; only files that are new are written. Throws RecordMoved when it is a draft no more. */
  async saveDraft(origin: DraftOrigin, name: string, content: DraftContent): Promise<void> {
    const { instanceId } = origin;
    const known = new Set(
      (await use((database) => database.getAllKeys('files', filesOf(instanceId)))).map(([, file]) => file),
    );
    const fresh = await Promise.all(
      content.files.filter((file) => !known.has(file.name)).map((file) => fileRow(instanceId, file.name, file)),
    );
    const gone = [...known].filter((one) => !content.files.some((file) => file.name === one));
    const xml = await content.xml.arrayBuffer();
    await this.write(async (transaction) => {
      const before = await transaction.objectStore('records').get(instanceId);
      if (before && (before.owner !== this.owner || before.state !== 'draft' || before.deletedAt)) {
        throw new RecordMoved(instanceId);
      }
      const files = content.files.map(({ name: file, type, size }) => ({ name: file, type, size, sha256: '' }));
      await transaction.objectStore('records').put({
        ...(before ?? this.fresh(origin)),
        name,
        files,
        changedAt: this.now(),
        size: files.reduce((sum, file) => sum + file.size, xml.byteLength),
      });
      await transaction.objectStore('contents').put({ instanceId, xml, hidden: content.hidden, audit: content.audit });
      for (const row of fresh) await transaction.objectStore('files').put(row);
      for (const file of gone) await transaction.objectStore('files').delete([instanceId, file]);
    });
  }

  /** The XML of the record of a form that was saved last, for answers that begin as they were then. */
  async lastSaved(formId: string): Promise<string | null> {
    const last = (await this.list()).find((row) => row.form.form_id === formId && row.hasContent && !row.deletedAt);
    const stored = last && (await this.read(last.instanceId));
    return stored ? stored.xml.text() : null;
  }

  private fresh(origin: DraftOrigin): RecordRow {
    return {
      ...origin,
      owner: this.owner,
      state: 'draft',
      name: '',
      createdAt: this.now(),
      changedAt: this.now(),
      sha256: '',
      size: 0,
      files: [],
      attempts: 0,
      nextAttemptAt: 0,
      mayBeThere: false,
      problem: null,
      receipt: null,
      hasContent: true,
      deletedAt: null,
    };
  }

  /** Fixes a record's bytes; from here on they are only sent, exported or given up as a whole. */
  async finalise(origin: DraftOrigin, name: string, record: FrozenRecord): Promise<void> {
    const { instanceId } = record;
    const rows = await Promise.all(record.files.map((file) => fileRow(instanceId, file.name, file.blob)));
    const xml = await record.xml.arrayBuffer();
    await this.write(async (transaction) => {
      const before = await transaction.objectStore('records').get(instanceId);
      if (before && (before.owner !== this.owner || before.state !== 'draft' || before.deletedAt)) {
        throw new RecordMoved(instanceId);
      }
      await transaction.objectStore('records').put({
        ...(before ?? this.fresh(origin)),
        name,
        state: 'finalised',
        changedAt: this.now(),
        sha256: record.sha256,
        files: record.files.map(({ name: file, blob, sha256 }) => ({ name: file, type: blob.type, size: blob.size, sha256 })),
        size: record.files.reduce((sum, file) => sum + file.blob.size, record.xml.size),
      });
      await transaction.objectStore('contents').put({ instanceId, xml, hidden: {}, audit: '' });
      await transaction.objectStore('files').delete(filesOf(instanceId));
      for (const row of rows) await transaction.objectStore('files').put(row);
    });
  }

  /** Changes a row after looking at it, in one transaction; `change` may refuse by returning null. */
  async change(instanceId: string, change: (row: RecordRow) => RecordRow | null): Promise<RecordRow> {
    let changed: RecordRow | null = null;
    await this.write(async (transaction) => {
      const row = await transaction.objectStore('records').get(instanceId);
      changed = row?.owner === this.owner ? change(row) : null;
      if (!changed) throw new RecordMoved(instanceId);
      await transaction.objectStore('records').put(changed);
    });
    return changed as unknown as RecordRow;
  }

  /** Back to the answers: only what the server cannot have, or has refused. */
  reopen(instanceId: string): Promise<RecordRow> {
    return this.change(instanceId, (row) => {
      const open = row.state === 'rejected' || (row.state === 'finalised' && row.attempts === 0);
      if (!open || row.deletedAt) return null;
      return { ...row, state: 'draft', problem: null, mayBeThere: false, attempts: 0, nextAttemptAt: 0, changedAt: this.now() };
    });
  }

  remove(instanceId: string): Promise<RecordRow> {
    return this.change(instanceId, (row) => ({ ...row, deletedAt: this.now() }));
  }

  bringBack(instanceId: string): Promise<RecordRow> {
    return this.change(instanceId, (row) => ({ ...row, deletedAt: null }));
  }

  /** Lets go of what has been kept long enough: removed records, answers of sent ones, old receipts. */
  async tidy(): Promise<void> {
    const before = (age: number, moment: number | null) => moment !== null && moment < this.now() - age;
    for (const row of await this.list()) {
      const isOld = row.state === 'sent' && before(RECEIPT_FOR, row.changedAt);
      if (before(DELETED_FOR, row.deletedAt) || isOld) await this.erase(row.instanceId);
      else if (row.state === 'sent' && row.hasContent && before(CONTENT_FOR, row.changedAt)) {
        await this.dropContent(row.instanceId);
      }
    }
  }

  private dropContent(instanceId: string): Promise<void> {
    return this.write(async (transaction) => {
      const row = await transaction.objectStore('records').get(instanceId);
      if (row?.state !== 'sent') return;
      await transaction.objectStore('records').put({ ...row, hasContent: false });
      await transaction.objectStore('contents').delete(instanceId);
      await transaction.objectStore('files').delete(filesOf(instanceId));
    });
  }

  private erase(instanceId: string): Promise<void> {
    return this.write(async (transaction) => {
      await transaction.objectStore('records').delete(instanceId);
      await transaction.objectStore('contents').delete(instanceId);
      await transaction.objectStore('files').delete(filesOf(instanceId));
    });
  }

  private async write(work: (transaction: Writing) => Promise<void>): Promise<void> {
    await use(async (database) => {
      const transaction = writing(database);
      try {
        await work(transaction);
      } catch (error) {
        // What was thrown says more than the abort that it causes.
        transaction.done.catch(() => undefined);
        try {
          transaction.abort();
        } catch {
          // It has ended by itself: a full disk ends it so.
        }
        throw error;
      }
      await transaction.done;
    });
    this.announce();
  }
}

/** How many records of each person wait on this device; names only, nothing of what they hold. */
export async function unsentByOwner(): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  await use(async (database) => {
    for (const row of await database.getAll('records')) {
      if (row.state !== 'sent' && row.deletedAt === null) counts.set(row.owner, (counts.get(row.owner) ?? 0) + 1);
    }
  });
  return counts;
}
