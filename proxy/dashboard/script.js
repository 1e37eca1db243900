/** Shows the figures as they come. */

import { Charts } from "./charts.js";
import { bytes, duration, money, numbers } from "./format.js";

const element = (id) => document.getElementById(id);
function show(id, text) {
  const node = element(id);
  if (node.textContent !== text) node.textContent = text;
}

function showStats(stats, prices) {
  const { cache, events, latencyMs } = stats;
  const all = Object.values(stats.requests).reduce((sum, count) => sum + count, 0);
  show("version", stats.version);
  show("hit-rate", stats.hitRate === null ? "–" : `${numbers.format(100 * stats.hitRate)} %`);
  show("hits", numbers.format(stats.hits));
  show("misses", numbers.format(stats.misses));
  show("saved-requests", numbers.format(stats.savedRequests));
  show("all-requests", numbers.format(all));
  show("saved-bytes", bytes(stats.savedBytes));
  show("served-bytes", bytes(stats.servedBytes));
  const saved = stats.savedBytes / 1e9 * prices.gigabyte +
    stats.savedRequests / 1000 * prices.thousandRequests;
  show("saved-money", money.format(saved));
  show("prices", `at ${prices.gigabyte} a GB and ${prices.thousandRequests} for 1000 requests`);
  show("hit-latency", duration(latencyMs.hit.p50));
  show("hit-latency-99", duration(latencyMs.hit.p99));
  show("miss-latency", duration(latencyMs.miss.p50));
  show("miss-latency-99", duration(latencyMs.miss.p99));
  show("held-bytes", bytes(cache.bytes));
  show("max-bytes", bytes(cache.maxBytes));
  show("entries", numbers.format(cache.entries));
  show("max-entries", numbers.format(cache.maxEntries));
  show("evictions", numbers.format(cache.evictions));
  element("memory").value = cache.maxBytes === 0 ? 0 : cache.bytes / cache.maxBytes;
  show("mismatches", numbers.format(events.mismatch));
  element("mismatches").classList.toggle("bad", events.mismatch > 0);
  show("verified", numbers.format(events.verified));
}

/** A row of a table: text, and numbers on the right. */
function row(...cells) {
  const line = document.createElement("tr");
  for (const cell of cells) {
    const place = line.appendChild(document.createElement("td"));
    place.textContent = cell;
    if (line.childElementCount > 1) place.className = "number";
  }
  return line;
}

function showTables({ stats, hottest, events }) {
  element("hottest").replaceChildren(
    ...hottest.map(({ name, reads }) => row(name, numbers.format(reads))),
  );
  const buckets = Object.entries(stats.buckets).map(([name, own]) => {
    const all = Object.values(own.requests).reduce((sum, count) => sum + count, 0);
    return {
      all,
      line: [name, numbers.format(all), numbers.format(own.savedRequests), bytes(own.savedBytes)],
    };
  });
  element("buckets").replaceChildren(
    ...buckets.filter(({ all }) => all > 0).sort((one, other) => other.all - one.all)
      .map(({ line }) => row(...line)),
  );
  element("events").replaceChildren(...events.map(eventLine));
  element("no-events").hidden = events.length > 0;
}

function eventLine({ time, level, message, fields }) {
  const line = document.createElement("li");
  line.className = level;
  const part = (tag, className, text) => {
    const node = line.appendChild(document.createElement(tag));
    node.className = className;
    node.textContent = text;
    line.append(" ");
  };
  part("time", "", new Date(time).toLocaleTimeString());
  part("span", "message", message);
  const told = Object.entries(fields).map(([name, value]) => `${name}: ${value}`);
  part("span", "fields", told.join(", "));
  return line;
}

function present(told, prices) {
  showStats(told.stats, prices);
  showTables(told);
}

function state(text, className) {
  show("state", text);
  element("state").className = className;
}

function listen(charts) {
  const feed = new EventSource("/feed");
  const prices = { gigabyte: 0, thousandRequests: 0 };
  feed.addEventListener("history", (event) => {
    const told = JSON.parse(event.data);
    Object.assign(prices, told.prices);
    state(`live, since ${new Date(told.stats.startedAt).toLocaleString()}`, "live");
    present(told, prices);
    charts.begin(told.samples);
  });
  feed.addEventListener("sample", (event) => {
    const told = JSON.parse(event.data);
    present(told, prices);
    charts.add(told.sample);
  });
  feed.addEventListener("error", () => state("connection lost; trying again …", "lost"));
}

element("explain").addEventListener("submit", async (event) => {
  event.preventDefault();
  const query = new URLSearchParams(new FormData(event.target));
  const place = element("explanation");
  place.hidden = false;
  try {
    const answer = await fetch(`/explain?${query}`);
    place.textContent = answer.ok
      ? JSON.stringify(await answer.json(), null, 2)
      : await answer.text();
  } catch {
    place.textContent = "the proxy does not answer";
  }
});

listen(new Charts());
