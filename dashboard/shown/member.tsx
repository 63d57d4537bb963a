interface FieldProps {
  /** In the words of its page: the one on which one signs in has its own. */
  label: string;
  value: string;
  onChange: (value: string) => void;
}

interface MailFieldProps extends FieldProps {
  /** "off": it is not the reader's own. */
  autocomplete?: "email" | "off";
  class?: string;
}

/** A member's mail address. */
export const MailField = ({
  label,
  value,
  onChange,
  autocomplete = "email",
  class: name = "field",
}: MailFieldProps) => (
  <label class={name}>
    {label}
    <input
      class="in"
      type="email"
      name="email"
      autocomplete={autocomplete}
      required
      maxLength={254}
      dir="ltr"
      value={value}
      onInput={({ currentTarget }) => onChange(currentTarget.value)}
    />
  </label>
);

/** A member's own name, which is more than spaces. */
export const NameField = ({ label, value, onChange }: FieldProps) => (
  <label class="field">
    {label}
    <input
      class="in"
      name="name"
      autocomplete="name"
      required
      maxLength={100}
      pattern=".*\S.*"
      value={value}
      onInput={({ currentTarget }) => onChange(currentTarget.value)}
    />
  </label>
);

/** A member's mail address in a sentence. */
export const Mail = ({ children }: { children: string }) => (
  <b>
    <bdi dir="ltr">{children}</bdi>
  </b>
);
