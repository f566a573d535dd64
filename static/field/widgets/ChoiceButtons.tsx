/** Choices in the open: one to a line, in columns, with pictures, or as a scale. */
import { createMemo, For, Show } from 'solid-js';
import type { Choice } from '../engine/types.ts';
import { FormImage } from '../form/LabelMedia.tsx';
import { RichText } from '../ui/RichText.tsx';
import type { ChoiceProps } from './SelectInput.tsx';

const SIDE_BY_SIDE = ['horizontal', 'horizontal-compact', 'columns-pack', 'columns-flex', 'list', 'list-nolabel'];

/** The style of the list that the appearance asks for. */
function arrangement(looks: ReadonlySet<string>): string {
  if (looks.has('likert')) return 'choices--likert';
  const columns = [...looks].map((look) => /^(?:columns|compact)-(\d+)$/.exec(look)?.[1]).find(Boolean);
  if (columns) return `choices--columns-${Math.min(Number(columns), 5)}`;
  if (SIDE_BY_SIDE.some((look) => looks.has(look))) return 'choices--row';
  return looks.has('columns') || looks.has('compact') ? 'choices--grid' : '';
}

export function ChoiceButtons(props: ChoiceProps) {
  const options = createMemo(() => props.node.currentState.valueOptions);
  const pictured = () => options().some((option) => option.label.imageSource);
  return (
    <div
      class={`choices ${arrangement(props.looks)}`}
      classList={{ 'choices--pictures': pictured() }}
      role={props.multiple ? undefined : 'radiogroup'}
      aria-labelledby={props.multiple ? undefined : props.labelId}
      aria-required={props.multiple ? undefined : props.node.currentState.required}
    >
      <For each={options()}>{(option) => <ChoiceButton {...props} option={option} />}</For>
    </div>
  );
}

export function ChoiceButton(props: ChoiceProps & { readonly option: Choice }) {
  const image = () => props.option.label.imageSource?.href;
  const text = () => props.option.label.asString.trim();
  return (
    <label class="choice">
      <input
        class="choice__input"
        type={props.multiple ? 'checkbox' : 'radio'}
        name={props.id}
        value={props.option.value}
        checked={props.node.currentState.value.includes(props.option.value)}
        aria-describedby={props.describedBy}
        aria-invalid={props.invalid}
        onChange={() => props.toggle(props.option.value)}
      />
      <Show when={image()}>
        {(address) => <FormImage class="choice__image" address={address()} alt={text() ? '' : props.option.value} />}
      </Show>
      <Show when={text() || !image()}>
        <span class="choice__label" dir="auto">
          <Show when={text()} fallback={props.option.value}>
            <RichText text={props.option.label} />
          </Show>
        </span>
      </Show>
    </label>
  );
}
