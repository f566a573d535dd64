/** Records sound in the page, since most laptops offer no recorder to a file field. */
import { createSignal, onCleanup, onMount, Show } from 'solid-js';
import { t } from '../i18n/index.ts';
import { Icon } from '../ui/Icon.tsx';

const ENDINGS: readonly (readonly [string, string])[] = [
  ['audio/mp4', '.m4a'],
  ['audio/webm', '.webm'],
  ['audio/ogg', '.ogg'],
];

/** What this browser can record, with the file name's ending for it. */
function format(): readonly [string, string] {
  return ENDINGS.find(([type]) => MediaRecorder.isTypeSupported(type)) ?? ['', '.webm'];
}

export function AudioRecorder(props: { onDone(file: File | null): void }) {
  const [seconds, setSeconds] = createSignal(0);
  const [failed, setFailed] = createSignal(false);
  let stream: MediaStream | null = null;
  let recorder: MediaRecorder | null = null;
  let timer: ReturnType<typeof setInterval> | undefined;
  const parts: Blob[] = [];

  onMount(async () => {
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      setFailed(true);
      return;
    }
    const [type, ending] = format();
    recorder = new MediaRecorder(stream, type ? { mimeType: type } : {});
    recorder.addEventListener('dataavailable', (event) => parts.push(event.data));
    recorder.addEventListener('stop', () => {
      // Parameters such as the codec confuse servers that list the types they take.
      const plain = (recorder?.mimeType || type).split(';')[0] ?? '';
      props.onDone(new File(parts, `recording${ending}`, { type: plain }));
    });
    recorder.start(1000);
    timer = setInterval(() => setSeconds((count) => count + 1), 1000);
  });
  onCleanup(() => {
    clearInterval(timer);
    stream?.getTracks().forEach((track) => track.stop());
  });

  const clock = () => `${Math.floor(seconds() / 60)}:${String(seconds() % 60).padStart(2, '0')}`;
  return (
    <Show when={!failed()} fallback={<p class="question__echo">{t('file.microphone')}</p>}>
      <p class="recording">
        <span class="recording__dot" aria-hidden="true" />
        {t('file.recording', { seconds: clock() })}
      </p>
      <button type="button" class="button button--primary" onClick={() => recorder?.stop()}>
        <Icon name="check" />
        {t('file.stop')}
      </button>
    </Show>
  );
}
