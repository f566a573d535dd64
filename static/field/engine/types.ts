/**
 * The names by which the rest of the client speaks of the forms engine. Nothing
 * outside engine/ imports the engine's package, so that its next version is
 * taken in here alone.
 */
import type {
  AnyInputNode,
  AnyNode,
  AnyNoteNode,
  AnyRangeNode,
  GeneralChildNode,
  GroupNode,
  RankNode,
  RepeatInstanceNode,
  RepeatRangeNode,
  SelectNode,
  TextRange,
  TextRole,
  TriggerNode,
  UploadNode,
} from '@getodk/xforms-engine';

export type {
  AnyNode,
  GeneralChildNode,
  GroupNode,
  MarkdownNode,
  RankNode,
  RepeatInstanceNode,
  RepeatRangeNode,
  RootNode,
  SelectNode,
  TriggerNode,
  UploadNode,
  FormLanguage,
} from '@getodk/xforms-engine';
export type InputNode = AnyInputNode;
export type NoteNode = AnyNoteNode;
export type RangeNode = AnyRangeNode;
export type Choice = SelectNode['currentState']['valueOptions'][number];
export type Text = TextRange<TextRole>;

/** A node that a person answers or reads: everything that is not structure or hidden. */
export type QuestionNode =
  | InputNode
  | NoteNode
  | RangeNode
  | RankNode
  | SelectNode
  | TriggerNode
  | UploadNode;

const QUESTION_TYPES = new Set<string>(['input', 'note', 'range', 'rank', 'select', 'trigger', 'upload']);

export const isQuestion = (node: AnyNode): node is QuestionNode => QUESTION_TYPES.has(node.nodeType);
export const isRepeat = (node: AnyNode): node is RepeatRangeNode => node.nodeType.startsWith('repeat-range');
export const isGroup = (node: AnyNode): node is GroupNode => node.nodeType === 'group';
export const isRepeatInstance = (node: AnyNode): node is RepeatInstanceNode =>
  node.nodeType === 'repeat-instance';

export const isShownChild = (
  node: GeneralChildNode,
): node is QuestionNode | GroupNode | RepeatRangeNode =>
  isQuestion(node) || isRepeat(node) || (isGroup(node) && hasBody(node));

/** Groups of the model alone (metadata) have nothing to show. */
const hasBody = (node: GroupNode): boolean => node.currentState.hasRelevantBodyNodes;

/** The appearance words that a form's author gave a node. */
export function appearances(node: AnyNode): ReadonlySet<string> {
  return new Set<string>(node.appearances ?? []);
}
