import SwaggerUI from 'swagger-ui-dist/swagger-ui-es-bundle.js';
import 'swagger-ui-dist/swagger-ui.css';
import './reference.css';

// scheme.js has found out which colours the reader wants.
const dark = document.documentElement.getAttribute('data-mantine-color-scheme') === 'dark';
document.documentElement.classList.toggle('dark-mode', dark);

SwaggerUI({
  url: '/openapi.json',
  dom_id: '#reference',
  deepLinking: true,
  displayRequestDuration: true,
  docExpansion: 'list',
  filter: true,
  defaultModelsExpandDepth: 0,
  // Nothing is asked of another server: neither whether the description is valid, nor where to sign in.
  validatorUrl: null,
  oauth2RedirectUrl: '',
});
