/**
 * Ten shades of one hue, light to dark, made in OKLCH so that every hue gets
 * the same lightness at the same step. Whatever colour an account chooses, only
 * its hue and a bounded part of its chroma are taken, and so contrast is kept.
 */
type Shades = [string, string, string, string, string, string, string, string, string, string];

/** A deep blue-green. */
export const defaultAccent = '#0e6a70';

const lightness = [0.975, 0.945, 0.89, 0.82, 0.74, 0.64, 0.52, 0.46, 0.4, 0.33];
const softness = [0.14, 0.24, 0.42, 0.62, 0.82, 0.95, 1, 1, 0.92, 0.8];
const mostChroma = 0.15;

export function shadesOf(colour: string): Shades {
  const { chroma, hue } = toOklch(isHex(colour) ? colour : defaultAccent);
  const kept = Math.min(chroma, mostChroma);
  return lightness.map((light, step) => inGamut(light, kept * (softness[step] ?? 1), hue)) as Shades;
}

export const isHex = (colour: string) => /^#[0-9a-f]{6}$/i.test(colour);

/** The WCAG contrast ratio of two colours, 1 to 21. */
export function contrast(one: string, other: string): number {
  const [bright, dim] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (bright + 0.05) / (dim + 0.05);
}

type Triple = [number, number, number];

const channels = (hex: string): Triple =>
  [1, 3, 5].map((from) => linear(Number.parseInt(hex.slice(from, from + 2), 16) / 255)) as Triple;

const linear = (value: number) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
const encoded = (value: number) => (value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055);

function luminance(hex: string): number {
  const [red, green, blue] = channels(hex);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

// The matrices are those of Björn Ottosson, "A perceptual color space for image processing".
function toOklch(hex: string) {
  const [red, green, blue] = channels(hex);
  const long = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const medium = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const short = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  const a = 1.9779984951 * long - 2.428592205 * medium + 0.4505937099 * short;
  const b = 0.0259040371 * long + 0.7827717662 * medium - 0.808675766 * short;
  return { chroma: Math.hypot(a, b), hue: Math.atan2(b, a) };
}

function fromOklch(light: number, chroma: number, hue: number): Triple {
  const a = chroma * Math.cos(hue);
  const b = chroma * Math.sin(hue);
  const long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (light - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short,
  ];
}

/** Takes chroma away until the screen can show the colour. */
function inGamut(light: number, wanted: number, hue: number): string {
  let chroma = wanted;
  let rgb = fromOklch(light, chroma, hue);
  while (chroma > 0 && rgb.some((value) => value < -0.0005 || value > 1.0005)) {
    chroma = Math.max(0, chroma - 0.004);
    rgb = fromOklch(light, chroma, hue);
  }
  return `#${rgb.map((value) => hexByte(encoded(Math.min(1, Math.max(0, value))))).join('')}`;
}

const hexByte = (value: number) =>
  Math.round(value * 255)
    .toString(16)
    .padStart(2, '0');
