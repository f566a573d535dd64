/** An answer that the form has computed or fixed, to be read only. */
import type { QuestionNode } from '../engine/types.ts';
import { t } from '../i18n/index.ts';
import { spokenDate } from '../i18n/dates.ts';

function shown(node: QuestionNode): string {
  const value = node.currentState.instanceValue;
  if (value === '') return t('fill.noAnswer');
  if (node.nodeType === 'select' || node.nodeType === 'rank') {
    const labels = new Map(node.currentState.valueOptions.map((option) => [option.value, option.label.asString]));
    return node.currentState.value.map((choice) => labels.get(choice) ?? choice).join(', ');
  }
  return node.valueType === 'date' ? spokenDate(value) : value;
}

export function ReadOnly(props: { readonly node: QuestionNode; readonly id: string }) {
  return (
    <output class="readout" id={props.id} dir="auto">
      {shown(props.node)}
    </output>
  );
}
