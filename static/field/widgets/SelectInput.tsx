/**
 * Choosing one or several. Few choices stand in the open as large buttons; a
 * long list is searched; the form's appearance may ask for another shape.
 */
import { createMemo, Match, Show, Switch } from 'solid-js';
import { appearances, type SelectNode } from '../engine/types.ts';
import { useForm } from '../form/context.ts';
import { t } from '../i18n/index.ts';
import { ChoiceButtons } from './ChoiceButtons.tsx';
import { ChoicePicker } from './ChoicePicker.tsx';
import { ChoiceSearch } from './ChoiceSearch.tsx';
import type { WidgetProps } from './props.ts';

/** More than this in the open is a wall of buttons. */
const MANY = 30;

export interface ChoiceProps extends WidgetProps<SelectNode> {
  readonly looks: ReadonlySet<string>;
  readonly multiple: boolean;
  set(values: readonly string[]): void;
  toggle(value: string): void;
}

type Shape = 'buttons' | 'search' | 'picker' | 'none';

function shapeOf(looks: ReadonlySet<string>, count: number): Shape {
  // "label" only heads the rows of a table; here every row carries its own words.
  if (looks.has('label')) return 'none';
  if (looks.has('minimal')) return 'picker';
  if (looks.has('autocomplete')) return 'search';
  return count > MANY ? 'search' : 'buttons';
}

export function SelectInput(props: WidgetProps<SelectNode>) {
  const { session } = useForm();
  const looks = appearances(props.node);
  const multiple = props.node.selectType === 'select';
  const chosen = () => props.node.currentState.value;
  const shape = createMemo(() => shapeOf(looks, props.node.currentState.valueOptions.length));
  const set = (values: readonly string[]) => {
    const before = [...chosen()];
    session.touch(props.node);
    session.change(
      () => props.node.selectValues(values),
      () => props.node.selectValues(before),
    );
  };
  const toggle = (value: string) => {
    if (!multiple) return set([value]);
    set(chosen().includes(value) ? chosen().filter((one) => one !== value) : [...chosen(), value]);
  };
  const choice = { looks, multiple, set, toggle };
  return (
    <Show
      when={props.node.currentState.valueOptions.length > 0}
      fallback={<p class="question__echo">{t('choice.noChoices')}</p>}
    >
      <Switch>
        <Match when={shape() === 'buttons'}>
          <ChoiceButtons {...props} {...choice} />
        </Match>
        <Match when={shape() === 'search'}>
          <ChoiceSearch {...props} {...choice} />
        </Match>
        <Match when={shape() === 'picker'}>
          <ChoicePicker {...props} {...choice} />
        </Match>
      </Switch>
      <Show when={!multiple && chosen().length > 0 && shape() !== 'picker'}>
        <button type="button" class="button button--link" onClick={() => set([])}>
          {t('fill.clear')}
        </button>
      </Show>
    </Show>
  );
}
