/**
 * One error type for everything that can go wrong between the client and the
 * server, so that a page can always say what happened and what to do next, and
 * the sender can tell a refusal (nothing was stored) from an unknown outcome.
 */
import type { ProblemBody } from './contract.ts';

/**
 * - `refused`: the server understood and said no; nothing was stored.
 * - `signed-out`: the session ended.
 * - `unreachable`: no answer came back; the server may or may not have the data.
 * - `not-a-receipt`: an answer came that is not Tessera's (a captive portal, a proxy).
 */
export type ProblemKind = 'refused' | 'signed-out' | 'unreachable' | 'not-a-receipt';

export class Problem extends Error {
  constructor(
    readonly kind: ProblemKind,
    readonly body: ProblemBody = {},
    readonly status: number | null = null,
  ) {
    super(body.title ?? kind);
    this.name = 'Problem';
  }

  /** Whether the server can be relied on to have kept nothing of the request. */
  get nothingStored(): boolean {
    return this.kind === 'signed-out' || (this.kind === 'refused' && (this.status ?? 500) < 500);
  }
}

const isProblemBody = (value: unknown): value is ProblemBody =>
  typeof value === 'object' && value !== null && ('title' in value || 'code' in value);

/** Turns an answer that is not a success into a Problem; never throws itself. */
export async function problemFrom(response: Response): Promise<Problem> {
  if (response.status === 401) return new Problem('signed-out', {}, 401);
  const type = response.headers.get('content-type') ?? '';
  if (!type.includes('json')) return new Problem('not-a-receipt', {}, response.status);
  const body: unknown = await response.json().catch(() => null);
  if (!isProblemBody(body)) return new Problem('not-a-receipt', {}, response.status);
  return new Problem('refused', body, response.status);
}
