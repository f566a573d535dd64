/** Measuring the position from a widget: what it says while it waits and when it fails. */
import { createSignal, onCleanup } from 'solid-js';
import { watchPosition, type Place, type PositionFailure, type Watch } from '../lib/position.ts';

const GOOD_ENOUGH = 5;

export function usePosition(onBetter: (place: Place) => void, goodEnough: number | null = null) {
  const [locating, setLocating] = createSignal(false);
  const [accuracy, setAccuracy] = createSignal<number | null>(null);
  const [failure, setFailure] = createSignal<PositionFailure | null>(null);
  let watch: Watch | null = null;
  onCleanup(() => watch?.stop());
  return {
    locating,
    accuracy,
    failure,
    stop: () => watch?.stop(),
    start() {
      setFailure(null);
      setAccuracy(null);
      setLocating(true);
      watch = watchPosition(
        (place) => {
          setAccuracy(place.accuracy);
          onBetter(place);
        },
        (reason) => {
          setLocating(false);
          setFailure(reason);
        },
        goodEnough ?? GOOD_ENOUGH,
      );
    },
  };
}
