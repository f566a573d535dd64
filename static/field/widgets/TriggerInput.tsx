/** A box to tick that something was read or done. */
import type { TriggerNode } from '../engine/types.ts';
import { useForm } from '../form/context.ts';
import { t } from '../i18n/index.ts';
import type { WidgetProps } from './props.ts';

export function TriggerInput(props: WidgetProps<TriggerNode>) {
  const { session } = useForm();
  const set = (ticked: boolean) =>
    session.change(
      () => props.node.setValue(ticked),
      () => props.node.setValue(!ticked),
    );
  return (
    <label class="choice">
      <input
        type="checkbox"
        class="choice__input"
        id={props.id}
        checked={props.node.currentState.value}
        aria-describedby={props.describedBy}
        aria-invalid={props.invalid}
        onChange={(event) => set(event.currentTarget.checked)}
      />
      <span class="choice__label">{t('trigger.acknowledge')}</span>
    </label>
  );
}
