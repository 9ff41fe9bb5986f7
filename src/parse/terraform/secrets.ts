import type { AzureUnsettled, AzureValue } from '#model/azure/value.ts';
import type { Diagnostic } from '#model/diagnostic.ts';
import { isOpen, list, object, openObject, unsettled } from './values.ts';

/** A value without what must not be kept: passwords, keys, tokens, by the names and the forms that they have. */
export function withoutSecrets(name: string, value: AzureValue): AzureValue {
  switch (value.kind) {
    case 'unsettled':
      return withoutSecretExpression(name, value);
    case 'scalar':
      if (typeof value.value !== 'string' || !(isSecretName(name) || SECRET_TEXT.test(value.value))) return value;
      return unsettled(name, 'secret', value.origin);
    case 'list': {
      const items = value.items.map((item) => withoutSecrets(name, item));
      return items.every((item, index) => item === value.items[index]) ? value : list(items, value.origin);
    }
    case 'object': {
      let changed = false;
      const entries = new Map<string, AzureValue>();
      for (const [key, item] of value.entries) {
        const kept = withoutSecrets(key, item);
        changed ||= kept !== item;
        entries.set(key, kept);
      }
      if (!changed) return value;
      return isOpen(value) ? openObject(entries, value.origin, value.open) : object(entries, value.origin);
    }
  }
}

/** The expression of an unsettled value is shown, and may have the secret written in it. */
function withoutSecretExpression(name: string, value: AzureUnsettled): AzureUnsettled {
  if (isSecretName(name)) return value.why === 'secret' ? value : unsettled(name, 'secret', value.origin);
  return showsSecret(value.expression) ? unsettled(name, value.why, value.origin) : value;
}

/** A diagnostic whose frame shows a line that may hold a secret goes without its frame. */
export function withoutSecretFrame(diagnostic: Diagnostic): Diagnostic {
  const { frame, ...rest } = diagnostic;
  return frame === undefined || !showsSecret(frame) ? diagnostic : rest;
}

const ASSIGNED = /["']?([A-Za-z_][\w-]*)["']?\s*[=:]/g;

function showsSecret(frame: string): boolean {
  if (SECRET_TEXT.test(frame)) return true;
  return [...frame.matchAll(ASSIGNED)].some(([, name]) => isSecretName(name ?? ''));
}

/** Names of attributes in Terraform's and in ARM's spelling that hold secrets. */
function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toLowerCase());
}

const SECRET_NAME =
  /(?:^|_)(?:password|passwd|pwd|passphrase|secret|secret_value|token|credential|connection_string|(?:access|shared|account|primary|secondary|authorization|api|storage|private|encryption|client|pre_shared|master|function|host|license)_?key|private_key_\w+|ssl_key|pfx|sas|sas_(?:token|url)|sas_uri|custom_data|user_data|kube_(?:admin_)?config(?:_raw)?|protected_settings|sensitive_body|secure_value)$/;

const SECRET_TEXT =
  /(?:AccountKey|SharedAccessKey|SharedAccessSignature|Password|Pwd|SecretKey)=[^;]|-----BEGIN [A-Z ]*PRIVATE KEY|[?&]sig=/i;
