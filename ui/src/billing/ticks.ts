/** Whole numbers at even distances from 0 up to `most`, five at most, as one counts: by 1, 2, 5, 10, 20… */
export function evenTicks(most: number): number[] {
  const least = most / 4;
  const ten = 10 ** Math.floor(Math.log10(Math.max(least, 1)));
  const step = [1, 2, 5, 10].map((times) => times * ten).find((one) => one >= least) ?? ten;
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, place) => place * step);
}
