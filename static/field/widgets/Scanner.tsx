/** Reads a barcode or QR code from the camera with the browser's own detector. */
import { createSignal, onCleanup, onMount, Show } from 'solid-js';
import { t } from '../i18n/index.ts';

interface DetectedCode {
  readonly rawValue: string;
}
interface Detector {
  detect(source: HTMLVideoElement): Promise<readonly DetectedCode[]>;
}
/** Not yet among TypeScript's own declarations. */
type DetectorWindow = Window & { readonly BarcodeDetector?: new () => Detector };

const INTERVAL = 250;

export function Scanner(props: { onRead(code: string): void }) {
  const [failed, setFailed] = createSignal(false);
  let video: HTMLVideoElement | undefined;
  let stream: MediaStream | null = null;
  let timer: ReturnType<typeof setInterval> | undefined;
  const Detect = (window as DetectorWindow).BarcodeDetector;

  onMount(async () => {
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
      if (!video || !Detect) throw new Error('No detector');
      const detector = new Detect();
      video.srcObject = stream;
      await video.play();
      timer = setInterval(async () => {
        const [code] = video ? await detector.detect(video).catch(() => []) : [];
        if (code) props.onRead(code.rawValue);
      }, INTERVAL);
    } catch {
      setFailed(true);
    }
  });
  onCleanup(() => {
    clearInterval(timer);
    stream?.getTracks().forEach((track) => track.stop());
  });

  return (
    <Show when={!failed()} fallback={<p class="question__echo">{t('barcode.camera')}</p>}>
      <p class="question__echo" role="status">
        {t('barcode.point')}
      </p>
      <video
        class="scanner"
        muted
        playsinline
        ref={(element) => {
          video = element;
        }}
      />
    </Show>
  );
}
