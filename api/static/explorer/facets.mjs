/** What can be chosen in each filter, counted as if that filter were open and the others were not. */

/** `[{value, label, count}]`, by label. */
export function countryOptions(records, state) {
  return count(records, state, "country", (record) => record.country_name || record.country);
}

export function categoryOptions(records, state, labelOf) {
  return count(records, state, "category", (record) => labelOf(record.category));
}

/** Every year that an incident touches, first to last. */
export function years(records) {
  const known = records.flatMap((record) => [yearOf(record.date_start), yearOf(record.date_end)]).filter(Boolean);
  if (known.length === 0) return [];
  const first = Math.min(...known);
  return Array.from({ length: Math.max(...known) - first + 1 }, (_, i) => String(first + i));
}

function count(records, state, name, labelOf) {
  const found = new Map();
  for (const record of records) {
    const value = record[name];
    if (!found.has(value)) found.set(value, { value, label: labelOf(record), count: 0 });
    if (matches(record, { ...state, [name]: "" })) found.get(value).count += 1;
  }
  return [...found.values()].sort((a, b) => a.label.localeCompare(b.label, "en"));
}

function matches(record, { country, category, from, to }) {
  return (!country || country.split(",").includes(record.country))
    && (!category || category.split(",").includes(record.category))
    && (!from || yearOf(record.date_end) >= Number(from))
    && (!to || yearOf(record.date_start) <= Number(to));
}

function yearOf(date) {
  return date ? Number(date.slice(0, 4)) : NaN;
}
