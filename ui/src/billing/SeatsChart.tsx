import '@mantine/charts/styles.layer.css';
import { AreaChart } from '@mantine/charts';
import { useTranslation } from 'react-i18next';
import type { SeatSteps } from '../api/schema';
import { useFormats } from '../language/formats';
import { evenTicks } from './ticks';

interface SeatsChartProps {
  chart: SeatSteps;
  /** A line above which nobody comes in. */
  limit: number | null;
}

/** Steps of seats over time. It is drawn for the eye alone: who hears the page is told beside it. */
export default function SeatsChart({ chart, limit }: SeatsChartProps) {
  const { t } = useTranslation();
  const { number, day } = useFormats();
  const [since, until] = [Date.parse(chart.since), Date.parse(chart.until)];
  const points = chart.steps.map((step) => ({ at: Date.parse(step.at), used: step.used }));
  const last = points.at(-1);
  if (last) points.push({ ...last, at: until });
  const most = Math.max(...points.map(({ used }) => used), limit ?? 0, 1);
  const date = (at: number) => day(new Date(at).toISOString());

  return (
    <AreaChart
      h={240}
      data={points}
      dataKey="at"
      series={[{ name: 'used', label: t('billing.column.seats'), color: 'accent.6' }]}
      curveType="stepAfter"
      withDots={false}
      strokeWidth={2}
      fillOpacity={0.12}
      gridAxis="x"
      tickLine="none"
      valueFormatter={number}
      referenceLines={
        limit === null
          ? []
          : [{ y: limit, label: t('billing.limit'), labelPosition: 'insideTopRight', color: 'gray.6' }]
      }
      xAxisProps={{ type: 'number', scale: 'time', domain: [since, until], tickFormatter: date, minTickGap: 48 }}
      yAxisProps={{ ticks: evenTicks(most), domain: [0, most], width: 40 }}
      tooltipProps={{ labelFormatter: (at) => (typeof at === 'number' ? date(at) : '') }}
      areaProps={{ isAnimationActive: false }}
      areaChartProps={{ accessibilityLayer: false, margin: { top: 8 } }}
    />
  );
}
