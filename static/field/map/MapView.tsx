/**
 * The map of the client: the operation's own boundaries, no tiles, nothing from
 * elsewhere. A cross in the middle marks a place, so that it works by dragging,
 * by keyboard and with gloves alike.
 */
import 'leaflet/dist/leaflet.css';
import './map.css';
import * as L from 'leaflet';
import { createEffect, onCleanup, onMount } from 'solid-js';
import { t } from '../i18n/index.ts';
import type { Place } from '../lib/position.ts';

export interface MapViewProps {
  readonly places: readonly Place[];
  readonly shape: 'point' | 'line' | 'area';
  areas(): Promise<GeoJSON.FeatureCollection>;
  /** Called with the place under the cross whenever the map has moved. */
  onMove(place: Place): void;
  /** Called with a place that was tapped. */
  onTap(place: Place): void;
}

const WORLD: L.LatLngBoundsExpression = [
  [-55, -170],
  [70, 170],
];
const CLOSE = 15;

const toPlace = (at: L.LatLng): Place => {
  const { lat, lng } = at.wrap();
  return { latitude: lat, longitude: lng, altitude: null, accuracy: null };
};

const nameOf = (feature: GeoJSON.Feature): string => {
  const name: unknown = feature.properties?.['name'];
  return typeof name === 'string' ? name : '';
};

function drawAreas(map: L.Map, areas: GeoJSON.FeatureCollection, showAll: boolean): void {
  const layer = L.geoJSON(areas, {
    interactive: false,
    style: { className: 'map__area' },
    onEachFeature: (feature, drawn) => {
      const name = nameOf(feature);
      // Text goes in as a node: names are data and never markup.
      if (name) drawn.bindTooltip(() => document.createTextNode(name) as unknown as HTMLElement, LABEL);
    },
  }).addTo(map);
  if (showAll && layer.getBounds().isValid()) map.fitBounds(layer.getBounds());
}

const LABEL: L.TooltipOptions = { permanent: true, direction: 'center', className: 'map__name' };

function drawPlaces(layer: L.LayerGroup, places: readonly Place[], shape: MapViewProps['shape']): void {
  layer.clearLayers();
  const points = places.map((place) => L.latLng(place.latitude, place.longitude));
  if (shape === 'line' && points.length > 1) layer.addLayer(L.polyline(points, { className: 'map__line' }));
  if (shape === 'area' && points.length > 1) layer.addLayer(L.polygon(points, { className: 'map__shape' }));
  const radius = shape === 'point' ? 9 : 6;
  for (const point of points) layer.addLayer(L.circleMarker(point, { radius, className: 'map__point' }));
  const [place] = places;
  const [point] = points;
  if (shape === 'point' && point && place?.accuracy) {
    layer.addLayer(L.circle(point, { radius: place.accuracy, className: 'map__accuracy', interactive: false }));
  }
}

function createMap(element: HTMLElement): L.Map {
  const map = L.map(element, { attributionControl: false, zoomControl: false, worldCopyJump: true, maxZoom: 19, zoomSnap: 0.25 });
  L.control.zoom({ zoomInTitle: t('geo.zoomIn'), zoomOutTitle: t('geo.zoomOut') }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  return map;
}

export function MapView(props: MapViewProps) {
  let element: HTMLDivElement | undefined;
  onMount(() => {
    if (!element) return;
    const map = createMap(element);
    const [first] = props.places;
    if (first) map.setView([first.latitude, first.longitude], CLOSE);
    else map.fitBounds(WORLD);
    const drawn = L.layerGroup().addTo(map);
    createEffect(() => {
      drawPlaces(drawn, props.places, props.shape);
      const latest = props.places.at(-1);
      if (latest && !map.getBounds().contains([latest.latitude, latest.longitude])) {
        map.setView([latest.latitude, latest.longitude], Math.max(map.getZoom(), CLOSE));
      }
    });
    map.on('moveend', () => props.onMove(toPlace(map.getCenter())));
    map.on('click', (event) => props.onTap(toPlace(event.latlng)));
    // Without boundaries the map still takes points: it is only less easy to read.
    props.areas().then(
      (areas) => drawAreas(map, areas, !first),
      () => undefined,
    );
    onCleanup(() => map.remove());
  });
  return (
    <div class="map">
      <div
        class="map__canvas"
        role="application"
        aria-label={t('geo.map')}
        tabindex="0"
        ref={(created) => {
          element = created;
        }}
      />
      <span class="map__cross" aria-hidden="true" />
      <p class="map__help">{t('geo.mapHelp')}</p>
      <p class="map__help">{t('geo.disclaimer')}</p>
    </div>
  );
}
