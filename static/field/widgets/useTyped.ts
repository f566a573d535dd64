/**
 * What a typed control shows. It follows the answer, except while it holds
 * something that could not be taken: then the reader's own text stays, to be
 * corrected instead of written again.
 */
import { createEffect, createSignal, on } from 'solid-js';
import { editableValue } from '../engine/values.ts';
import type { InputNode, RangeNode } from '../engine/types.ts';
import { useForm } from '../form/context.ts';

export interface Typed {
  text(): string;
  setText(text: string): void;
  /** Hands the text to the form. */
  commit(text: string): void;
}

export function useTyped(node: InputNode | RangeNode): Typed {
  const { session } = useForm();
  const stored = () => editableValue(node.valueType, node.currentState.instanceValue);
  const [text, setText] = createSignal(stored());
  createEffect(
    on(
      () => node.currentState.instanceValue,
      () => {
        if (!session.state.unreadable[node.nodeId]) setText(stored());
      },
      { defer: true },
    ),
  );
  return {
    text,
    setText,
    commit(value) {
      setText(value);
      session.touch(node);
      if (session.enter(node, value)) setText(stored());
    },
  };
}
