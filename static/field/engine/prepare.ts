/**
 * Reads from a form's XML what the engine does not give, before the engine sees
 * it: the guidance texts, which it would otherwise run together with the hints.
 */

/** Guidance per language, per itext id. */
type Guidance = ReadonlyMap<string, ReadonlyMap<string, string>>;

export interface PreparedForm {
  readonly xml: string;
  /** The guidance of the question at `nodeset` in a language, or an empty string. */
  guidance(nodeset: string, language: string): string;
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

export function prepareForm(xml: string): PreparedForm {
  if (!xml.includes('"guidance"')) return { xml, guidance: () => '' };
  const document = new DOMParser().parseFromString(xml, 'text/xml');
  const guidance = takeGuidance(document);
  const ids = hintIds(document);
  return {
    xml: new XMLSerializer().serializeToString(document),
    guidance(nodeset, language) {
      const id = ids.get(nodeset);
      return (id && guidance.get(language)?.get(id)) || '';
    },
  };
}
