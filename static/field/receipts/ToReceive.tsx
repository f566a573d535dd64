/** The waybills under way to the reader's organisation, each with the way to its receipt. */
import { createResource, For, Show } from 'solid-js';
import type { Waybill } from '../api/contract.ts';
import type { Field } from '../field.ts';
import { formatMoment } from '../i18n/dates.ts';
import { formatNumber, t } from '../i18n/index.ts';
import { receivePath } from '../lib/router.ts';
import { isUnsent } from '../records/types.ts';
import { Icon } from '../ui/Icon.tsx';
import { Empty } from '../ui/States.tsx';
import { cargo, look } from './expected.ts';
import { w, wn } from './words.ts';

function Card(props: { readonly waybill: Waybill; readonly waiting: number }) {
  const kg = () => props.waybill.lines.reduce((sum, line) => sum + Number(line.kg), 0);
  return (
    <li class="form-card">
      <a class="form-card__link" href={receivePath(props.waybill.id)}>
        <span class="form-card__text">
          <span class="form-card__title">{`${props.waybill.number} v${props.waybill.version}`}</span>
          <span class="form-card__description">
            {w('list.way', { from: props.waybill.from, to: props.waybill.to })}
          </span>
          <span class="form-card__facts">
            <Show when={props.waybill.expected_at}>
              {(moment) => <span>{w('list.expected', { moment: formatMoment(moment()) })}</span>}
            </Show>
            <span>{wn('list.lines', props.waybill.lines.length)}</span>
            <span>{w('list.weight', { kg: formatNumber(kg()) })}</span>
            <span class="form-card__kept">
              <Icon name="check" />
              {t('list.offline')}
            </span>
            <Show when={props.waiting > 0}>
              <span>{wn('list.waiting', props.waiting)}</span>
            </Show>
          </span>
        </span>
        <span class="form-card__action" aria-hidden="true">
          {w('list.receive')}
          <Icon name="next" />
        </span>
      </a>
    </li>
  );
}

export default function ToReceive(props: { readonly field: Field; readonly isAlone: boolean }) {
  const { sync, vault } = props.field;
  const [looked] = createResource(() => look(vault.owner).catch(() => null).then(() => true));
  const waiting = (waybill: Waybill) =>
    (sync.rows() ?? []).filter((row) => isUnsent(row) && row.form.waybill?.id === waybill.id).length;
  return (
    <section class="form-group" aria-labelledby="to-receive">
      <h2 class={props.isAlone ? 'visually-hidden' : 'form-group__title'} id="to-receive">
        {w('list.title')}
      </h2>
      <Show when={looked() && !(sync.busy() && !cargo())}>
        <Show
          when={cargo()?.waybills.length}
          fallback={
            <Empty
              icon="list"
              title={cargo() ? w('list.none') : w('list.never')}
              detail={cargo() ? w('list.none.detail') : w('list.never.detail')}
            />
          }
        >
          <ul class="form-group__list">
            <For each={cargo()?.waybills}>{(one) => <Card waybill={one} waiting={waiting(one)} />}</For>
          </ul>
        </Show>
      </Show>
    </section>
  );
}
