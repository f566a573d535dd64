/** Opens a checked-in form on the real engine, the way the client does, without a server. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Attachment, FormVersion } from '../../static/field/api/contract.ts';
import type { Kept } from '../../static/field/engine/kept.ts';
import { openForm } from '../../static/field/engine/open.ts';
import type { FormSession } from '../../static/field/engine/session.ts';
import { descendants } from '../../static/field/engine/tree.ts';
import type {
  AnyNode,
  InputNode,
  RepeatRangeNode,
  SelectNode,
  UploadNode,
} from '../../static/field/engine/types.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures');
export const fixture = (name: string): string => readFileSync(join(FIXTURES, name), 'utf8');

export const formVersion = (attachments: readonly Attachment[] = []): FormVersion => ({
  id: 1,
  form_id: 'traps',
  title: 'Engine traps',
  version: '1',
  state: 'published',
  operation: { slug: 'demo', name: 'Demonstration' },
  assessment: null,
  languages: [],
  hash: '',
  xform_url: '',
  attachments,
  submit_url: '/submit',
  description: '',
});

export interface OpenOptions {
  readonly language?: string;
  readonly attachments?: Readonly<Record<string, string>>;
  readonly kept?: Kept;
  readonly lastSaved?: string;
}

export function open(xml: string, options: OpenOptions = {}): Promise<FormSession> {
  const attachments = Object.entries(options.attachments ?? {}).map(([filename]) => ({
    filename,
    hash: '',
    url: `/${filename}`,
    type: 'text/csv',
  }));
  return openForm(
    formVersion(attachments),
    {
      xform: () => Promise.resolve(xml),
      lastSaved: () => Promise.resolve(options.lastSaved ?? null),
      attachment: ({ filename }) => Promise.resolve(new Response(options.attachments?.[filename] ?? '')),
    },
    { username: 'ani', deviceId: 'tessera:test', language: options.language ?? 'en' },
    options.kept ?? null,
  );
}

export function node(session: FormSession, reference: string): AnyNode {
  for (const found of descendants(session.root)) {
    if (found.currentState.reference === reference) return found;
  }
  throw new Error(`No node ${reference}`);
}

export const input = (session: FormSession, reference: string) => node(session, reference) as InputNode;
export const select = (session: FormSession, reference: string) => node(session, reference) as SelectNode;
export const upload = (session: FormSession, reference: string) => node(session, reference) as UploadNode;

export function repeat(session: FormSession, nodeset: string): RepeatRangeNode {
  for (const found of descendants(session.root)) {
    if (found.nodeType.startsWith('repeat-range') && found.definition.nodeset === nodeset) {
      return found as RepeatRangeNode;
    }
  }
  throw new Error(`No repeat ${nodeset}`);
}
