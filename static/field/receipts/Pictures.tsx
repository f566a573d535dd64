/** Photos of what arrived, and the signature of whoever received it. */
import { createSignal, For, Show } from 'solid-js';
import { formatBytes, t } from '../i18n/index.ts';
import { sha256 } from '../lib/hash.ts';
import { shrink } from '../lib/image.ts';
import { useObjectUrl } from '../lib/objectUrl.ts';
import { Icon } from '../ui/Icon.tsx';
import { Board } from '../widgets/Board.tsx';
import { FilePick } from '../widgets/FilePick.tsx';
import type { Draft, Picture } from './body.ts';
import { w } from './words.ts';

/** Longer edge of a photo in pixels: seals and labels can be read, and it is sent in seconds. */
const EDGE = 1600;
const NAME_LENGTH = 16;

/** The pictures of a receipt, by content: the same photo twice is kept once. */
export class Album {
  private readonly files = new Map<string, File>();

  constructor(
    private readonly draft: Draft,
    kept: readonly File[],
  ) {
    for (const file of kept) this.files.set(file.name, file);
  }

  /** Those that the receipt names, ready to be kept beside it. */
  all(): File[] {
    return this.draft.files.flatMap(({ name }) => this.files.get(name) ?? []);
  }

  get(name: string): File | null {
    return this.files.get(name) ?? null;
  }

  of(kind: Picture['kind']): Picture[] {
    return this.draft.files.filter((one) => one.kind === kind);
  }

  /** Throws where it is no image that the browser can read. */
  async add(kind: Picture['kind'], chosen: File): Promise<void> {
    const small = await shrink(chosen, EDGE);
    const hash = await sha256(small);
    const ending = { 'image/png': 'png', 'image/webp': 'webp' }[small.type] ?? 'jpg';
    const name = `${kind}-${hash.slice(0, NAME_LENGTH)}.${ending}`;
    this.files.set(name, new File([small], name, { type: small.type }));
    const others = this.draft.files.filter((one) => one.name !== name && !(kind === 'signature' && one.kind === kind));
    this.draft.files = [...others, { name, kind, sha256: hash }];
  }

  remove(name: string): void {
    this.draft.files = this.draft.files.filter((one) => one.name !== name);
  }
}

interface AlbumProps {
  readonly album: Album;
}

function useAdding(props: AlbumProps, kind: Picture['kind']) {
  const [unreadable, setUnreadable] = createSignal(false);
  const add = async (file: File) => {
    setUnreadable(false);
    await props.album.add(kind, file).catch(() => setUnreadable(true));
  };
  const problem = () => (
    <Show when={unreadable()}>
      <p class="question__problem" role="alert">
        {t('file.notImage')}
      </p>
    </Show>
  );
  return { add, problem };
}

function Photo(props: AlbumProps & { readonly picture: Picture; readonly number: number }) {
  const url = useObjectUrl(() => props.album.get(props.picture.name));
  const size = () => props.album.get(props.picture.name)?.size ?? 0;
  return (
    <li class="cargo__photo">
      <img class="upload__preview" src={url() ?? ''} alt={w('photos.one', { number: props.number })} />
      <span class="field-name">{formatBytes(size())}</span>
      <button
        type="button"
        class="button button--quiet"
        aria-label={w('photos.remove', { number: props.number })}
        onClick={() => props.album.remove(props.picture.name)}
      >
        <Icon name="trash" />
        {t('file.remove')}
      </button>
    </li>
  );
}

export function Photos(props: AlbumProps) {
  const { add, problem } = useAdding(props, 'photo');
  return (
    <div class="upload" role="group" aria-labelledby="photos-title">
      <Show when={props.album.of('photo').length > 0}>
        <ul class="cargo__photos">
          <For each={props.album.of('photo')}>
            {(one, index) => <Photo album={props.album} picture={one} number={index() + 1} />}
          </For>
        </ul>
      </Show>
      <FilePick
        id="photo"
        accept="image/*"
        labelId="photos-title"
        describedBy={undefined}
        file={null}
        actions={[
          { icon: 'camera', text: t('file.photo'), capture: 'environment' },
          { icon: 'image', text: t('file.image') },
        ]}
        onPick={(file) => void add(file)}
        onRemove={() => undefined}
      />
      {problem()}
    </div>
  );
}

export function Signature(props: AlbumProps) {
  const { add, problem } = useAdding(props, 'signature');
  const [open, setOpen] = createSignal(false);
  const signed = () => props.album.of('signature')[0] ?? null;
  const url = useObjectUrl(() => props.album.get(signed()?.name ?? ''));
  return (
    <div class="upload" role="group" aria-labelledby="signature-title">
      <Show when={signed() && !open()}>
        <img class="upload__preview upload__preview--paper" src={url() ?? ''} alt={w('signature.title')} />
      </Show>
      <Show
        when={open()}
        fallback={
          <div class="pick__actions">
            <button type="button" class="button" onClick={() => setOpen(true)}>
              <Icon name="pen" />
              {signed() ? w('signature.again') : t('draw.sign')}
            </button>
            <Show when={signed()}>
              {(one) => (
                <button type="button" class="button button--quiet" onClick={() => props.album.remove(one().name)}>
                  <Icon name="trash" />
                  {t('file.remove')}
                </button>
              )}
            </Show>
          </div>
        }
      >
        <Board
          photo={null}
          colours={false}
          name="signature"
          onSave={(made) => {
            setOpen(false);
            void add(made);
          }}
          onCancel={() => setOpen(false)}
        />
      </Show>
      {problem()}
    </div>
  );
}
