package dev.fairlead.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleBinaryOperator;

/**
 * One figure over several rounds.
 *
 * @param values one per round, in order; NaN where a round gave none
 */
record Samples(List<Double> values) {

  Samples {
    values = List.copyOf(values);
  }

  /** Combines the figures of the same round, so that what disturbed a round disturbs both. */
  Samples paired(Samples other, DoubleBinaryOperator combine) {
    List<Double> combined = new ArrayList<>();
    for (int i = 0; i < Math.min(values.size(), other.values.size()); i++) {
      combined.add(combine.applyAsDouble(values.get(i), other.values.get(i)));
    }
    return new Samples(combined);
  }

  /** The middle figure, or the mean of the middle two; NaN without any. */
  double median() {
    double[] sorted = sorted();
    int n = sorted.length;
    if (n == 0) {
      return Double.NaN;
    }
    return n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
  }

  double min() {
    double[] sorted = sorted();
    return sorted.length == 0 ? Double.NaN : sorted[0];
  }

  double max() {
    double[] sorted = sorted();
    return sorted.length == 0 ? Double.NaN : sorted[sorted.length - 1];
  }

  private double[] sorted() {
    return values.stream()
        .mapToDouble(Double::doubleValue)
        .filter(value -> !Double.isNaN(value))
        .sorted()
        .toArray();
  }
}
