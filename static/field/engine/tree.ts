/**
 * Walks over a form's nodes: what is shown, what is answered, where a node is.
 * Reading inside a reactive scope keeps the result current.
 */
import {
  appearances,
  isQuestion,
  isShownChild,
  type AnyNode,
  type GeneralChildNode,
  type GroupNode,
  type QuestionNode,
  type RepeatRangeNode,
  type RootNode,
} from './types.ts';

export type ShownNode = QuestionNode | GroupNode | RepeatRangeNode;

/** Children that a reader sees now, in order. */
export function shownChildren(parent: AnyNode): ShownNode[] {
  const children = (parent.currentState.children ?? []) as readonly GeneralChildNode[];
  return children.filter((child): child is ShownNode => isShownChild(child) && child.currentState.relevant);
}

/** Every relevant question below `node` (itself included), in order. */
export function questions(node: AnyNode): QuestionNode[] {
  if (!node.currentState.relevant) return [];
  if (isQuestion(node)) return [node];
  return ((node.currentState.children ?? []) as readonly AnyNode[]).flatMap(questions);
}

/** Every node below `node`, relevant or not. */
export function* descendants(node: AnyNode): Generator<AnyNode> {
  for (const child of (node.currentState.children ?? []) as readonly AnyNode[]) {
    yield child;
    yield* descendants(child);
  }
}

/** Questions that expect an answer from a person (not notes, heads of a table, calculated or read-only ones). */
export const expectsAnswer = (node: QuestionNode): boolean =>
  node.nodeType !== 'note' && !node.currentState.readonly && !appearances(node).has('label');

export const isAnswered = (node: QuestionNode): boolean => node.currentState.instanceValue !== '';

export interface Progress {
  readonly answered: number;
  readonly total: number;
}

export function progress(node: AnyNode): Progress {
  const asked = questions(node).filter(expectsAnswer);
  return { answered: asked.filter(isAnswered).length, total: asked.length };
}

export function labelText(node: AnyNode): string {
  return node.currentState.label?.asString.trim() ?? '';
}

/** The last step of a node's path: what remains when a form gives no label. */
export const nodeName = (node: AnyNode): string => node.currentState.reference.split('/').pop() ?? '';

/** Question text without markup, for lists and messages. */
export function plainLabel(node: AnyNode): string {
  const text = labelText(node)
    .replace(/<[^>]*>/g, ' ')
    .replace(/[*_#`]+/g, '')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
  return text || nodeName(node);
}

export const questionCount = (root: RootNode): number => questions(root).length;
