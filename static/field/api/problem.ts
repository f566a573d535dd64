/**
 * One error type for everything that can go wrong between the client and the
 * server, so that a page can always say what happened and what to do next, and
 * the queue can tell a refusal from an outcome that is worth another try.
 */
import type { ProblemBody } from './contract.ts';

/**
 * - `refused`: the server understood and said no.
 * - `signed-out`: the session ended.
 * - `unreachable`: no answer came back; the server may or may not have the data.
 * - `not-a-receipt`: an answer came that is not Tessera's (a captive portal, a proxy).
 */
export type ProblemKind = 'refused' | 'signed-out' | 'unreachable' | 'not-a-receipt';

/** Answers that speak of the moment or the way, not of the record: it is tried again. */
const PASSING = new Set([408, 425, 429]);
const PASSING_CODES = new Set(['bad_request', 'csrf']);

export class Problem extends Error {
  constructor(
    readonly kind: ProblemKind,
    readonly body: ProblemBody = {},
    readonly status: number | null = null,
    /** Milliseconds that the server asked to be left alone for. */
    readonly retryAfter: number | null = null,
  ) {
    super(body.title ?? kind);
    this.name = 'Problem';
  }

  /** The same record will be refused again: somebody has to look at it. */
  get isFinal(): boolean {
    const status = this.status ?? 500;
    const passes = status >= 500 || PASSING.has(status) || PASSING_CODES.has(this.body.code ?? '');
    return this.kind === 'refused' && !passes;
  }
}

const isProblemBody = (value: unknown): value is ProblemBody =>
  typeof value === 'object' && value !== null && ('title' in value || 'code' in value);

/** Retry-After is a number of seconds or a date; the date is read by the server's own clock. */
export function retryAfter(headers: Headers, now: number = Date.now()): number | null {
  const text = headers.get('retry-after')?.trim();
  if (!text) return null;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const clock = Date.parse(headers.get('date') ?? '');
  const wait = Date.parse(text) - (Number.isNaN(clock) ? now : clock);
  return Number.isNaN(wait) ? null : Math.max(0, wait);
}

/** Turns an answer that is not a success into a Problem; never throws itself. */
export async function problemFrom(response: Response): Promise<Problem> {
  const wait = retryAfter(response.headers);
  const type = response.headers.get('content-type') ?? '';
  const body: unknown = type.includes('json') ? await response.json().catch(() => null) : null;
  if (!isProblemBody(body)) return new Problem('not-a-receipt', {}, response.status, wait);
  return new Problem(response.status === 401 ? 'signed-out' : 'refused', body, response.status, wait);
}
