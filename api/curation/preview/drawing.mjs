
/* A small map on a canvas: Mercator, drawn from the packed basemap. `circle`, `disk`, `nearest` and EARTH_RADIUS_M stand above. */

const INK = {
  sea: "#dfe8ec", land: "#f6f4ee", border: "#b0a898", province: "#d8d2c6", country: "#665f55", city: "#57534c", halo: "#fbfaf7",
};
const FONT = '"Helvetica Neue", Helvetica, Arial, sans-serif';
const METRES_A_DEGREE = (Math.PI * EARTH_RADIUS_M) / 180;

const projectY = (lat) => {
  const phi = (Math.max(-85, Math.min(85, lat)) * Math.PI) / 180;
  return (Math.log(Math.tan(Math.PI / 4 + phi / 2)) * 180) / Math.PI;
};

/** Packed lines with their points in projected degrees and the box around each. */
export function unpack(lines) {
  return lines.map((steps) => {
    const points = new Float64Array(steps.length);
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    let [x, lat] = [0, 0];
    for (let i = 0; i < steps.length; i += 2) {
      x += steps[i];
      lat += steps[i + 1];
      const [px, py] = [x / 100, projectY(lat / 100)];
      points[i] = px;
      points[i + 1] = py;
      box[0] = Math.min(box[0], px);
      box[1] = Math.min(box[1], py);
      box[2] = Math.max(box[2], px);
      box[3] = Math.max(box[3], py);
    }
    return { points, box };
  });
}

/** The view that holds circles with some room around them, no closer than the basemap is true to. */
export function fit(circles, width, height) {
  const [{ lon: home }] = circles;
  const rings = circles.map(({ lon, lat, uncertainty_m: radius }) => circle(nearest(lon, home), lat, radius));
  const edge = rings.flat();
  // A circle around a pole goes all the way round: most of it is enough, and its far side lies at the map's top.
  const isPolar = rings.some((ring) => Math.abs(ring[ring.length - 1][0] - ring[0][0]) > 180);
  const xs = isPolar ? [home - 130, home + 130] : edge.map(([lon]) => lon);
  const ys = edge.map(([, lat]) => projectY(lat));
  const [west, east, south, north] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const stretch = Math.cos((circles[0].lat * Math.PI) / 180);
  const least = 150_000 / METRES_A_DEGREE / Math.max(stretch, 0.1);
  const scale = Math.min(width / Math.max((east - west) * 1.3, least), height / Math.max((north - south) * 1.3, least * 0.6));
  return { x: (west + east) / 2, y: (south + north) / 2, scale };
}

/** Draws land, borders, circles with their middles (the first one filled), names and a scale. */
export function draw(canvas, view, map, circles, colours) {
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const pen = canvas.getContext("2d");
  pen.scale(ratio, ratio);
  pen.lineJoin = "round";
  const toX = (x) => (x - view.x) * view.scale + width / 2;
  const toY = (y) => height / 2 - (y - view.y) * view.scale;
  const [west, east] = [view.x - width / 2 / view.scale, view.x + width / 2 / view.scale];
  const [south, north] = [view.y - height / 2 / view.scale, view.y + height / 2 / view.scale];

  pen.fillStyle = INK.sea;
  pen.fillRect(0, 0, width, height);
  const trace = (lines) => {
    pen.beginPath();
    for (const turn of [-360, 0, 360]) {
      for (const { points, box } of lines) {
        if (box[0] + turn > east || box[2] + turn < west || box[1] > north || box[3] < south) continue;
        for (let i = 0; i < points.length; i += 2) {
          const [px, py] = [toX(points[i] + turn), toY(points[i + 1])];
          if (i === 0) pen.moveTo(px, py); else pen.lineTo(px, py);
        }
      }
    }
  };
  trace(map.land);
  pen.fillStyle = INK.land;
  pen.fill("evenodd");
  pen.strokeStyle = INK.border;
  pen.lineWidth = 0.9;
  pen.stroke();
  if (view.scale > 14) {
    trace(map.lines);
    pen.strokeStyle = INK.province;
    pen.lineWidth = 1;
    pen.stroke();
  }

  // The answer last, on top of the others.
  for (let at = circles.length - 1; at >= 0; at -= 1) {
    const { lon, lat, uncertainty_m: radius } = circles[at];
    const middle = nearest(lon, view.x);
    const trail = (ring) => {
      pen.beginPath();
      for (const turn of [-360, 0, 360]) {
        ring.forEach(([x, y], i) => {
          if (i === 0) pen.moveTo(toX(x + turn), toY(projectY(y))); else pen.lineTo(toX(x + turn), toY(projectY(y)));
        });
      }
    };
    pen.strokeStyle = colours[at];
    pen.setLineDash(at ? [6, 4] : []);
    if (at === 0) {
      pen.globalAlpha = 0.16;
      pen.fillStyle = colours[0];
      trail(disk(middle, lat, radius));
      pen.fill();
      pen.globalAlpha = 1;
    }
    pen.lineWidth = 2;
    trail(circle(middle, lat, radius));
    pen.stroke();
    pen.setLineDash([]);
    pen.beginPath();
    pen.arc(toX(middle), toY(projectY(lat)), 4, 0, 2 * Math.PI);
    pen.fillStyle = colours[at];
    pen.fill();
    pen.lineWidth = 1.5;
    pen.strokeStyle = "#fff";
    pen.stroke();
  }

  drawNames(pen, view, map.names, { toX, toY, width, height });
  drawScale(pen, view, width, height);
}

function drawNames(pen, view, names, { toX, toY, width, height }) {
  const taken = [];
  for (const [lon, lat, rank, isCountry, name] of names) {
    // The closer, the more names; near enough, a country's own is of no help.
    const isShown = isCountry ? view.scale < 60 && rank <= 2 + view.scale / 3 : rank <= Math.log2(view.scale) - 1;
    const [x, y] = [toX(nearest(lon, view.x)), toY(projectY(lat))];
    if (!isShown || x < 0 || x > width || y < 0 || y > height) continue;
    pen.font = `${isCountry ? "600 12px" : "11.5px"} ${FONT}`;
    const half = pen.measureText(name).width / 2;
    const [left, top] = isCountry ? [x - half, y - 7] : [x + 6, y - 7];
    const box = [left - 3, top - 2, left + 2 * half + 3, top + 15];
    const isOut = box[0] < 2 || box[2] > width - 2 || box[3] > height - 30 || box[1] < 2;
    if (isOut || taken.some((other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1])) continue;
    taken.push(box);
    pen.lineWidth = 3;
    pen.strokeStyle = INK.halo;
    pen.strokeText(name, left, top + 11);
    pen.fillStyle = isCountry ? INK.country : INK.city;
    pen.fillText(name, left, top + 11);
    if (!isCountry) pen.fillRect(x - 1.5, y - 1.5, 3, 3);
  }
}

/** A round number of kilometres at the middle of the map. */
function drawScale(pen, view, width, height) {
  const lat = (Math.atan(Math.sinh((view.y * Math.PI) / 180)) * 180) / Math.PI;
  const pixelsAKm = (view.scale * 1000) / (METRES_A_DEGREE * Math.cos((lat * Math.PI) / 180));
  const most = 110 / pixelsAKm;
  const power = 10 ** Math.floor(Math.log10(most));
  const km = [5, 2, 1].map((digit) => digit * power).find((length) => length <= most) ?? power;
  const length = km * pixelsAKm;
  const label = `${km.toLocaleString("en")} km`;
  pen.font = `11px ${FONT}`;
  const room = Math.max(length, pen.measureText(label).width);
  pen.fillStyle = "#fffffff0";
  pen.fillRect(8, height - 29, room + 14, 22);
  pen.strokeStyle = "#1f2a30";
  pen.lineWidth = 1.4;
  pen.beginPath();
  pen.moveTo(15, height - 18);
  pen.lineTo(15, height - 12);
  pen.lineTo(15 + length, height - 12);
  pen.lineTo(15 + length, height - 18);
  pen.stroke();
  pen.fillStyle = "#1f2a30";
  pen.fillText(label, 15 + Math.max(0, (length - pen.measureText(label).width) / 2), height - 16);
}
