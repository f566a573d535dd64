/**
 * The service worker: opens the client without a network, serves what a form
 * shows by address, and sends finished records when the network returns while
 * no page is open. The list of files stands above this code when it is served,
 * so that a new release is a new worker. A release is kept whole under its own
 * name, and the one before it stays for pages that still run on it.
 */
import { Api } from '../api/client.ts';
import { Queue } from '../records/queue.ts';
import { changePerson, currentPerson, person } from '../store/people.ts';
import { Vault } from '../store/vault.ts';
import { FORMS_CACHE, RECORDS_CHANNEL, SEND_TAG, TAKE_OVER } from './words.ts';

interface Release {
  readonly version: string;
  /** The client's page; the one address whose content may change under its name. */
  readonly shell: string;
  /** Everything else, named by content. */
  readonly files: readonly string[];
}

interface SyncEvent extends ExtendableEvent {
  readonly tag: string;
}

declare const self: ServiceWorkerGlobalScope & { readonly TESSERA_RELEASE: Release };

const { version, shell, files } = self.TESSERA_RELEASE;
const PREFIX = 'tessera-shell-';
const CURRENT = PREFIX + version;
const OF_FORM = /^\/field\/api\/forms\/\d+\/attachments\//;
const known = new Set(files);

/** A file of the same name in an older release is the same file: it need not travel again. */
async function take(cache: Cache, file: string): Promise<void> {
  const found = (await caches.match(file)) ?? (await fetch(file));
  if (!found.ok) throw new Error(`${file}: ${found.status}`);
  await cache.put(file, found);
}

async function install(): Promise<void> {
  const cache = await caches.open(CURRENT);
  const page = await fetch(shell, { cache: 'no-cache', credentials: 'same-origin' });
  // Somebody signed out is sent elsewhere: that page must not open in place of the client.
  if (!page.ok || page.redirected) throw new Error(`${shell}: ${page.status}`);
  await cache.put(shell, page);
  await Promise.all(files.map((file) => take(cache, file)));
}

async function activate(): Promise<void> {
  const releases = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CURRENT);
  // Caches are listed in the order in which they were made.
  await Promise.all(releases.slice(0, -1).map((name) => caches.delete(name)));
  await self.clients.claim();
}

/** A player asks for parts of a film; a cache holds whole ones. */
async function part(whole: Response, range: string): Promise<Response> {
  const [, start = '0', end] = /^bytes=(\d+)-(\d*)$/.exec(range) ?? [];
  const blob = await whole.blob();
  const last = Math.min(end ? Number(end) : blob.size - 1, blob.size - 1);
  const headers = new Headers(whole.headers);
  headers.set('Content-Range', `bytes ${start}-${last}/${blob.size}`);
  headers.set('Content-Length', String(last - Number(start) + 1));
  return new Response(blob.slice(Number(start), last + 1), { status: 206, headers });
}

async function fromForms(request: Request): Promise<Response> {
  const found = await (await caches.open(FORMS_CACHE)).match(request.url);
  if (!found) return fetch(request);
  const range = request.headers.get('range');
  return range ? part(found, range) : found;
}

async function fromShell(address: string, request: Request): Promise<Response> {
  const cache = await caches.open(CURRENT);
  return (await cache.match(address)) ?? (await caches.match(address)) ?? fetch(request);
}

/** Sends what waits. Throws while something still waits, so that the browser asks again. */
async function sendWaiting(): Promise<void> {
  const who = await currentPerson();
  if (!who || who.revoked) return;
  const channel = new BroadcastChannel(RECORDS_CHANNEL);
  const api = new Api('/field/api/');
  const session = await api.session();
  if (session.user.username !== who.username) return;
  const queue = new Queue({
    vault: new Vault(who.username, () => channel.postMessage('changed')),
    submit: (url, xml, parts) => api.submit(url, xml, parts),
    pause: {
      until: async () => (await person(who.username))?.pausedUntil ?? 0,
      set: (moment) => changePerson(who.username, { pausedUntil: moment }),
    },
  });
  await queue.pass();
  channel.close();
  if ((await queue.nextAt()) !== null) throw new Error('Some records still wait');
}

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(activate()));
self.addEventListener('message', (event) => {
  if (event.data === TAKE_OVER) event.waitUntil(self.skipWaiting());
});
self.addEventListener('sync' as 'push', (event) => {
  if ((event as unknown as SyncEvent).tag === SEND_TAG) event.waitUntil(sendWaiting());
});
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin) return;
  if (request.mode === 'navigate' && pathname === shell) event.respondWith(fromShell(shell, request));
  else if (known.has(pathname)) event.respondWith(fromShell(pathname, request));
  else if (OF_FORM.test(pathname)) event.respondWith(fromForms(request));
});
