/** The receipt of one waybill, from what arrived to who signed for it. */
import { For, Show, type JSX } from 'solid-js';
import type { CatalogueItem, Waybill } from '../api/contract.ts';
import { formatMoment } from '../i18n/dates.ts';
import { Icon } from '../ui/Icon.tsx';
import { extraLine, SEAL_STATES, type Draft, type Wrong } from './body.ts';
import { ExtraLineFields, WaybillLineFields, WrongLine } from './LineFields.tsx';
import { Photos, Signature, type Album } from './Pictures.tsx';
import { w } from './words.ts';

interface FormProps {
  readonly waybill: Waybill;
  readonly items: readonly CatalogueItem[];
  readonly draft: Draft;
  readonly album: Album;
  readonly wrong: readonly Wrong[];
}

function Part(props: { readonly id: string; readonly title: string; readonly hint?: string; readonly children: JSX.Element }) {
  return (
    <section class="cargo__part" aria-labelledby={`${props.id}-title`}>
      <h2 class="cargo__title" id={`${props.id}-title`}>
        {props.title}
      </h2>
      <Show when={props.hint}>
        <p class="question__hint">{props.hint}</p>
      </Show>
      {props.children}
    </section>
  );
}

function TextField(props: {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  readonly most: number;
  readonly wrong?: readonly Wrong[];
  onInput(text: string): void;
}) {
  const isWrong = () => props.wrong?.some((one) => one.field === props.id) ?? false;
  return (
    <label class="cargo__wide">
      <span class="field-name">{props.label}</span>
      <input
        type="text"
        class="input"
        id={props.id}
        dir="auto"
        maxlength={props.most}
        value={props.value}
        aria-invalid={isWrong()}
        aria-describedby={isWrong() ? `${props.id}-wrong` : undefined}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
      <Show when={props.hint}>
        <span class="field-name">{props.hint}</span>
      </Show>
      <WrongLine field={props.id} wrong={props.wrong ?? []} />
    </label>
  );
}

const MINUTE = 60_000;

/** A moment as the browser's own field writes it, by this device's clock. */
function localMoment(iso: string): string {
  const moment = new Date(iso);
  if (Number.isNaN(moment.getTime())) return '';
  return new Date(moment.getTime() - moment.getTimezoneOffset() * MINUTE).toISOString().slice(0, 16);
}

function Arrival(props: FormProps) {
  const { draft } = props;
  const isWrong = () => props.wrong.some((one) => one.field === 'occurred-at');
  const take = (input: HTMLInputElement) => {
    draft.occurred_at = input.value ? new Date(input.value).toISOString() : '';
  };
  return (
    <Part id="arrival" title={w('arrival.title')}>
      <dl class="facts cargo__facts">
        <dt>{w('arrival.way')}</dt>
        <dd>{w('list.way', { from: props.waybill.from, to: props.waybill.to })}</dd>
        <dt>{w('arrival.convoy')}</dt>
        <dd dir="auto">{`${props.waybill.convoy}, ${props.waybill.vehicle}`}</dd>
      </dl>
      <label class="cargo__wide">
        <span class="field-name">{w('arrival.at')}</span>
        <input
          type="datetime-local"
          class="input input--date"
          id="occurred-at"
          value={localMoment(draft.occurred_at)}
          aria-invalid={isWrong()}
          aria-describedby={isWrong() ? 'occurred-at-wrong' : undefined}
          onChange={(event) => take(event.currentTarget)}
        />
        <Show when={draft.occurred_at}>
          <span class="field-name">{formatMoment(draft.occurred_at)}</span>
        </Show>
        <WrongLine field="occurred-at" wrong={props.wrong} />
      </label>
      <TextField
        id="receiver"
        label={w('arrival.receiver')}
        value={draft.receiver}
        most={150}
        wrong={props.wrong}
        onInput={(text) => (draft.receiver = text)}
      />
    </Part>
  );
}

function Lines(props: FormProps) {
  const { draft } = props;
  const expected = (load: string) => props.waybill.lines.find((one) => one.load === load);
  const remove = (index: number) => {
    draft.lines = draft.lines.filter((_line, place) => place !== index);
  };
  return (
    <Part id="lines" title={w('line.title')} hint={w('line.hint')}>
      <For each={draft.lines}>
        {(line, index) => (
          <Show
            when={expected(line.load)}
            fallback={
              <ExtraLineFields
                index={index()}
                line={line}
                wrong={props.wrong}
                items={props.items}
                onRemove={() => remove(index())}
              />
            }
          >
            {(one) => <WaybillLineFields index={index()} line={line} wrong={props.wrong} expected={one()} />}
          </Show>
        )}
      </For>
      <Show when={props.items.length > 0}>
        <button type="button" class="button" onClick={() => (draft.lines = [...draft.lines, extraLine()])}>
          <Icon name="plus" />
          {w('extra.add')}
        </button>
      </Show>
    </Part>
  );
}

function Seals(props: FormProps) {
  const { draft } = props;
  return (
    <Part id="seals" title={w('seals.title')} hint={props.waybill.seals.length ? w('seals.hint') : w('seals.none')}>
      <For each={props.waybill.seals}>
        {(seal) => (
          <fieldset class="cargo__seal">
            <legend>{w('seals.one', { number: seal })}</legend>
            <For each={SEAL_STATES}>
              {(state) => (
                <label class="check">
                  <input
                    type="radio"
                    name={`seal-${seal}`}
                    checked={draft.seal_states[seal] === state}
                    onChange={() => (draft.seal_states = { ...draft.seal_states, [seal]: state })}
                  />
                  {w(`seals.${state}`)}
                </label>
              )}
            </For>
          </fieldset>
        )}
      </For>
      <TextField
        id="other-seals"
        label={w('seals.others')}
        hint={w('seals.othersHint')}
        value={draft.other_seals}
        most={150}
        onInput={(text) => (draft.other_seals = text)}
      />
    </Part>
  );
}

function Remarks(props: FormProps) {
  const { draft } = props;
  return (
    <Part id="remarks" title={w('remarks.title')}>
      <textarea
        class="input"
        id="remarks"
        dir="auto"
        rows="3"
        maxlength="1000"
        aria-labelledby="remarks-title"
        value={draft.remarks}
        onInput={(event) => (draft.remarks = event.currentTarget.value)}
      />
      <label class="check">
        <input type="checkbox" checked={draft.final} onChange={(event) => (draft.final = event.currentTarget.checked)} />
        {w('final.label')}
      </label>
      <p class="field-name">{w('final.hint')}</p>
    </Part>
  );
}

export function ReceiptForm(props: FormProps) {
  return (
    <>
      <Arrival {...props} />
      <Lines {...props} />
      <Seals {...props} />
      <Part id="photos" title={w('photos.title')} hint={w('photos.hint')}>
        <Photos album={props.album} />
      </Part>
      <Part id="signature" title={w('signature.title')}>
        <TextField
          id="signed-by"
          label={w('signature.by')}
          value={props.draft.signed_by}
          most={150}
          onInput={(text) => (props.draft.signed_by = text)}
        />
        <Signature album={props.album} />
      </Part>
      <Remarks {...props} />
    </>
  );
}
