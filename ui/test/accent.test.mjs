import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runnerImport } from 'vite';

const { module: accent } = await runnerImport(new URL('../src/theme/accent.ts', import.meta.url).pathname);

const white = '#ffffff';
const night = '#151819';

test('contrast is kept whatever accent an account chooses', () => {
  for (let red = 0; red <= 255; red += 51) {
    for (let green = 0; green <= 255; green += 51) {
      for (let blue = 0; blue <= 255; blue += 51) {
        const colour = `#${[red, green, blue].map((value) => value.toString(16).padStart(2, '0')).join('')}`;
        const shades = accent.shadesOf(colour);
        const pairs = {
          'white on a button': [white, shades[7]],
          'white on a button by night': [white, shades[6]],
          'a link on the page': [shades[7], white],
          'a link by night': [shades[4], night],
          'the chosen page in the navigation': [shades[7], shades[0]],
        };
        for (const [what, [one, other]] of Object.entries(pairs)) {
          const ratio = accent.contrast(one, other);
          assert.ok(ratio >= 4.5, `${colour}: ${what} has ${ratio.toFixed(2)}`);
        }
      }
    }
  }
});

test('what is no colour gives the default accent', () => {
  assert.deepEqual(accent.shadesOf('javascript:'), accent.shadesOf(accent.defaultAccent));
});
