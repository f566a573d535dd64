/**
 * Putting things in order with buttons, which work for a thumb, a keyboard and
 * a screen reader alike. Nothing is ranked until the reader says so.
 */
import { createMemo, createSignal, For, Show } from 'solid-js';
import type { Choice, RankNode } from '../engine/types.ts';
import { useForm } from '../form/context.ts';
import { formatNumber, t } from '../i18n/index.ts';
import { Icon } from '../ui/Icon.tsx';
import { RichText } from '../ui/RichText.tsx';
import type { WidgetProps } from './props.ts';

export function RankInput(props: WidgetProps<RankNode>) {
  const { session } = useForm();
  const [said, setSaid] = createSignal('');
  const ranked = () => props.node.currentState.value.length > 0;
  const ordered = createMemo(() => {
    const options = props.node.currentState.valueOptions;
    const place = new Map(props.node.currentState.value.map((value, index) => [value, index]));
    const placeOf = (option: Choice) => place.get(option.value) ?? Number.MAX_SAFE_INTEGER;
    return [...options].sort((one, other) => placeOf(one) - placeOf(other));
  });
  const set = (values: readonly string[]) => {
    const before = [...props.node.currentState.value];
    session.touch(props.node);
    session.change(
      () => props.node.setValues(values),
      () => props.node.setValues(before),
    );
  };
  const move = (from: number, by: -1 | 1) => {
    const values = ordered().map((option) => option.value);
    const [item] = values.splice(from, 1);
    const label = ordered()[from]?.label.asString ?? '';
    if (item === undefined) return;
    values.splice(from + by, 0, item);
    set(values);
    setSaid(t('rank.moved', { item: label, place: from + by + 1, total: values.length }));
  };
  return (
    <div class="rank" classList={{ 'rank--unset': !ranked() }} aria-describedby={props.describedBy}>
      <Show when={!ranked()}>
        <p class="question__echo">{t('rank.unset')}</p>
      </Show>
      <ol class="rank__list">
        <For each={ordered()}>
          {(option, index) => (
            <li class="rank__item">
              <span class="rank__place" aria-hidden="true">
                {ranked() ? formatNumber(index() + 1) : '·'}
              </span>
              <span class="rank__label" dir="auto">
                <RichText text={option.label} />
              </span>
              <button
                type="button"
                class="button button--square"
                disabled={index() === 0}
                aria-label={t('rank.up', { item: option.label.asString })}
                onClick={() => move(index(), -1)}
              >
                <Icon name="up" />
              </button>
              <button
                type="button"
                class="button button--square"
                disabled={index() === ordered().length - 1}
                aria-label={t('rank.down', { item: option.label.asString })}
                onClick={() => move(index(), 1)}
              >
                <Icon name="down" />
              </button>
            </li>
          )}
        </For>
      </ol>
      <p class="visually-hidden" role="status">
        {said()}
      </p>
      <Show
        when={ranked()}
        fallback={
          <button type="button" class="button" onClick={() => set(ordered().map((option) => option.value))}>
            {t('rank.use')}
          </button>
        }
      >
        <button type="button" class="button button--link" onClick={() => set([])}>
          {t('fill.clear')}
        </button>
      </Show>
    </div>
  );
}
