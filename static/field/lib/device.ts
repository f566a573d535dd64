/**
 * What this browser is: a stable identifier for the `deviceid` question and the
 * beacon, a name that a coordinator recognises, and whether the page is served
 * in a way that forms can be filled safely at all.
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

const BROWSERS = ['Edg', 'OPR', 'SamsungBrowser', 'Firefox', 'Chrome', 'Safari'] as const;
const NAMES: Readonly<Record<string, string>> = { Edg: 'Edge', OPR: 'Opera', SamsungBrowser: 'Samsung Internet' };
const SYSTEMS = ['Android', 'iPhone', 'iPad', 'Windows', 'Mac OS', 'CrOS', 'Linux'] as const;

/** "Chrome, Android": enough to tell one's phone from one's laptop. */
export function deviceName(agent: string = navigator.userAgent): string {
  const browser = BROWSERS.find((name) => agent.includes(`${name}/`));
  const system = SYSTEMS.find((name) => agent.includes(name));
  return [browser && (NAMES[browser] ?? browser), system].filter(Boolean).join(', ');
}

export const isApple = (agent: string = navigator.userAgent): boolean => /iPhone|iPad|Macintosh.*Mobile/.test(agent);

/** Plain http on a host name has no hashing, no identifiers and no storage promise. */
export const isSafeContext = (): boolean =>
  window.isSecureContext && typeof crypto?.subtle !== 'undefined';
