/**
 * Draws a form's structure: questions, groups with their headings, repeats with
 * their entries.
 */
import { createMemo, createSignal, For, Match, Show, Switch } from 'solid-js';
import { answerCount, copyEntry } from '../engine/copies.ts';
import { plainLabel, labelText, shownChildren, type ShownNode } from '../engine/tree.ts';
import {
  isGroup,
  isQuestion,
  isRepeat,
  type GroupNode,
  type QuestionNode,
  type RepeatInstanceNode,
  type RepeatRangeNode,
} from '../engine/types.ts';
import { t, tn } from '../i18n/index.ts';
import { ConfirmDialog } from '../ui/Dialog.tsx';
import { Icon } from '../ui/Icon.tsx';
import { RichText } from '../ui/RichText.tsx';
import { questionId, useForm } from './context.ts';
import { LabelMedia } from './LabelMedia.tsx';
import { Question } from './Question.tsx';

export function Nodes(props: { readonly nodes: readonly ShownNode[] }) {
  return <For each={props.nodes}>{(node) => <ShownNodeView node={node} />}</For>;
}

function ShownNodeView(props: { readonly node: ShownNode }) {
  const { node } = props;
  return (
    <Switch>
      <Match when={isQuestion(node)}>
        <Question node={node as QuestionNode} />
      </Match>
      <Match when={isRepeat(node)}>
        <Repeat node={node as RepeatRangeNode} />
      </Match>
      <Match when={isGroup(node)}>
        <Group node={node as GroupNode} />
      </Match>
    </Switch>
  );
}

function Group(props: { readonly node: GroupNode }) {
  const id = questionId(props.node.nodeId);
  const children = createMemo(() => shownChildren(props.node));
  const titled = () => labelText(props.node) !== '';
  return (
    <section class="group" id={id} aria-labelledby={titled() ? `${id}-title` : undefined}>
      <Show when={titled()}>
        <h2 class="group__title" id={`${id}-title`} dir="auto">
          <RichText text={props.node.currentState.label} />
        </h2>
        <LabelMedia text={props.node.currentState.label} />
      </Show>
      <Nodes nodes={children()} />
    </section>
  );
}

const rangeTitle = (node: RepeatRangeNode): string => (labelText(node) ? plainLabel(node) : t('repeat.untitled'));

function entryTitle(node: RepeatInstanceNode, index: number): string {
  const own = labelText(node) ? plainLabel(node) : '';
  const shared = rangeTitle(node.parent);
  // An entry that only repeats its list's words needs its number to be told apart.
  return own && own !== shared ? own : t('repeat.entry', { title: shared, number: index + 1 });
}

function Entry(props: {
  readonly node: RepeatInstanceNode;
  readonly index: number;
  readonly removable: boolean;
  onRemove(): void;
}) {
  const id = questionId(props.node.nodeId);
  const children = createMemo(() => shownChildren(props.node));
  const title = () => entryTitle(props.node, props.index);
  return (
    <section class="entry" id={id} tabindex="-1" aria-labelledby={`${id}-title`}>
      <div class="entry__head">
        <h3 class="entry__title" id={`${id}-title`} dir="auto">
          {title()}
        </h3>
        <Show when={props.removable}>
          <button
            type="button"
            class="button button--quiet"
            aria-label={t('repeat.remove', { entry: title() })}
            onClick={() => props.onRemove()}
          >
            <Icon name="trash" />
            <span class="button__text">{t('repeat.removeConfirm')}</span>
          </button>
        </Show>
      </div>
      <Nodes nodes={children()} />
    </section>
  );
}

function Repeat(props: { readonly node: RepeatRangeNode }) {
  const { session } = useForm();
  const [removing, setRemoving] = createSignal<number | null>(null);
  const entries = () => props.node.currentState.children;
  const open = props.node.nodeType === 'repeat-range:uncontrolled';
  const answers = (index: number) => {
    const entry = entries()[index];
    return entry ? answerCount(copyEntry(entry)) : 0;
  };
  const remove = (index: number) => {
    session.removeEntry(props.node, index);
    setRemoving(null);
  };
  const add = () => {
    session.addEntry(props.node);
    const entry = entries().at(-1);
    if (entry) queueMicrotask(() => document.getElementById(questionId(entry.nodeId))?.focus());
  };
  return (
    <section class="repeat" id={questionId(props.node.nodeId)} tabindex="-1">
      <Show when={labelText(props.node)}>
        <h2 class="group__title" dir="auto">
          <RichText text={props.node.currentState.label} />
        </h2>
      </Show>
      <For each={entries()} fallback={<p class="repeat__none">{t('repeat.none')}</p>}>
        {(entry, index) => (
          <Entry
            node={entry}
            index={index()}
            removable={open && !props.node.currentState.readonly}
            onRemove={() => (answers(index()) > 0 ? setRemoving(index()) : remove(index()))}
          />
        )}
      </For>
      <div class="repeat__actions">
        <Show when={open && !props.node.currentState.readonly}>
          <button type="button" class="button" onClick={add}>
            <Icon name="plus" />
            {labelText(props.node) ? t('repeat.add', { title: rangeTitle(props.node) }) : t('repeat.addUntitled')}
          </button>
        </Show>
        <Show when={session.canBringBack(props.node)}>
          <button type="button" class="button" onClick={() => session.bringBack(props.node)}>
            <Icon name="undo" />
            {t('repeat.bringBack')}
          </button>
        </Show>
      </div>
      <Show when={removing() !== null}>
        <RemoveDialog
          title={entryTitleAt(props.node, removing() ?? 0)}
          answers={answers(removing() ?? 0)}
          onConfirm={() => remove(removing() ?? 0)}
          onCancel={() => setRemoving(null)}
        />
      </Show>
    </section>
  );
}

function entryTitleAt(node: RepeatRangeNode, index: number): string {
  const entry = node.currentState.children[index];
  return entry ? entryTitle(entry, index) : rangeTitle(node);
}

function RemoveDialog(props: {
  readonly title: string;
  readonly answers: number;
  onConfirm(): void;
  onCancel(): void;
}) {
  return (
    <ConfirmDialog
      title={t('repeat.removeTitle', { entry: props.title })}
      detail={tn('repeat.removeDetail', props.answers)}
      confirm={t('repeat.removeConfirm')}
      cancel={t('app.cancel')}
      danger
      onConfirm={() => props.onConfirm()}
      onCancel={() => props.onCancel()}
    />
  );
}
