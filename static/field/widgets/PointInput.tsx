/** A place: measured by the device, put on the map, or written as coordinates. */
import { createEffect, createMemo, createSignal, For, on, Show } from 'solid-js';
import { appearances, type InputNode } from '../engine/types.ts';
import { readDecimal, readDegrees } from '../engine/values.ts';
import { useForm } from '../form/context.ts';
import { formatMetres, t, type MessageKey } from '../i18n/index.ts';
import { placeOf, pointText, type Place } from '../lib/position.ts';
import { Icon } from '../ui/Icon.tsx';
import { GeoMap } from './GeoMap.tsx';
import type { WidgetProps } from './props.ts';
import { usePosition } from './usePosition.ts';

const PARTS = ['latitude', 'longitude', 'altitude'] as const;
type Part = (typeof PARTS)[number];
const NAMES: Readonly<Record<Part, MessageKey>> = {
  latitude: 'geo.latitude',
  longitude: 'geo.longitude',
  altitude: 'geo.altitude',
};
type Written = Readonly<Record<Part, string>>;

const BLANK: Written = { latitude: '', longitude: '', altitude: '' };

function written(place: Place | null): Written {
  if (!place) return BLANK;
  return {
    latitude: String(place.latitude),
    longitude: String(place.longitude),
    altitude: place.altitude === null ? '' : String(place.altitude),
  };
}

/** The point that the written parts make, or why they make none. */
export function readPoint(parts: Written): { readonly text: string } | { readonly error: MessageKey } {
  const latitude = readDegrees(parts.latitude, 90);
  const longitude = readDegrees(parts.longitude, 180);
  const altitude = readDecimal(parts.altitude);
  if (!latitude.ok) return { error: latitude.error };
  if (!longitude.ok) return { error: longitude.error };
  if (!altitude.ok) return { error: altitude.error };
  if (latitude.value === '' && longitude.value === '') return { text: '' };
  if (latitude.value === '' || longitude.value === '') return { error: 'value.bothDegrees' };
  return { text: [latitude.value, longitude.value, altitude.value].filter(Boolean).join(' ') };
}

function Coordinates(props: WidgetProps<InputNode>) {
  const { session } = useForm();
  const place = () => placeOf(props.node.currentState.instanceValue);
  const [parts, setParts] = createSignal<Written>(written(place()));
  createEffect(
    on(
      () => props.node.currentState.instanceValue,
      () => {
        if (!session.state.unreadable[props.node.nodeId]) setParts(written(place()));
      },
      { defer: true },
    ),
  );
  const take = (part: Part, text: string) => {
    setParts({ ...parts(), [part]: text });
    const reading = readPoint(parts());
    if ('text' in reading) session.enter(props.node, reading.text);
    // While the second number is still to come, half a point is not yet a mistake.
    else if (reading.error !== 'value.bothDegrees' || place()) session.refuse(props.node, reading.error);
  };
  return (
    <div class="coordinates">
      <For each={PARTS}>
        {(part, index) => (
          <label class="coordinates__part">
            <span class="field-name">{t(NAMES[part])}</span>
            <input
              type="text"
              class="input"
              id={index() === 0 ? props.id : `${props.id}-${part}`}
              dir="ltr"
              inputmode="text"
              autocomplete="off"
              value={parts()[part]}
              aria-invalid={props.invalid}
              onChange={(event) => take(part, event.currentTarget.value)}
            />
          </label>
        )}
      </For>
    </div>
  );
}

function PositionButton(props: { readonly position: ReturnType<typeof usePosition>; readonly again: boolean }) {
  return (
    <Show
      when={props.position.locating()}
      fallback={
        <button type="button" class="button button--primary" onClick={() => props.position.start()}>
          <Icon name="pin" />
          {props.again ? t('geo.improve') : t('geo.here')}
        </button>
      }
    >
      <button type="button" class="button" onClick={() => props.position.stop()}>
        <Icon name="check" />
        {t('geo.accept')}
      </button>
    </Show>
  );
}

function PointMap(props: { readonly place: Place | null; onPut(place: Place): void }) {
  const [centre, setCentre] = createSignal<Place | null>(null);
  const put = () => {
    const at = centre();
    if (at) props.onPut(at);
  };
  return (
    <>
      <GeoMap
        places={props.place ? [props.place] : []}
        shape="point"
        onMove={setCentre}
        onTap={(place) => props.onPut(place)}
      />
      <button type="button" class="button" disabled={!centre()} onClick={put}>
        <Icon name="pin" />
        {t('geo.placeHere')}
      </button>
    </>
  );
}

export function PointInput(props: WidgetProps<InputNode>) {
  const { session } = useForm();
  const looks = appearances(props.node);
  const [mapOpen, setMapOpen] = createSignal(looks.has('placement-map') || looks.has('maps'));
  const place = createMemo(() => placeOf(props.node.currentState.instanceValue));
  const put = (chosen: Place) => session.enter(props.node, pointText(chosen));
  const options = props.node.valueType === 'geopoint' ? props.node.nodeOptions : null;
  const position = usePosition(put, options?.accuracyThreshold ?? null);
  return (
    <div class="geo">
      <div class="geo__actions">
        <PositionButton position={position} again={place() !== null} />
        <button type="button" class="button" aria-expanded={mapOpen()} onClick={() => setMapOpen(!mapOpen())}>
          <Icon name="map" />
          {mapOpen() ? t('geo.hideMap') : t('geo.onMap')}
        </button>
      </div>
      <p class="question__echo" role="status">
        <Show when={position.locating()}>{t('geo.locating')} </Show>
        <Show when={place()?.accuracy}>{(accuracy) => <>{t('geo.accuracy', { metres: formatMetres(accuracy()) })}</>}</Show>
        <Show when={position.failure()}>
          {(failure) => t(failure() === 'denied' ? 'geo.denied' : 'geo.unavailable')}
        </Show>
      </p>
      <Show when={mapOpen()}>
        <PointMap place={place()} onPut={put} />
      </Show>
      <Coordinates {...props} />
      <Show when={place()}>
        <button type="button" class="button button--link" onClick={() => session.enter(props.node, '')}>
          {t('fill.clear')}
        </button>
      </Show>
    </div>
  );
}
