/**
 * Buttons that open the phone's camera or files, and what was chosen. The
 * browser's own file field stays in place for keyboards and readers, out of
 * sight, since it cannot be given our words.
 */
import { For, Show } from 'solid-js';
import { formatBytes, t } from '../i18n/index.ts';
import { Icon, type IconName } from '../ui/Icon.tsx';

export interface PickAction {
  readonly icon: IconName;
  readonly text: string;
  readonly capture?: 'user' | 'environment';
}

export interface FilePickProps {
  readonly id: string;
  readonly accept: string;
  readonly labelId: string;
  readonly describedBy: string | undefined;
  readonly file: File | null;
  readonly actions: readonly PickAction[];
  onPick(file: File): void;
  onRemove(): void;
}

export function FilePick(props: FilePickProps) {
  const pick = (input: HTMLInputElement) => {
    const [chosen] = input.files ?? [];
    if (chosen) props.onPick(chosen);
    // The same file may be chosen again after it was removed.
    input.value = '';
  };
  return (
    <div class="pick">
      <Show when={props.file}>
        {(file) => (
          <p class="pick__file">
            <Icon name="file" />
            <span class="pick__name" dir="auto">
              {file().name}
            </span>
            <span class="pick__size">{formatBytes(file().size)}</span>
          </p>
        )}
      </Show>
      <div class="pick__actions">
        <For each={props.actions}>
          {(action, index) => (
            <label class="button pick__action">
              <input
                type="file"
                class="visually-hidden"
                id={index() === 0 ? props.id : `${props.id}-${index()}`}
                accept={props.accept}
                capture={action.capture}
                aria-describedby={[props.labelId, props.describedBy].filter(Boolean).join(' ')}
                onChange={(event) => pick(event.currentTarget)}
              />
              <Icon name={action.icon} />
              {action.text}
            </label>
          )}
        </For>
        <Show when={props.file}>
          <button type="button" class="button button--quiet" onClick={() => props.onRemove()}>
            <Icon name="trash" />
            {t('file.remove')}
          </button>
        </Show>
      </div>
    </div>
  );
}
