/** Figures as people read them. */

export const numbers = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });
export const money = new Intl.NumberFormat(undefined, {
  minimumFractionDigits: 2,
  maximumFractionDigits: 2,
});

/** A time of day, to the minute where `isCoarse`. */
export function timeOfDay(seconds, isCoarse = false) {
  const options = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  if (!isCoarse) options.second = "2-digit";
  return new Date(seconds * 1000).toLocaleTimeString([], options);
}

export function bytes(count) {
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  let unit = 0;
  while (count >= 1000 && unit < units.length - 1) {
    count /= 1000;
    unit++;
  }
  return `${numbers.format(count)} ${units[unit]}`;
}

export function duration(milliseconds) {
  if (milliseconds === null) return "–";
  if (milliseconds < 1) return `${numbers.format(milliseconds * 1000)} µs`;
  return milliseconds < 1000
    ? `${numbers.format(milliseconds)} ms`
    : `${numbers.format(milliseconds / 1000)} s`;
}
