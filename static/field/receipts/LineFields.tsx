/** What is said of one line: good, damaged, missing; and, in words at once, what that leaves. */
import { For, Show } from 'solid-js';
import type { CatalogueItem, WaybillLine } from '../api/contract.ts';
import { formatNumber, t } from '../i18n/index.ts';
import { Icon } from '../ui/Icon.tsx';
import { AMOUNTS, fieldId, left, quantity, saysSomething, type Line, type Wrong } from './body.ts';
import { w } from './words.ts';

interface FieldsProps {
  readonly index: number;
  readonly line: Line;
  readonly wrong: readonly Wrong[];
}

const amount = (value: number): string => formatNumber(value, { maximumFractionDigits: 3 });

/** Under the field that it is about, and named by it. */
export function WrongLine(props: { readonly field: string; readonly wrong: readonly Wrong[] }) {
  const found = () => props.wrong.find((one) => one.field === props.field);
  return (
    <Show when={found()}>
      {(one) => (
        <span class="question__problem" id={`${props.field}-wrong`}>
          <Icon name="alert" />
          <span>{w(one().message)}</span>
        </span>
      )}
    </Show>
  );
}

function NumberField(props: FieldsProps & { readonly name: 'good' | 'damaged' | 'missing' | 'weighed_kg' }) {
  const id = () => fieldId(props.index, props.name);
  const isWrong = () => props.wrong.some((one) => one.field === id());
  return (
    <label class={`cargo__amount cargo__amount--${props.name}`}>
      <span class="field-name">{w(`line.${props.name}`)}</span>
      <input
        type="text"
        class="input input--number"
        id={id()}
        dir="ltr"
        inputmode="decimal"
        autocomplete="off"
        value={props.line[props.name]}
        aria-invalid={isWrong()}
        aria-describedby={isWrong() ? `${id()}-wrong` : undefined}
        onInput={(event) => (props.line[props.name] = event.currentTarget.value)}
      />
      <WrongLine field={id()} wrong={props.wrong} />
    </label>
  );
}

function Reason(props: FieldsProps) {
  const id = () => fieldId(props.index, 'reason');
  const isLost = () => Boolean(quantity(props.line.damaged) || quantity(props.line.missing) || props.line.reason);
  const isWrong = () => props.wrong.some((one) => one.field === id());
  return (
    <Show when={isLost()}>
      <label class="cargo__wide">
        <span class="field-name">{w('line.reason')}</span>
        <input
          type="text"
          class="input"
          id={id()}
          dir="auto"
          maxlength="300"
          value={props.line.reason}
          aria-invalid={isWrong()}
          aria-describedby={isWrong() ? `${id()}-wrong` : undefined}
          onInput={(event) => (props.line.reason = event.currentTarget.value)}
        />
        <WrongLine field={id()} wrong={props.wrong} />
      </label>
    </Show>
  );
}

/** Whether what is said adds up to what was outstanding. */
function Account(props: { readonly line: Line; readonly expected: WaybillLine }) {
  const rest = () => left(props.line, props.expected);
  const told = () => {
    const value = rest();
    if (value === null || !saysSomething(props.line)) return '';
    const words = { amount: amount(Math.abs(value)), unit: props.expected.unit };
    if (value === 0) return w('line.closes');
    return value > 0 ? w('line.left', words) : w('line.over', words);
  };
  return (
    <p class="cargo__account" classList={{ 'cargo__account--open': (rest() ?? 0) !== 0 }} role="status">
      {told()}
    </p>
  );
}

function Amounts(props: FieldsProps) {
  return (
    <>
      <div class="cargo__amounts">
        <For each={AMOUNTS}>{(name) => <NumberField {...props} name={name} />}</For>
        <NumberField {...props} name="weighed_kg" />
      </div>
      <Reason {...props} />
    </>
  );
}

export function WaybillLineFields(props: FieldsProps & { readonly expected: WaybillLine }) {
  const { line } = props;
  const all = () => {
    line.good = props.expected.outstanding;
    line.damaged = '';
    line.missing = '';
  };
  return (
    <fieldset class="cargo__line">
      <legend class="cargo__item" dir="auto">
        {props.expected.item}
      </legend>
      <p class="cargo__expected">
        {w('line.expected', {
          qty: amount(Number(props.expected.qty)),
          unit: props.expected.unit,
          outstanding: amount(Number(props.expected.outstanding)),
        })}
      </p>
      <Amounts {...props} />
      <div class="cargo__foot">
        <Account line={line} expected={props.expected} />
        <button type="button" class="button" onClick={all}>
          <Icon name="check" />
          {w('line.allGood')}
        </button>
      </div>
    </fieldset>
  );
}

export function ExtraLineFields(
  props: FieldsProps & { readonly items: readonly CatalogueItem[]; onRemove(): void },
) {
  const id = () => fieldId(props.index, 'item');
  const isWrong = () => props.wrong.some((one) => one.field === id());
  return (
    <fieldset class="cargo__line">
      <legend class="cargo__item">{w('extra.title')}</legend>
      <label class="cargo__wide">
        <span class="field-name">{w('extra.item')}</span>
        <select
          class="input"
          id={id()}
          value={props.line.item}
          aria-invalid={isWrong()}
          aria-describedby={isWrong() ? `${id()}-wrong` : undefined}
          onChange={(event) => (props.line.item = event.currentTarget.value)}
        >
          <option value="">{w('extra.choose')}</option>
          <For each={props.items}>{(item) => <option value={item.code}>{`${item.name} (${item.unit})`}</option>}</For>
        </select>
        <WrongLine field={id()} wrong={props.wrong} />
      </label>
      <Amounts {...props} />
      <div class="cargo__foot">
        <p class="cargo__account cargo__account--open">{w('extra.hint')}</p>
        <button type="button" class="button button--quiet" onClick={() => props.onRemove()}>
          <Icon name="trash" />
          {t('file.remove')}
        </button>
      </div>
    </fieldset>
  );
}
