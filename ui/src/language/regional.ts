/** The reader's own kind of the language: who reads English in Britain writes the day first. */
export const regional = (code: string) => navigator.languages.find((tag) => tag.split('-')[0] === code) ?? code;
