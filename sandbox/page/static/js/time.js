// Moments as Slack writes them.

const TIME = { hour: "numeric", minute: "2-digit" };
const LONG = { year: "numeric", month: "long", day: "numeric" };
const SHORT = { year: "numeric", month: "short", day: "numeric" };

const TOKENS = {
  date_num: (at) => at.toISOString().slice(0, 10),
  date: (at) => write(at, LONG),
  date_short: (at) => write(at, SHORT),
  date_long: (at) => write(at, { ...LONG, weekday: "long" }),
  date_pretty: (at) => pretty(at, LONG),
  date_short_pretty: (at) => pretty(at, SHORT),
  date_long_pretty: (at) => pretty(at, { ...LONG, weekday: "long" }),
  time: (at) => write(at, TIME),
  time_secs: (at) => write(at, { ...TIME, second: "2-digit" }),
  ago: (at) => ago(at),
};

// `format` as in <!date^…> and in rich text: "{date_short_pretty} at {time}".
export function formatDate(seconds, format) {
  const at = new Date(seconds * 1000);
  return format.replace(/\{(\w+)\}/g, (whole, token) => TOKENS[token]?.(at) ?? whole);
}

export function clock(ts) {
  return write(new Date(Number(ts) * 1000), TIME);
}

export function clockWithSeconds(seconds) {
  return write(new Date(seconds * 1000), { ...TIME, second: "2-digit" });
}

export function dayOf(ts) {
  const at = new Date(Number(ts) * 1000);
  const near = relativeDay(at);
  return near || write(at, { weekday: "long", month: "long", day: "numeric" });
}

// Making a format is slow, and a channel has thousands of moments.
const formats = new Map();

function write(at, options) {
  const key = JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat("en-US", options));
  return formats.get(key).format(at);
}

function pretty(at, options) {
  return relativeDay(at)?.toLowerCase() || write(at, options);
}

function relativeDay(at) {
  const days = Math.round((startOfDay(new Date()) - startOfDay(at)) / 86_400_000);
  return { 0: "Today", 1: "Yesterday", [-1]: "Tomorrow" }[days] ?? "";
}

function startOfDay(at) {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate());
}

function ago(at) {
  const minutes = Math.round((at - Date.now()) / 60_000);
  const [value, unit] = Math.abs(minutes) < 90 ? [minutes, "minute"] : [Math.round(minutes / 60), "hour"];
  return new Intl.RelativeTimeFormat("en-US").format(value, unit);
}
