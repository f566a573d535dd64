/**
 * A record that is still being filled, as it is kept on the device: the XML, the
 * answers that the XML leaves out, every file, and a few words to tell it apart.
 */
import { untrack } from 'solid-js';
import type { Filling } from '../pages/saver.ts';
import type { DraftContent } from '../store/vault.ts';
import { serialise } from './finalise.ts';
import type { FormSession } from './session.ts';
import { descendants, isAnswered, nodeName, questions } from './tree.ts';
import type { QuestionNode } from './types.ts';

export async function snapshot(session: FormSession): Promise<DraftContent> {
  const hidden = session.memory.collect();
  const files = new Map(hidden.files);
  for (const node of untrack(() => [...descendants(session.root)])) {
    const file = node.nodeType === 'upload' ? untrack(() => node.currentState.value) : null;
    if (file) files.set(file.name, file);
  }
  const { xml } = await serialise(session);
  return { xml, hidden: hidden.answers, files: [...files.values()], audit: session.audit?.text ?? '' };
}

const LONGEST_NAME = 80;

function spoken(node: QuestionNode): string {
  if (!isAnswered(node)) return '';
  if (node.nodeType === 'select') {
    return node.currentState.value.map((value) => node.getValueOption(value)?.label.asString ?? value).join(', ');
  }
  return node.nodeType === 'input' && node.valueType === 'string' ? node.currentState.instanceValue : '';
}

/** What stands between the parts of a name is left over while one of them is blank. */
const named = (text: string): string => text.replace(/^[\s·,;:|/–—-]+|[\s·,;:|/–—-]+$/g, '');

/** The form's own name for the record where it makes one, else the first words that were answered. */
export function recordName(session: FormSession): string {
  return untrack(() => {
    for (const node of descendants(session.root)) {
      const own = nodeName(node) === 'instanceName' ? named(node.currentState.instanceValue) : '';
      if (own) return own;
    }
    for (const node of questions(session.root)) {
      const said = spoken(node);
      if (said) return said.slice(0, LONGEST_NAME);
    }
    return '';
  });
}

/** A form as what saves it sees it. */
export const filling = (session: FormSession): Filling => ({
  changes: () => session.state.changes,
  name: () => recordName(session),
  content: () => snapshot(session),
});
