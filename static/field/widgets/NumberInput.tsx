/**
 * Numbers. The browser's own number field hides what it cannot read and changes
 * when a page is scrolled, so these are text fields with a number keypad. An
 * answer is taken when the field is left: half a number must not start to rule
 * a repeat.
 */
import { Show } from 'solid-js';
import { appearances, type InputNode } from '../engine/types.ts';
import { formatNumber, t } from '../i18n/index.ts';
import { Icon } from '../ui/Icon.tsx';
import type { WidgetProps } from './props.ts';
import { useTyped } from './useTyped.ts';

function Field(props: WidgetProps<InputNode> & { readonly typed: ReturnType<typeof useTyped> }) {
  return (
    <input
      type="text"
      class="input input--number"
      id={props.id}
      dir="ltr"
      inputmode={props.node.valueType === 'int' ? 'numeric' : 'decimal'}
      autocomplete="off"
      value={props.typed.text()}
      aria-describedby={props.describedBy}
      aria-invalid={props.invalid}
      aria-required={props.node.currentState.required}
      onInput={(event) => props.typed.setText(event.currentTarget.value)}
      onChange={(event) => props.typed.commit(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter') return;
        // Else the same press would answer a question that this number raises.
        event.preventDefault();
        props.typed.commit(event.currentTarget.value);
      }}
    />
  );
}

export function NumberInput(props: WidgetProps<InputNode>) {
  const typed = useTyped(props.node);
  const grouped = () => {
    const value = Number(props.node.currentState.instanceValue);
    return appearances(props.node).has('thousands-sep') && Math.abs(value) >= 1000
      ? formatNumber(value, { maximumFractionDigits: 10 })
      : null;
  };
  return (
    <>
      <Field {...props} typed={typed} />
      <Show when={grouped()}>
        <p class="question__echo">{grouped()}</p>
      </Show>
    </>
  );
}

export function CounterInput(props: WidgetProps<InputNode>) {
  const typed = useTyped(props.node);
  const step = (by: number) => typed.commit(String((Number(props.node.currentState.instanceValue) || 0) + by));
  return (
    <div class="counter">
      <button type="button" class="button button--square" aria-label={t('counter.less')} onClick={() => step(-1)}>
        <Icon name="minus" />
      </button>
      <Field {...props} typed={typed} />
      <button type="button" class="button button--square" aria-label={t('counter.more')} onClick={() => step(1)}>
        <Icon name="plus" />
      </button>
    </div>
  );
}
