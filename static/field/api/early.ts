/**
 * Requests that were begun before the client itself had arrived. Each answer is
 * given out once, to whoever asks for that address first.
 */
/** An answer that takes longer than this is given up. */
export const PATIENCE = 60_000;

const begun = new Map<string, Promise<Response>>();

export function beginEarly(url: string): void {
  const answer = fetch(url, { credentials: 'same-origin', signal: AbortSignal.timeout(PATIENCE) });
  answer.catch(() => undefined); // Whoever asks for it hears of it.
  begun.set(url, answer);
}

export function takeEarly(url: string): Promise<Response> | undefined {
  const answer = begun.get(url);
  begun.delete(url);
  return answer;
}
