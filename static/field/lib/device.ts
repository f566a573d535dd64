/**
 * What this browser is: a stable identifier for the `deviceid` question, and
 * whether the page is served in a way that forms can be filled safely at all.
 */
const DEVICE_KEY = 'tessera.field.device';

export function deviceId(): string {
  try {
    const known = localStorage.getItem(DEVICE_KEY);
    if (known) return known;
    const made = `tessera:${crypto.randomUUID()}`;
    localStorage.setItem(DEVICE_KEY, made);
    return made;
  } catch {
    // Storage is blocked: an identifier for this visit is better than none.
    return `tessera:${crypto.randomUUID()}`;
  }
}

/** Plain http on a host name has no hashing, no identifiers and no storage promise. */
export const isSafeContext = (): boolean =>
  window.isSecureContext && typeof crypto?.subtle !== 'undefined';
