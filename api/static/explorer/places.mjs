/** Places: incidents gathered by where they are drawn, because many share one town or one area. */

import { circle, disk, mercatorPixels } from "./sphere.mjs";

const MIXED = "mixed";

/** One place for each distinct point and precision: `{key, lon, lat, radius_m, isArea, category, records}`. */
export function gather(records) {
  const places = new Map();
  for (const record of records) {
    if (!Number.isFinite(record.lon) || !Number.isFinite(record.lat)) continue;
    const isArea = record.precision !== "settlement";
    const key = [record.lon, record.lat, isArea ? record.uncertainty_m : "settlement"].join(" ");
    const place = places.get(key);
    if (!place) {
      places.set(key, {
        key,
        isArea,
        lon: record.lon,
        lat: record.lat,
        radius_m: record.uncertainty_m,
        category: record.category,
        records: [record],
      });
    } else {
      place.records.push(record);
      if (place.category !== record.category) place.category = MIXED;
    }
  }
  return places;
}

/** Towns and cities, as points. */
export function pointFeatures(places) {
  return centreFeatures(places.filter((place) => !place.isArea));
}

/** The middle of each place, with the size that its disk has on a map at zoom 0. */
export function centreFeatures(places) {
  return collection(places.map((place) => feature(place, {
    type: "Point",
    coordinates: [place.lon, place.lat],
  })));
}

/** Areas as disks. Large ones come first, so that small ones are drawn above them and can be clicked. */
export function diskFeatures(places) {
  const ordered = places.filter((place) => place.radius_m > 0).sort((a, b) => b.radius_m - a.radius_m);
  return collection(ordered.map((place) => feature(place, {
    type: "Polygon",
    coordinates: [disk(place.lon, place.lat, place.radius_m)],
  })));
}

/** The outlines of those disks: lines of their own, because a polar disk's polygon has edges that are no outline. */
export function outlineFeatures(places) {
  return collection(places.filter((place) => place.radius_m > 0).map((place) => feature(place, {
    type: "LineString",
    coordinates: circle(place.lon, place.lat, place.radius_m),
  })));
}

/** Positions that a view has to hold in order to show the places whole. */
export function extent(places) {
  return places.flatMap((place) => (
    place.isArea && place.radius_m > 0
      ? circle(place.lon, place.lat, place.radius_m, 36)
      : [[place.lon, place.lat]]
  ));
}

function feature(place, geometry) {
  const { key, category, records, lat, radius_m } = place;
  const radius_z0_px = mercatorPixels(radius_m ?? 0, lat);
  return { type: "Feature", geometry, properties: { key, category, incidents: records.length, radius_z0_px } };
}

function collection(features) {
  return { type: "FeatureCollection", features };
}
