// Gives each phone number a survey link of its own, by the webhook of an SMS or chat provider that takes {"to", "text"}.
// CANDOR_URL=… CANDOR_KEY=sk_… WEBHOOK=… node examples/sms.mjs TOUCHPOINT NUMBER…
const { CANDOR_URL, CANDOR_KEY, WEBHOOK, TEXT = "How did we do?" } = process.env;
const [touchpoint, ...numbers] = process.argv.slice(2);

async function post(url, body, headers = {}) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
  return answer;
}

const links = numbers.map(() => ({ touchpoint }));
const made = await post(`${CANDOR_URL}/v1/links`, { links }, { authorization: `Bearer ${CANDOR_KEY}` });
const { results } = await made.json();
for (const [index, { url, problem }] of results.entries()) {
  if (problem) throw new Error(JSON.stringify(problem));
  await post(WEBHOOK, { to: numbers[index], text: `${TEXT} ${url}` });
}
