/**
 * Runs before the client has arrived, and fetches beside it what it will ask
 * for: who is here, and the forms or, when the address names one, that form and
 * what filling it needs. On a slow link this is the difference between one wait
 * and three.
 */
import { beginEarly } from './api/early.ts';
import { FORMS_CACHE } from './worker/words.ts';

const [, kind = '', id = ''] = /^#\/(form|preview|record|correct|copy)\/(.+)$/.exec(location.hash) ?? [];

async function fetchForm(api: string): Promise<void> {
  const form = `${api}forms/${id}`;
  // What lies on the device, the client finds there.
  if (await caches.match(`${form}/xform`, { cacheName: FORMS_CACHE })) return;
  beginEarly(kind === 'preview' ? `${form}?preview=1` : form);
  beginEarly(`${form}/xform`);
}

function begin(root: DOMStringMap): void {
  const api = root['api'] ?? '';
  beginEarly(`${api}session`);
  if (!kind) return beginEarly(`${api}forms`);
  for (const href of root['filling']?.split(' ') ?? []) {
    document.head.append(Object.assign(document.createElement('link'), { rel: 'modulepreload', href }));
  }
  if (kind === 'form' || kind === 'preview') fetchForm(api).catch(() => undefined);
}

const root = document.getElementById('field-root');
// Elsewhere the client explains why it cannot work.
if (root && window.isSecureContext) begin(root.dataset);
