/**
 * Reads from a form's XML what the engine does not give, before the engine sees
 * it: the guidance texts, which it would otherwise run together with the hints,
 * and the record that was saved last, which it would take for an empty one.
 */
import { auditWish } from './audit.ts';

/** Where the engine finds the record that was saved last, as if it were a file of the form. */
export const LAST_SAVED_FILE = 'last-saved.xml';
const LAST_SAVED = 'jr://instance/last-saved';


/** Guidance per language, per itext id. */
type Guidance = ReadonlyMap<string, ReadonlyMap<string, string>>;

export interface PreparedForm {
  readonly xml: string;
  /** The guidance of the question at `nodeset` in a language, or an empty string. */
  guidance(nodeset: string, language: string): string;
  /** Whether the form wants a log of its filling, and which. */
  readonly audit: ReturnType<typeof auditWish>;
  /** A record of the form without an answer. */
  blank(): string;
}

const ITEXT_REFERENCE = /jr:itext\(\s*'([^']+)'\s*\)/;

function takeGuidance(document: Document): Guidance {
  const found = new Map<string, Map<string, string>>();
  for (const value of Array.from(document.getElementsByTagName('value'))) {
    if (value.getAttribute('form') !== 'guidance') continue;
    const text = value.parentElement;
    const language = text?.parentElement?.getAttribute('lang');
    const id = text?.getAttribute('id');
    if (!text || id == null || language == null) continue;
    const texts = found.get(language) ?? new Map<string, string>();
    texts.set(id, (value.textContent ?? '').trim());
    found.set(language, texts);
    value.remove();
  }
  return found;
}

function hintIds(document: Document): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  for (const hint of Array.from(document.getElementsByTagName('hint'))) {
    const nodeset = hint.parentElement?.getAttribute('ref');
    const id = ITEXT_REFERENCE.exec(hint.getAttribute('ref') ?? '')?.[1];
    if (nodeset && id) ids.set(nodeset, id);
  }
  return ids;
}

/** The first instance of a form's model is the record as it begins. */
function blankRecord(xml: string): string {
  const document = new DOMParser().parseFromString(xml, 'text/xml');
  const record = document.getElementsByTagName('instance')[0]?.firstElementChild;
  return record ? new XMLSerializer().serializeToString(record) : '<data/>';
}

export function prepareForm(xml: string): PreparedForm {
  const common = { audit: auditWish(xml), blank: () => blankRecord(xml) };
  const source = xml.replaceAll(LAST_SAVED, `jr://file/${LAST_SAVED_FILE}`);
  if (!xml.includes('"guidance"')) return { ...common, xml: source, guidance: () => '' };
  const document = new DOMParser().parseFromString(source, 'text/xml');
  const guidance = takeGuidance(document);
  const ids = hintIds(document);
  return {
    ...common,
    xml: new XMLSerializer().serializeToString(document),
    guidance(nodeset, language) {
      const id = ids.get(nodeset);
      return (id && guidance.get(language)?.get(id)) || '';
    },
  };
}
