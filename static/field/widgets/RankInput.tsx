/**
 * Putting things in order with buttons, which work for a thumb, a keyboard and
 * a screen reader alike. Nothing is ranked until the reader says so.
 */
import { createMemo, createSignal, For, Show } from 'solid-js';
import type { FormSession } from '../engine/session.ts';
import type { Choice, RankNode } from '../engine/types.ts';
import { useForm } from '../form/context.ts';
import { formatNumber, t } from '../i18n/index.ts';
import { Icon } from '../ui/Icon.tsx';
import { RichText } from '../ui/RichText.tsx';
import type { WidgetProps } from './props.ts';

interface RankedItemProps {
  readonly option: Choice;
  readonly index: number;
  readonly total: number;
  readonly ranked: boolean;
  onMove(by: -1 | 1): void;
}

function RankedItem(props: RankedItemProps) {
  return (
    <li class="rank__item">
      <span class="rank__place" aria-hidden="true">
        {props.ranked ? formatNumber(props.index + 1) : '·'}
      </span>
      <span class="rank__label" dir="auto">
        <RichText text={props.option.label} />
      </span>
      <button
        type="button"
        class="button button--square"
        disabled={props.index === 0}
        aria-label={t('rank.up', { item: props.option.label.asString })}
        onClick={() => props.onMove(-1)}
      >
        <Icon name="up" />
      </button>
      <button
        type="button"
        class="button button--square"
        disabled={props.index === props.total - 1}
        aria-label={t('rank.down', { item: props.option.label.asString })}
        onClick={() => props.onMove(1)}
      >
        <Icon name="down" />
      </button>
    </li>
  );
}

/** The choices in their present order, and the ways to change it. */
function createRanking(node: RankNode, session: FormSession) {
  const ordered = createMemo(() => {
    const place = new Map(node.currentState.value.map((value, index) => [value, index]));
    const placeOf = (option: Choice) => place.get(option.value) ?? Number.MAX_SAFE_INTEGER;
    return [...node.currentState.valueOptions].sort((one, other) => placeOf(one) - placeOf(other));
  });
  const values = () => ordered().map((option) => option.value);
  const set = (next: readonly string[]) => {
    const before = [...node.currentState.value];
    session.touch(node);
    session.change(
      () => node.setValues(next),
      () => node.setValues(before),
    );
  };
  return {
    ordered,
    ranked: () => node.currentState.value.length > 0,
    accept: () => set(values()),
    clear: () => set([]),
    move(from: number, by: -1 | 1) {
      const next = values();
      next.splice(from + by, 0, ...next.splice(from, 1));
      set(next);
    },
  };
}

export function RankInput(props: WidgetProps<RankNode>) {
  const ranking = createRanking(props.node, useForm().session);
  const [said, setSaid] = createSignal('');
  const move = (from: number, by: -1 | 1) => {
    const item = ranking.ordered()[from]?.label.asString ?? '';
    ranking.move(from, by);
    setSaid(t('rank.moved', { item, place: from + by + 1, total: ranking.ordered().length }));
  };
  return (
    <div class="rank" classList={{ 'rank--unset': !ranking.ranked() }}>
      <Show when={!ranking.ranked()}>
        <p class="question__echo">{t('rank.unset')}</p>
      </Show>
      <ol class="rank__list">
        <For each={ranking.ordered()}>
          {(option, index) => (
            <RankedItem
              option={option}
              index={index()}
              total={ranking.ordered().length}
              ranked={ranking.ranked()}
              onMove={(by) => move(index(), by)}
            />
          )}
        </For>
      </ol>
      <p class="visually-hidden" role="status">
        {said()}
      </p>
      <Show
        when={ranking.ranked()}
        fallback={
          <button type="button" class="button" onClick={ranking.accept}>
            {t('rank.use')}
          </button>
        }
      >
        <button type="button" class="button button--link" onClick={ranking.clear}>
          {t('fill.clear')}
        </button>
      </Show>
    </div>
  );
}
