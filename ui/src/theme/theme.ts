import {
  Anchor,
  Button,
  type CSSVariablesResolver,
  createTheme,
  Input,
  type MantineColorsTuple,
  PasswordInput,
  TextInput,
} from '@mantine/core';
import { shadesOf } from './accent';

const gray: MantineColorsTuple = [
  '#f8f9f9',
  '#f1f2f3',
  '#e6e8e9',
  '#d9dcde',
  '#bfc4c7',
  '#979da1',
  '#6d7377',
  '#565c60',
  '#383d40',
  '#1c2022',
];

// From text to ground: Mantine reads 0 as the text and 7 as the page.
const dark: MantineColorsTuple = [
  '#e4e6e7',
  '#b9bec1',
  '#989ea2',
  '#6b7175',
  '#33383b',
  '#2a2e31',
  '#202426',
  '#151819',
  '#101314',
  '#0b0d0e',
];

/** The theme with an account's own accent; without one, Tenure's. */
export function themeOf(accent: string) {
  return createTheme({
    colors: {
      gray,
      dark,
      accent: shadesOf(accent) as unknown as MantineColorsTuple,
      red: shadesOf('#c8362c') as unknown as MantineColorsTuple,
      green: shadesOf('#22803c') as unknown as MantineColorsTuple,
      orange: shadesOf('#a35a00') as unknown as MantineColorsTuple,
    },
    primaryColor: 'accent',
    primaryShade: { light: 7, dark: 6 },
    defaultRadius: 'sm',
    radius: { xs: '4px', sm: '6px', md: '8px', lg: '12px', xl: '16px' },
    spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '32px' },
    fontFamily: "'Inter Variable', Inter, system-ui, sans-serif",
    fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
    fontSizes: { xs: '12px', sm: '14px', md: '14px', lg: '16px', xl: '18px' },
    lineHeights: { xs: '1.4', sm: '1.45', md: '1.5', lg: '1.5', xl: '1.4' },
    headings: {
      fontWeight: '600',
      sizes: {
        h1: { fontSize: '22px', lineHeight: '1.3' },
        h2: { fontSize: '16px', lineHeight: '1.4' },
        h3: { fontSize: '14px', lineHeight: '1.45' },
      },
    },
    shadows: {
      xs: 'none',
      sm: 'none',
      md: 'var(--floating-shadow)',
      lg: 'var(--floating-shadow)',
      xl: 'var(--floating-shadow)',
    },
    respectReducedMotion: true,
    cursorType: 'pointer',
    components: {
      Button: Button.extend({ defaultProps: { size: 'sm' }, styles: { label: { fontWeight: 500 } } }),
      Input: Input.extend({ defaultProps: { size: 'sm' } }),
      TextInput: TextInput.extend({ defaultProps: { size: 'sm' } }),
      PasswordInput: PasswordInput.extend({ defaultProps: { size: 'sm' } }),
      Anchor: Anchor.extend({ defaultProps: { underline: 'hover' } }),
    },
  });
}

/** The page's own colours: lines, grounds and quiet text, in both schemes. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#ffffff',
    '--mantine-color-text': '#1b1f21',
    '--mantine-color-dimmed': '#5d6367',
    '--mantine-color-placeholder': '#72787c',
    '--mantine-color-default-border': '#d5d8da',
    '--mantine-color-default-hover': '#f4f5f5',
    '--mantine-color-anchor': 'var(--mantine-color-accent-7)',
    '--mantine-color-error': 'var(--mantine-color-red-7)',
    '--mantine-color-accent-light-color': 'var(--mantine-color-accent-7)',
    '--mantine-color-red-light-color': 'var(--mantine-color-red-7)',
    '--mantine-color-red-light': 'var(--mantine-color-red-0)',
    '--mantine-color-orange-light': 'var(--mantine-color-orange-0)',
    '--control': '#8b9195',
    '--line': '#e7e9ea',
    '--ground': '#fafbfb',
    '--hover': '#f6f7f7',
    '--selected': 'var(--mantine-color-accent-0)',
    '--done': 'var(--mantine-color-green-7)',
    '--floating-shadow': '0 8px 28px rgb(20 28 32 / 0.12), 0 1px 3px rgb(20 28 32 / 0.08)',
  },
  dark: {
    '--mantine-color-body': '#151819',
    '--mantine-color-text': '#e4e6e7',
    '--mantine-color-dimmed': '#9ba1a5',
    '--mantine-color-placeholder': '#858b8f',
    '--mantine-color-default': '#1a1e20',
    '--mantine-color-default-border': '#363b3e',
    '--mantine-color-default-hover': '#22272a',
    '--mantine-color-anchor': 'var(--mantine-color-accent-4)',
    '--mantine-color-error': 'var(--mantine-color-red-4)',
    '--mantine-color-accent-light-color': 'var(--mantine-color-accent-4)',
    '--mantine-color-red-light-color': 'var(--mantine-color-red-4)',
    '--mantine-color-red-light': 'color-mix(in srgb, var(--mantine-color-red-4) 10%, #151819)',
    '--mantine-color-orange-light': 'color-mix(in srgb, var(--mantine-color-orange-4) 9%, #151819)',
    '--mantine-color-gray-light': '#24292c',
    '--control': '#6b7175',
    '--line': '#272b2e',
    '--ground': '#101314',
    '--hover': '#1c2022',
    '--selected': '#18262a',
    '--done': 'var(--mantine-color-green-4)',
    '--floating-shadow': '0 12px 32px rgb(0 0 0 / 0.5), 0 0 0 1px #2a2e31',
  },
});
