/**
 * A long list that is searched. Only a part of it is drawn at a time, so that a
 * list of ten thousand villages opens at once on a slow phone.
 */
import { createMemo, createSignal, For, Show } from 'solid-js';
import type { Choice } from '../engine/types.ts';
import { formatNumber, t, tn } from '../i18n/index.ts';
import { Icon } from '../ui/Icon.tsx';
import { ChoiceButton } from './ChoiceButtons.tsx';
import type { ChoiceProps } from './SelectInput.tsx';

const SHOWN = 60;

const folded = (text: string): string =>
  text.normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase();

export function ChoiceSearch(props: ChoiceProps) {
  const [search, setSearch] = createSignal('');
  const index = createMemo(() =>
    props.node.currentState.valueOptions.map((option) => ({ option, text: folded(option.label.asString) })),
  );
  const found = createMemo(() => {
    const words = folded(search()).split(/\s+/).filter(Boolean);
    return index()
      .filter(({ text }) => words.every((word) => text.includes(word)))
      .map(({ option }) => option);
  });
  // What is chosen stays in sight whatever is searched for.
  const shown = createMemo(() => {
    const chosen = new Set(props.node.currentState.value);
    const first: Choice[] = index().map(({ option }) => option).filter((option) => chosen.has(option.value));
    return [...first, ...found().filter((option) => !chosen.has(option.value))].slice(0, SHOWN + first.length);
  });
  return (
    <div class="finder">
      <label class="finder__search">
        <span class="visually-hidden">{t('choice.search')}</span>
        <Icon name="search" />
        <input
          type="search"
          class="input"
          id={props.id}
          dir={search() ? 'auto' : undefined}
          autocomplete="off"
          placeholder={t('choice.search')}
          value={search()}
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
      </label>
      <div class="choices finder__list" role={props.multiple ? undefined : 'radiogroup'} aria-labelledby={props.labelId}>
        <For each={shown()}>{(option) => <ChoiceButton {...props} id={`${props.id}-list`} option={option} />}</For>
      </div>
      <p class="finder__note" role="status">
        <Show when={props.multiple && props.node.currentState.value.length > 0}>
          {tn('choice.selected', props.node.currentState.value.length)}.{' '}
        </Show>
        <Show when={found().length > SHOWN}>
          {t('choice.narrow', { shown: formatNumber(SHOWN), total: formatNumber(found().length) })}
        </Show>
        <Show when={found().length === 0}>{t('choice.none')}</Show>
      </p>
    </div>
  );
}
