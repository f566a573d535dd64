/**
 * Puts the service worker in place, and takes a newer one in when no form is
 * open: its files must never be mixed with those of a page that is being used.
 */
import { createSignal } from 'solid-js';
import { isAnyHeld } from '../lib/holding.ts';
import { TAKE_OVER } from './words.ts';

const [waiting, setWaiting] = createSignal<ServiceWorker | null>(null);

/** Whether a newer version of the client lies ready on this device. */
export const updateWaits = (): boolean => waiting() !== null;

export async function keepWorker(): Promise<void> {
  const { serviceWorker } = navigator;
  if (!serviceWorker) return;
  let controlled = serviceWorker.controller !== null;
  serviceWorker.addEventListener('controllerchange', async () => {
    // The first worker serves what this page has already; a later one has other files.
    if (controlled && !(await isAnyHeld())) location.reload();
    controlled = true;
  });
  const registration = await serviceWorker.register('/field/sw.js', { scope: '/field/', updateViaCache: 'none' });
  const look = () => setWaiting(controlled ? registration.waiting : null);
  look();
  registration.addEventListener('updatefound', () => {
    registration.installing?.addEventListener('statechange', look);
  });
}

/** Resolves false, and changes nothing, while a form is open in any tab. */
export async function takeUpdate(): Promise<boolean> {
  if (await isAnyHeld()) return false;
  waiting()?.postMessage(TAKE_OVER);
  return true;
}
