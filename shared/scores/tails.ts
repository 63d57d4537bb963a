/** 0.975 quantile of the standard normal distribution: 95 % two-sided. */
export const Z = 1.959963984540054;

const normalDensity = (z: number) => Math.exp(-(z ** 2) / 2) / Math.sqrt(2 * Math.PI);

/**
 * The probability that a standard normal variable is at least |z| from 0: erfc(|z| / sqrt(2)); relative error below
 * 1e-12. Abramowitz and Stegun 26.2.11 (series) and 26.2.14 (continued fraction, where the series would cancel).
 */
export const normalTails = (z: number): number => {
  const x = Math.abs(z);
  if (x > 3) {
    let fraction = x;
    for (let term = 100; term >= 1; term--) fraction = x + term / fraction;
    return (2 * normalDensity(x)) / fraction;
  }
  let term = x;
  let central = x;
  for (let odd = 3; term > central * 1e-17; odd += 2) {
    term *= x ** 2 / odd;
    central += term;
  }
  return 1 - 2 * normalDensity(x) * central;
};

/** From here on, the tails of the normal distribution, with Hill's correction, are within 1e-13. */
const NORMAL_FROM_DF = 1e5;

/**
 * The probability that Student's t with `df` degrees of freedom (at least 1, not only whole) is at least |t| from 0;
 * relative error below 1e-11. The incomplete beta function I(df / (df + t^2); df / 2, 1 / 2).
 */
export const studentTails = (t: number, df: number): number => {
  if (df >= NORMAL_FROM_DF) return normalTails(normalOf(t, df));
  const a = df / 2;
  const share = t ** 2 / (df + t ** 2);
  // log1p, because rounding a number near 1 changes its logarithm.
  const front = Math.exp(-a * Math.log1p(t ** 2 / df)) * Math.sqrt(share / Math.PI) * gammaRatio(a);
  // Each fraction converges fast on its side of the mean.
  if (t ** 2 > 3) return (front / a) * betaFraction(1 - share, a, 1 / 2);
  return 1 - 2 * front * betaFraction(share, 1 / 2, a);
};

/** As far out in the normal distribution as `t` is in Student's. Hill, Algorithm 395, Communications of the ACM 1970. */
const normalOf = (t: number, df: number): number => {
  if (df === Number.POSITIVE_INFINITY) return t;
  const a = df - 1 / 2;
  const b = 48 * a ** 2;
  const y = a * Math.log1p(t ** 2 / df);
  const correction = (((-0.4 * y - 3.3) * y - 24) * y - 85.5) / (0.8 * y ** 2 + 100 + b) + y + 3;
  return Math.sqrt(y) * (correction / b + 1);
};

/** Gamma(a + 1/2) / Gamma(a). DLMF 5.11.13. Computing the ratio cancels nothing, as two logarithms would. */
const gammaRatio = (a: number): number => {
  if (a < 30) return (a / (a + 1 / 2)) * gammaRatio(a + 1);
  const terms = [-399 / 262144, -21 / 32768, 5 / 1024, 1 / 128, -1 / 8, 1];
  return Math.sqrt(a) * terms.reduce((sum, term) => sum / a + term, 0);
};

/** The incomplete beta function's continued fraction, by Lentz's method. DLMF 8.17.22. */
const betaFraction = (x: number, a: number, b: number): number => {
  let upper = 1;
  let lower = 1 / (1 - ((a + b) * x) / (a + 1));
  let fraction = lower;
  const next = (numerator: number) => {
    lower = 1 / (1 + numerator * lower);
    upper = 1 + numerator / upper;
    fraction *= upper * lower;
    return Math.abs(upper * lower - 1);
  };
  for (let m = 1; m < 1000; m++) {
    next((m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)));
    const moved = next((-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1)));
    if (moved < 1e-16) break;
  }
  return fraction;
};

/** From here on the expansion's relative error is below 2e-12. */
const EXPANSION_FROM_DF = 200;

/** 0.975 quantile of Student's t with `df` degrees of freedom, any number from 1; relative error below 2e-12. */
export const studentT975 = (df: number): number => {
  if (!(df >= 1)) throw new RangeError(`${df} degrees of freedom`);
  if (df >= EXPANSION_FROM_DF) return expandedT975(df);
  if (!Number.isInteger(df)) return bisectedT975(df);
  quantiles[df] ??= bisectedT975(df);
  return quantiles[df];
};

/** A series asks for the same few quantiles again and again, and each takes fifty fractions. */
const quantiles: number[] = [];

const bisectedT975 = (df: number): number => {
  // From the normal distribution's quantile, which every t exceeds, to beyond the largest, that of df = 1.
  let low = Z;
  let high = 13;
  for (;;) {
    const t = (low + high) / 2;
    if (t <= low || t >= high) return t;
    if (studentTails(t, df) > 0.05) low = t;
    else high = t;
  }
};

/** Abramowitz and Stegun 26.7.5. */
const expandedT975 = (df: number): number => {
  const z = Z;
  const first = (z ** 3 + z) / 4;
  const second = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96;
  const third = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384;
  const fourth = (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92160;
  return z + (first + (second + (third + fourth / df) / df) / df) / df;
};
