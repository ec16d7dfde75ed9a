/** A chart over time: the band from least to most with the mean, or the increase in each step. The one file that knows uPlot. */
import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { FieldModel } from "../form/field.ts";
import { gapOf, type Series } from "../live/series.ts";
import type { Mark } from "../live/marks.ts";
import { hubNow } from "../live/time.ts";
import { inWords, tickOf, wholeMomentOf } from "../words/format.ts";
import { dateIn, dayOf, locale } from "../words/locale.ts";
import { useTheme } from "./theme.ts";

/** A mark with what is said of it under the crosshair. */
export interface NamedMark extends Pick<Mark, "at" | "tone"> {
  title: string;
}

interface Props {
  series: Series;
  field: FieldModel;
  marks: readonly NamedMark[];
  /** Null follows the present, so wide. */
  span: number | null;
  /** Which of several below each other: they share a crosshair. Null for one alone. */
  place: number | null;
  label: string;
  /** Dragged over: look closer. */
  onZoom(from: number, to: number): void;
}

const HEIGHT = 260;
const HEIGHT_OF_SEVERAL = 168;
/** As wide for each of several, so that the same time stands above the same time. */
const AXIS_OF_SEVERAL = 60;

export function Plot({ series, field, marks, span, place, label, onZoom }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const readout = useRef<HTMLParagraphElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef({ series, marks, span, onZoom });
  latest.current = { series, marks, span, onZoom };
  const theme = useTheme();
  useEffect(() => {
    const element = box.current!;
    const made = new uPlot(
      optionsOf({ element, readout: readout.current!, field, kept: series.class, place, latest }),
      dataOf(series),
      element,
    );
    plot.current = made;
    const resized = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: heightOf(place) }));
    resized.observe(element);
    const moving = setInterval(() => follow(made, latest.current), 1000);
    return () => {
      clearInterval(moving);
      resized.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [field, series.class, place, theme]);
  useEffect(() => {
    plot.current?.setData(dataOf(series), false);
    if (plot.current) follow(plot.current, latest.current);
  }, [series, span, marks]);
  return (
    <>
      <div ref={box} className="plot live" data-small={place !== null} role="img" aria-label={label} />
      <p ref={readout} className="readout" aria-hidden="true" />
    </>
  );
}

const heightOf = (place: number | null) => place === null ? HEIGHT : HEIGHT_OF_SEVERAL;

interface Latest {
  current: Pick<Props, "series" | "marks" | "span" | "onZoom">;
}

/** The window moves with the hub's clock, not with the data: silence has to be seen. */
function follow(plot: uPlot, { series, span }: Latest["current"]): void {
  const to = span === null ? series.to : hubNow();
  const from = span === null ? series.from : to - span;
  plot.setScale("x", { min: from / 1000, max: to / 1000 });
}

/** Columns for uPlot, with a hole where a gap is; between bars there is room as it is. */
function dataOf(series: Series): uPlot.AlignedData {
  const { points, class: kept } = series;
  const gap = kept === "gauge" ? gapOf(series) : Infinity;
  const rows: (number | null)[][] = [];
  let last = Infinity;
  for (const point of points) {
    const [start, ...rest] = point.map(Number);
    if (start - last > gap) rows.push([(last + 1) / 1000, null, null, null]);
    // Gauge points are [start, min, mean, max, count], counter points [start, increase, count].
    rows.push([start / 1000, ...(kept === "gauge" ? [rest[0], rest[1], rest[2]] : [rest[0], rest[0], rest[0]])]);
    last = start;
  }
  return [0, 1, 2, 3].map((column) => rows.map((row) => row[column])) as unknown as uPlot.AlignedData;
}

interface Drawing {
  element: HTMLElement;
  readout: HTMLElement;
  field: FieldModel;
  kept: Series["class"];
  place: number | null;
  latest: Latest;
}

function optionsOf({ element, readout, field, kept, place, latest }: Drawing): uPlot.Options {
  const colour = (name: string) => getComputedStyle(element).getPropertyValue(`--${name}`).trim();
  const [ink, line, accent] = ["ink3", "line", `series-${(place ?? 0) + 1}`].map((name) => resolved(colour(name)));
  const tones = {
    command: resolved(colour("ink2")),
    failed: resolved(colour("fail")),
    event: resolved(colour("ink2")),
  };
  const axis = {
    stroke: ink,
    grid: { stroke: line, width: 1 },
    ticks: { show: false },
    font: `12px ${getComputedStyle(element).fontFamily}`,
  };
  const hidden = { stroke: "transparent", width: 0, points: { show: false } };
  const mean = { stroke: accent, width: 1.5, spanGaps: false, points: { size: 4 } };
  const isCounter = kept === "counter";
  return {
    width: element.clientWidth,
    height: heightOf(place),
    padding: [12, 24, 0, 0],
    // Where a day begins is a question of the zone.
    ...(locale().zone === "utc" && { tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC") }),
    legend: { show: false },
    cursor: {
      drag: { x: true, y: false, setScale: false },
      points: { size: 7 },
      y: false,
      // Of a drag only the chart knows that it is over.
      ...(place !== null && { sync: { key: "device", filters: { sub: (type) => /^mouse(move|leave)$/.test(type) } } }),
    },
    scales: {
      x: { time: true },
      y: { range: (_, least, most) => padded(isCounter ? 0 : least, most, isCounter ? 0 : field.min) },
    },
    series: [
      {},
      isCounter ? { show: false } : hidden,
      isCounter
        ? { ...mean, paths: uPlot.paths.bars!({ size: [0.8, 24], align: 1 }), fill: accent, points: { show: false } }
        : mean,
      isCounter ? { show: false } : hidden,
    ],
    bands: isCounter ? [] : [{ series: [3, 1], fill: faded(accent) }],
    axes: [
      { ...axis, values: CALENDAR, space: 72, size: 32 },
      {
        ...axis,
        size: place === null ? widthOf : AXIS_OF_SEVERAL,
        values: (_, ticks) => ticks.map((tick) => tickOf(tick, field)),
      },
    ],
    hooks: {
      setCursor: [
        (plot) =>
          void (readout.textContent = [readAt(plot, field, isCounter), ...marksAt(plot, latest.current.marks)].filter(
            Boolean,
          ).join(" · ")),
      ],
      setSelect: [(plot) => {
        const { left, width } = plot.select;
        if (width < 8) return;
        latest.current.onZoom(plot.posToVal(left, "x") * 1000, plot.posToVal(left + width, "x") * 1000);
        plot.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
      }],
      draw: [
        (plot) => isCounter || drawAlone(plot, accent),
        (plot) => drawMarks(plot, latest.current.marks, tones),
      ],
    },
  };
}

/** What stands under the crosshair, in words. */
function readAt({ cursor: { idx }, data }: uPlot, field: FieldModel, isCounter: boolean): string {
  if (idx === null || idx === undefined || data[2][idx] === null) return "";
  const [least, mean, most] = [1, 2, 3].map((column) => inWords(data[column][idx], field));
  const at = wholeMomentOf(data[0][idx] * 1000);
  if (isCounter) return `${at}: ${mean} more`;
  return least === most ? `${at}: ${mean}` : `${at}: ${least} to ${most}, mean ${mean}`;
}

/** A step with nothing on either side has no band: a line from its least to its most. */
function drawAlone(plot: uPlot, colour: string): void {
  const { ctx, data: [starts, least, mean, most] } = plot;
  const isEmpty = (index: number) => mean[index] === null || mean[index] === undefined;
  ctx.strokeStyle = colour;
  ctx.lineWidth = devicePixelRatio;
  starts.forEach((start, index) => {
    if (isEmpty(index) || !isEmpty(index - 1) || !isEmpty(index + 1)) return;
    const x = plot.valToPos(start, "x", true);
    if (x < plot.bbox.left || x > plot.bbox.left + plot.bbox.width) return;
    ctx.beginPath();
    ctx.moveTo(x, plot.valToPos(least[index]!, "y", true));
    ctx.lineTo(x, plot.valToPos(most[index]!, "y", true));
    ctx.stroke();
  });
}

/** In px: who points at a mark rarely hits it. */
const NEAR = 6;

function marksAt(plot: uPlot, marks: readonly NamedMark[]): string[] {
  const { left } = plot.cursor;
  if (left === undefined || left < 0) return [];
  return marks.filter(({ at }) => Math.abs(plot.valToPos(at / 1000, "x") - left) <= NEAR).slice(0, 3)
    .map(({ title }) => title);
}

/** On the axis of time: commands are triangles, events are diamonds. */
function drawMarks(plot: uPlot, marks: readonly NamedMark[], colours: Record<Mark["tone"], string>): void {
  const { ctx, bbox } = plot;
  const size = 7 * devicePixelRatio;
  for (const { at, tone } of marks) {
    const x = plot.valToPos(at / 1000, "x", true);
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    const bottom = bbox.top + bbox.height;
    ctx.fillStyle = colours[tone];
    ctx.beginPath();
    ctx.moveTo(x, bottom - size);
    ctx.lineTo(x + size / 2, bottom - (tone === "event" ? size / 2 : 0));
    if (tone === "event") ctx.lineTo(x, bottom);
    ctx.lineTo(x - size / 2, bottom - (tone === "event" ? size / 2 : 0));
    ctx.fill();
  }
}

/** Some air above and below, but none where no value can be; an increase stands on zero. */
function padded(least: number | null, most: number | null, floor = -Infinity): [number, number] {
  if (least === null || most === null) return [0, 1];
  const air = Math.max((most - least) * 0.1, Math.abs(most) * 0.005, 0.05);
  return [Math.max(floor, least - air), most + air];
}

const DAY = 86_400;
/** As wide as its longest number, so that the chart begins where the text above it does. */
const widthOf: uPlot.Axis.Size = (_, ticks) => 16 + 7 * Math.max(0, ...(ticks ?? []).map((tick) => tick.length));

/** As much of the time as tells ticks apart; where a day begins, which one. */
const CALENDAR: uPlot.Axis.DynamicValues = (_, ticks, _axis, _space, step) =>
  ticks.map((tick) => {
    const at = tick * 1000;
    const isMidnight = at === dayOf(at);
    return dateIn(step >= 28 * DAY ? "month" : step >= DAY || isMidnight ? "day" : step >= 60 ? "minute" : "clock", at);
  });

/** A canvas knows no `light-dark()`: an element is asked what the colour is here. */
function resolved(colour: string): string {
  const probe = document.createElement("span");
  probe.style.color = colour;
  document.body.append(probe);
  const is = getComputedStyle(probe).color;
  probe.remove();
  return is;
}

const faded = (colour: string) => `color-mix(in oklch, ${colour} 18%, transparent)`;
