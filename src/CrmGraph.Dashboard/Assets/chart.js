// Draws what the server describes. Colours come from the page, numbers are written as the page's language has them.
let library;
const load = url => library ??= new Promise((resolve, reject) => {
  const script = Object.assign(document.createElement('script'), { src: url, onload: () => resolve(globalThis.echarts), onerror: () => { library = undefined; reject(new Error(url)); } });
  document.head.append(script);
});

const drawn = new Map();
const locale = document.documentElement.dataset.locale;
const color = name => {
  const probe = document.createElement('i');
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
};

export async function draw(element, spec, url, page) {
  const echarts = await load(url);
  // What took its place may already be drawn: then there is none.
  if (!element?.isConnected) return;
  let known = drawn.get(element);
  if (!known) {
    const chart = echarts.init(element);
    const observer = new ResizeObserver(() => { if (element.isConnected) chart.resize(); else { observer.disconnect(); chart.dispose(); drawn.delete(element); } });
    observer.observe(element);
    drawn.set(element, known = { chart });
    // A cell of a table of colours is its column and its row.
    if (page) {
      chart.on('click', item => known.spec.kind === 'heat' ? page.invokeMethodAsync('PickAsync', item.value[1], item.value[0]) : page.invokeMethodAsync('PickAsync', item.dataIndex, item.seriesIndex));
      // A line has no mark to be hit between its points: what is nearest is meant.
      chart.getZr().on('click', event => { const near = !event.target && nearest(chart, known.spec, event.offsetX, event.offsetY); if (near) page.invokeMethodAsync('PickAsync', ...near); });
    }
  }
  known.spec = spec;
  known.chart.setOption(option(spec, element.clientWidth), { notMerge: true });
}

function nearest(chart, spec, x, y) {
  if (spec.kind !== 'lines' || !chart.containPixel('grid', [x, y])) return undefined;
  const category = Math.round(chart.convertFromPixel({ xAxisIndex: 0 }, x));
  const away = spec.series.map((series, i) => series.values[category] == null || series.isFaint ? Infinity : Math.abs(chart.convertToPixel({ seriesIndex: i }, [category, series.values[category]])[1] - y));
  const series = away.indexOf(Math.min(...away));
  return away[series] < Infinity ? [category, series] : undefined;
}

const repaint = () => { for (const [element, { chart, spec }] of drawn) chart.setOption(option(spec, element.clientWidth), { notMerge: true }); };
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', repaint);

function option(spec, wide) {
  const narrow = wide < 420;
  const ink = color('ink'), soft = color('soft'), line = color('line'), card = color('card'), main = color('main'), good = color('good'), bad = color('bad');
  const palette = [main, '#e07b39', '#2a9d8f', '#b5539c', '#8a7a2f', '#5b6fd6', '#c0504d', '#4f9a3d'];
  const number = (value, money, short) => value == null ? '–' : new Intl.NumberFormat(locale, {
    ...(money && spec.currency ? { style: 'currency', currency: spec.currency, currencyDisplay: 'narrowSymbol' } : {}), ...(short ? { notation: 'compact', maximumFractionDigits: Math.abs(value) < 1 ? 2 : 1 } : { maximumFractionDigits: 2 }) }).format(value);
  const width = text => [...text].reduce((sum, c) => sum + (c > '\u2e80' ? 12 : 7), 0);
  // Names of series go on in further lines, which paper shows as well, before they are paged through.
  const lines = spec.series.length > 1 ? Math.ceil(spec.series.reduce((sum, series) => sum + width(series.name) + 42, 0) / Math.max(1, wide - 16)) : 1;
  const base = {
    textStyle: { color: ink, fontFamily: getComputedStyle(document.body).fontFamily }, color: palette, animationDuration: 300,
    aria: { enabled: false }, grid: { left: 8, right: 24, top: lines > 1 && lines <= 3 ? 18 + 24 * lines : 40, bottom: 8, containLabel: true },
    // Drawn on the canvas: the page's policy lets no styles into the document.
    tooltip: { trigger: 'axis', renderMode: 'richText', confine: true, backgroundColor: card, borderColor: line, textStyle: { color: ink },
      formatter: items => [].concat(items).filter((item, i) => i === 0 || item.seriesName).reduce((text, item) => text + (item.value == null ? '' : `\n${item.marker ?? ''}${item.seriesName}: ${number(item.value, spec.series[item.seriesIndex]?.isMoney)}`), [].concat(items)[0].name) },
    legend: { show: spec.series.length > 1, top: 0, left: 0, type: lines > 3 ? 'scroll' : 'plain', textStyle: { color: soft }, pageTextStyle: { color: soft } },
  };
  const names = { type: 'category', data: spec.categories, axisLabel: { color: soft, hideOverlap: true }, axisLine: { lineStyle: { color: line } }, axisTick: { show: false } };
  const values = (money, split = true) => ({ type: 'value', axisLabel: { color: soft, hideOverlap: true, formatter: v => number(v, money, true) }, splitLine: { show: split, lineStyle: { color: line } }, splitNumber: narrow ? 3 : 5 });
  const hatch = index => spec.incomplete.includes(index) ? { decal: { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: -Math.PI / 4, color: card } } : {};
  // Names that stand for themselves are all shown: shortened beside each other, slanted where there is too little room.
  const room = (wide - 110) / Math.max(1, spec.categories.length), longest = Math.max(0, ...spec.categories.map(width));
  const all = { ...names.axisLabel, interval: 0, hideOverlap: false, overflow: 'truncate', ...(longest <= room - 6 ? {} : { rotate: 35, width: 96 }) };
  const share = percent => new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(percent / 100);
  const faint = series => series.isFaint ? { opacity: .35 } : {};

  if (spec.kind === 'funnel') return { ...base, tooltip: { ...base.tooltip, trigger: 'item', formatter: item => `${item.name}: ${number(item.value)}` }, legend: { show: false },
    series: [{ type: 'funnel', sort: 'none', left: 8, width: '58%', top: 8, bottom: 8, minSize: '6%', gap: 3, itemStyle: { borderWidth: 0 },
      label: { position: 'right', color: ink, formatter: item => `${item.name}  ${number(item.value)}` }, labelLine: { lineStyle: { color: line } },
      data: spec.categories.map((name, i) => ({ name, value: spec.series[0].values[i], itemStyle: { color: main, opacity: 1 - i * .13 } })) }] };

  if (spec.kind === 'waterfall') {
    const steps = spec.series[0].values, last = steps.length - 1;
    let level = steps[0] ?? 0;
    const bases = [0], bars = [{ value: steps[0], itemStyle: { color: soft } }];
    for (let i = 1; i < last; i++) {
      const step = steps[i] ?? 0;
      bases.push(Math.min(level, level + step));
      bars.push({ value: Math.abs(step), itemStyle: { color: step < 0 ? bad : good } });
      level += step;
    }
    bases.push(0);
    bars.push({ value: steps[last], itemStyle: { color: soft } });
    const least = Math.min(...bases.slice(1, -1), steps[0], steps[last]);
    // Cut off below, so that the steps are seen; at a round number.
    const low = Math.max(0, least - (Math.max(steps[0], steps[last]) - least)), round = 10 ** Math.max(0, Math.floor(Math.log10(low || 1)) - 1);
    const from = Math.floor(low / round) * round;
    return { ...base, legend: { show: false }, xAxis: { ...names, axisLabel: all },
      yAxis: { ...values(false), min: from },
      series: [
        { type: 'bar', stack: 'w', silent: true, itemStyle: { color: 'transparent' }, data: bases },
        { name: spec.series[0].name, type: 'bar', stack: 'w', barMaxWidth: 60, data: bars,
          label: { show: true, position: 'top', color: ink, formatter: item => (i => (i > 0 && i < last && steps[i] > 0 ? '+' : '') + number(steps[i]).replace('-', '−'))(item.dataIndex) } }],
      tooltip: { ...base.tooltip, trigger: 'item', formatter: item => `${item.name}: ${number(steps[item.dataIndex])}` } };
  }

  // The greatest slice lies to the left when it is nearly all: then the names of the others have room to the right.
  const slices = spec.kind === 'pie' ? spec.series[0].values.map(v => Math.max(0, v ?? 0)) : [], whole = slices.reduce((sum, v) => sum + v, 0) || 1, most = slices.indexOf(Math.max(...slices));
  const startAngle = slices[most] / whole > .75 ? (180 + 360 * (slices.slice(0, most).reduce((sum, v) => sum + v, 0) + slices[most] / 2) / whole) % 360 : 90;

  if (spec.kind === 'pie') return { ...base, tooltip: { ...base.tooltip, trigger: 'item', formatter: item => `${item.name}: ${number(item.value, spec.series[0].isMoney)} (${share(item.percent)})` },
    legend: { show: false },
    series: [{ type: 'pie', startAngle, radius: narrow ? ['30%', '56%'] : ['35%', '70%'], center: ['50%', '50%'], itemStyle: { borderColor: card, borderWidth: 2 },
      avoidLabelOverlap: true, label: { color: ink, formatter: item => narrow ? `${item.name}\n${share(item.percent)}` : `${item.name}  ${share(item.percent)}`, ...(narrow ? { width: 84, overflow: 'truncate', fontSize: 11 } : {}) }, labelLine: { length: narrow ? 6 : 15, length2: narrow ? 6 : 15 },
      data: spec.categories.map((name, i) => ({ name, value: Math.max(0, spec.series[0].values[i] ?? 0) })) }] };

  if (spec.kind === 'radar') {
    // Each metric by its own greatest value: they are compared in shape.
    const greatest = spec.series.map(series => Math.max(...series.values.map(v => Math.abs(v ?? 0)), 1e-9));
    return { ...base, tooltip: { ...base.tooltip, trigger: 'item', formatter: item => item.name + spec.categories.map((name, i) => `\n${name}: ${number(spec.series[item.dataIndex].values[i], spec.series[item.dataIndex].isMoney)}`).join('') },
      radar: { indicator: spec.categories.map(name => ({ name, max: 1 })), axisName: { color: soft }, splitLine: { lineStyle: { color: line } }, splitArea: { show: false }, axisLine: { lineStyle: { color: line } } },
      series: [{ type: 'radar', data: spec.series.map((series, s) => ({ name: series.name, value: series.values.map(v => Math.max(0, v ?? 0) / greatest[s]), areaStyle: { opacity: .12 } })) }] };
  }

  if (spec.kind === 'scatter' && spec.series.length > 1) return { ...base, legend: { show: false },
    tooltip: { ...base.tooltip, trigger: 'item', formatter: item => `${spec.categories[item.dataIndex]}\n${spec.series.slice(0, 2).map(s => `${s.name}: ${number(s.values[item.dataIndex], s.isMoney)}`).join('\n')}` },
    xAxis: { ...values(spec.series[0].isMoney), name: spec.series[0].name, nameLocation: 'middle', nameGap: 28, nameTextStyle: { color: soft } },
    yAxis: { ...values(spec.series[1].isMoney), name: spec.series[1].name, nameTextStyle: { color: soft, align: 'left' } },
    series: [{ type: 'scatter', symbolSize: 11, data: spec.categories.map((name, i) => [spec.series[0].values[i], spec.series[1].values[i]]) }] };

  if (spec.kind === 'heat') {
    const columns = spec.series.map(series => series.name), cells = spec.series.flatMap((series, x) => series.values.map((value, y) => [x, y, value]).filter(cell => cell[2] != null));
    return { ...base, legend: { show: false }, grid: { ...base.grid, top: 8, bottom: 44 }, xAxis: { ...names, data: columns }, yAxis: { ...names, data: spec.categories, inverse: true },
      tooltip: { ...base.tooltip, trigger: 'item', formatter: item => `${spec.categories[item.value[1]]} · ${columns[item.value[0]]}: ${number(item.value[2], spec.series[0].isMoney)}` },
      visualMap: { min: Math.min(0, ...cells.map(cell => cell[2])), max: Math.max(1, ...cells.map(cell => cell[2])), orient: 'horizontal', left: 'center', bottom: 0, itemHeight: 120, itemWidth: 12, calculable: false,
        text: [number(Math.max(...cells.map(cell => cell[2])), spec.series[0].isMoney, true), '0'], textStyle: { color: soft }, inRange: { color: [card, main] } },
      series: [{ type: 'heatmap', data: cells, itemStyle: { borderColor: line, borderWidth: 1 } }] };
  }

  const flat = spec.kind === 'bars';
  const twoAxes = spec.series.some(series => series.axis === 1);
  const scales = [values(spec.series.some(s => s.axis === 0 && s.isMoney)), ...(twoAxes ? [values(spec.series.some(s => s.axis === 1 && s.isMoney), false)] : [])];
  return { ...base, xAxis: flat ? scales[0] : spec.isInTime || spec.categories.length > 24 ? names : { ...names, axisLabel: all }, yAxis: flat ? { ...names, inverse: true, axisLabel: { ...names.axisLabel, interval: 0, width: narrow ? 80 : 120, overflow: 'truncate' } } : scales,
    series: spec.series.map((series, index) => {
      const form = spec.kind === 'lines' ? 'line' : spec.kind === 'stacked' ? 'bar' : series.form;
      return { name: series.name, type: form, ...(form === 'line' ? { yAxisIndex: series.axis, showSymbol: spec.categories.length < 40, symbolSize: 5, lineStyle: series.isFaint ? { type: 'dashed' } : {} } : { barMaxWidth: 34, ...(spec.kind === 'stacked' ? { stack: 'all' } : {}) }),
        data: series.values.map((value, i) => ({ value, itemStyle: { ...faint(series), ...(form === 'bar' ? hatch(i) : {}) } })),
        itemStyle: { color: series.isFaint ? soft : palette[index % palette.length], ...faint(series) } };
    }) };
}
