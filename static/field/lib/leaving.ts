/**
 * What this client and the other pages of the site tell each other about
 * signing out (static/site/signout.js): how much waits to be sent, and that
 * whoever was here has left.
 */
const UNSENT = 'tessera.field.unsent';
const LEFT = 'tessera.field.left';

function quietly<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined; // Storage is blocked: the client keeps nothing either.
  }
}

export function tellUnsent(count: number): void {
  quietly(() => localStorage.setItem(UNSENT, String(count)));
}

/** What still comes in of an earlier visit must not sign the person in again. */
export function tellLeft(): void {
  quietly(() => localStorage.setItem(LEFT, '1'));
}

/** Whether the person known here has signed out, here or elsewhere on the site. */
export const hasLeft = (): boolean => quietly(() => localStorage.getItem(LEFT)) === '1';

export function isBack(): void {
  quietly(() => localStorage.removeItem(LEFT));
}
