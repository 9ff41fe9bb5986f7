import type { ReactNode } from 'react';

interface DownloadButtonProps {
  readonly text: string;
  readonly name: string;
  readonly type: string;
  readonly label: string;
}

/** Saves a text that is on screen as a file, without asking anybody for it. */
export function DownloadButton({ text, name, type, label }: DownloadButtonProps): ReactNode {
  return (
    <button
      type="button"
      className="copy"
      onClick={() => {
        const url = URL.createObjectURL(new Blob([text], { type }));
        const link = document.createElement('a');
        link.href = url;
        link.download = name;
        link.click();
        URL.revokeObjectURL(url);
      }}
    >
      {label}
    </button>
  );
}
