/** Written answers: one line, several lines, and hidden while writing. */
import { createSignal, onCleanup, Show } from 'solid-js';
import { appearances, type InputNode } from '../engine/types.ts';
import { useForm } from '../form/context.ts';
import { t } from '../i18n/index.ts';
import type { WidgetProps } from './props.ts';

/** Long enough not to compute at every letter, short enough to lose nothing. */
const PAUSE = 350;

function useWriting(node: InputNode) {
  const { session } = useForm();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let latest: string | null = null;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (latest !== null) session.enter(node, latest);
    latest = null;
  };
  onCleanup(flush);
  return {
    write(text: string) {
      latest = text;
      // Not put off by further letters: who writes a page without a pause loses none of it.
      timer ??= setTimeout(flush, PAUSE);
    },
    flush,
  };
}

/** An empty field begins where the page begins; a written one follows its words. */
const directionOf = (node: InputNode): 'auto' | undefined =>
  node.currentState.instanceValue ? 'auto' : undefined;

const SAFE_LINK = /^https?:\/\/\S+$/i;

export function TextInput(props: WidgetProps<InputNode>) {
  const writing = useWriting(props.node);
  const looks = appearances(props.node);
  const link = () => {
    const value = props.node.currentState.instanceValue;
    return looks.has('url') && SAFE_LINK.test(value) ? value : null;
  };
  return (
    <>
      <input
        type="text"
        class="input"
        id={props.id}
        dir={directionOf(props.node)}
        inputmode={looks.has('numbers') ? 'decimal' : looks.has('url') ? 'url' : 'text'}
        autocomplete="off"
        value={props.node.currentState.instanceValue}
        aria-describedby={props.describedBy}
        aria-invalid={props.invalid}
        aria-required={props.node.currentState.required}
        onInput={(event) => writing.write(event.currentTarget.value)}
        onBlur={writing.flush}
      />
      <Show when={link()}>
        {(address) => (
          <a class="question__link" href={address()} target="_blank" rel="noopener noreferrer">
            {address()}
          </a>
        )}
      </Show>
    </>
  );
}

export function TextArea(props: WidgetProps<InputNode>) {
  const writing = useWriting(props.node);
  const rows = () => (props.node.valueType === 'string' ? (props.node.nodeOptions?.rows ?? 4) : 4);
  return (
    <textarea
      class="input"
      id={props.id}
      dir={directionOf(props.node)}
      rows={rows()}
      value={props.node.currentState.instanceValue}
      aria-describedby={props.describedBy}
      aria-invalid={props.invalid}
      aria-required={props.node.currentState.required}
      onInput={(event) => writing.write(event.currentTarget.value)}
      onBlur={writing.flush}
    />
  );
}

export function MaskedInput(props: WidgetProps<InputNode>) {
  const writing = useWriting(props.node);
  const [shown, setShown] = createSignal(false);
  return (
    <>
      <input
        type={shown() ? 'text' : 'password'}
        class="input"
        id={props.id}
        dir={directionOf(props.node)}
        autocomplete="off"
        value={props.node.currentState.instanceValue}
        aria-describedby={props.describedBy}
        aria-invalid={props.invalid}
        aria-required={props.node.currentState.required}
        onInput={(event) => writing.write(event.currentTarget.value)}
        onBlur={writing.flush}
      />
      <label class="check">
        <input type="checkbox" checked={shown()} onChange={(event) => setShown(event.currentTarget.checked)} />
        <span>{t('password.show')}</span>
      </label>
    </>
  );
}
