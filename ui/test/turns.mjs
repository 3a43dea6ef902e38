// One module for both, so that the refusals of a test are those that the app knows.
export { Problem } from '../src/api/problem';
export { suspendEach } from '../src/departure/turns';
