/**
 * Addresses of the field client, kept in the fragment so that the server has
 * one page to serve (and one to keep for offline use). A page that holds unsent
 * answers can ask before it is left.
 */
import { createSignal } from 'solid-js';

export type Route =
  | { readonly page: 'list' }
  | { readonly page: 'fill'; readonly version: string; readonly test: boolean };

export function parseRoute(hash: string): Route {
  const match = /^#\/(form|preview)\/([^/]+)$/.exec(hash);
  if (!match?.[2]) return { page: 'list' };
  return { page: 'fill', version: decodeURIComponent(match[2]), test: match[1] === 'preview' };
}

export const listPath = '#/';
export const fillPath = (version: string | number, test: boolean): string =>
  `#/${test ? 'preview' : 'form'}/${encodeURIComponent(String(version))}`;

/** Signing in comes back to the very form that was asked for. */
export const signInPath = (): string =>
  `/accounts/login/?next=${encodeURIComponent(location.pathname + location.hash)}`;

const [route, setRoute] = createSignal<Route>(parseRoute(location.hash));
const [visit, setVisit] = createSignal(0);
export { route, visit };

let leaveGuard: (() => boolean) | null = null;
let currentHash = location.hash;

/** While set, leaving asks first: by our own links, by Back, and by closing the tab. */
export function guardLeaving(hasUnsent: (() => boolean) | null): void {
  leaveGuard = hasUnsent;
}

/** Starts the same address afresh ("fill another"). */
export function restart(): void {
  setVisit((count) => count + 1);
}

export function startRouter(confirmLeave: () => Promise<boolean>): void {
  window.addEventListener('hashchange', async () => {
    if (location.hash === currentHash) return;
    const wanted = location.hash;
    if (leaveGuard?.()) {
      history.replaceState(null, '', currentHash || listPath);
      if (!(await confirmLeave())) return;
      history.replaceState(null, '', wanted || listPath);
    }
    currentHash = wanted;
    leaveGuard = null;
    setRoute(parseRoute(wanted));
    window.scrollTo(0, 0);
  });
  window.addEventListener('beforeunload', (event) => {
    if (leaveGuard?.()) event.preventDefault();
  });
}
