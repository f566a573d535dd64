/** Visits: all that can be kept is kept, and what broke off is done again without anybody's help. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Api } from '../../static/field/api/client.ts';
import type { FormVersion, Session } from '../../static/field/api/contract.ts';
import { Problem } from '../../static/field/api/problem.ts';
import { Sync } from '../../static/field/records/sync.ts';
import { fresh } from '../../static/field/store/people.ts';
import { Vault } from '../../static/field/store/vault.ts';
import { lockManager, newDevice } from './device.ts';
import { formVersion } from './open.ts';

const session: Session = {
  user: { username: 'ani', name: 'Ani', language: 'en' },
  csrf_token: '',
  operations: [],
  version: '1',
};
const forms: FormVersion[] = [1, 2, 3].map((id) => ({
  ...formVersion(),
  id,
  hash: `md5:${id}`,
  xform_url: `http://localhost/field/api/forms/${id}/xform`,
}));

/** A cache that holds what was put into it, by address. */
function cacheStorage(): CacheStorage {
  const held = new Map<string, Response>();
  const name = (request: RequestInfo | URL) => (request instanceof Request ? request.url : String(request));
  const cache = {
    match: async (request: RequestInfo) => held.get(name(request))?.clone(),
    put: async (request: RequestInfo, response: Response) => void held.set(name(request), response),
    delete: async (request: RequestInfo) => held.delete(name(request)),
    keys: async () => [...held.keys()].map((url) => new Request(url)),
  };
  return { open: async () => cache } as unknown as CacheStorage;
}

/** The server: `refuse` says with what it answers for an address, if not with the file. */
let refuse: (url: string) => Problem | null;
let asked: string[];

function device(): Sync {
  const api = {
    session: async () => session,
    forms: async () => forms,
    beacon: async () => ({ revoked: false }),
    get: async (url: string) => {
      asked.push(url);
      const problem = refuse(url);
      if (problem) throw problem;
      return new Response('<h:html/>');
    },
  } as unknown as Api;
  return new Sync(api, new Vault('ani'), fresh(session));
}

beforeEach(async () => {
  await newDevice();
  vi.stubGlobal('caches', cacheStorage());
  vi.stubGlobal('navigator', { onLine: true, storage: {}, locks: lockManager(), serviceWorker: undefined, userAgent: '' });
  asked = [];
  refuse = () => null;
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('a form that the server cannot give keeps no other form away', async () => {
  refuse = (url) => (url.includes('/1/') ? new Problem('refused', { title: 'Gone' }, 500) : null);
  const sync = device();
  await sync.refresh();
  expect([...sync.offline()].sort()).toEqual(['2', '3']);
  expect(sync.reach()).toBe('online');
});

test('a visit that the line cut short is made again by itself', async () => {
  let cuts = 0;
  refuse = (url) => (url.includes('/2/') && cuts++ < 2 ? new Problem('unreachable') : null);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true });
  const sync = device();
  await sync.refresh();
  expect([...sync.offline()]).toEqual(['1']);
  expect(sync.reach()).toBe('offline');
  await vi.waitFor(
    async () => {
      await vi.advanceTimersByTimeAsync(5_000);
      expect([...sync.offline()].sort()).toEqual(['1', '2', '3']);
    },
    { timeout: 4_000 },
  );
  expect(cuts).toBe(3);
  expect(sync.reach()).toBe('online');
});

test('without a network, and for somebody signed out, no visit is begun by itself', async () => {
  for (const [onLine, problem] of [
    [false, new Problem('unreachable')],
    [true, new Problem('signed-out', {}, 401)],
  ] as const) {
    vi.stubGlobal('navigator', { ...navigator, onLine });
    refuse = () => problem;
    asked = [];
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true });
    await device().refresh();
    const before = asked.length;
    expect(before).toBeGreaterThan(0);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked.length).toBe(before);
    vi.useRealTimers();
  }
});
