/** The list of answers to correct, each with a way to it. */
import { createEffect, For } from 'solid-js';
import type { FormProblem } from '../engine/session.ts';
import { plainLabel } from '../engine/tree.ts';
import { t, tn } from '../i18n/index.ts';
import { Icon } from '../ui/Icon.tsx';

export function Summary(props: { readonly problems: readonly FormProblem[]; onJump(problem: FormProblem): void }) {
  let box: HTMLDivElement | undefined;
  createEffect(() => box?.focus());
  return (
    <div
      class="summary"
      role="alert"
      tabindex="-1"
      ref={(element) => {
        box = element;
      }}
    >
      <h2 class="summary__title">
        <Icon name="alert" />
        {tn('problem.summary', props.problems.length)}
      </h2>
      <p>{t('problem.summaryHow')}</p>
      <ul class="summary__list">
        <For each={props.problems}>
          {(problem) => (
            <li>
              <button type="button" class="summary__jump" onClick={() => props.onJump(problem)}>
                <span class="summary__question" dir="auto">
                  {plainLabel(problem.node)}
                </span>
                <span class="summary__problem" dir="auto">
                  {problem.text || t(problem.key)}
                </span>
              </button>
            </li>
          )}
        </For>
      </ul>
    </div>
  );
}
