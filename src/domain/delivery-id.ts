// Public identifiers of deliveries: `dlv_` and the number of the row.

export type DeliveryId = `dlv_${number}`;

/** @param id number of the row, an integer > 0 */
export function toDeliveryId(id: number): DeliveryId {
  return `dlv_${id}`;
}

/** @returns the number of the row, undefined when the text is no id; not whether there is such a delivery */
export function parseDeliveryId(text: string): number | undefined {
  return /^dlv_[1-9]\d{0,14}$/.test(text) ? Number(text.slice('dlv_'.length)) : undefined;
}
