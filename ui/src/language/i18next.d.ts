import 'i18next';
import type en from '../../../internal/language/en.json';

// English is the measure: a key that is not in it does not compile.
declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: (typeof en)['app'] };
    contextSeparator: '@';
  }
}
