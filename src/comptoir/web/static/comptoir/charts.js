"use strict";
// Charts: <div data-chart='{"labels": […], "series": [{"name": "…", "values": […], "kind": "line|bar"}], "unit": "€"}'>.
// Colours are the stylesheet's; a table beside the chart says the same in words.
(() => {
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const language = document.documentElement.lang;
  const number = (value, unit) => (value === null || value === undefined ? "–"
    : new Intl.NumberFormat(language, { maximumFractionDigits: 2 }).format(value) + (unit ? ` ${unit}` : ""));

  const options = ({ labels, series, unit }) => {
    const ink = token("--ink-2"), line = token("--line");
    const colours = [token("--accent"), token("--line-strong"), token("--brass")];
    return {
      animation: false,
      color: colours,
      textStyle: { fontFamily: "Inter, system-ui, sans-serif", color: ink },
      grid: { left: 8, right: 12, top: 36, bottom: 4, containLabel: true },
      legend: { left: 0, top: 0, icon: "roundRect", itemWidth: 12, itemHeight: 4, textStyle: { color: ink } },
      // Drawn in the chart itself: the policy of the page allows no style in a text of HTML.
      tooltip: { trigger: "axis", renderMode: "richText", backgroundColor: token("--surface"), borderColor: line,
        textStyle: { color: token("--ink") }, valueFormatter: (value) => number(value, unit) },
      xAxis: { type: "category", data: labels, boundaryGap: series.some((one) => one.kind === "bar"),
        axisLine: { lineStyle: { color: line } }, axisTick: { show: false }, axisLabel: { color: ink } },
      yAxis: { type: "value", splitNumber: 3, splitLine: { lineStyle: { color: line } },
        axisLabel: { color: ink, formatter: (value) => number(value) } },
      series: series.map((one, place) => ({ name: one.name, data: one.values, type: one.kind, symbol: "none",
        lineStyle: { width: place === 0 ? 3 : 2, type: place === 0 ? "solid" : "dashed" },
        areaStyle: one.kind === "line" && place === 0 ? { opacity: 0.12 } : undefined })),
    };
  };

  const draw = (root) => {
    for (const place of root.querySelectorAll("[data-chart]")) {
      const chart = window.echarts.getInstanceByDom(place) || window.echarts.init(place, null, { renderer: "svg" });
      chart.setOption(options(JSON.parse(place.dataset.chart)), true);
      new ResizeObserver(() => chart.resize()).observe(place);
    }
  };
  document.addEventListener("htmx:afterSwap", (event) => draw(event.target));
  draw(document);
})();
