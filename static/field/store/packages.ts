/**
 * Forms with everything that they need, kept for filling without a network: the
 * XForm, choice files, pictures. They lie in the browser's cache under their own
 * addresses, from where the service worker serves what a page shows by address.
 * A draft of a version may be replaced, so an entry is good for one hash only.
 */
import type { Attachment, FormVersion } from '../api/contract.ts';
import { FORMS_CACHE } from '../worker/words.ts';

const HASH = 'X-Tessera-Hash';

interface Wanted {
  readonly url: string;
  readonly hash: string;
}

type Fetch = (url: string) => Promise<Response>;

const wantedOf = (form: FormVersion): Wanted[] => [
  { url: form.xform_url, hash: form.hash },
  ...form.attachments.map(({ url, hash }) => ({ url, hash })),
];

async function keep(cache: Cache, wanted: Wanted, response: Response): Promise<void> {
  const headers = new Headers(response.headers);
  headers.set(HASH, wanted.hash);
  // The body came decoded: what says otherwise must not be kept beside it.
  headers.delete('Content-Encoding');
  headers.delete('Content-Length');
  await cache.put(wanted.url, new Response(await response.blob(), { headers }));
}

export class Packages {
  /** What is on its way: whoever wants the same waits for it. */
  private readonly coming = new Map<string, Promise<Response>>();

  constructor(
    private readonly fetchOne: Fetch,
    private readonly storage: CacheStorage = caches,
  ) {}

  private async kept(cache: Cache, wanted: Wanted): Promise<Response | null> {
    const found = await cache.match(wanted.url);
    return found && found.headers.get(HASH) === wanted.hash ? found : null;
  }

  private async get(wanted: Wanted): Promise<Response> {
    const cache = await this.storage.open(FORMS_CACHE);
    const found = await this.kept(cache, wanted);
    if (found) return found;
    const name = `${wanted.hash} ${wanted.url}`;
    const coming = this.coming.get(name) ?? this.fetch(cache, wanted).finally(() => this.coming.delete(name));
    this.coming.set(name, coming);
    return (await coming).clone();
  }

  private async fetch(cache: Cache, wanted: Wanted): Promise<Response> {
    const response = await this.fetchOne(wanted.url);
    await keep(cache, wanted, response.clone()).catch(() => undefined); // A full device can still fill it now.
    return response;
  }

  async xform(form: FormVersion): Promise<string> {
    return (await this.get({ url: form.xform_url, hash: form.hash })).text();
  }

  attachment({ url, hash }: Attachment): Promise<Response> {
    return this.get({ url, hash });
  }

  /** Whether a form can be opened now without a network. */
  async isComplete(form: FormVersion): Promise<boolean> {
    const cache = await this.storage.open(FORMS_CACHE);
    const found = await Promise.all(wantedOf(form).map((wanted) => this.kept(cache, wanted)));
    return found.every((one) => one !== null);
  }

  /** Fetches what is missing of a form. Throws what the network throws. */
  async complete(form: FormVersion): Promise<void> {
    for (const wanted of wantedOf(form)) await this.get(wanted);
  }

  /** Lets go of the files of forms that nobody needs here any more. */
  async keepOnly(forms: readonly FormVersion[]): Promise<void> {
    const cache = await this.storage.open(FORMS_CACHE);
    const wanted = new Set(forms.flatMap(wantedOf).map(({ url }) => new URL(url, location.href).href));
    for (const request of await cache.keys()) {
      if (isOfForm(request.url) && !wanted.has(request.url)) await cache.delete(request);
    }
  }

  /** The answer of the network, or the one that was kept from the last time. */
  async latest(url: string): Promise<Response> {
    const cache = await this.storage.open(FORMS_CACHE);
    try {
      const response = await this.fetchOne(url);
      await keep(cache, { url, hash: '' }, response.clone()).catch(() => undefined);
      return response;
    } catch (error) {
      const found = await cache.match(url);
      if (found) return found;
      throw error;
    }
  }
}

const isOfForm = (url: string): boolean => new URL(url).pathname.includes('/forms/');
