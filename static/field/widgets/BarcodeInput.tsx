/** A code that is written, or read by the camera where the browser can. */
import { lazy, Show, createSignal, Suspense } from 'solid-js';
import { appearances, type InputNode } from '../engine/types.ts';
import { useForm } from '../form/context.ts';
import { t } from '../i18n/index.ts';
import { Icon } from '../ui/Icon.tsx';
import type { WidgetProps } from './props.ts';
import { useTyped } from './useTyped.ts';

const Scanner = lazy(async () => ({ default: (await import('./Scanner.tsx')).Scanner }));

export function BarcodeInput(props: WidgetProps<InputNode>) {
  const { session } = useForm();
  const typed = useTyped(props.node);
  const [scanning, setScanning] = createSignal(false);
  const canScan = 'BarcodeDetector' in window && Boolean(navigator.mediaDevices?.getUserMedia);
  const hidden = appearances(props.node).has('hidden-answer');
  return (
    <div class="barcode">
      <input
        type={hidden ? 'password' : 'text'}
        class="input"
        id={props.id}
        dir={typed.text() ? 'auto' : undefined}
        autocomplete="off"
        value={typed.text()}
        aria-describedby={props.describedBy}
        aria-invalid={props.invalid}
        aria-required={props.node.currentState.required}
        onInput={(event) => typed.setText(event.currentTarget.value)}
        onChange={(event) => typed.commit(event.currentTarget.value)}
      />
      <Show when={canScan}>
        <button type="button" class="button" aria-pressed={scanning()} onClick={() => setScanning(!scanning())}>
          <Icon name="code" />
          {scanning() ? t('barcode.stop') : t('barcode.scan')}
        </button>
      </Show>
      <Show when={scanning()}>
        <Suspense>
          <Scanner
            onRead={(code) => {
              setScanning(false);
              session.enter(props.node, code);
            }}
          />
        </Suspense>
      </Show>
    </div>
  );
}
