import { type Client, steps } from '../lib/setup';
import { CodeBox } from './CodeBox';

export function SetUpSteps({ client, address, keyValue, model }: { client: Client; address: string; keyValue: string; model: string }) {
  return (
    <ol className="plain steps">
      {steps(client, address, keyValue, model).map((step) => (
        <li className="step" key={step.title}>
          <div className="stack tight">
            <h3>{step.title}</h3>
            {step.text !== '' && <p className="muted">{step.text}</p>}
            {step.code !== undefined && <CodeBox text={step.code} title={step.file} />}
          </div>
        </li>
      ))}
    </ol>
  );
}
