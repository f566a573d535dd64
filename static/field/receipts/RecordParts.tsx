/** What the page of a record says and offers where the record is a receipt of cargo. */
import { Show } from 'solid-js';
import { listPath } from '../lib/router.ts';
import type { RecordRow } from '../records/types.ts';
import { w } from './words.ts';

interface PartProps {
  readonly row: RecordRow;
}

export function ReceiptFacts(props: PartProps) {
  const waybill = () => props.row.form.waybill;
  return (
    <>
      <dt>{w('view.waybill')}</dt>
      <dd dir="auto">{props.row.form.version}</dd>
      <Show when={waybill()}>
        {(one) => (
          <>
            <dt>{w('arrival.way')}</dt>
            <dd>{w('list.way', { from: one().from, to: one().to })}</dd>
          </>
        )}
      </Show>
    </>
  );
}

/** A sent receipt is corrected by another one: the ledger keeps both. */
export function ReceiptActions(props: PartProps) {
  return (
    <Show when={props.row.state === 'sent' && props.row.deletedAt === null}>
      <a class="button button--primary button--large" href={listPath}>
        {w('view.another')}
      </a>
      <Show when={props.row.receipt?.url}>
        {(url) => (
          <a class="button" href={url()}>
            {w('view.open')}
          </a>
        )}
      </Show>
      <p class="receipt__note">{w('view.correct')}</p>
    </Show>
  );
}
