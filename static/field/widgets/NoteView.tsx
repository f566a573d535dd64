/** A note is read, not answered; one that carries a computed value shows it. */
import { Show } from 'solid-js';
import type { NoteNode } from '../engine/types.ts';
import type { WidgetProps } from './props.ts';

export function NoteView(props: WidgetProps<NoteNode>) {
  return (
    <Show when={props.node.currentState.instanceValue}>
      {(value) => (
        <output class="readout" dir="auto">
          {value()}
        </output>
      )}
    </Show>
  );
}
