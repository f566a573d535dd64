/** A device for tests: a fresh database, a clock, records that are ready to be sent. */
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import type { Receipt } from '../../static/field/api/contract.ts';
import { sha256 } from '../../static/field/lib/hash.ts';
import type { FrozenRecord } from '../../static/field/records/types.ts';
import { use } from '../../static/field/store/database.ts';
import { Vault, type DraftContent, type DraftOrigin } from '../../static/field/store/vault.ts';
import { formVersion } from './open.ts';

/** Empties the device. */
export async function newDevice(): Promise<void> {
  await use(async (database) => database.close()).catch(() => undefined);
  globalThis.indexedDB = new IDBFactory();
}

export class Clock {
  constructor(public time: number = Date.parse('2020-11-23T08:00:00Z')) {}
  now = () => this.time;
  pass(milliseconds: number): void {
    this.time += milliseconds;
  }
}

export const origin = (instanceId: string, replaces: string | null = null): DraftOrigin => ({
  instanceId,
  form: formVersion(),
  test: false,
  replaces,
});

export const draft = (text: string, files: readonly File[] = []): DraftContent => ({
  xml: new Blob([`<data>${text}</data>`], { type: 'text/xml' }),
  hidden: {},
  files,
  audit: '',
});

export async function frozen(instanceId: string, photos: readonly string[] = []): Promise<FrozenRecord> {
  const xml = new Blob([`<data>${instanceId}</data>`], { type: 'text/xml' });
  const files = [];
  for (const [place, content] of photos.entries()) {
    const blob = new Blob([content], { type: 'image/jpeg' });
    files.push({ name: `${place}.jpg`, blob, sha256: await sha256(blob) });
  }
  return { instanceId, xml, sha256: await sha256(xml), files };
}

export async function finished(vault: Vault, instanceId: string, photos: readonly string[] = [], replaces: string | null = null) {
  await vault.finalise(origin(instanceId, replaces), instanceId, await frozen(instanceId, photos));
}

type Part = { readonly name: string; readonly blob: Blob };

/** A server that keeps what it is sent, as the real one does; `meet` may throw or change its answer. */
export class Server {
  readonly posts: string[] = [];
  readonly records = new Map<string, Map<string, Part>>();
  meet: (instanceId: string, receipt: Receipt) => Promise<Receipt> | Receipt = (_id, receipt) => receipt;

  submit = async (_url: string, xml: Blob, parts: readonly Part[]): Promise<Receipt> => {
    const instanceId = /<data>(.*)<\/data>/.exec(await xml.text())?.[1] ?? '';
    this.posts.push([instanceId, ...parts.map((part) => part.name)].join(' '));
    const files = this.records.get(instanceId) ?? new Map<string, Part>();
    const kept = new Map(files);
    for (const part of parts) kept.set(part.name, part);
    const described = [];
    for (const { name, blob } of kept.values()) described.push({ name, sha256: await sha256(blob), size: blob.size });
    const receipt: Receipt = {
      id: `receipt of ${instanceId}`,
      instance_id: instanceId,
      sha256: await sha256(xml),
      received_at: '2020-11-23T10:00:00Z',
      test: false,
      url: null,
      files: described,
      missing: [],
    };
    const answer = await this.meet(instanceId, receipt);
    this.records.set(instanceId, kept);
    return answer;
  };
}

/** The browser's lock over tabs, as far as the queue uses it. */
export function lockManager(): Pick<LockManager, 'request'> {
  let last: Promise<unknown> | null = null;
  const request = async (_name: string, options: LockOptions, work: (lock: Lock | null) => unknown) => {
    if (last && options.ifAvailable) return work(null);
    const before = last ?? Promise.resolve();
    const mine = before.then(() => work({ mode: 'exclusive', name: 'one' }));
    last = mine;
    try {
      return await mine;
    } finally {
      if (last === mine) last = null;
    }
  };
  return { request } as unknown as Pick<LockManager, 'request'>;
}
