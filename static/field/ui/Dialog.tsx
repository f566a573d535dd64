/**
 * The one modal question that the client asks: the browser's own dialog, which
 * keeps the focus inside and gives it back.
 */
import { createUniqueId, onCleanup, onMount } from 'solid-js';

export interface ConfirmDialogProps {
  readonly title: string;
  readonly detail: string;
  readonly confirm: string;
  readonly cancel: string;
  readonly danger?: boolean;
  onConfirm(): void;
  onCancel(): void;
}

export function ConfirmDialog(props: ConfirmDialogProps) {
  const id = createUniqueId();
  let dialog: HTMLDialogElement | undefined;
  onMount(() => dialog?.showModal?.());
  onCleanup(() => dialog?.close?.());
  return (
    <dialog
      ref={(element) => {
        dialog = element;
      }}
      class="dialog"
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-detail`}
      onCancel={(event) => {
        event.preventDefault();
        props.onCancel();
      }}
    >
      <h2 id={`${id}-title`}>{props.title}</h2>
      <p id={`${id}-detail`}>{props.detail}</p>
      <div class="dialog__actions">
        <button type="button" class="button" autofocus onClick={() => props.onCancel()}>
          {props.cancel}
        </button>
        <button
          type="button"
          class="button"
          classList={{ 'button--danger': props.danger, 'button--primary': !props.danger }}
          onClick={() => props.onConfirm()}
        >
          {props.confirm}
        </button>
      </div>
    </dialog>
  );
}
