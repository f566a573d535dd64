/**
 * Dates and times by the browser's own fields, which every phone knows. Below
 * them the day is spelled out, since 03/04 means two days in two countries.
 */
import { createSignal, For, Show } from 'solid-js';
import { appearances, type InputNode } from '../engine/types.ts';
import { useForm } from '../form/context.ts';
import { monthNames, spokenDate } from '../i18n/dates.ts';
import { t, type MessageKey } from '../i18n/index.ts';
import { inCalendar } from '../lib/calendars.ts';
import type { WidgetProps } from './props.ts';
import { useTyped } from './useTyped.ts';

type NativeType = 'date' | 'time' | 'datetime-local';
const INCOMPLETE: Readonly<Record<NativeType, MessageKey>> = {
  date: 'value.date',
  time: 'value.time',
  'datetime-local': 'value.dateTime',
};

function NativeField(props: WidgetProps<InputNode> & { readonly type: NativeType }) {
  const { session } = useForm();
  const typed = useTyped(props.node);
  const take = (input: HTMLInputElement) => {
    // A half-filled field reports an empty value: only its validity tells.
    if (input.validity.badInput) session.refuse(props.node, INCOMPLETE[props.type]);
    else if (input.value !== typed.text() || session.state.unreadable[props.node.nodeId]) typed.commit(input.value);
  };
  return (
    <input
      type={props.type}
      class="input input--date"
      id={props.id}
      min={props.type === 'time' ? undefined : props.type === 'date' ? '0001-01-01' : '0001-01-01T00:00'}
      max={props.type === 'time' ? undefined : props.type === 'date' ? '9999-12-31' : '9999-12-31T23:59'}
      value={typed.text()}
      aria-describedby={props.describedBy}
      aria-invalid={props.invalid}
      aria-required={props.node.currentState.required}
      onChange={(event) => take(event.currentTarget)}
      onBlur={(event) => take(event.currentTarget)}
    />
  );
}

function Spoken(props: { readonly node: InputNode }) {
  const day = () => props.node.currentState.instanceValue.slice(0, 10);
  const looks = appearances(props.node);
  return (
    <Show when={day()}>
      <p class="question__echo">{inCalendar(day(), looks) ?? spokenDate(day())}</p>
    </Show>
  );
}

export function DateInput(props: WidgetProps<InputNode>) {
  return (
    <>
      <NativeField {...props} type="date" />
      <Spoken node={props.node} />
    </>
  );
}

export const TimeInput = (props: WidgetProps<InputNode>) => <NativeField {...props} type="time" />;

export function DateTimeInput(props: WidgetProps<InputNode>) {
  return (
    <>
      <NativeField {...props} type="datetime-local" />
      <Spoken node={props.node} />
    </>
  );
}

const YEAR = /^\d{4}$/;

export function YearInput(props: WidgetProps<InputNode>) {
  const { session } = useForm();
  const stored = () => props.node.currentState.instanceValue.slice(0, 4);
  const take = (text: string) => {
    session.touch(props.node);
    if (text.trim() !== '' && !YEAR.test(text.trim())) session.refuse(props.node, 'value.date');
    else session.enter(props.node, text.trim() === '' ? '' : `${text.trim()}-01-01`);
  };
  return (
    <input
      type="text"
      class="input input--number"
      id={props.id}
      inputmode="numeric"
      maxlength="4"
      value={stored()}
      aria-describedby={props.describedBy}
      aria-invalid={props.invalid}
      aria-required={props.node.currentState.required}
      onChange={(event) => take(event.currentTarget.value)}
    />
  );
}

/** Says itself whether it is chosen: its words come anew with another language. */
const MonthOption = (props: { readonly name: string; readonly value: string; readonly chosen: string }) => (
  <option value={props.value} selected={props.value === props.chosen}>
    {props.name}
  </option>
);

export function MonthInput(props: WidgetProps<InputNode>) {
  const { session } = useForm();
  const stored = () => props.node.currentState.instanceValue;
  const [month, setMonth] = createSignal(stored().slice(5, 7));
  const [year, setYear] = createSignal(stored().slice(0, 4));
  const take = () => {
    if (month() === '' && year() === '') session.enter(props.node, '');
    else if (month() !== '' && YEAR.test(year())) session.enter(props.node, `${year()}-${month()}-01`);
    else if (month() !== '' && year() !== '') session.refuse(props.node, 'value.date');
  };
  return (
    <div class="pair">
      <label class="pair__part">
        <span class="field-name">{t('date.month')}</span>
        <select
          class="input"
          id={props.id}
          aria-invalid={props.invalid}
          onChange={(event) => {
            setMonth(event.currentTarget.value);
            take();
          }}
        >
          <option value="" />
          <For each={monthNames()}>
            {(name, index) => <MonthOption name={name} value={String(index() + 1).padStart(2, '0')} chosen={month()} />}
          </For>
        </select>
      </label>
      <label class="pair__part">
        <span class="field-name">{t('date.year')}</span>
        <input
          type="text"
          class="input"
          inputmode="numeric"
          maxlength="4"
          value={year()}
          aria-invalid={props.invalid}
          onChange={(event) => {
            setYear(event.currentTarget.value.trim());
            take();
          }}
        />
      </label>
    </div>
  );
}
