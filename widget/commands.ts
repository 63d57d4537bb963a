export const why = () => "";
