// Which headers a request can have, and what they say.
const texts = {
  en: { Authorization: 'Who asks: an API key or a token of the issuer', 'Accept-Language': 'Labels, formulas and errors in this language', 'GraphQL-Cost': 'report adds the price to the answer, validate tells it and runs nothing', 'GraphQL-Explain': 'The statements that ran, with their times; for administrators', Accept: 'The form of the answer', traceparent: 'The trace that the request belongs to' },
  zh: { Authorization: '调用者：API 密钥或颁发者的令牌', 'Accept-Language': '标签、公式和错误所用的语言', 'GraphQL-Cost': 'report 在结果中附上费用；validate 只报费用，不执行', 'GraphQL-Explain': '执行的语句及耗时；仅限管理员', Accept: '结果的格式', traceparent: '请求所属的跟踪' },
};
const values = { Authorization: ['Bearer '], 'Accept-Language': ['en', 'zh'], 'GraphQL-Cost': ['report', 'validate'], 'GraphQL-Explain': ['1'], Accept: ['application/json', 'application/graphql-response+json', 'text/csv'], traceparent: [] };

// What can stand at the end of a piece of the headers' JSON.
export function inHeaders(text, language) {
  const tokens = text.match(/"(?:\\.|[^"\\])*"|[{},:]/g) ?? [], last = tokens.at(-1), said = texts[language] ?? texts.en;
  const used = tokens.filter((t, i) => tokens[i + 1] === ':').map(t => t.slice(1, -1).toLowerCase());
  if (last === ':') return (values[Object.keys(values).find(name => name.toLowerCase() === used.at(-1))] ?? []).map(label => ({ label, insert: JSON.stringify(label) }));
  return last === '{' || last === ',' ? Object.keys(values).filter(name => !used.includes(name.toLowerCase())).map(label => ({ label, insert: `"${label}": `, documentation: said[label], isName: true })) : [];
}
