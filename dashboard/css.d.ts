/** A sheet that a view loads with itself: its address (scripts/build/build-dashboard.ts). */
declare module "*.css" {
  const address: string;
  export default address;
}
