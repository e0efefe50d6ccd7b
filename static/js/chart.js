// Draws the charts of a page. Markup: templates/_chart.html. The figure is Plotly's JSON.
//
// Colours in a figure are names of CSS custom properties, "var(--chart-1)"; they are looked up
// here, so that a chart follows the light, dark and high-contrast schemes.

const script = document.currentScript;
const language = document.documentElement.lang || "en";
const narrow = 544; // px; the container width under which tables become cards, too
const drawn = new Map(); // element → figure as fetched

let plotly; // one promise for all charts of the page

// On a phone the first seconds belong to the words and the table: reading Plotly's 400 KB stops a
// cheap one for a second. There, charts wait for a sign of the reader or for seven quiet seconds.
const reader = new Promise((resolve) => {
  if (matchMedia("(width >= 62rem)").matches) resolve();
  for (const sign of ["scroll", "pointerdown", "pointermove", "wheel", "keydown"]) {
    window.addEventListener(sign, resolve, { once: true, passive: true });
  }
  window.addEventListener("load", () => setTimeout(resolve, 7000));
});

function loadPlotly() {
  plotly ??= new Promise((resolve, reject) => {
    const tag = document.createElement("script");
    tag.src = script.dataset.plotly;
    tag.onload = () => {
      window.Plotly.register(localeOf(language));
      resolve(window.Plotly);
    };
    tag.onerror = () => reject(new Error("Plotly could not be loaded"));
    document.head.append(tag);
  });
  return plotly;
}

// Month and day names and separators, as the browser knows them for the page's language.
function localeOf(name) {
  const names = (options, dates) =>
    dates.map((date) => new Intl.DateTimeFormat(name, { ...options, timeZone: "UTC" }).format(date));
  const months = Array.from({ length: 12 }, (_, month) => new Date(Date.UTC(2024, month, 15)));
  const days = Array.from({ length: 7 }, (_, day) => new Date(Date.UTC(2024, 8, 1 + day))); // Sunday first
  const parts = new Intl.NumberFormat(name, { useGrouping: "always" }).formatToParts(1234567.8);
  const part = (type, otherwise) => parts.find((each) => each.type === type)?.value ?? otherwise;
  const order = new Intl.DateTimeFormat(name).formatToParts(months[0]).map((each) => each.type);
  const dayFirst = order.indexOf("day") < order.indexOf("month");
  return {
    moduleType: "locale",
    name,
    dictionary: {},
    format: {
      months: names({ month: "long" }, months),
      shortMonths: names({ month: "short" }, months),
      days: names({ weekday: "long" }, days),
      shortDays: names({ weekday: "short" }, days),
      decimal: part("decimal", "."),
      thousands: part("group", ","),
      grouping: [3],
      currency: ["", ""],
      periods: ["AM", "PM"],
      date: dayFirst ? "%d/%m/%Y" : "%m/%d/%Y",
      time: "%H:%M:%S",
      dateTime: "%x %X",
      year: "%Y",
      month: "%b %Y",
      dayMonth: dayFirst ? "%-d %b" : "%b %-d",
      dayMonthYear: dayFirst ? "%-d %b %Y" : "%b %-d, %Y",
    },
  };
}

// Reads custom properties as colours; light-dark() is only resolved on a real element.
function colourReader(element, isPaper) {
  const probe = document.createElement("span");
  probe.hidden = true;
  if (isPaper) probe.style.colorScheme = "light";
  probe.style.forcedColorAdjust = "none"; // else forced colours make all lines one colour
  element.append(probe);
  const seen = new Map();
  return {
    read(name) {
      if (!seen.has(name)) {
        probe.style.color = `var(${name})`;
        seen.set(name, getComputedStyle(probe).color);
      }
      return seen.get(name);
    },
    done: () => probe.remove(),
  };
}

// A copy of the value in which every "var(--name)" is the colour it stands for now.
function coloured(value, read) {
  if (typeof value === "string") {
    const found = /^var\((--[\w-]+)\)$/.exec(value);
    return found ? read(found[1]) : value;
  }
  if (Array.isArray(value)) return value.map((each) => coloured(each, read));
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, coloured(each, read)]));
  }
  return value;
}

function axis(given, read, ticks, showgrid) {
  return {
    automargin: true,
    fixedrange: true,
    gridcolor: read("--chart-grid"),
    linecolor: read("--chart-grid"),
    zerolinecolor: read("--chart-grid"),
    nticks: ticks,
    showgrid,
    ...given,
  };
}

function layoutFor(element, given, read, size) {
  const small = !size && element.clientWidth < narrow;
  const style = getComputedStyle(element);
  const format = localeOf(language).format;
  const axes = Object.fromEntries(
    Object.keys({ xaxis: 0, yaxis: 0, ...given })
      .filter((key) => /^[xy]axis\d*$/.test(key))
      .map((key) => [key, axis(given[key], read, key[0] === "x" && small ? 4 : 8, key[0] === "y")]),
  );
  return {
    colorway: [1, 2, 3, 4, 5, 6, 7, 8].map((number) => read(`--chart-${number}`)),
    hovermode: "closest",
    separators: format.decimal + format.thousands,
    ...given,
    ...axes,
    autosize: !size,
    dragmode: false,
    width: size?.width,
    height: size?.height,
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { size: small ? 12 : 14, ...given.font, family: style.fontFamily, color: read("--ink") },
    margin: { t: 16, r: 16, b: 40, l: 40, ...given.margin },
    legend: { orientation: "h", x: 0, xanchor: "left", y: small ? -0.15 : -0.12, yanchor: "top", ...given.legend },
    hoverlabel: {
      bgcolor: read("--card"),
      bordercolor: read("--field-line"),
      ...given.hoverlabel,
      font: { family: style.fontFamily, color: read("--ink") },
    },
  };
}

// size: that of the paper; without, the chart fills its element and follows it.
async function draw(element, size) {
  const Plotly = await loadPlotly();
  const colours = colourReader(document.body, Boolean(size));
  const figure = coloured(drawn.get(element), colours.read);
  const layout = layoutFor(element, figure.layout ?? {}, colours.read, size);
  colours.done();
  if (size) element.style.setProperty("--drawn", `${size.height}px`);
  await Plotly.react(element, figure.data, layout, {
    displayModeBar: false,
    locale: language,
    responsive: true,
    scrollZoom: false,
  });
  element.querySelector(".chart__waiting")?.remove();
  element.dataset.ready = "yes";
}

async function start(element) {
  try {
    const answer = await fetch(element.dataset.chart, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`The figure answered ${answer.status}`);
    drawn.set(element, await answer.json());
    await reader;
    await draw(element);
  } catch (error) {
    drawn.delete(element);
    element.dataset.ready = "failed";
    element.querySelector(".chart__waiting")?.remove();
    element.querySelector(".chart__failed")?.removeAttribute("hidden");
    console.warn(error.message);
  }
}

const inView = new IntersectionObserver(
  (entries) => {
    for (const entry of entries.filter((each) => each.isIntersecting)) {
      inView.unobserve(entry.target);
      start(entry.target);
    }
  },
  { rootMargin: "200px" },
);

function watch(root) {
  for (const element of root.querySelectorAll("[data-chart]:not([data-ready])")) inView.observe(element);
}

// Charts that are still on the page: htmx may have taken some away.
function onPage() {
  for (const element of drawn.keys()) if (!element.isConnected) drawn.delete(element);
  return [...drawn.keys()].filter((element) => element.dataset.ready === "yes");
}

const redraw = (size) => onPage().forEach((element) => draw(element, size));

// A change of scheme draws every chart again, in its new colours.
for (const query of ["(prefers-color-scheme: dark)", "(prefers-contrast: more)"]) {
  matchMedia(query).addEventListener("change", () => redraw());
}

// Paper is white and narrower than most screens. Some browsers tell of it by the event alone, and
// some ways to print by the media type alone.
const paper = { width: 620, height: 380 }; // px; between the margins of A4 and of Letter
window.addEventListener("beforeprint", () => redraw(paper));
window.addEventListener("afterprint", () => redraw());
matchMedia("print").addEventListener("change", (print) => redraw(print.matches ? paper : undefined));

watch(document);
document.addEventListener("htmx:afterSettle", (event) => watch(event.target));
