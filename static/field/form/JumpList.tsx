/** Every question of the form in one list: what is answered, what needs attention, and the way there. */
import { createMemo, createSignal, For, onMount, Show } from 'solid-js';
import type { FormSession } from '../engine/session.ts';
import { expectsAnswer, isAnswered, plainLabel, questions } from '../engine/tree.ts';
import type { QuestionNode } from '../engine/types.ts';
import { t } from '../i18n/index.ts';
import { Icon } from '../ui/Icon.tsx';

export interface JumpListProps {
  readonly session: FormSession;
  onJump(node: QuestionNode): void;
  onClose(): void;
}

function Line(props: { readonly session: FormSession; readonly node: QuestionNode; onJump(): void }) {
  const problem = () => props.session.problemOf(props.node);
  // What nobody has come to yet is no mistake.
  const isShown = () => props.session.shownProblem(props.node) !== null;
  return (
    <li>
      <button type="button" class="jump__link" onClick={() => props.onJump()}>
        <span class="jump__mark">
          <Show when={isAnswered(props.node) && !problem()}>
            <Icon name="check" class="sections__done" />
          </Show>
        </span>
        <span class="jump__words">
          <span dir="auto">{plainLabel(props.node)}</span>
          <Show when={problem()}>
            {(one) => (
              <span class="jump__problem" classList={{ 'jump__problem--later': !isShown() }} dir="auto">
                {one().text || t(one().key)}
              </span>
            )}
          </Show>
        </span>
      </button>
    </li>
  );
}

export function JumpList(props: JumpListProps) {
  let dialog: HTMLDialogElement | undefined;
  onMount(() => dialog?.showModal?.());
  const [search, setSearch] = createSignal('');
  const found = createMemo(() => {
    const wanted = search().trim().toLocaleLowerCase();
    const asked = questions(props.session.root).filter(expectsAnswer);
    return asked.filter((node) => plainLabel(node).toLocaleLowerCase().includes(wanted));
  });
  return (
    <dialog
      class="dialog jump"
      aria-label={t('fill.jump')}
      ref={(element) => {
        dialog = element;
      }}
      onCancel={(event) => {
        event.preventDefault();
        props.onClose();
      }}
    >
      <div class="jump__head">
        <label class="finder__search">
          <span class="visually-hidden">{t('fill.jumpSearch')}</span>
          <Icon name="search" />
          <input
            type="search"
            class="input"
            placeholder={t('fill.jumpSearch')}
            onInput={(event) => setSearch(event.currentTarget.value)}
          />
        </label>
        <button type="button" class="button" onClick={() => props.onClose()}>
          {t('fill.close')}
        </button>
      </div>
      <ul class="jump__list">
        <For each={found()} fallback={<li class="jump__none">{t('choice.none')}</li>}>
          {(node) => <Line session={props.session} node={node} onJump={() => props.onJump(node)} />}
        </For>
      </ul>
    </dialog>
  );
}
