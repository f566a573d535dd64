/**
 * A number between two bounds: a slider with the number beside it, a list, or
 * stars. A slider that nobody moved is no answer, and says so.
 */
import { createMemo, For, Show } from 'solid-js';
import { appearances, type RangeNode } from '../engine/types.ts';
import { useForm } from '../form/context.ts';
import { formatNumber, t } from '../i18n/index.ts';
import { Icon } from '../ui/Icon.tsx';
import type { WidgetProps } from './props.ts';

interface Bounds {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

function boundsOf(node: RangeNode): Bounds {
  const { start, end, step } = node.definition.bounds;
  return { start: Number(start), end: Number(end), step: Math.abs(Number(step)) || 1 };
}

/** The answers that the slider can stand on, without rounding dust. */
function stops({ start, end, step }: Bounds): number[] {
  const count = Math.floor(Math.abs(end - start) / step + 1e-9) + 1;
  const direction = end < start ? -1 : 1;
  return Array.from({ length: count }, (_unused, index) => Number((start + direction * index * step).toFixed(9)));
}

function useRange(node: RangeNode) {
  const { session } = useForm();
  const bounds = boundsOf(node);
  return {
    bounds,
    value: createMemo(() => {
      const stored = node.currentState.instanceValue;
      return stored === '' ? null : Number(stored);
    }),
    set(value: number | null) {
      session.touch(node);
      session.enter(node, value === null ? '' : String(value));
    },
  };
}

export function RangeSlider(props: WidgetProps<RangeNode>) {
  const { bounds, value, set } = useRange(props.node);
  const looks = appearances(props.node);
  const low = Math.min(bounds.start, bounds.end);
  const high = Math.max(bounds.start, bounds.end);
  const ticks = looks.has('no-ticks') || stops(bounds).length > 12 ? [] : stops(bounds);
  return (
    <div class="range" classList={{ 'range--unset': value() === null, 'range--vertical': looks.has('vertical') }}>
      <span class="range__bound">{formatNumber(low)}</span>
      <input
        type="range"
        class="range__slider"
        id={props.id}
        min={low}
        max={high}
        step={bounds.step}
        list={ticks.length > 0 ? `${props.id}-ticks` : undefined}
        value={value() ?? low}
        aria-labelledby={props.labelId}
        aria-describedby={props.describedBy}
        aria-invalid={props.invalid}
        aria-valuetext={value() === null ? t('fill.noAnswer') : formatNumber(value() ?? 0)}
        onChange={(event) => set(event.currentTarget.valueAsNumber)}
        onClick={(event) => {
          // Pressing where the thumb already stands changes nothing for the browser, but it is an answer.
          if (value() === null) set(event.currentTarget.valueAsNumber);
        }}
      />
      <span class="range__bound">{formatNumber(high)}</span>
      <Show when={ticks.length > 0}>
        <datalist id={`${props.id}-ticks`}>
          <For each={ticks}>{(stop) => <option value={stop} />}</For>
        </datalist>
      </Show>
      <div class="range__state">
        <output class="range__value">
          <Show when={value() !== null} fallback={t('range.unset')}>
            {t('range.value', { value: formatNumber(value() ?? 0) })}
          </Show>
        </output>
        <Show when={value() !== null}>
          <button type="button" class="button button--link" onClick={() => set(null)}>
            {t('fill.clear')}
          </button>
        </Show>
      </div>
    </div>
  );
}

export function RangePicker(props: WidgetProps<RangeNode>) {
  const { bounds, value, set } = useRange(props.node);
  return (
    <select
      class="input"
      id={props.id}
      aria-describedby={props.describedBy}
      aria-invalid={props.invalid}
      onChange={(event) => set(event.currentTarget.value === '' ? null : Number(event.currentTarget.value))}
    >
      <option value="">{t('choice.pick')}</option>
      <For each={stops(bounds)}>
        {(stop) => (
          <option value={stop} selected={value() === stop}>
            {formatNumber(stop)}
          </option>
        )}
      </For>
    </select>
  );
}

export function RatingInput(props: WidgetProps<RangeNode>) {
  const { bounds, value, set } = useRange(props.node);
  const all = stops(bounds);
  return (
    <>
      <div class="rating" role="radiogroup" aria-labelledby={props.labelId} aria-describedby={props.describedBy}>
        <For each={all}>
          {(stop) => (
            <label class="rating__star" classList={{ 'rating__star--on': (value() ?? -Infinity) >= stop }}>
              <input
                type="radio"
                class="visually-hidden"
                name={props.id}
                checked={value() === stop}
                onChange={() => set(stop)}
              />
              <Icon name="star" />
              <span class="visually-hidden">{t('range.stars', { count: stop, total: all.at(-1) ?? stop })}</span>
            </label>
          )}
        </For>
      </div>
      <Show when={value() !== null}>
        <button type="button" class="button button--link" onClick={() => set(null)}>
          {t('fill.clear')}
        </button>
      </Show>
    </>
  );
}
