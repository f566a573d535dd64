/**
 * How safely this browser keeps what is entered: whether there is room, whether
 * it may be cleared, and whether it is gone when the window closes.
 */
export interface StorageState {
  readonly usage: number | null;
  readonly quota: number | null;
  /** The browser promised not to clear it by itself. */
  readonly persisted: boolean;
  readonly danger: 'none' | 'unavailable' | 'full' | 'nearly-full' | 'private' | 'not-kept';
}

/** A form with photos of a usual size needs some tens of megabytes. */
const NEARLY_FULL = 60_000_000;

/** Some private windows keep files nowhere; others cannot be told from usual ones. */
async function isPrivate(): Promise<boolean> {
  if (typeof navigator.storage?.getDirectory === 'function') {
    try {
      await navigator.storage.getDirectory();
    } catch {
      return true;
    }
  }
  return false;
}

/** `room` is whether a form would fit, or null where the database does not work. */
export async function storageState(room: boolean | null): Promise<StorageState> {
  const { usage = null, quota = null } = await Promise.resolve(navigator.storage?.estimate?.()).then(
    (found) => found ?? {},
    () => ({}) as StorageEstimate,
  );
  const persisted = await Promise.resolve(navigator.storage?.persisted?.()).then(Boolean, () => false);
  const left = usage !== null && quota !== null ? quota - usage : Number.POSITIVE_INFINITY;
  const danger = async (): Promise<StorageState['danger']> => {
    if (room === null) return 'unavailable';
    if (!room) return 'full';
    if (left < NEARLY_FULL) return 'nearly-full';
    if (await isPrivate()) return 'private';
    return persisted ? 'none' : 'not-kept';
  };
  return { usage, quota, persisted, danger: await danger() };
}

/** Asks the browser to keep everything; some ask the reader, most decide by themselves. */
export async function askToPersist(): Promise<void> {
  try {
    if (!(await navigator.storage?.persisted?.())) await navigator.storage?.persist?.();
  } catch {
    // Without the promise it is kept as long as there is room.
  }
}

export const isFull = (error: unknown): boolean =>
  error instanceof DOMException && (error.name === 'QuotaExceededError' || error.name === 'UnknownError');
