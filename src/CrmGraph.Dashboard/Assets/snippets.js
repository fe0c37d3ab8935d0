// An operation as a program that sends it.
const quoted = text => JSON.stringify(text);
const shell = text => "'" + text.replaceAll("'", "'\\''") + "'";

const forms = {
  curl: (url, operation, headers) => `curl -s ${url} -H 'content-type: application/json'${Object.entries(headers).map(([k, v]) => ` -H ${shell(`${k}: ${v}`)}`).join('')} -d ${shell(JSON.stringify(operation))}`,
  typescript: (url, operation, headers) => `const response = await fetch(${quoted(url)}, {
  method: 'POST',
  headers: ${JSON.stringify({ 'content-type': 'application/json', ...headers })},
  body: JSON.stringify({
    query: \`${operation.query.replace(/[\\\`$]/g, '\\$&')}\`,
    variables: ${JSON.stringify(operation.variables, null, 2).replaceAll('\n', '\n    ')},
  }),
});
const { data, errors } = await response.json();
`,
  csharp: (url, operation, headers) => `using System.Net.Http.Json;
using System.Text.Json;

using var client = new HttpClient();
${Object.entries(headers).map(([k, v]) => `client.DefaultRequestHeaders.TryAddWithoutValidation(${quoted(k)}, ${quoted(v)});\n`).join('')}var query = """
    ${operation.query.trimEnd().replaceAll('\n', '\n    ')}
    """;
var variables = JsonDocument.Parse("""
    ${JSON.stringify(operation.variables, null, 2).replaceAll('\n', '\n    ')}
    """).RootElement;
var response = await client.PostAsJsonAsync(${quoted(url)}, new { query, variables });
var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
Console.WriteLine(answer.GetProperty("data"));
`,
  python: (url, operation, headers) => `import json, urllib.request

query = ${quoted(operation.query)}
variables = json.loads(${quoted(JSON.stringify(operation.variables))})
request = urllib.request.Request(
    ${quoted(url)},
    json.dumps({"query": query, "variables": variables}).encode(),
    ${JSON.stringify({ 'content-type': 'application/json', ...headers })},
)
print(json.load(urllib.request.urlopen(request))["data"])
`,
};

export function snippet(form, operation, headers = {}) {
  const local = ['localhost', '127.0.0.1', '[::1]'].includes(location.hostname);
  const key = local || headers.authorization ? {} : { authorization: 'Bearer KEY' };
  return forms[form](location.origin + '/graphql', operation, { ...key, ...headers });
}
