/**
 * Cuts a form into the screens that it is filled on. A form that asks for pages
 * gets its own; a long form whose author grouped it is shown a group at a time,
 * which keeps a phone quick and a reader oriented; a short one is one screen.
 */
import { descendants, labelText, plainLabel, questions, shownChildren, type ShownNode } from './tree.ts';
import { appearances, isGroup, isQuestion, type RootNode } from './types.ts';

export interface Step {
  /** Stable while the form is open: the id of the first node of the step. */
  readonly id: string;
  readonly title: string;
  readonly nodes: readonly ShownNode[];
}

/** More questions than this on one screen are hard to oversee on a phone. */
const ONE_SCREEN = 20;

/** The author's heading, else the first question's words; several loose questions have no title of their own. */
function titleOf(nodes: readonly ShownNode[], first: ShownNode): string {
  if (nodes.length > 1) return '';
  if (labelText(first)) return plainLabel(first);
  const [question] = questions(first);
  return question ? plainLabel(question) : '';
}

function asStep(nodes: readonly ShownNode[]): Step {
  const [first] = nodes;
  if (!first) throw new Error('A step has at least one node');
  return { id: first.nodeId, title: titleOf(nodes, first), nodes };
}

const isStructure = (node: ShownNode): boolean => isGroup(node) || node.nodeType.startsWith('repeat');

/** Every question is a page, except those that a field-list keeps together. */
function pages(nodes: readonly ShownNode[]): Step[] {
  return nodes.flatMap((node) => {
    const opens = isGroup(node) && !appearances(node).has('field-list');
    return opens ? pages(shownChildren(node)) : [asStep([node])];
  });
}

/** A group a step; loose questions between groups stay together. */
function sections(nodes: readonly ShownNode[]): Step[] {
  const steps: Step[] = [];
  let loose: ShownNode[] = [];
  const flush = () => {
    if (loose.length > 0) steps.push(asStep(loose));
    loose = [];
  };
  for (const node of nodes) {
    if (!isStructure(node)) {
      loose.push(node);
      continue;
    }
    flush();
    steps.push(...splitLarge(node));
  }
  flush();
  return steps;
}

/** Opens a group that holds groups of its own and too much for one screen. */
function splitLarge(node: ShownNode): Step[] {
  if (!isGroup(node) || appearances(node).has('field-list')) return [asStep([node])];
  const children = shownChildren(node);
  const nested = children.filter(isStructure).length;
  if (nested < 2 || questions(node).length <= ONE_SCREEN) return [asStep([node])];
  return sections(children);
}

export type Layout = 'single' | 'sections' | 'pages';

/** Questions that the form can come to ask, whether they are relevant yet or not. */
function size(root: RootNode): number {
  let count = 0;
  for (const node of descendants(root)) if (isQuestion(node)) count += 1;
  return count;
}

/** Fixed when the form opens, so that answering never rearranges the screens. */
export function layoutOf(root: RootNode): Layout {
  if (root.classes['pages']) return 'pages';
  return size(root) > ONE_SCREEN ? 'sections' : 'single';
}

export function stepsOf(root: RootNode, layout: Layout): Step[] {
  const top = shownChildren(root);
  if (top.length === 0) return [];
  if (layout === 'pages') return pages(top);
  return layout === 'sections' ? sections(top) : [asStep(top)];
}
