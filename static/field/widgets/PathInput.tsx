/** A line or an area: points added on the map, at one's position, or as coordinates. */
import { createSignal, For, Show } from 'solid-js';
import type { InputNode } from '../engine/types.ts';
import { useForm } from '../form/context.ts';
import { formatMetres, t, tn } from '../i18n/index.ts';
import { pathText, placeOf, placesOf, pointText, type Place } from '../lib/position.ts';
import { Icon } from '../ui/Icon.tsx';
import { GeoMap } from './GeoMap.tsx';
import { readPoint } from './PointInput.tsx';
import type { WidgetProps } from './props.ts';
import { usePosition } from './usePosition.ts';

/** Metres within which a point of a walked line is good enough. */
const WALKING = 10;

function TypedPoint(props: { readonly id: string; onAdd(place: Place): void }) {
  const [latitude, setLatitude] = createSignal('');
  const [longitude, setLongitude] = createSignal('');
  const [error, setError] = createSignal('');
  const add = () => {
    const reading = readPoint({ latitude: latitude(), longitude: longitude(), altitude: '' });
    const place = 'text' in reading ? placeOf(reading.text) : null;
    setError('error' in reading ? t(reading.error) : place ? '' : t('value.bothDegrees'));
    if (!place) return;
    props.onAdd(place);
    setLatitude('');
    setLongitude('');
  };
  const field = (name: string, value: () => string, set: (text: string) => void, id: string) => (
    <label class="coordinates__part">
      <span class="field-name">{name}</span>
      <input
        type="text"
        class="input"
        id={id}
        dir="ltr"
        autocomplete="off"
        value={value()}
        onInput={(event) => set(event.currentTarget.value)}
      />
    </label>
  );
  return (
    <>
      <div class="coordinates">
        {field(t('geo.latitude'), latitude, setLatitude, props.id)}
        {field(t('geo.longitude'), longitude, setLongitude, `${props.id}-longitude`)}
        <button type="button" class="button coordinates__add" aria-label={t('geo.addTyped')} onClick={add}>
          <Icon name="plus" />
        </button>
      </div>
      <p class="question__echo" role="status">
        {error()}
      </p>
    </>
  );
}

/** Measures the position and adds it when the reader finds it good enough. */
function AddMeasured(props: { onAdd(place: Place): void }) {
  const [measured, setMeasured] = createSignal<Place | null>(null);
  const position = usePosition(setMeasured, WALKING);
  const add = (place: Place) => {
    position.stop();
    setMeasured(null);
    props.onAdd(place);
  };
  return (
    <>
      <Show
        when={measured()}
        fallback={
          <button type="button" class="button" disabled={position.locating()} onClick={() => position.start()}>
            <Icon name="pin" />
            {position.locating() ? t('geo.locating') : t('geo.addHere')}
          </button>
        }
      >
        {(place) => (
          <button type="button" class="button" onClick={() => add(place())}>
            <Icon name="check" />
            {t('geo.accept')} (±{formatMetres(place().accuracy ?? 0)})
          </button>
        )}
      </Show>
      <Show when={position.failure()}>
        {(failure) => (
          <p class="question__echo" role="status">
            {t(failure() === 'denied' ? 'geo.denied' : 'geo.unavailable')}
          </p>
        )}
      </Show>
    </>
  );
}

function PathActions(props: {
  readonly centre: Place | null;
  readonly any: boolean;
  onAdd(place: Place): void;
  onUndo(): void;
  onClear(): void;
}) {
  const addCentre = () => {
    if (props.centre) props.onAdd(props.centre);
  };
  return (
    <div class="geo__actions">
      <button type="button" class="button button--primary" disabled={!props.centre} onClick={addCentre}>
        <Icon name="plus" />
        {t('geo.addPoint')}
      </button>
      <AddMeasured onAdd={(place) => props.onAdd(place)} />
      <Show when={props.any}>
        <button type="button" class="button" onClick={() => props.onUndo()}>
          <Icon name="undo" />
          {t('geo.undo')}
        </button>
        <button type="button" class="button button--quiet" onClick={() => props.onClear()}>
          <Icon name="trash" />
          {t('geo.clear')}
        </button>
      </Show>
    </div>
  );
}

export function PathInput(props: WidgetProps<InputNode>) {
  const { session } = useForm();
  const closed = props.node.valueType === 'geoshape';
  const needed = closed ? 3 : 2;
  const [centre, setCentre] = createSignal<Place | null>(null);
  // Fewer points than the kind needs are not yet an answer, so they live here.
  const [places, setPlaces] = createSignal<readonly Place[]>(placesOf(props.node.currentState.instanceValue));
  const update = (next: readonly Place[]) => {
    setPlaces(next);
    session.touch(props.node);
    if (next.length === 0 || next.length >= needed) session.enter(props.node, pathText(next, closed));
    else session.refuse(props.node, closed ? 'geo.shapeNeeds' : 'geo.traceNeeds');
  };
  const add = (place: Place) => update([...places(), place]);
  return (
    <div class="geo">
      <GeoMap places={places()} shape={closed ? 'area' : 'line'} onMove={setCentre} onTap={add} />
      <PathActions
        centre={centre()}
        any={places().length > 0}
        onAdd={add}
        onUndo={() => update(places().slice(0, -1))}
        onClear={() => update([])}
      />
      <p class="question__echo" role="status">
        {tn('geo.points', places().length)}
      </p>
      <TypedPoint id={props.id} onAdd={add} />
      <Show when={places().length > 0}>
        <ol class="points">
          <For each={places()}>{(place) => (
            <li>
              <bdi dir="ltr">{pointText(place)}</bdi>
            </li>
          )}</For>
        </ol>
      </Show>
    </div>
  );
}
