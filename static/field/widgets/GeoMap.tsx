/** Fetches the map's code and boundaries when a map is first opened. */
import { lazy, Suspense } from 'solid-js';
import { useForm } from '../form/context.ts';
import type { MapViewProps } from '../map/MapView.tsx';
import { Loading } from '../ui/States.tsx';

const MapView = lazy(async () => ({ default: (await import('../map/MapView.tsx')).MapView }));

export function GeoMap(props: Omit<MapViewProps, 'areas'>) {
  const { session, areas } = useForm();
  return (
    <Suspense fallback={<Loading />}>
      <MapView
        places={props.places}
        shape={props.shape}
        areas={() => areas(session.form.operation.slug)}
        onMove={(place) => props.onMove(place)}
        onTap={(place) => props.onTap(place)}
      />
    </Suspense>
  );
}
