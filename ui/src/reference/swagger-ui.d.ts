declare module 'swagger-ui-dist/swagger-ui-es-bundle.js' {
  /** Draws the reference of an OpenAPI description into an element. */
  export default function SwaggerUI(options: Record<string, unknown>): unknown;
}
