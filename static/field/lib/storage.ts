/**
 * How safely this browser keeps what is entered: whether there is room, whether
 * it may be cleared, and whether it is gone when the window closes.
 */
export interface StorageState {
  readonly usage: number | null;
  readonly quota: number | null;
  /** The browser promised not to clear it by itself. */
  readonly persisted: boolean;
  readonly danger: 'none' | 'unavailable' | 'full' | 'nearly-full' | 'private';
}

/** A form with photos of a usual size needs some tens of megabytes. */
const NEARLY_FULL = 60_000_000;
const FULL = 8_000_000;

/** Private windows keep files nowhere, or get less room than the memory that a page may use. */
async function isPrivate(quota: number | null): Promise<boolean> {
  if (typeof navigator.storage?.getDirectory === 'function') {
    try {
      await navigator.storage.getDirectory();
    } catch {
      return true;
    }
  }
  const { memory } = performance as { readonly memory?: { readonly jsHeapSizeLimit: number } };
  return quota !== null && memory !== undefined && quota < memory.jsHeapSizeLimit;
}

export async function storageState(databaseWorks: boolean): Promise<StorageState> {
  const { usage = null, quota = null } = await Promise.resolve(navigator.storage?.estimate?.()).then(
    (found) => found ?? {},
    () => ({}) as StorageEstimate,
  );
  const persisted = await Promise.resolve(navigator.storage?.persisted?.()).then(Boolean, () => false);
  const left = usage !== null && quota !== null ? quota - usage : Number.POSITIVE_INFINITY;
  const danger = async (): Promise<StorageState['danger']> => {
    if (!databaseWorks) return 'unavailable';
    if (left < FULL) return 'full';
    if (await isPrivate(quota)) return 'private';
    return left < NEARLY_FULL ? 'nearly-full' : 'none';
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
