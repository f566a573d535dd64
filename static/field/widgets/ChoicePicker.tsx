/**
 * Choices folded into one line until they are wanted: the phone's own picker
 * for one of a few, a list that unfolds for several or for very many.
 */
import { createMemo, createSignal, For, Match, Show, Switch } from 'solid-js';
import { t } from '../i18n/index.ts';
import { Icon } from '../ui/Icon.tsx';
import { ChoiceButtons } from './ChoiceButtons.tsx';
import { ChoiceSearch } from './ChoiceSearch.tsx';
import type { ChoiceProps } from './SelectInput.tsx';

const NATIVE_LIMIT = 200;
const SEARCH_FROM = 12;

function NativePicker(props: ChoiceProps) {
  return (
    <select
      class="input"
      id={props.id}
      dir="auto"
      aria-labelledby={props.labelId}
      aria-describedby={props.describedBy}
      aria-invalid={props.invalid}
      aria-required={props.node.currentState.required}
      onChange={(event) => props.set(event.currentTarget.value ? [event.currentTarget.value] : [])}
    >
      <option value="">{t('choice.pick')}</option>
      <For each={props.node.currentState.valueOptions}>
        {(option) => (
          <option value={option.value} selected={props.node.currentState.value.includes(option.value)}>
            {option.label.asString || option.value}
          </option>
        )}
      </For>
    </select>
  );
}

function FoldedList(props: ChoiceProps) {
  const [open, setOpen] = createSignal(false);
  const count = () => props.node.currentState.valueOptions.length;
  const summary = createMemo(() => {
    const chosen = new Set(props.node.currentState.value);
    const labels = props.node.currentState.valueOptions
      .filter((option) => chosen.has(option.value))
      .map((option) => option.label.asString.trim() || option.value);
    return labels.join(', ');
  });
  return (
    <div class="folded">
      <button
        type="button"
        class="input folded__button"
        id={props.id}
        aria-expanded={open()}
        aria-controls={`${props.id}-panel`}
        aria-labelledby={`${props.labelId} ${props.id}`}
        aria-describedby={props.describedBy}
        onClick={() => setOpen(!open())}
      >
        <span class="folded__summary" dir="auto">
          {summary() || t('choice.pick')}
        </span>
        <Icon name={open() ? 'up' : 'down'} />
      </button>
      <div class="folded__panel" id={`${props.id}-panel`} hidden={!open()}>
        <Show when={open()}>
          <Show when={count() > SEARCH_FROM} fallback={<ChoiceButtons {...props} id={`${props.id}-panel-list`} />}>
            <ChoiceSearch {...props} id={`${props.id}-panel-list`} />
          </Show>
          <button type="button" class="button" onClick={() => setOpen(false)}>
            {t('choice.done')}
          </button>
        </Show>
      </div>
    </div>
  );
}

export function ChoicePicker(props: ChoiceProps) {
  const native = () => !props.multiple && props.node.currentState.valueOptions.length <= NATIVE_LIMIT;
  return (
    <Switch>
      <Match when={native()}>
        <NativePicker {...props} />
      </Match>
      <Match when={!native()}>
        <FoldedList {...props} />
      </Match>
    </Switch>
  );
}
