/**
 * The device's position, watched until it is good enough or the reader has
 * waited long enough. A first fix is often a kilometre off; the best one wins.
 */
export interface Place {
  readonly latitude: number;
  readonly longitude: number;
  readonly altitude: number | null;
  readonly accuracy: number | null;
}

export type PositionFailure = 'denied' | 'unavailable';

export interface Watch {
  stop(): void;
}

const LONGEST = 60_000;
const DENIED = 1;

export function watchPosition(
  onBetter: (place: Place) => void,
  onEnd: (failure: PositionFailure | null) => void,
  goodEnough: number,
): Watch {
  if (!('geolocation' in navigator)) {
    onEnd('unavailable');
    return { stop: () => undefined };
  }
  let best: number | null = null;
  let ended = false;
  const end = (failure: PositionFailure | null) => {
    if (ended) return;
    ended = true;
    navigator.geolocation.clearWatch(id);
    clearTimeout(timer);
    onEnd(best === null ? failure : null);
  };
  const timer = setTimeout(() => end('unavailable'), LONGEST);
  const id = navigator.geolocation.watchPosition(
    ({ coords }) => {
      if (best !== null && coords.accuracy >= best) return;
      best = coords.accuracy;
      onBetter({
        latitude: coords.latitude,
        longitude: coords.longitude,
        altitude: coords.altitude,
        accuracy: coords.accuracy,
      });
      if (coords.accuracy <= goodEnough) end(null);
    },
    (error) => end(error.code === DENIED ? 'denied' : 'unavailable'),
    { enableHighAccuracy: true, maximumAge: 0, timeout: LONGEST },
  );
  return { stop: () => end(null) };
}

const DIGITS = 7;
const short = (value: number): string => String(Number(value.toFixed(DIGITS)));

/** "latitude longitude altitude accuracy", as forms store a point. */
export function pointText(place: Place): string {
  const parts = [short(place.latitude), short(place.longitude)];
  if (place.altitude !== null || place.accuracy !== null) parts.push(short(place.altitude ?? 0));
  if (place.accuracy !== null) parts.push(String(Math.round(place.accuracy * 10) / 10));
  return parts.join(' ');
}

export function placeOf(text: string): Place | null {
  const [latitude, longitude, altitude, accuracy] = text.trim().split(/\s+/).map(Number);
  if (latitude === undefined || longitude === undefined) return null;
  if ([latitude, longitude].some((value) => Number.isNaN(value))) return null;
  return { latitude, longitude, altitude: altitude ?? null, accuracy: accuracy ?? null };
}

/** The places of a line or an area; the closing point of an area is left out. */
export function placesOf(text: string): Place[] {
  const places = text
    .split(';')
    .map(placeOf)
    .filter((place) => place !== null);
  const [first] = places;
  const last = places.at(-1);
  const closed = places.length > 1 && first?.latitude === last?.latitude && first?.longitude === last?.longitude;
  return closed ? places.slice(0, -1) : places;
}

/** A line as forms store it; an area repeats its first point at the end. */
export function pathText(places: readonly Place[], closed: boolean): string {
  const [first] = places;
  const all = closed && first ? [...places, first] : places;
  return all.map(pointText).join(';');
}
