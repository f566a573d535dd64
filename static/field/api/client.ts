/**
 * The only place that talks to the server. It knows the addresses, the
 * anti-forgery token and what counts as a success; nothing else calls `fetch`.
 */
import type { Attachment, FormVersion, Receipt, Session } from './contract.ts';
import { Problem, problemFrom } from './problem.ts';

export interface SubmissionPart {
  readonly name: string;
  readonly blob: Blob;
}

const SUBMISSION_FIELD = 'xml_submission_file';
const SUBMISSION_FILE = 'submission.xml';

async function send(url: string, init: RequestInit = {}): Promise<Response> {
  try {
    return await fetch(url, { credentials: 'same-origin', ...init });
  } catch {
    throw new Problem('unreachable');
  }
}

async function get(url: string): Promise<Response> {
  const response = await send(url);
  if (!response.ok) throw await problemFrom(response);
  return response;
}

async function getJson<T>(url: string): Promise<T> {
  const response = await get(url);
  if (!(response.headers.get('content-type') ?? '').includes('json')) {
    throw new Problem('not-a-receipt', {}, response.status);
  }
  return (await response.json()) as T;
}

const isReceipt = (value: unknown): value is { receipt: Receipt } => {
  if (typeof value !== 'object' || value === null || !('receipt' in value)) return false;
  const { receipt } = value;
  return typeof receipt === 'object' && receipt !== null && 'sha256' in receipt && 'instance_id' in receipt;
};

export class Api {
  private csrfToken = '';

  constructor(private readonly base: string) {}

  async session(): Promise<Session> {
    const session = await getJson<Session>(`${this.base}session`);
    this.csrfToken = session.csrf_token;
    return session;
  }

  async forms(): Promise<readonly FormVersion[]> {
    return (await getJson<{ forms: readonly FormVersion[] }>(`${this.base}forms`)).forms;
  }

  /** What is sent from a form asked for as a test is kept apart from the records. */
  form(id: string, test: boolean): Promise<FormVersion> {
    return getJson<FormVersion>(`${this.base}forms/${encodeURIComponent(id)}${test ? '?preview=1' : ''}`);
  }

  async xform(form: FormVersion): Promise<string> {
    return (await get(form.xform_url)).text();
  }

  attachment(attachment: Attachment): Promise<Response> {
    return get(attachment.url);
  }

  /** Simplified boundaries behind the maps; a map without them still works. */
  areas(operation: string): Promise<GeoJSON.FeatureCollection> {
    return getJson(`${this.base}areas.geojson?operation=${encodeURIComponent(operation)}`);
  }

  /** Sends one record in one request. Resolves only with a receipt of ours. */
  async submit(url: string, xml: Blob, parts: readonly SubmissionPart[]): Promise<Receipt> {
    const response = await this.post(url, xml, parts);
    // A session renewed in another tab leaves this one with an old token.
    if (response.status === 403 || response.status === 401) {
      const before = this.csrfToken;
      await this.session();
      if (this.csrfToken !== before) return this.receipt(await this.post(url, xml, parts));
    }
    return this.receipt(response);
  }

  private post(url: string, xml: Blob, parts: readonly SubmissionPart[]): Promise<Response> {
    const body = new FormData();
    body.append(SUBMISSION_FIELD, xml, SUBMISSION_FILE);
    for (const part of parts) body.append(part.name, part.blob, part.name);
    return send(url, {
      method: 'POST',
      body,
      headers: { 'X-CSRFToken': this.csrfToken, Accept: 'application/json' },
    });
  }

  private async receipt(response: Response): Promise<Receipt> {
    if (response.status !== 201) {
      throw response.ok ? new Problem('not-a-receipt', {}, response.status) : await problemFrom(response);
    }
    const body: unknown = await response.json().catch(() => null);
    if (!isReceipt(body)) throw new Problem('not-a-receipt', {}, response.status);
    return body.receipt;
  }
}
