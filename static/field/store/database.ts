/**
 * The device's database. Browsers close it behind one's back (iOS after a
 * while in the background, any when storage is cleared), so nobody holds on to
 * it: every use goes through `use`, which opens it again when it was closed.
 * Bytes are kept as buffers, since some browsers lose blobs over a restart.
 */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { ExpectedCargo, FormVersion, Session } from '../api/contract.ts';
import type { RecordRow } from '../records/types.ts';
import type { HiddenAnswers } from '../engine/hidden.ts';

/** What a record consists of besides its files. */
export interface ContentRow {
  readonly instanceId: string;
  readonly xml: ArrayBuffer;
  readonly hidden: HiddenAnswers;
  readonly audit: string;
}

export interface FileRow {
  readonly instanceId: string;
  readonly name: string;
  readonly type: string;
  readonly data: ArrayBuffer;
}

/** Somebody who signed in on this device, and what they may fill. */
export interface PersonRow {
  readonly username: string;
  readonly session: Session;
  readonly forms: readonly FormVersion[];
  /** What is under way to the person's organisation, where they receive cargo. */
  readonly cargo?: ExpectedCargo;
  /** When the lists were last brought up to date, by this device's clock. */
  readonly syncedAt: number | null;
  /** The server asked not to be called before this moment. */
  readonly pausedUntil: number;
  readonly revoked: boolean;
}

interface Schema extends DBSchema {
  records: { key: string; value: RecordRow; indexes: { owner: string } };
  contents: { key: string; value: ContentRow };
  files: { key: [string, string]; value: FileRow };
  people: { key: string; value: PersonRow };
  settings: { key: string; value: string };
}

export type Database = IDBPDatabase<Schema>;

const NAME = 'tessera-field';
const VERSION = 1;

let opening: Promise<Database> | null = null;

function open(): Promise<Database> {
  const forget = () => {
    opening = null;
  };
  return openDB<Schema>(NAME, VERSION, {
    upgrade(database) {
      database.createObjectStore('records', { keyPath: 'instanceId' }).createIndex('owner', 'owner');
      database.createObjectStore('contents', { keyPath: 'instanceId' });
      database.createObjectStore('files', { keyPath: ['instanceId', 'name'] });
      database.createObjectStore('people', { keyPath: 'username' });
      database.createObjectStore('settings');
    },
    // A newer client in another tab must not wait for this one.
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
    terminated: forget,
  });
}

/** A form with some photos should fit. */
const ROOM = 8_000_000;

/**
 * Whether a form with photos would fit, found out by writing as much: browsers name a quota that
 * says nothing, so that pages cannot tell devices apart by it.
 */
export async function hasRoom(): Promise<boolean> {
  try {
    await use((database) => database.put('files', { instanceId: '', name: '', type: '', data: new ArrayBuffer(ROOM) }));
    return true;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'QuotaExceededError') return false;
    throw error;
  } finally {
    await use((database) => database.delete('files', ['', ''])).catch(() => undefined);
  }
}

const wasClosed = (error: unknown): boolean => error instanceof DOMException && error.name === 'InvalidStateError';

/** Does some work with the database; work that finds it closed is done once more on a fresh one. */
export async function use<T>(work: (database: Database) => Promise<T>): Promise<T> {
  opening ??= open();
  const current = opening;
  try {
    return await work(await current);
  } catch (error) {
    if (opening === current) opening = null;
    if (!wasClosed(error)) throw error;
    opening ??= open();
    return work(await opening);
  }
}
