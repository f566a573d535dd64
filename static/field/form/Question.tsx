/**
 * The frame of every question: its words and media, the control, and what is
 * wrong with the answer, bound together for those who hear the page.
 */
import { createMemo, Show, Suspense } from 'solid-js';
import { Dynamic } from 'solid-js/web';
import { expectsAnswer } from '../engine/tree.ts';
import type { QuestionNode } from '../engine/types.ts';
import { t } from '../i18n/index.ts';
import { Icon } from '../ui/Icon.tsx';
import { RichText } from '../ui/RichText.tsx';
import { widgetFor } from '../widgets/registry.ts';
import { ReadOnly } from '../widgets/ReadOnly.tsx';
import { questionId, useForm } from './context.ts';
import { LabelMedia } from './LabelMedia.tsx';

function Words(props: { readonly node: QuestionNode; readonly id: string; readonly labels: string | null }) {
  const required = () => props.node.currentState.required && expectsAnswer(props.node);
  return (
    <Dynamic component={props.labels ? 'label' : 'span'} class="question__label" for={props.labels ?? undefined} id={`${props.id}-label`} dir="auto">
      <RichText text={props.node.currentState.label} />
      <Show when={required()}>
        {' '}
        <span class="question__required">
          <span aria-hidden="true">*</span>
          <span class="visually-hidden">{t('fill.required')}</span>
        </span>
      </Show>
    </Dynamic>
  );
}

function Help(props: { readonly node: QuestionNode; readonly id: string }) {
  const { session } = useForm();
  const guidance = createMemo(() => session.guidance(props.node));
  return (
    <>
      <Show when={props.node.currentState.hint?.asString.trim()}>
        <div class="question__hint" id={`${props.id}-hint`} dir="auto">
          <RichText text={props.node.currentState.hint} />
        </div>
      </Show>
      <Show when={guidance()}>
        <details class="question__guidance">
          <summary>{t('fill.guidance')}</summary>
          <p dir="auto">{guidance()}</p>
        </details>
      </Show>
    </>
  );
}

function ProblemLine(props: { readonly node: QuestionNode; readonly id: string }) {
  const { session } = useForm();
  const problem = createMemo(() => session.shownProblem(props.node));
  return (
    <div class="question__problem" id={`${props.id}-problem`} aria-live="polite">
      <Show when={problem()}>
        {(shown) => (
          <>
            <Icon name="alert" />
            <span dir="auto">
              <span class="visually-hidden">{t('problem.label')} </span>
              {shown().text || t(shown().key)}
            </span>
          </>
        )}
      </Show>
    </div>
  );
}

export function Question(props: { readonly node: QuestionNode }) {
  const { session } = useForm();
  const id = questionId(props.node.nodeId);
  const widget = widgetFor(props.node);
  const invalid = createMemo(() => session.shownProblem(props.node) !== null);
  const describedBy = () =>
    [props.node.currentState.hint ? `${id}-hint` : '', invalid() ? `${id}-problem` : ''].filter(Boolean).join(' ');
  const fixed = () => props.node.nodeType !== 'note' && props.node.currentState.readonly;
  const isGroup = widget.labelling === 'group';
  const place = () => props.node.currentState.reference;
  return (
    <div
      class="question"
      classList={{ 'question--invalid': invalid(), 'question--note': props.node.nodeType === 'note' }}
      id={id}
      data-reference={place()}
      role={isGroup ? 'group' : undefined}
      tabindex="-1"
      aria-labelledby={isGroup ? `${id}-label` : undefined}
      aria-describedby={isGroup ? describedBy() || undefined : undefined}
      onFocusIn={() => session.audit?.enter(place(), props.node.currentState.instanceValue)}
      onFocusOut={(event) => {
        const inside = event.relatedTarget instanceof Node && event.currentTarget.contains(event.relatedTarget);
        if (inside) return;
        session.audit?.leave(place(), props.node.currentState.instanceValue);
        if (event.target !== event.currentTarget) session.touch(props.node);
      }}
    >
      <Words node={props.node} id={id} labels={widget.labelling === 'label' ? `${id}-control` : null} />
      <LabelMedia text={props.node.currentState.label} />
      <Help node={props.node} id={id} />
      <div class="question__control">
        <Show
          when={!fixed()}
          fallback={<ReadOnly node={props.node} id={`${id}-control`} />}
        >
          <Suspense fallback={<span class="spinner spinner--small" />}>
            <widget.Control
              node={props.node}
              id={`${id}-control`}
              labelId={`${id}-label`}
              describedBy={describedBy() || undefined}
              invalid={invalid()}
            />
          </Suspense>
        </Show>
      </div>
      <ProblemLine node={props.node} id={id} />
    </div>
  );
}
