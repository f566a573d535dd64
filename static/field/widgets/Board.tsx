/** The surface that is drawn on: strokes are kept, so that the last one can be undone. */
import { createSignal, For, onMount, Show } from 'solid-js';
import { t } from '../i18n/index.ts';
import { fitted } from '../lib/image.ts';
import { Icon } from '../ui/Icon.tsx';

type Point = readonly [x: number, y: number];

interface Stroke {
  readonly colour: string;
  readonly points: readonly Point[];
}

const COLOURS = ['#111111', '#c80000', '#0b62a8', '#1a7f37'] as const;
const WIDTH = 1200;
const HEIGHT = 700;
const LINE = 7;
const LONGEST_PHOTO = 1600;

function paint(canvas: HTMLCanvasElement, strokes: readonly Stroke[], background: ImageBitmap | null): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  if (background) context.drawImage(background, 0, 0, canvas.width, canvas.height);
  context.lineWidth = LINE;
  context.lineCap = 'round';
  context.lineJoin = 'round';
  for (const stroke of strokes) {
    context.strokeStyle = stroke.colour;
    context.beginPath();
    stroke.points.forEach(([x, y], index) => {
      // A dot is a line to itself, or it would not show.
      if (index === 0) context.moveTo(x, y);
      context.lineTo(x, y);
    });
    context.stroke();
  }
}

function pointOf(event: PointerEvent, canvas: HTMLCanvasElement): Point {
  const box = canvas.getBoundingClientRect();
  return [
    ((event.clientX - box.left) / box.width) * canvas.width,
    ((event.clientY - box.top) / box.height) * canvas.height,
  ];
}

/** Strokes on a canvas, drawn again whenever they change. */
function createDrawing(colour: () => string) {
  const [strokes, setStrokes] = createSignal<readonly Stroke[]>([]);
  let canvas: HTMLCanvasElement | undefined;
  let background: ImageBitmap | null = null;
  let drawing = false;
  const set = (next: readonly Stroke[]) => {
    setStrokes(next);
    if (canvas) paint(canvas, next, background);
  };
  return {
    strokes,
    set,
    async attach(element: HTMLCanvasElement, photo: File | null) {
      canvas = element;
      if (photo) {
        background = await createImageBitmap(photo);
        const size = fitted(background, LONGEST_PHOTO);
        canvas.width = size.width;
        canvas.height = size.height;
      }
      set([]);
    },
    begin(event: PointerEvent) {
      if (!canvas) return;
      drawing = true;
      canvas.setPointerCapture(event.pointerId);
      set([...strokes(), { colour: colour(), points: [pointOf(event, canvas)] }]);
    },
    go(event: PointerEvent) {
      const last = strokes().at(-1);
      if (!drawing || !last || !canvas) return;
      set([...strokes().slice(0, -1), { ...last, points: [...last.points, pointOf(event, canvas)] }]);
    },
    end() {
      drawing = false;
    },
    save(name: string, onSave: (file: File) => void) {
      canvas?.toBlob((blob) => {
        if (blob) onSave(new File([blob], `${name}.png`, { type: 'image/png' }));
      }, 'image/png');
    },
  };
}

function Colours(props: { readonly chosen: string; onChoose(colour: string): void }) {
  return (
    <div class="board__colours" role="radiogroup" aria-label={t('draw.colour')}>
      <For each={COLOURS}>
        {(one, index) => (
          <button
            type="button"
            role="radio"
            class={`board__colour board__colour--${index()}`}
            aria-checked={props.chosen === one}
            aria-label={`${t('draw.colour')} ${index() + 1}`}
            onClick={() => props.onChoose(one)}
          />
        )}
      </For>
    </div>
  );
}

export function Board(props: {
  readonly photo: File | null;
  readonly colours: boolean;
  readonly name: string;
  onSave(file: File): void;
  onCancel(): void;
}) {
  const [colour, setColour] = createSignal<string>(COLOURS[0]);
  const drawing = createDrawing(colour);
  const blank = () => drawing.strokes().length === 0;
  let canvas: HTMLCanvasElement | undefined;
  onMount(() => {
    if (canvas) void drawing.attach(canvas, props.photo);
  });
  return (
    <div class="board">
      <canvas
        class="board__canvas"
        width={WIDTH}
        height={HEIGHT}
        role="img"
        aria-label={t('draw.area')}
        ref={(element) => {
          canvas = element;
        }}
        onPointerDown={drawing.begin}
        onPointerMove={drawing.go}
        onPointerUp={drawing.end}
        onPointerCancel={drawing.end}
      />
      <Show when={props.colours}>
        <Colours chosen={colour()} onChoose={setColour} />
      </Show>
      <div class="geo__actions">
        <button
          type="button"
          class="button button--primary"
          disabled={blank()}
          onClick={() => drawing.save(props.name, props.onSave)}
        >
          <Icon name="check" />
          {t('draw.save')}
        </button>
        <button type="button" class="button" disabled={blank()} onClick={() => drawing.set(drawing.strokes().slice(0, -1))}>
          <Icon name="undo" />
          {t('draw.undo')}
        </button>
        <button type="button" class="button" disabled={blank()} onClick={() => drawing.set([])}>
          {t('draw.clear')}
        </button>
        <button type="button" class="button button--quiet" onClick={() => props.onCancel()}>
          {t('app.cancel')}
        </button>
      </div>
    </div>
  );
}
