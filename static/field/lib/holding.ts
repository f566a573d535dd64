/**
 * A record is filled in one tab at a time: two would overwrite each other's
 * answers. The browser's locks end with the tab, however it ends. Holding any
 * record also keeps an update of the client from being taken in meanwhile.
 */
const PREFIX = 'tessera-filling-';

export class OpenElsewhere extends Error {
  constructor() {
    super('The record is open in another tab');
    this.name = 'OpenElsewhere';
  }
}

/** Resolves with the way to let go; throws OpenElsewhere where another tab holds it. */
export function holdRecord(instanceId: string): Promise<() => void> {
  return new Promise((resolve, reject) => {
    void navigator.locks.request(PREFIX + instanceId, { ifAvailable: true }, (lock) => {
      if (!lock) return reject(new OpenElsewhere());
      return new Promise<void>((release) => resolve(release));
    });
  });
}

/** Whether a form is open in any tab. */
export async function isAnyHeld(): Promise<boolean> {
  const { held = [] } = await navigator.locks.query();
  return held.some(({ name }) => name?.startsWith(PREFIX));
}
