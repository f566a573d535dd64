/**
 * A signature, a drawing, or a drawing on a photo, made with a finger, a pen or
 * a mouse. For those who can use none of these, a picture can be chosen instead.
 */
import { createSignal, For, onMount, Show } from 'solid-js';
import { appearances, type UploadNode } from '../engine/types.ts';
import { t } from '../i18n/index.ts';
import { fitted, shrink } from '../lib/image.ts';
import { Icon } from '../ui/Icon.tsx';
import { FilePick } from './FilePick.tsx';
import { useObjectUrl, useUpload } from './ImageInput.tsx';
import type { WidgetProps } from './props.ts';

interface Stroke {
  readonly colour: string;
  readonly points: readonly (readonly [number, number])[];
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

function Board(props: {
  readonly photo: File | null;
  readonly colours: boolean;
  readonly name: string;
  onSave(file: File): void;
  onCancel(): void;
}) {
  const [strokes, setStrokes] = createSignal<readonly Stroke[]>([]);
  const [colour, setColour] = createSignal<string>(COLOURS[0]);
  let canvas: HTMLCanvasElement | undefined;
  let background: ImageBitmap | null = null;
  let drawing = false;

  const redraw = () => canvas && paint(canvas, strokes(), background);
  onMount(async () => {
    if (!canvas) return;
    if (props.photo) {
      background = await createImageBitmap(props.photo);
      Object.assign(canvas, fitted(background, LONGEST_PHOTO));
    }
    redraw();
  });

  const at = (event: PointerEvent): readonly [number, number] => {
    const target = event.currentTarget as HTMLCanvasElement;
    const box = target.getBoundingClientRect();
    return [
      ((event.clientX - box.left) / box.width) * target.width,
      ((event.clientY - box.top) / box.height) * target.height,
    ];
  };
  const begin = (event: PointerEvent) => {
    drawing = true;
    (event.currentTarget as HTMLCanvasElement).setPointerCapture(event.pointerId);
    setStrokes([...strokes(), { colour: colour(), points: [at(event)] }]);
    redraw();
  };
  const go = (event: PointerEvent) => {
    const last = strokes().at(-1);
    if (!drawing || !last) return;
    setStrokes([...strokes().slice(0, -1), { ...last, points: [...last.points, at(event)] }]);
    redraw();
  };
  const keep = (next: readonly Stroke[]) => {
    setStrokes(next);
    redraw();
  };
  const save = () =>
    canvas?.toBlob((blob) => {
      if (blob) props.onSave(new File([blob], `${props.name}.png`, { type: 'image/png' }));
    }, 'image/png');

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
        onPointerDown={begin}
        onPointerMove={go}
        onPointerUp={() => {
          drawing = false;
        }}
        onPointerCancel={() => {
          drawing = false;
        }}
      />
      <Show when={props.colours}>
        <div class="board__colours" role="radiogroup" aria-label={t('draw.colour')}>
          <For each={COLOURS}>
            {(one, index) => (
              <button
                type="button"
                role="radio"
                class={`board__colour board__colour--${index()}`}
                aria-checked={colour() === one}
                aria-label={`${t('draw.colour')} ${index() + 1}`}
                onClick={() => setColour(one)}
              />
            )}
          </For>
        </div>
      </Show>
      <div class="geo__actions">
        <button type="button" class="button button--primary" disabled={strokes().length === 0} onClick={save}>
          <Icon name="check" />
          {t('draw.save')}
        </button>
        <button type="button" class="button" disabled={strokes().length === 0} onClick={() => keep(strokes().slice(0, -1))}>
          <Icon name="undo" />
          {t('draw.undo')}
        </button>
        <button type="button" class="button" disabled={strokes().length === 0} onClick={() => keep([])}>
          {t('draw.clear')}
        </button>
        <button type="button" class="button button--quiet" onClick={() => props.onCancel()}>
          {t('app.cancel')}
        </button>
      </div>
    </div>
  );
}

export function DrawInput(props: WidgetProps<UploadNode>) {
  const looks = appearances(props.node);
  const kind = looks.has('signature') ? 'sign' : looks.has('annotate') ? 'annotate' : 'draw';
  const { file, set } = useUpload(props.node);
  const url = useObjectUrl(file);
  const [open, setOpen] = createSignal(false);
  const [unreadable, setUnreadable] = createSignal(false);
  const take = async (chosen: File) => {
    setUnreadable(false);
    try {
      set(await shrink(chosen, props.node.maxPixels ?? Number.POSITIVE_INFINITY));
    } catch {
      setUnreadable(true);
    }
  };
  return (
    <div class="upload">
      <Show when={url() && !open()}>
        <img class="upload__preview upload__preview--paper" src={url() ?? ''} alt={t('file.preview')} />
      </Show>
      <Show
        when={open()}
        fallback={
          <Show when={kind !== 'annotate' || file()}>
            <button type="button" class="button button--primary" onClick={() => setOpen(true)}>
              <Icon name="pen" />
              {t(`draw.${kind}`)}
            </button>
          </Show>
        }
      >
        <Board
          photo={kind === 'annotate' ? file() : null}
          colours={kind !== 'sign'}
          name={kind === 'sign' ? 'signature' : 'drawing'}
          onSave={(made) => {
            setOpen(false);
            void take(made);
          }}
          onCancel={() => setOpen(false)}
        />
      </Show>
      <FilePick
        id={props.id}
        accept="image/*"
        labelId={props.labelId}
        describedBy={props.describedBy}
        file={file()}
        actions={[{ icon: 'image', text: t('file.image') }]}
        onPick={(chosen) => void take(chosen)}
        onRemove={() => set(null)}
      />
      <Show when={unreadable()}>
        <p class="question__problem">{t('file.notImage')}</p>
      </Show>
    </div>
  );
}
