/**
 * The sections of a long form: a list beside it on a wide screen, folded above
 * it on a phone, each with what is still to correct.
 */
import { createMemo, createSignal, For, Show } from 'solid-js';
import { questions } from '../engine/tree.ts';
import type { Step } from '../engine/steps.ts';
import { t, tn } from '../i18n/index.ts';
import { Icon } from '../ui/Icon.tsx';
import { useForm } from './context.ts';

const titleOf = (step: Step): string => step.title || t('fill.untitled');

function SectionLink(props: { readonly step: Step; readonly current: boolean; onGo(): void }) {
  const { session } = useForm();
  const visited = () => {
    const nodes = props.step.nodes.flatMap(questions);
    return session.state.showAll || nodes.every((node) => session.state.touched[node.nodeId]);
  };
  const problems = createMemo(() => (visited() ? session.problems(props.step.nodes).length : 0));
  return (
    <li>
      <button
        type="button"
        class="sections__link"
        aria-current={props.current ? 'step' : undefined}
        onClick={() => props.onGo()}
      >
        <span class="sections__title" dir="auto">
          {titleOf(props.step)}
        </span>
        <Show when={problems() > 0}>
          <span class="sections__problems">
            <Icon name="alert" />
            {tn('fill.incomplete', problems())}
          </span>
        </Show>
        <Show when={visited() && problems() === 0}>
          <Icon name="check" class="sections__done" />
          <span class="visually-hidden">{t('fill.complete')}</span>
        </Show>
      </button>
    </li>
  );
}

export function Sections(props: { readonly steps: readonly Step[]; readonly index: number; onGo(id: string): void }) {
  const [open, setOpen] = createSignal(false);
  const current = () => props.steps[props.index];
  return (
    <nav class="sections" aria-label={t('fill.sections')}>
      <button type="button" class="sections__toggle" aria-expanded={open()} onClick={() => setOpen(!open())}>
        <span>
          <span class="sections__place">
            {t('fill.step', { number: props.index + 1, total: props.steps.length })}
          </span>
          <Show when={current()}>
            {(step) => (
              <span class="sections__current" dir="auto">
                {titleOf(step())}
              </span>
            )}
          </Show>
        </span>
        <Icon name={open() ? 'up' : 'down'} />
        <span class="visually-hidden">{t('fill.showSections')}</span>
      </button>
      <ol class="sections__list" classList={{ 'sections__list--open': open() }}>
        <For each={props.steps}>
          {(step, index) => (
            <SectionLink
              step={step}
              current={index() === props.index}
              onGo={() => {
                setOpen(false);
                props.onGo(step.id);
              }}
            />
          )}
        </For>
      </ol>
    </nav>
  );
}
