/**
 * Addresses of the field client, kept in the fragment so that the server has
 * one page to serve (and one to keep for offline use). A page whose answers
 * could not be saved can ask before it is left.
 */
import { createSignal } from 'solid-js';

export const TABS = ['drafts', 'waiting', 'rejected', 'sent', 'removed'] as const;
export type Tab = (typeof TABS)[number];

export type Route =
  | { readonly page: 'list' }
  | { readonly page: 'device' }
  | { readonly page: 'records'; readonly tab: Tab }
  | { readonly page: 'record'; readonly id: string; readonly as: 'draft' | 'correction' | 'copy' | 'receipt' }
  | { readonly page: 'fill'; readonly version: string; readonly test: boolean };

/** `receive` names a waybill in place of a record. */
const OPENED_AS = { record: 'draft', correct: 'correction', copy: 'copy', receive: 'receipt' } as const;

export function parseRoute(hash: string): Route {
  const [, page = '', rest = ''] = /^#\/([a-z]+)\/?(.*)$/.exec(hash) ?? [];
  const id = decodeURIComponent(rest);
  if (page === 'device') return { page };
  if (page === 'records') return { page, tab: TABS.find((tab) => tab === id) ?? 'drafts' };
  if (Object.hasOwn(OPENED_AS, page) && id) return { page: 'record', id, as: OPENED_AS[page as keyof typeof OPENED_AS] };
  if ((page === 'form' || page === 'preview') && id) return { page: 'fill', version: id, test: page === 'preview' };
  return { page: 'list' };
}

export const listPath = '#/';
export const devicePath = '#/device';
export const recordsPath = (tab: Tab = 'drafts'): string => `#/records/${tab}`;
export const recordPath = (id: string): string => `#/record/${encodeURIComponent(id)}`;
export const correctPath = (id: string): string => `#/correct/${encodeURIComponent(id)}`;
export const receivePath = (waybill: string): string => `#/receive/${encodeURIComponent(waybill)}`;
export const copyPath = (id: string): string => `#/copy/${encodeURIComponent(id)}`;
export const fillPath = (version: string | number, test: boolean): string =>
  `#/${test ? 'preview' : 'form'}/${encodeURIComponent(String(version))}`;

/** Signing in comes back to the very page that was asked for. */
export const signInPath = (): string =>
  `/accounts/login/?next=${encodeURIComponent(location.pathname + location.hash)}`;

const [route, setRoute] = createSignal<Route>(parseRoute(location.hash));
export { route };

let leaveGuard: (() => boolean) | null = null;
let currentHash = location.hash;

/** While set, leaving asks first: by our own links, by Back, and by closing the tab. */
export function guardLeaving(hasUnsaved: (() => boolean) | null): void {
  leaveGuard = hasUnsaved;
}

/** Renames the page that is shown: what is being filled has become a record of its own. */
export function adopt(path: string): void {
  history.replaceState(null, '', path);
  currentHash = location.hash;
}

/** Goes on to a page that takes this one's place in the history. */
export function moveOn(path: string): void {
  leaveGuard = null;
  adopt(path);
  setRoute(parseRoute(location.hash));
  window.scrollTo(0, 0);
}

export function startRouter(confirmLeave: () => Promise<boolean>): void {
  window.addEventListener('hashchange', async () => {
    if (location.hash === currentHash) return;
    const wanted = location.hash;
    if (leaveGuard?.()) {
      history.replaceState(null, '', currentHash || listPath);
      if (!(await confirmLeave())) return;
    }
    moveOn(wanted || listPath);
  });
  window.addEventListener('beforeunload', (event) => {
    if (leaveGuard?.()) event.preventDefault();
  });
}
