/**
 * The only place that talks to the server. It knows the addresses, the
 * anti-forgery token and what counts as a success. Only what is begun before it
 * has arrived (early.ts) is fetched elsewhere.
 */
import type { Beacon, BeaconAnswer, FormVersion, Receipt, Session } from './contract.ts';
import { RECEIPT_TYPE } from '../records/types.ts';
import { PATIENCE, takeEarly } from './early.ts';
import { Problem, problemFrom } from './problem.ts';

export interface SubmissionPart {
  readonly name: string;
  readonly blob: Blob;
}

/** The part that holds the record itself, by its type: a filled form, or a receipt of cargo. */
const partOf = (record: Blob) => (record.type === RECEIPT_TYPE ? 'receipt' : 'xml_submission_file');
/** A link that is alive moves at least this much; one that hangs is given up. */
const LEAST_SPEED = 1; // bytes per millisecond

async function reached(answer: Promise<Response>): Promise<Response> {
  try {
    return await answer;
  } catch {
    throw new Problem('unreachable');
  }
}

const isReceipt = (value: unknown): value is { receipt: Receipt } => {
  if (typeof value !== 'object' || value === null || !('receipt' in value)) return false;
  const { receipt } = value;
  return typeof receipt === 'object' && receipt !== null && 'sha256' in receipt && 'instance_id' in receipt;
};

export class Api {
  private csrfToken = '';

  /**
   * `onServerTime` hears how far this device's clock is behind the server's, in milliseconds.
   * `language` is the one that the reader is shown, where somebody is reading.
   */
  constructor(
    private readonly base: string,
    private readonly onServerTime: (skew: number) => void = () => undefined,
    private readonly language: () => string = () => '',
  ) {}

  private send(url: string, init: RequestInit = {}, patience: number = PATIENCE): Promise<Response> {
    const headers = { ...init.headers, 'X-Reader-Language': this.language() };
    return reached(fetch(url, { credentials: 'same-origin', signal: AbortSignal.timeout(patience), ...init, headers }));
  }

  /** Only an answer that is recognisably ours; a portal's page is a Problem. */
  async get(url: string): Promise<Response> {
    const early = takeEarly(url);
    const response = await (early ? reached(early) : this.send(url));
    if (!response.ok || response.redirected) throw await problemFrom(response);
    return response;
  }

  async getJson<T>(url: string): Promise<T> {
    const response = await this.get(url);
    if (!(response.headers.get('content-type') ?? '').includes('json')) {
      throw new Problem('not-a-receipt', {}, response.status);
    }
    const body = (await response.json().catch(() => null)) as T | null;
    if (body === null) throw new Problem('not-a-receipt', {}, response.status);
    const clock = Date.parse(response.headers.get('date') ?? '');
    if (!Number.isNaN(clock)) this.onServerTime(clock - Date.now());
    return body;
  }

  async session(): Promise<Session> {
    const session = await this.getJson<Session>(`${this.base}session`);
    if (!session.user) throw new Problem('not-a-receipt', {}, 200);
    this.csrfToken = session.csrf_token;
    return session;
  }

  async forms(): Promise<readonly FormVersion[]> {
    const { forms } = await this.getJson<{ forms?: readonly FormVersion[] }>(`${this.base}forms`);
    if (!forms) throw new Problem('not-a-receipt', {}, 200);
    return forms;
  }

  /** What is sent from a form asked for as a test is kept apart from the records. */
  form(id: string, test: boolean): Promise<FormVersion> {
    return this.getJson<FormVersion>(`${this.base}forms/${encodeURIComponent(id)}${test ? '?preview=1' : ''}`);
  }

  /** Simplified boundaries behind the maps; a map without them still works. */
  areasUrl(operation: string): string {
    return `${this.base}areas.geojson?operation=${encodeURIComponent(operation)}`;
  }

  /** Tells what waits on this device, so that a coordinator sees what a lost one held. */
  async beacon(beacon: Beacon): Promise<BeaconAnswer> {
    const response = await this.withToken((headers) =>
      this.send(`${this.base}beacon`, {
        method: 'POST',
        body: JSON.stringify(beacon),
        headers: { ...headers, 'Content-Type': 'application/json' },
      }),
    );
    if (!response.ok) throw await problemFrom(response);
    return (await response.json()) as BeaconAnswer;
  }

  /** Ends the session on the server. */
  async signOut(): Promise<void> {
    const response = await this.withToken((headers) => this.send('/accounts/logout/', { method: 'POST', headers }));
    if (!response.ok) throw await problemFrom(response);
  }

  /** Sends a record, with or without files. Resolves only with a receipt of ours. */
  async submit(url: string, xml: Blob, parts: readonly SubmissionPart[]): Promise<Receipt> {
    const size = parts.reduce((sum, part) => sum + part.blob.size, xml.size);
    const response = await this.withToken((headers) => {
      const body = new FormData();
      body.append(partOf(xml), xml, 'submission.xml');
      for (const part of parts) body.append(part.name, part.blob, part.name);
      return this.send(url, { method: 'POST', body, headers }, PATIENCE + size / LEAST_SPEED);
    });
    if (response.status !== 201) {
      throw response.ok ? new Problem('not-a-receipt', {}, response.status) : await problemFrom(response);
    }
    const body: unknown = await response.json().catch(() => null);
    if (!isReceipt(body)) throw new Problem('not-a-receipt', {}, response.status);
    return body.receipt;
  }

  /** A session renewed in another tab leaves this one with an old token: asked again, once. */
  private async withToken(post: (headers: Record<string, string>) => Promise<Response>): Promise<Response> {
    if (!this.csrfToken) await this.session();
    const headers = () => ({ 'X-CSRFToken': this.csrfToken, Accept: 'application/json' });
    const response = await post(headers());
    if (response.status !== 403 && response.status !== 401) return response;
    const before = this.csrfToken;
    await this.session();
    return this.csrfToken === before ? response : post(headers());
  }
}
