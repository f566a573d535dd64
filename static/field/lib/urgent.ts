/**
 * What the reader waits for comes first: on a slow link everything else would
 * take its share of it. Work that can wait asks for a quiet moment.
 */
const running = new Set<Promise<unknown>>();

/** One step of what the reader waits for follows the other within this time. */
const SETTLED = 200;

/** Marks work as what the reader waits for. */
export function urgently<T>(work: Promise<T>): Promise<T> {
  running.add(work);
  const done = () => running.delete(work);
  work.then(done, done);
  return work;
}

/** Resolves once the reader waits for nothing. */
export async function whenQuiet(): Promise<void> {
  while (running.size > 0) {
    await Promise.allSettled(running);
    await new Promise((resolve) => setTimeout(resolve, SETTLED));
  }
}
