import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useShade } from './theme';

export interface Series {
  name: string;
  values: (number | null)[];
}

const LIGHT = ['#0b7f77', '#c2700f', '#3468c0', '#a5336f', '#5f7a16', '#6a4fc2', '#9a6b3f', '#1b8fb0', '#b5473c', '#5c6975'];
const DARK = ['#4fc3b8', '#e8a04a', '#7fa9f0', '#e07fb2', '#a9c556', '#ab94f0', '#cda27a', '#63c2df', '#f0897e', '#9aa8b3'];

export function colours(shade: string): string[] {
  return shade === 'dark' ? DARK : LIGHT;
}

/** Lines or stacked bars over time. Dragging chooses a period; a double click is undone by the page. */
export function Chart({ label, times, series, stacked = false, format, onZoom }: {
  label: string;
  /** Epoch milliseconds. */
  times: number[];
  series: Series[];
  stacked?: boolean;
  format: (value: number) => string;
  onZoom?: (from: number, to: number) => void;
}) {
  const host = useRef<HTMLDivElement>(null);
  const shade = useShade();
  const zoom = useRef(onZoom);
  zoom.current = onZoom;
  const look = useRef(format);
  look.current = format;
  useEffect(() => {
    const node = host.current;
    if (node === null || times.length === 0) return undefined;
    const style = getComputedStyle(node);
    const muted = style.getPropertyValue('color');
    const palette = colours(shade);
    const grid = shade === 'dark' ? '#283036' : '#e6eaec';
    const stackedValues = stacked ? stack(series) : series.map((each) => each.values);
    const axis: uPlot.Axis = { stroke: muted, grid: { stroke: grid, width: 1 }, ticks: { stroke: grid, width: 1, size: 4 }, font: '11px system-ui, sans-serif' };
    // Stacked bars are drawn from the tallest sum down, so that each shows its own part.
    const order = stacked ? series.map((_, i) => i).reverse() : series.map((_, i) => i);
    const bars = stacked && uPlot.paths.bars !== undefined ? uPlot.paths.bars({ size: [0.82, 40], gap: 1 }) : undefined;
    const options: uPlot.Options = {
      width: Math.max(200, node.clientWidth),
      height: 210,
      cursor: { points: { size: 6 }, drag: { x: onZoom !== undefined, y: false, setScale: false } },
      legend: { show: series.length > 0, live: true },
      scales: { x: { time: true }, y: { range: (_u, _min, max) => [0, max > 0 ? max * 1.08 : 1] } },
      axes: [{ ...axis, space: 70, values: [
        [86_400, '{MMM} {D}', null, null, null, null, null, null, 1],
        [3_600, '{HH}:{mm}', '\n{MMM} {D}', null, null, null, null, null, 1],
        [60, '{HH}:{mm}', '\n{MMM} {D}', null, null, null, null, null, 1],
        [1, '{HH}:{mm}:{ss}', null, null, null, null, null, null, 1],
      ] as unknown as uPlot.Axis.Values }, { ...axis, size: 62, values: (_u, ticks) => ticks.map((tick) => look.current(tick)) }],
      series: [
        { value: (_u, at: number | null) => (at === null ? '–' : new Date(at * 1000).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short', hour12: false } as Intl.DateTimeFormatOptions)), label: 'Time' },
        ...order.map((i): uPlot.Series => ({
          label: series[i]?.name ?? '',
          stroke: palette[i % palette.length] ?? muted,
          width: stacked ? 0 : 1.8,
          ...(stacked ? { fill: palette[i % palette.length] ?? muted } : {}),
          ...(bars === undefined ? {} : { paths: bars }),
          points: { show: !stacked && times.length < 3 },
          value: (_u: uPlot, _v: number | null, _s: number, at: number | null) => {
            const value = at === null ? null : series[i]?.values[at];
            return value === null || value === undefined ? '–' : look.current(value);
          },
        })),
      ],
      hooks: {
        setSelect: [
          (u) => {
            if (u.select.width < 4) return;
            zoom.current?.(u.posToVal(u.select.left, 'x') * 1000, u.posToVal(u.select.left + u.select.width, 'x') * 1000);
          },
        ],
      },
    };
    const plot = new uPlot(options, [times.map((at) => at / 1000), ...order.map((i) => stackedValues[i] ?? [])] as uPlot.AlignedData, node);
    const watch = new ResizeObserver(() => plot.setSize({ width: Math.max(200, node.clientWidth), height: 210 }));
    watch.observe(node);
    return () => {
      watch.disconnect();
      plot.destroy();
    };
  }, [times, series, stacked, shade, onZoom === undefined]);
  const sums = series.slice(0, 10).map((each) => `${each.name}: ${format(each.values.reduce<number>((sum, value) => sum + (value ?? 0), 0))}`);
  return (
    <figure style={{ margin: 0 }}>
      <div className="chart muted" ref={host} role="img" aria-label={`${label}. ${sums.join(', ')}`} />
    </figure>
  );
}

function stack(series: Series[]): (number | null)[][] {
  const sums: number[] = [];
  return series.map((each) =>
    each.values.map((value, i) => {
      sums[i] = (sums[i] ?? 0) + (value ?? 0);
      return sums[i] ?? 0;
    }),
  );
}
